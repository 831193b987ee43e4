//! The page to sign in.

use super::entry::{
    EntryPage, FormError, NextField, busy, failure, focus_on_failure, leave_when_signed_in,
    with_next,
};
use crate::accounts::rpc;
use crate::ui::{Button, ButtonKind, Field, t};
use leptos::prelude::*;

/// Name and password. Works without JavaScript.
#[component]
pub fn SignIn() -> impl IntoView {
    leave_when_signed_in();
    let action = ServerAction::<rpc::SignIn>::new();
    let failure = failure(action);
    let busy = busy(action);
    focus_on_failure(failure, |error| match error.code.as_ref() {
        "missing-fields" => "name",
        _ => "password",
    });
    let hold = move |event: leptos::ev::SubmitEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        }
    };
    view! {
        <EntryPage title=t("sign-in-title") lead=t("sign-in-lead")>
            <ActionForm action=action attr:class="entry-form" on:submit:capture=hold>
                <FormError error=failure />
                <NextField />
                <Field
                    name="name"
                    label=t("sign-in-name")
                    autocomplete="username"
                    autofocus=true
                />
                <Field
                    name="password"
                    label=t("sign-in-password")
                    kind="password"
                    autocomplete="current-password"
                />
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {move || if busy.get() { t("sign-in-pending") } else { t("sign-in-submit") }}
                </Button>
            </ActionForm>
            <p class="entry-other">
                {t("sign-in-to-register")} " "
                <a href=with_next("/register")>{t("sign-in-register-link")}</a>
            </p>
        </EntryPage>
    }
}
