//! Registration page.

use super::entry::{EntryPage, NextField, sign_up_policy, with_next};
use crate::accounts::rpc;
use crate::shared::{Error, instance::Registration};
use crate::ui::form::Form;
use crate::ui::loaded::awaited;
use crate::ui::{Field, FormErrors, Meter, t};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

/// Pause in typing before the password is checked.
const PAUSE: Duration = Duration::from_millis(250);

/// Name, email and password, with a strength meter. Works without JavaScript.
#[component]
pub fn Register() -> impl IntoView {
    let action = ServerAction::<rpc::Register>::new();
    let errors = FormErrors::by(action, field_of);
    let policy = sign_up_policy();
    // The setup link that the server prints while it has no admin also works if registration is
    // closed.
    let setup = use_query_map().with_untracked(|query| query.get("setup"));
    let sets_up = setup.is_some();
    let lead = if sets_up {
        t("register-setup-lead")
    } else {
        t("register-lead")
    };
    view! {
        <EntryPage title=t("register-title") lead=lead>
            {awaited(policy, move |policy| {
                (policy.registration == Registration::Closed && !sets_up)
                    .then(|| {
                        view! { <p class="entry-note">{t("error-registration-closed")}</p> }
                    })
            })}
            <Form
                action=action
                submit=t("register-submit")
                busy_text=t("register-pending")
                class="account-form"
                leaves=true
                error_above=true
                error=errors.about_none()
                focus=|_| "username"
            >
                <NextField />
                {setup.map(|token| view! { <input type="hidden" name="setup" value=token /> })}
                <Field
                    name="username"
                    label=t("register-username")
                    autocomplete="username"
                    hint=t("register-username-hint")
                    error=errors.about("username")
                    autofocus=true
                />
                <Field
                    name="email"
                    label=t("register-email")
                    kind="email"
                    autocomplete="email"
                    error=errors.about("email")
                />
                <NewPassword label=t("register-password") error=errors.about("password") />
                {awaited(policy, move |policy| {
                    (policy.registration == Registration::Invite && !sets_up)
                        .then(|| {
                            view! {
                                <Field
                                    name="invite"
                                    label=t("register-invite")
                                    hint=t("register-invite-hint")
                                    error=errors.about("invite")
                                />
                            }
                        })
                })}
            </Form>
            <p class="entry-other">
                {t("register-to-sign-in")} " "
                <a href=with_next("/sign-in")>{t("register-sign-in-link")}</a>
            </p>
        </EntryPage>
    }
}

/// Returns the field that an error is about.
fn field_of(error: &Error) -> Option<&'static str> {
    let code = error.code.as_ref();
    if code.starts_with("name-") {
        return Some("username");
    }
    ["username", "email", "password", "invite"]
        .into_iter()
        .find(|field| {
            code.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with('-'))
        })
}

/// A field for a new password, with a strength meter.
#[component]
pub(super) fn NewPassword(
    /// Id of the input.
    #[prop(default = "password")]
    id: &'static str,
    label: String,
    error: Signal<Option<String>>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let (score, on_input) = advice();
    let words = Signal::derive(move || {
        let score = score.get().map(|score| t(&format!("strength-{score}")));
        score.unwrap_or_default()
    });
    view! {
        <div class="field-group">
            <Field
                name="password"
                id=id
                label=label
                kind="password"
                autocomplete="new-password"
                hint=t("register-password-hint")
                error=error
                minlength=8
                autofocus=autofocus
                on_input=on_input
            />
            <Meter label=t("strength-label") value=score max=4 words=words />
        </div>
    }
    .into_any()
}

/// Returns the score of the typed password, and a callback for its input. The score is only advice:
/// it is None if the request fails.
fn advice() -> (Signal<Option<u8>>, Callback<String>) {
    let written = RwSignal::new(String::new());
    let judge = Action::new(|password: &String| {
        let password = password.clone();
        async move {
            let score = rpc::strength(password.clone()).await.ok()?.score;
            Some((password, score))
        }
    });
    let score = Signal::derive(move || {
        let empty = written.with(String::is_empty);
        let (_, score) = judge.value().get().flatten()?;
        (!empty).then_some(score.min(4))
    });
    let on_input = Callback::new(move |password: String| {
        written.set(password.clone());
        if password.is_empty() {
            return;
        }
        // Debounced: only the last input still equals the typed text when its timeout fires.
        set_timeout(
            move || {
                if written.try_with_untracked(|now| *now == password) == Some(true) {
                    judge.dispatch(password);
                }
            },
            PAUSE,
        );
    });
    (score, on_input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_find_their_field() {
        let field = |code| field_of(&Error::bad_request(code, ""));
        assert_eq!(field("username-taken"), Some("username"));
        assert_eq!(field("email-invalid"), Some("email"));
        assert_eq!(field("password-too-short"), Some("password"));
        assert_eq!(field("name-in-use"), Some("username"));
        assert_eq!(field("password-common"), Some("password"));
        assert_eq!(field("registration-closed"), None);
        assert_eq!(field("setup-token-wrong"), None);
        assert_eq!(field("too-many-attempts"), None);
    }
}
