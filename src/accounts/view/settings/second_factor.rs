//! Two-factor authentication: turning it on and off, and its recovery codes.

use super::current_password::CurrentPassword;
use crate::accounts::{Enrolment, Security, rpc};
use crate::shared::Error;
use crate::ui::form::{Form, failure_of, on_success};
use crate::ui::{Button, ButtonKind, Field, Icon, IconName, Toasts, t, t_with};
use leptos::prelude::*;

/// The quiet zone around a QR code, in modules.
const QUIET: u32 = 4;

/// Shows new recovery codes, or the settings for 2FA on or off.
#[component]
pub fn SecondFactor(
    /// The account's security settings.
    security: Security,
    /// Incremented to reload the security settings.
    again: RwSignal<u32>,
) -> impl IntoView {
    // New recovery codes; shown until the reader confirms that they are saved.
    let codes = RwSignal::new(Vec::<String>::new());
    move || {
        let fresh = codes.get();
        if !fresh.is_empty() {
            view! { <RecoveryCodes codes=fresh kept=move || {
                codes.set(Vec::new());
                again.update(|again| *again += 1);
            } /> }
            .into_any()
        } else if security.second_factor {
            view! { <TurnedOn left=security.recovery_codes codes=codes /> }.into_any()
        } else {
            view! { <TurnOn codes=codes /> }.into_any()
        }
    }
}

#[component]
fn TurnOn(codes: RwSignal<Vec<String>>) -> impl IntoView {
    let begin = ServerAction::<rpc::BeginSecondFactor>::new();
    let enrolment = move || begin.value().get().and_then(Result::ok);
    view! {
        <p class="section-note">{t("second-factor-lead")}</p>
        <p class="section-note without-script">{t("second-factor-needs-script")}</p>
        {move || match enrolment() {
            Some(enrolment) => view! { <Confirm enrolment=enrolment codes=codes /> }.into_any(),
            None => {
                view! {
                    <Form
                        action=begin
                        submit=t("second-factor-begin")
                        kind=ButtonKind::Quiet
                        class="setting-form needs-script"
                        error_above=true
                        focus=|_| "begin-password"
                    >
                        <CurrentPassword id="begin-password" />
                    </Form>
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}

/// The secret in its three forms, and the input for the first code.
#[component]
fn Confirm(enrolment: Enrolment, codes: RwSignal<Vec<String>>) -> impl IntoView {
    let confirm = ServerAction::<rpc::ConfirmSecondFactor>::new();
    on_success(confirm, move |made| codes.set(made));
    let whole = enrolment.qr.size + 2 * QUIET;
    let frame = format!("-{QUIET} -{QUIET} {whole} {whole}");
    view! {
        <ol class="steps">
            <li>
                <p>{t("second-factor-scan")}</p>
                <svg class="qr" viewBox=frame role="img" aria-label=t("second-factor-qr")>
                    <path d=enrolment.qr.path></path>
                </svg>
                <p class="section-note">
                    {t("second-factor-type")} " "
                    <code class="secret">{in_groups(&enrolment.secret)}</code>
                </p>
                <p>
                    <a href=enrolment.uri rel="external">
                        {t("second-factor-open")}
                    </a>
                </p>
            </li>
            <li>
                <p>{t("second-factor-first-code")}</p>
                <Form
                    action=confirm
                    submit=t("second-factor-confirm")
                    class="setting-form"
                    error_above=true
                    focus=|_| "first-code"
                >
                    <Field
                        name="code"
                        id="first-code"
                        label=t("second-factor-code")
                        autocomplete="one-time-code"
                        autofocus=true
                    />
                </Form>
            </li>
        </ol>
    }
    .into_any()
}

/// Groups of four characters, for typing.
fn in_groups(secret: &str) -> String {
    let mut grouped = String::with_capacity(secret.len() * 5 / 4);
    for (at, c) in secret.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(c);
    }
    grouped
}

/// New recovery codes; shown only once.
#[component]
fn RecoveryCodes(codes: Vec<String>, kept: impl Fn() + Send + Sync + 'static) -> impl IntoView {
    let toasts = Toasts::of_context();
    let text = StoredValue::new(codes.join("\n") + "\n");
    let file = text.with_value(|text| {
        format!(
            "data:text/plain;charset=utf-8,{}",
            text.replace('\n', "%0A")
        )
    });
    let copy = move |_| {
        text.with_value(|text| crate::ui::copy_to_clipboard(text));
        toasts.say(t("recovery-copied"));
    };
    let items = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! {
        <div class="recovery" role="group" aria-label=t("recovery-title")>
            <p class="form-done">
                <Icon name=IconName::Check />
                <span>{t("recovery-lead")}</span>
            </p>
            <ul class="recovery-codes">{items}</ul>
            <div class="button-row">
                <Button press=copy>{t("recovery-copy")}</Button>
                <a class="button quiet" href=file download="rialto-recovery-codes.txt">
                    {t("recovery-download")}
                </a>
                <Button press=|_| print()>{t("recovery-print")}</Button>
            </div>
            <Button kind=ButtonKind::Primary press=move |_| kept()>
                {t("recovery-kept")}
            </Button>
        </div>
    }
    .into_any()
}

fn print() {
    #[cfg(feature = "hydrate")]
    let _printing = window().print();
}

/// 2FA is on: new recovery codes, or turning it off.
#[component]
fn TurnedOn(left: u64, codes: RwSignal<Vec<String>>) -> impl IntoView {
    let renew = ServerAction::<rpc::RenewRecoveryCodes>::new();
    on_success(renew, move |made| codes.set(made));
    let off = ServerAction::<rpc::TurnOffSecondFactor>::new();
    let off_failure = failure_of(off);
    view! {
        <p class="form-done">
            <Icon name=IconName::Shield />
            <span>{t("second-factor-is-on")} " " {t_with("recovery-left", &[("count", left.into())])}</span>
        </p>
        <details class="fold">
            <summary>{t("recovery-renew")}</summary>
            <p class="section-note">{t("recovery-renew-lead")}</p>
            <Form
                action=renew
                submit=t("recovery-renew-submit")
                kind=ButtonKind::Quiet
                class="setting-form"
                error_above=true
                focus=|_| "renew-password"
            >
                <CurrentPassword id="renew-password" />
            </Form>
        </details>
        <details class="fold" open=move || off_failure.with(Option::is_some)>
            <summary>{t("second-factor-off")}</summary>
            <p class="section-note">{t("second-factor-off-lead")}</p>
            <Form
                action=off
                submit=t("second-factor-off")
                kind=ButtonKind::Danger
                class="setting-form"
                error_above=true
                focus=|error: &Error| {
                    if error.code == "password-wrong" { "off-password" } else { "off-code" }
                }
            >
                <CurrentPassword id="off-password" />
                <Field
                    name="code"
                    id="off-code"
                    label=t("second-factor-code")
                    hint=t("second-factor-code-hint")
                    autocomplete="one-time-code"
                />
            </Form>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::in_groups;

    #[test]
    fn secrets_are_typed_in_fours() {
        assert_eq!(in_groups("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(in_groups(""), "");
    }
}
