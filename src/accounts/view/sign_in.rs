//! Sign-in page.

use super::entry::{EntryPage, NextField, sign_up_policy, with_next};
use crate::accounts::rpc;
use crate::shared::{Error, instance::Registration};
use crate::ui::form::Form;
use crate::ui::loaded::awaited;
use crate::ui::{Field, Icon, IconName, t};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Name and password. Works without JavaScript.
#[component]
pub fn SignIn() -> impl IntoView {
    let action = ServerAction::<rpc::SignIn>::new();
    let done = use_query_map().with_untracked(|query| query.get("done"));
    let said = match done.as_deref() {
        Some("ended") => Some(t("done-ended")),
        Some("left") => Some(t("done-left")),
        Some("password") => Some(t("reset-done")),
        Some("deleted") => Some(t("done-deleted")),
        _ => None,
    };
    let said = said.map(|text| {
        view! {
            <p class="form-done" role="status">
                <Icon name=IconName::Check />
                <span>{text}</span>
            </p>
        }
    });
    let policy = sign_up_policy();
    view! {
        <EntryPage title=t("sign-in-title") lead=t("sign-in-lead")>
            {said}
            <Form
                action=action
                submit=t("sign-in-submit")
                busy_text=t("sign-in-pending")
                class="account-form"
                leaves=true
                error_above=true
                focus=|error: &Error| match error.code.as_ref() {
                    "missing-fields" => "name",
                    _ => "password",
                }
            >
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
            </Form>
            <p class="entry-other">
                <a href="/forgot">{t("sign-in-forgot")}</a>
            </p>
            {awaited(policy, |policy| {
                (policy.registration != Registration::Closed)
                    .then(|| {
                        view! {
                            <p class="entry-other">
                                {t("sign-in-to-register")} " "
                                <a href=with_next("/register")>{t("sign-in-register-link")}</a>
                            </p>
                        }
                    })
            })}
        </EntryPage>
    }
}
