//! Password and two-factor authentication.

use super::second_factor::SecondFactor;
use crate::accounts::view::entry::{FormError, failure, focus_on_failure};
use crate::accounts::view::register::advice;
use crate::accounts::{Security as Protection, rpc};
use crate::ui::{Button, ButtonKind, Field, Icon, IconName, Meter, error_text, t};
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
        <Transition>
            {move || Suspend::new(async move {
                match security.await {
                    Ok(security) => parts(security, again),
                    Err(error) => {
                        view! { <p class="form-error">{error_text(&error)}</p> }.into_any()
                    }
                }
            })}
        </Transition>
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
    let failure = failure(action);
    focus_on_failure(failure, |error| match error.code.as_ref() {
        "password-too-short" | "password-too-long" | "password-common" => "new-password",
        _ => "current",
    });
    let of = move |codes: &'static [&'static str]| {
        Signal::derive(move || {
            failure.with(|error| {
                let error = error.as_ref()?;
                codes
                    .contains(&error.code.as_ref())
                    .then(|| error_text(error))
            })
        })
    };
    let of_none = Signal::derive(move || {
        failure
            .get()
            .filter(|error| !error.code.starts_with("password-"))
    });
    let (score, on_password) = advice();
    let words = Signal::derive(move || {
        score
            .get()
            .map(|score| t(&format!("strength-{score}")))
            .unwrap_or_default()
    });
    view! {
        <p class="section-note">{t("password-lead")}</p>
        <ActionForm action=action attr:class="setting-form">
            <FormError error=of_none />
            <Field
                name="current"
                label=t("password-current")
                kind="password"
                autocomplete="current-password"
                error=of(&["password-wrong"])
            />
            <div class="field-group">
                <Field
                    name="password"
                    id="new-password"
                    label=t("password-new")
                    kind="password"
                    autocomplete="new-password"
                    hint=t("register-password-hint")
                    error=of(&["password-too-short", "password-too-long", "password-common"])
                    minlength=8
                    on_input=on_password
                />
                <Meter label=t("strength-label") value=score max=4 words=words />
            </div>
            <Button kind=ButtonKind::Primary submit=true busy=action.pending()>
                {t("password-submit")}
            </Button>
        </ActionForm>
    }
    .into_any()
}
