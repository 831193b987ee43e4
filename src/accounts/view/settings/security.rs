//! Password and two-factor authentication.

use super::second_factor::SecondFactor;
use crate::accounts::view::register::NewPassword;
use crate::accounts::{Security as Protection, rpc};
use crate::ui::form::Form;
use crate::ui::loaded::when_loaded;
use crate::ui::{Field, FormErrors, Icon, IconName, t};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The section with password and 2FA.
#[component]
pub fn Security() -> impl IntoView {
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(|query| query.get("done")));
    // Incremented to reload the security settings after a change.
    let again = RwSignal::new(0_u32);
    let security = Resource::new_blocking(move || (done.get(), again.get()), |_| rpc::security());
    view! {
        <Done done=done />
        {when_loaded(security, move |security| parts(security, again))}
    }
    .into_any()
}

fn parts(security: Protection, again: RwSignal<u32>) -> AnyView {
    view! {
        <section class="setting">
            <h3>{t("password-title")}</h3>
            <ChangePassword />
        </section>
        <section class="setting">
            <h3>{t("second-factor-title")}</h3>
            <SecondFactor security=security again=again />
        </section>
    }
    .into_any()
}

/// Confirms the last change, which the address of the redirect names; works without JavaScript.
#[component]
fn Done(done: Memo<Option<String>>) -> impl IntoView {
    let said = move || match done.get().as_deref() {
        Some("password") => Some(t("password-changed")),
        Some("second-factor-off") => Some(t("second-factor-turned-off")),
        _ => None,
    };
    view! {
        <div role="status">
            {move || {
                said()
                    .map(|text| {
                        view! {
                            <p class="form-done">
                                <Icon name=IconName::Check />
                                <span>{text}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn ChangePassword() -> impl IntoView {
    let action = ServerAction::<rpc::ChangePassword>::new();
    let errors = FormErrors::by(action, |error| match error.code.as_ref() {
        "password-wrong" => Some("current"),
        code => code.starts_with("password-").then_some("password"),
    });
    view! {
        <p class="section-note">{t("password-lead")}</p>
        <Form
            action=action
            submit=t("password-submit")
            class="setting-form"
            error_above=true
            error=errors.about_none()
            focus=|_| "current"
        >
            <Field
                name="current"
                label=t("password-current")
                kind="password"
                autocomplete="current-password"
                error=errors.about("current")
            />
            <NewPassword
                id="new-password"
                label=t("password-new")
                error=errors.about("password")
            />
        </Form>
    }
    .into_any()
}
