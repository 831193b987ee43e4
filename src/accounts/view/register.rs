//! Registration page.

use super::entry::{
    EntryPage, FormError, NextField, busy, failure, focus_on_failure, sign_up_policy, with_next,
};
use crate::accounts::rpc;
use crate::shared::{Error, instance::Registration};
use crate::ui::{Button, ButtonKind, Field, Meter, error_text, t};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

/// Pause in typing before the password is checked.
const PAUSE: Duration = Duration::from_millis(250);

/// Name, email and password, with a strength meter. Works without JavaScript.
#[component]
pub fn Register() -> impl IntoView {
    let action = ServerAction::<rpc::Register>::new();
    let failure = failure(action);
    let busy = busy(action);
    focus_on_failure(failure, |error| field_of(error).unwrap_or("username"));
    let of_field = move |name: &'static str| {
        Signal::derive(move || {
            failure.with(|error| {
                error
                    .as_ref()
                    .filter(|error| field_of(error) == Some(name))
                    .map(error_text)
            })
        })
    };
    let of_none = Signal::derive(move || failure.get().filter(|error| field_of(error).is_none()));
    let hold = move |event: leptos::ev::SubmitEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        }
    };
    let (score, on_password) = advice();
    let words = Signal::derive(move || {
        score
            .get()
            .map(|score| t(&format!("strength-{score}")))
            .unwrap_or_default()
    });
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
            <Suspense>
                {move || Suspend::new(async move {
                    let shut = policy.await.registration == Registration::Closed && !sets_up;
                    shut.then(|| {
                        view! { <p class="entry-note">{t("error-registration-closed")}</p> }
                    })
                })}
            </Suspense>
            <ActionForm action=action attr:class="entry-form" on:submit:capture=hold>
                <FormError error=of_none />
                <NextField />
                {setup.map(|token| view! { <input type="hidden" name="setup" value=token /> })}
                <Field
                    name="username"
                    label=t("register-username")
                    autocomplete="username"
                    hint=t("register-username-hint")
                    error=of_field("username")
                    autofocus=true
                />
                <Field
                    name="email"
                    label=t("register-email")
                    kind="email"
                    autocomplete="email"
                    error=of_field("email")
                />
                <div class="field-group">
                    <Field
                        name="password"
                        label=t("register-password")
                        kind="password"
                        autocomplete="new-password"
                        hint=t("register-password-hint")
                        error=of_field("password")
                        minlength=8
                        on_input=on_password
                    />
                    <Meter label=t("strength-label") value=score max=4 words=words />
                </div>
                <Suspense>
                    {move || Suspend::new(async move {
                        let needed = policy.await.registration == Registration::Invite && !sets_up;
                        needed
                            .then(|| {
                                view! {
                                    <Field
                                        name="invite"
                                        label=t("register-invite")
                                        hint=t("register-invite-hint")
                                        error=of_field("invite")
                                    />
                                }
                            })
                    })}
                </Suspense>
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {move || if busy.get() { t("register-pending") } else { t("register-submit") }}
                </Button>
            </ActionForm>
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

/// Returns the score of the typed password, and a callback for its input. The score is only advice:
/// it is None if the request fails.
pub(super) fn advice() -> (Signal<Option<u8>>, Callback<String>) {
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
