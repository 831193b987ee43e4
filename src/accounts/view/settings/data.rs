//! Data export and account deletion.

use super::current_password::CurrentPassword;
use crate::accounts::{Export, ExportState, Viewer, rpc};
use crate::shared::Error;
use crate::ui::form::{Form, FormError, button_form, failure_of};
use crate::ui::loaded::when_loaded;
use crate::ui::{Button, ButtonKind, Field, Icon, IconName, Moment, t, t_with};
use leptos::prelude::*;
use std::time::Duration;

/// Pause between two requests for the progress of an export.
const LOOK: Duration = Duration::from_secs(2);

/// Export and account deletion.
#[component]
pub fn Data() -> impl IntoView {
    let request = ServerAction::<rpc::RequestExport>::new();
    let looks = RwSignal::new(0_u32);
    let data = Resource::new_blocking(
        move || (request.version().get(), looks.get()),
        |_| rpc::own_data(),
    );
    // A separate memo, so that progress updates do not rerender the deletion form and lose its
    // input.
    let known = Memo::new(move |_| {
        let data = data.get()?.ok()?;
        Some((data.deletion_days, data.second_factor))
    });
    view! {
        <section class="setting">
            <h3>{t("copy-title")}</h3>
            <p class="section-note">{t("copy-lead")}</p>
            <FormError error=failure_of(request) />
            {when_loaded(data, move |data| copy(data.export, request, looks))}
        </section>
        <section class="setting">
            <h3>{t("leave-title")}</h3>
            <Transition>
                {move || {
                    known
                        .get()
                        .map(|(days, code)| view! { <Leave days=days code=code /> })
                }}
            </Transition>
        </section>
    }
    .into_any()
}

fn copy(
    export: Option<Export>,
    request: ServerAction<rpc::RequestExport>,
    looks: RwSignal<u32>,
) -> AnyView {
    let state = export.map(|export| export.state);
    if state == Some(ExportState::Preparing) {
        #[cfg(feature = "hydrate")]
        set_timeout(
            move || {
                looks.try_update(|looks| *looks += 1);
            },
            LOOK,
        );
        #[cfg(not(feature = "hydrate"))]
        let _ = (looks, LOOK);
        let export = export.map(|export| (export.done, export.total));
        let (done, total) = export.unwrap_or_default();
        return view! { <Preparing done=done total=total /> }.into_any();
    }
    let ready = export
        .filter(|export| export.state == ExportState::Ready)
        .map(|export| view! { <Ready export=export /> });
    let failed = (state == Some(ExportState::Failed))
        .then(|| view! { <p class="form-error">{t("copy-failed")}</p> });
    let label = if ready.is_some() {
        t("copy-again")
    } else {
        t("copy-request")
    };
    let button = view! {
        <Button submit=true busy=request.pending()>
            {label}
        </Button>
    };
    view! {
        {failed}
        {ready}
        {button_form(request, Vec::new(), button)}
    }
    .into_any()
}

#[component]
fn Preparing(done: i64, total: i64) -> impl IntoView {
    let words = if total > 0 {
        t_with(
            "copy-progress",
            &[("done", done.into()), ("total", total.into())],
        )
    } else {
        t("copy-preparing")
    };
    view! {
        <div class="progress">
            <progress
                aria-label=t("copy-title")
                value=(total > 0).then(|| done.to_string())
                max=(total > 0).then(|| total.to_string())
            ></progress>
            <p class="section-note" role="status">
                {words}
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn Ready(export: Export) -> impl IntoView {
    let kilobytes = (export.size / 1_000).max(1);
    view! {
        <div class="ready">
            <a class="button primary" href="/api/account/export/archive" rel="external" download="">
                <Icon name=IconName::Download />
                {t("copy-download")}
            </a>
            <p class="section-note">
                {t_with("copy-size", &[("size", kilobytes.into())])} " "
                {export
                    .expires_at
                    .map(|at| view! { {t("copy-until")} " " <Moment at=at /> })}
            </p>
        </div>
    }
    .into_any()
}

/// Account deletion: its effects, the choice for the messages, and the password.
#[component]
fn Leave(days: u32, code: bool) -> impl IntoView {
    let admin = use_context::<Viewer>().is_some_and(|viewer| viewer.admin);
    let action = ServerAction::<rpc::Leave>::new();
    view! {
        <p class="section-note">
            {t_with("leave-lead", &[("days", days.into())])} " " {t("leave-what-goes")}
        </p>
        <Form
            action=action
            submit=t("leave-submit")
            kind=ButtonKind::Danger
            class="setting-form"
            error_above=true
            focus=|error: &Error| match error.code.as_ref() {
                "last-admin" | "successor-unknown" => "successor",
                "second-factor-wrong" | "second-factor-required" => "leave-code",
                _ => "leave-password",
            }
        >
            <fieldset class="choices">
                <legend>{t("leave-messages")}</legend>
                <label class="choice">
                    <input type="radio" name="messages" value="keep" required=true />
                    <span>
                        <span>{t("leave-messages-keep")}</span>
                        <span class="field-hint">{t("leave-messages-keep-hint")}</span>
                    </span>
                </label>
                <label class="choice">
                    <input type="radio" name="messages" value="delete" required=true />
                    <span>
                        <span>{t("leave-messages-delete")}</span>
                        <span class="field-hint">{t("leave-messages-delete-hint")}</span>
                    </span>
                </label>
            </fieldset>
            {admin
                .then(|| {
                    view! {
                        <Field
                            name="successor"
                            label=t("leave-successor")
                            hint=t("leave-successor-hint")
                            optional=true
                        />
                    }
                })}
            <CurrentPassword id="leave-password" />
            {code
                .then(|| {
                    view! {
                        <Field
                            name="code"
                            id="leave-code"
                            label=t("second-factor-code")
                            hint=t("second-factor-code-hint")
                            autocomplete="one-time-code"
                        />
                    }
                })}
        </Form>
    }
    .into_any()
}
