//! Picture settings: choose, drop, upload, remove and restore.

use crate::accounts::view::faces::{Face, Faces};
use crate::accounts::{Profile, rpc};
use crate::shared::{Error, Kind};
use crate::ui::{Button, Toasts, error_text, t, t_with};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

/// Where pictures are uploaded.
const ADDRESS: &str = "/api/me/avatar";

/// State shared by the parts of the form.
#[derive(Clone, Copy)]
struct Form {
    /// The viewer's profile as loaded with the page.
    profile: StoredValue<Profile>,
    /// Progress of the upload in %. None: no upload.
    progress: RwSignal<Option<u8>>,
    failure: RwSignal<Option<Error>>,
    faces: Faces,
    toasts: Toasts,
}

impl Form {
    fn now(self) -> Profile {
        self.profile.with_value(|profile| self.faces.now(profile))
    }

    /// Shows the new profile or the error. Returns true on success.
    fn done(self, result: Result<Profile, Error>) -> bool {
        self.progress.try_set(None);
        match result {
            Ok(profile) => {
                self.faces.note(profile);
                self.failure.try_set(None);
                true
            }
            Err(error) => {
                self.failure.try_set(Some(error));
                false
            }
        }
    }

    fn remove(self) {
        let before = self.now().avatar;
        spawn_local(async move {
            if !self.done(rpc::remove_avatar().await) {
                return;
            }
            let Some(hash) = before else { return };
            let undo = Callback::new(move |()| {
                let hash = hash.clone();
                spawn_local(async move {
                    self.done(rpc::restore_avatar(hash).await);
                });
            });
            self.toasts
                .with_action(t("picture-removed"), t("undo"), undo);
        });
    }
}

/// The picture with buttons to upload and remove it. Works without JavaScript.
#[component]
pub fn PictureForm(profile: Profile) -> impl IntoView {
    let form = Form {
        profile: StoredValue::new(profile.clone()),
        progress: RwSignal::new(None),
        failure: RwSignal::new(refused()),
        faces: Faces::of_context(),
        toasts: Toasts::of_context(),
    };
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            upload::first_of(input.as_ref(), form);
            // Reset, so that choosing the same file again fires an event.
            input.set_value("");
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        upload::dropped(&event, form);
    };
    let hover = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    view! {
        <div class="setting">
            <h3>{t("picture-title")}</h3>
            <form
                method="post"
                action=ADDRESS
                enctype="multipart/form-data"
                class="picture-form"
                class:over=move || over.get()
                on:dragover=hover
                on:dragleave=move |_| over.set(false)
                on:drop=dropped
            >
                <Face profile=profile />
                <div class="picture-words">
                    <label for="picture" class="section-note">
                        {t("picture-note")}
                    </label>
                    <input
                        type="file"
                        id="picture"
                        name="picture"
                        class="picture-input"
                        accept="image/png,image/jpeg,image/webp,image/gif"
                        node_ref=input
                        aria-describedby="picture-error"
                        on:change=chosen
                    />
                    <div class="picture-actions">
                        <button type="submit" class="button quiet without-scripts">
                            {t("picture-send")}
                        </button>
                        <Show when=move || form.now().avatar.is_some()>
                            <Button attr:class="button quiet needs-script" press=move |_| form.remove()>
                                {t("picture-remove")}
                            </Button>
                        </Show>
                    </div>
                    <Progress progress=form.progress />
                    <p class="field-error" id="picture-error" role="alert">
                        {move || form.failure.get().map(|error| error_text(&error))}
                    </p>
                </div>
            </form>
        </div>
    }
    .into_any()
}

/// Progress of the upload.
#[component]
fn Progress(progress: RwSignal<Option<u8>>) -> impl IntoView {
    move || {
        progress.get().map(|percent| {
            let label = t_with("picture-sending", &[("percent", percent.into())]);
            view! {
                <div class="picture-progress">
                    <progress max="100" value=percent.to_string() aria-label=label.clone()></progress>
                    <span aria-hidden="true">{label}</span>
                </div>
            }
        })
    }
}

/// Returns the error that a form without JavaScript reports in the address.
fn refused() -> Option<Error> {
    let code = use_query_map().with_untracked(|query| query.get("refused"))?;
    let known = [
        "picture-broken",
        "picture-missing",
        "picture-too-large",
        "picture-too-many-pixels",
        "picture-too-wide",
        "picture-unknown",
        "too-many-attempts",
    ];
    let code = known.into_iter().find(|known| *known == code)?;
    let error = Error::new(Kind::BadRequest, code, "");
    Some(error.with("max", 10_000).with("seconds", 60))
}

#[cfg(not(feature = "hydrate"))]
mod upload {
    //! Empty functions for the server, which never uploads.

    use super::Form;
    use leptos::{ev::DragEvent, wasm_bindgen::JsValue};

    pub fn first_of(_input: &JsValue, _form: Form) {}

    pub fn dropped(_event: &DragEvent, _form: Form) {}
}

#[cfg(feature = "hydrate")]
mod upload {
    //! Uploads by `XMLHttpRequest`, since `fetch` reports no upload progress.

    use super::{ADDRESS, Error, Form, Profile};
    use crate::accounts::rules;
    use crate::ui::browser::{call, construct, global, member, set};
    use leptos::{
        ev::DragEvent,
        prelude::Set,
        wasm_bindgen::{JsValue, closure::Closure},
    };
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Answer {
        user: Answered,
    }

    /// The changed part of the response.
    #[derive(Deserialize)]
    struct Answered {
        avatar_url: Option<String>,
    }

    /// Uploads the first file of an input or of a drop, if there is one.
    pub fn first_of(holder: &JsValue, form: Form) {
        let files = member(holder, "files");
        let file = files.and_then(|files| call(&files, "item", [0.into()]));
        if let Some(file) = file.filter(|file| !file.is_null()) {
            send(file, form);
        }
    }

    /// Uploads a dropped file.
    pub fn dropped(event: &DragEvent, form: Form) {
        if let Some(data) = member(event.as_ref(), "dataTransfer") {
            first_of(&data, form);
        }
    }

    fn send(file: JsValue, form: Form) {
        let size = member(&file, "size").and_then(|size| size.as_f64());
        if size.is_some_and(|size| size > rules::PICTURE as f64) {
            form.done(Err(Error::bad_request("picture-too-large", "")));
            return;
        }
        form.failure.set(None);
        form.progress.set(Some(0));
        if started(file, form).is_none() {
            form.done(Err(Error::unavailable()));
        }
    }

    fn started(file: JsValue, form: Form) -> Option<()> {
        let request = construct(global("XMLHttpRequest")?, [])?;
        call(&request, "open", ["PUT".into(), ADDRESS.into()])?;
        let moved = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let figure = |name| member(&event, name).and_then(|figure| figure.as_f64());
            if let (Some(loaded), Some(total)) = (figure("loaded"), figure("total"))
                && total > 0.0
            {
                form.progress.try_set(Some((loaded / total * 100.0) as u8));
            }
        });
        set(
            &member(&request, "upload")?,
            "onprogress",
            &moved.into_js_value(),
        )?;
        let sent = request.clone();
        let ended = Closure::once_into_js(move || {
            form.done(answer(&sent, form));
        });
        set(&request, "onloadend", &ended)?;
        call(&request, "send", [file]).map(drop)
    }

    fn answer(request: &JsValue, form: Form) -> Result<Profile, Error> {
        let text = member(request, "responseText").and_then(|text| text.as_string());
        let text = text.unwrap_or_default();
        let status = member(request, "status").and_then(|status| status.as_f64());
        if status != Some(200.0) {
            return Err(Error::from_body(&text).unwrap_or_else(Error::unavailable));
        }
        let answer: Answer = serde_json::from_str(&text).map_err(|_| Error::unavailable())?;
        let mut profile = form.now();
        let hash = |url: String| url.rsplit('/').next().map(ToOwned::to_owned);
        profile.avatar = answer.user.avatar_url.and_then(hash);
        Ok(profile)
    }
}
