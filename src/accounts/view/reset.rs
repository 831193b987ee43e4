//! Password reset: requesting a link, and using it.

use super::entry::{EntryPage, sign_up_policy};
use super::register::NewPassword;
use crate::accounts::{Profile, rpc};
use crate::ui::form::Form;
use crate::ui::loaded::awaited;
use crate::ui::{Broken, Field, FormErrors, error_text, t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/forgot`: requests a link by email, or says to ask an admin.
#[component]
pub fn Forgot() -> impl IntoView {
    let policy = sign_up_policy();
    let action = ServerAction::<rpc::RequestReset>::new();
    let sent = use_query_map().with_untracked(|query| query.get("sent").is_some());
    view! {
        <EntryPage title=t("forgot-title") lead=t("forgot-lead")>
            {awaited(policy, move |policy| match (policy.mail, sent) {
                (true, false) => ask(action),
                (true, true) => {
                    view! { <p class="entry-note" role="status">{t("forgot-sent")}</p> }.into_any()
                }
                (false, _) => view! { <p class="entry-note">{t("forgot-ask")}</p> }.into_any(),
            })}
            <p class="entry-other">
                <a href="/sign-in">{t("forgot-back")}</a>
            </p>
        </EntryPage>
    }
    .into_any()
}

fn ask(action: ServerAction<rpc::RequestReset>) -> AnyView {
    view! {
        <Form
            action=action
            submit=t("forgot-submit")
            class="account-form"
            leaves=true
            error_above=true
            focus=|_| "email"
        >
            <Field
                name="email"
                label=t("register-email")
                kind="email"
                autocomplete="email"
                autofocus=true
            />
        </Form>
    }
    .into_any()
}

/// `/reset/<token>`: sets the new password.
#[component]
pub fn ResetPassword() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let asked = token.clone();
    let owner = Resource::new_blocking(|| (), move |()| rpc::reset_owner(asked.clone()));
    let token = StoredValue::new(token);
    // Here and not below, since server and browser must create resources in the same order.
    sign_up_policy();
    let action = ServerAction::<rpc::ResetPassword>::new();
    view! {
        {awaited(owner, move |owner| match owner {
            Ok(owner) => form(owner, token.get_value(), action),
            Err(error) if error.status() < 500 => over(error_text(&error)),
            Err(error) => view! { <Broken status=error.status() /> }.into_any(),
        })}
    }
    .into_any()
}

fn form(owner: Profile, token: String, action: ServerAction<rpc::ResetPassword>) -> AnyView {
    let errors = FormErrors::by(action, |error| {
        error.code.starts_with("password-").then_some("password")
    });
    let lead = t_with(
        "reset-lead",
        &[("name", owner.display_name.as_str().into())],
    );
    view! {
        <EntryPage
            title=t("reset-title")
            lead=lead
            stays=true
        >
            <Form
                action=action
                submit=t("reset-submit")
                class="account-form"
                leaves=true
                error_above=true
                error=errors.about_none()
                focus=|_| "password"
            >
                <input type="hidden" name="token" value=token />
                // Tells password managers which account it is.
                <input
                    type="text"
                    name="username"
                    autocomplete="username"
                    value=owner.username
                    hidden=true
                />
                <NewPassword
                    label=t("reset-password")
                    error=errors.about("password")
                    autofocus=true
                />
                <p class="entry-quiet">{t("reset-note")}</p>
            </Form>
        </EntryPage>
    }
    .into_any()
}

/// The page for an invalid link.
fn over(text: String) -> AnyView {
    crate::ui::page::set_status(404);
    view! {
        <EntryPage title=t("reset-over-title") lead=text stays=true>
            <p class="entry-other">
                <a href="/forgot">{t("reset-over-next")}</a>
            </p>
        </EntryPage>
    }
    .into_any()
}
