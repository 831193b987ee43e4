//! Sign-in page.

use super::entry::{
    EntryPage, FormError, NextField, busy, failure, focus_on_failure, sign_up_policy, with_next,
};
use crate::accounts::rpc;
use crate::shared::instance::Registration;
use crate::ui::{Button, ButtonKind, Field, Icon, IconName, t};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Name and password. Works without JavaScript.
#[component]
pub fn SignIn() -> impl IntoView {
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
                <a href="/forgot">{t("sign-in-forgot")}</a>
            </p>
            <Suspense>
                {move || Suspend::new(async move {
                    let open = policy.await.registration != Registration::Closed;
                    open.then(|| {
                        view! {
                            <p class="entry-other">
                                {t("sign-in-to-register")} " "
                                <a href=with_next("/register")>{t("sign-in-register-link")}</a>
                            </p>
                        }
                    })
                })}
            </Suspense>
        </EntryPage>
    }
}
