//! Public profile: picture and display name.

use super::picture::PictureForm;
use crate::accounts::view::faces::{Face, Faces, Name};
use crate::accounts::{AccountKind, Viewer, rpc, rules};
use crate::ui::{Button, ButtonKind, Toasts, error_text, t};
use leptos::prelude::*;

/// Picture, display name and username.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let Some(viewer) = use_context::<Viewer>() else {
        return ().into_any();
    };
    let profile = viewer.profile();
    let guest = viewer.kind == AccountKind::Guest;
    let forms = if guest {
        view! { <p class="section-note">{t("profile-guest")}</p> }.into_any()
    } else {
        view! {
            <PictureForm profile=profile.clone() />
            <NameForm viewer=viewer />
        }
        .into_any()
    };
    view! {
        <div class="profile-card">
            <Face profile=profile.clone() />
            <span class="account-names">
                <span class="account-name">
                    <Name profile=profile.clone() />
                </span>
                <span class="account-username">{format!("@{}", profile.username)}</span>
            </span>
        </div>
        {forms}
    }
    .into_any()
}

/// Display name. Works without JavaScript.
#[component]
fn NameForm(viewer: Viewer) -> impl IntoView {
    let action = ServerAction::<rpc::Rename>::new();
    let (value, pending) = (action.value(), action.pending());
    let faces = Faces::of_context();
    let toasts = Toasts::of_context();
    Effect::new(move || {
        if let Some(Ok(profile)) = value.get() {
            faces.note(profile);
            toasts.say(t("profile-saved"));
        }
    });
    let error = move || value.with(|value| value.as_ref()?.as_ref().err().map(error_text));
    let failed = move || value.with(|value| matches!(value, Some(Err(_))));
    let known = viewer.profile();
    let name = faces.now(&known).display_name;
    view! {
        <div class="setting">
            <h3>
                <label for="display_name">{t("profile-name")}</label>
            </h3>
            <p class="section-note" id="display_name-note">
                {t("profile-username-stays")}
            </p>
            <ActionForm action=action attr:class="name-form">
                <input
                    class="input"
                    id="display_name"
                    name="display_name"
                    value=name
                    autocomplete="nickname"
                    maxlength=rules::DISPLAY_NAME.to_string()
                    required=true
                    aria-invalid=move || failed().then_some("true")
                    aria-describedby="display_name-error display_name-note"
                />
                <Button kind=ButtonKind::Primary submit=true busy=pending>
                    {t("save")}
                </Button>
                <p class="field-error" id="display_name-error" role="alert">
                    {error}
                </p>
            </ActionForm>
        </div>
    }
    .into_any()
}
