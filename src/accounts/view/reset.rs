//! Password reset: requesting a link, and using it.

use super::entry::{EntryPage, FormError, busy, failure, focus_on_failure, sign_up_policy};
use super::register::advice;
use crate::accounts::{Profile, rpc};
use crate::ui::{Broken, Button, ButtonKind, Field, Meter, error_text, t, t_with};
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
            <Suspense>
                {move || Suspend::new(async move {
                    let mail = policy.await.mail;
                    match (mail, sent) {
                        (true, false) => ask(action),
                        (true, true) => {
                            view! { <p class="entry-note" role="status">{t("forgot-sent")}</p> }
                                .into_any()
                        }
                        (false, _) => view! { <p class="entry-note">{t("forgot-ask")}</p> }.into_any(),
                    }
                })}
            </Suspense>
            <p class="entry-other">
                <a href="/sign-in">{t("forgot-back")}</a>
            </p>
        </EntryPage>
    }
    .into_any()
}

fn ask(action: ServerAction<rpc::RequestReset>) -> AnyView {
    let (failure, busy) = (failure(action), busy(action));
    focus_on_failure(failure, |_| "email");
    view! {
        <ActionForm action=action attr:class="entry-form">
            <FormError error=failure />
            <Field
                name="email"
                label=t("register-email")
                kind="email"
                autocomplete="email"
                autofocus=true
            />
            <Button kind=ButtonKind::Primary submit=true busy=busy>
                {t("forgot-submit")}
            </Button>
        </ActionForm>
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
        <Suspense>
            {move || Suspend::new(async move {
                match owner.await {
                    Ok(owner) => form(owner, token.get_value(), action),
                    Err(error) if error.status() < 500 => over(error_text(&error)),
                    Err(error) => view! { <Broken status=error.status() /> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn form(owner: Profile, token: String, action: ServerAction<rpc::ResetPassword>) -> AnyView {
    let (failure, busy) = (failure(action), busy(action));
    focus_on_failure(failure, |_| "password");
    let (score, on_password) = advice();
    let words = Signal::derive(move || {
        let score = score.get().map(|score| t(&format!("strength-{score}")));
        score.unwrap_or_default()
    });
    let about_password = |error: &crate::shared::Error| error.code.starts_with("password-");
    let of_password = Signal::derive(move || {
        failure.with(|error| error.as_ref().filter(|e| about_password(e)).map(error_text))
    });
    let of_none = Signal::derive(move || failure.get().filter(|error| !about_password(error)));
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
            <ActionForm action=action attr:class="entry-form">
                <FormError error=of_none />
                <input type="hidden" name="token" value=token />
                // Tells password managers which account it is.
                <input
                    type="text"
                    name="username"
                    autocomplete="username"
                    value=owner.username
                    hidden=true
                />
                <div class="field-group">
                    <Field
                        name="password"
                        label=t("reset-password")
                        kind="password"
                        autocomplete="new-password"
                        hint=t("register-password-hint")
                        error=of_password
                        minlength=8
                        autofocus=true
                        on_input=on_password
                    />
                    <Meter label=t("strength-label") value=score max=4 words=words />
                </div>
                <p class="entry-quiet">{t("reset-note")}</p>
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t("reset-submit")}
                </Button>
            </ActionForm>
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
