//! The devices that are signed in.

use crate::accounts::{DeviceName, SessionInfo, rpc};
use crate::ui::form::{FormError, button_form, failure_of};
use crate::ui::loaded::when_loaded;
use crate::ui::{Button, ButtonKind, Icon, IconName, Moment, t, t_with};
use leptos::prelude::*;

/// All signed-in devices, with buttons to end their sessions.
#[component]
pub fn Sessions() -> impl IntoView {
    let end = ServerAction::<rpc::EndSession>::new();
    let end_others = ServerAction::<rpc::EndOtherSessions>::new();
    let changes = move || (end.version().get(), end_others.version().get());
    let sessions = Resource::new_blocking(changes, |_| rpc::sessions());
    view! {
        <section class="setting">
            <p class="section-note">{t("sessions-lead")}</p>
            <FormError error=failure_of(end) />
            {when_loaded(sessions, move |sessions| list(sessions, end, end_others))}
        </section>
    }
    .into_any()
}

fn list(
    sessions: Vec<SessionInfo>,
    end: ServerAction<rpc::EndSession>,
    end_others: ServerAction<rpc::EndOtherSessions>,
) -> AnyView {
    let alone = sessions.len() < 2;
    let rows = sessions.into_iter().map(|session| row(session, end));
    let rows = rows.collect_view();
    let rest = if alone {
        view! { <p class="section-note">{t("sessions-alone")}</p> }.into_any()
    } else {
        let button = view! {
            <Button kind=ButtonKind::Danger submit=true busy=end_others.pending()>
                {t("sessions-end-others")}
            </Button>
        };
        button_form(end_others, Vec::new(), button)
    };
    view! {
        <ul class="device-list">{rows}</ul>
        {rest}
    }
    .into_any()
}

fn row(session: SessionInfo, end: ServerAction<rpc::EndSession>) -> AnyView {
    let name = device_name(&session.device);
    let label = t_with("session-end-of", &[("device", name.clone().into())]);
    let icon = if session.browser {
        IconName::Monitor
    } else {
        IconName::Terminal
    };
    let act = if session.current {
        view! { <span class="badge">{t("session-current")}</span> }.into_any()
    } else {
        let button = view! {
            <Button submit=true attr:aria-label=label>
                {t("session-end")}
            </Button>
        };
        button_form(end, vec![("id", session.id.to_string())], button)
    };
    view! {
        <li class="device">
            <Icon name=icon />
            <div class="device-text">
                <p class="device-name" title=session.user_agent>
                    <bdi>{name}</bdi>
                </p>
                <p class="device-line">
                    {t("session-last-used")} " " <Moment at=session.last_used_at /> " · "
                    <bdi>{session.address}</bdi>
                </p>
                <p class="device-line">
                    {t("session-since")} " " <Moment at=session.created_at />
                </p>
            </div>
            {act}
        </li>
    }
    .into_any()
}

/// Returns "Firefox on Windows", or the known part of it.
fn device_name(device: &DeviceName) -> String {
    match (&device.app, &device.system) {
        (Some(app), Some(system)) => t_with(
            "device-app-on-system",
            &[
                ("app", app.clone().into()),
                ("system", system.clone().into()),
            ],
        ),
        (Some(name), None) | (None, Some(name)) => name.clone(),
        (None, None) => t("device-unknown"),
    }
}
