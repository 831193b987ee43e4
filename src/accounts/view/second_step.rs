//! Sign-in after the password: a code, or the choice to cancel the account's deletion.

use super::entry::{EntryPage, FormError, NextField, busy, failure, focus_on_failure, with_next};
use crate::accounts::rpc;
use crate::ui::{Button, ButtonKind, Field, Moment, error_text, t};
use leptos::prelude::*;

/// A code from the app, or a recovery code. Works without JavaScript.
#[component]
pub fn SignInCode() -> impl IntoView {
    let action = ServerAction::<rpc::SignInCode>::new();
    let failure = failure(action);
    let busy = busy(action);
    focus_on_failure(failure, |_| "code");
    view! {
        <EntryPage title=t("code-title") lead=t("code-lead")>
            <ActionForm action=action attr:class="entry-form">
                <FormError error=failure />
                <NextField />
                <Field
                    name="code"
                    label=t("second-factor-code")
                    hint=t("second-factor-code-hint")
                    autocomplete="one-time-code"
                    autofocus=true
                />
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t("sign-in-submit")}
                </Button>
            </ActionForm>
            <p class="entry-other">
                <a href=with_next("/sign-in")>{t("code-back")}</a>
            </p>
        </EntryPage>
    }
    .into_any()
}

/// Cancels the account's deletion, or keeps it scheduled. Works without JavaScript.
#[component]
pub fn ComeBack() -> impl IntoView {
    let action = ServerAction::<rpc::ComeBack>::new();
    let failure = failure(action);
    let busy = busy(action);
    let leaving = Resource::new_blocking(|| (), |()| rpc::leaving());
    let until = move || {
        Suspend::new(async move {
            match leaving.await {
                Ok(departure) => view! {
                    <p>{t("come-back-until")} " " <Moment at=departure.due_at /></p>
                }
                .into_any(),
                Err(error) => view! { <p class="form-error">{error_text(&error)}</p> }.into_any(),
            }
        })
    };
    view! {
        <EntryPage title=t("come-back-title") lead=t("come-back-lead")>
            <Suspense>{until}</Suspense>
            <ActionForm action=action attr:class="entry-form">
                <FormError error=failure />
                <NextField />
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t("come-back-submit")}
                </Button>
            </ActionForm>
            <p class="entry-other">
                <a href="/sign-in">{t("come-back-not")}</a>
            </p>
        </EntryPage>
    }
    .into_any()
}
