//! Picture settings: choose, drop, upload, remove and restore.

use crate::accounts::view::faces::{Face, Faces};
use crate::accounts::{Profile, rpc, rules};
use crate::shared::{Error, Kind};
use crate::ui::upload::{File, Request, Response, Upload};
use crate::ui::{Button, Toasts, error_text, t, t_with};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use serde::Deserialize;

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
            if let Some(file) = File::of(input.as_ref()) {
                send(&file, form);
            }
            // Reset, so that choosing the same file again fires an event.
            input.set_value("");
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(file) = File::dropped(&event) {
            send(&file, form);
        }
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
                class="file-drop"
                class:over=move || over.get()
                on:dragover=hover
                on:dragleave=move |_| over.set(false)
                on:drop=dropped
            >
                <Face profile=profile />
                <div class="file-drop-words">
                    <label for="picture" class="section-note">
                        {t("picture-note")}
                    </label>
                    <input
                        type="file"
                        id="picture"
                        name="picture"
                        class="file-input"
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

/// Uploads a file.
fn send(file: &File, form: Form) {
    if file.size() > rules::PICTURE as f64 {
        form.done(Err(Error::bad_request("picture-too-large", "")));
        return;
    }
    form.failure.set(None);
    form.progress.set(Some(0));
    let request = Request {
        method: "PUT",
        address: ADDRESS,
        key: None,
        file,
    };
    let moved = move |percent| {
        let _ = form.progress.try_set(Some(percent));
    };
    let ended = move |response: Response| {
        let profile = response.success().and_then(|text| {
            let answer: Answer = serde_json::from_str(&text).map_err(|_| Error::unavailable())?;
            let hash = |url: String| url.rsplit('/').next().map(ToOwned::to_owned);
            Ok(Profile {
                avatar: answer.user.avatar_url.and_then(hash),
                ..form.now()
            })
        });
        form.done(profile);
    };
    if Upload::begin(request, moved, ended).is_none() {
        form.done(Err(Error::unavailable()));
    }
}

#[derive(Deserialize)]
struct Answer {
    user: Answered,
}

/// The changed part of the response.
#[derive(Deserialize)]
struct Answered {
    avatar_url: Option<String>,
}
