//! Sign-in after the password: a code, or the choice to cancel the account's deletion.

use super::entry::{EntryPage, NextField, with_next};
use crate::accounts::rpc;
use crate::ui::form::Form;
use crate::ui::loaded::awaited;
use crate::ui::{Field, Moment, error_text, t};
use leptos::prelude::*;

/// A code from the app, or a recovery code. Works without JavaScript.
#[component]
pub fn SignInCode() -> impl IntoView {
    let action = ServerAction::<rpc::SignInCode>::new();
    view! {
        <EntryPage title=t("code-title") lead=t("code-lead")>
            <Form
                action=action
                submit=t("sign-in-submit")
                class="account-form"
                leaves=true
                error_above=true
                focus=|_| "code"
            >
                <NextField />
                <Field
                    name="code"
                    label=t("second-factor-code")
                    hint=t("second-factor-code-hint")
                    autocomplete="one-time-code"
                    autofocus=true
                />
            </Form>
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
    let leaving = Resource::new_blocking(|| (), |()| rpc::leaving());
    view! {
        <EntryPage title=t("come-back-title") lead=t("come-back-lead")>
            {awaited(leaving, |leaving| match leaving {
                Ok(departure) => {
                    view! { <p>{t("come-back-until")} " " <Moment at=departure.due_at /></p> }
                        .into_any()
                }
                Err(error) => view! { <p class="form-error">{error_text(&error)}</p> }.into_any(),
            })}
            <Form
                action=action
                submit=t("come-back-submit")
                class="account-form"
                leaves=true
                error_above=true
            >
                <NextField />
            </Form>
            <p class="entry-other">
                <a href="/sign-in">{t("come-back-not")}</a>
            </p>
        </EntryPage>
    }
    .into_any()
}
