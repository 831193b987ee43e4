//! Health of the instance; reloads while the page is open.

use crate::admin::{Health, WorkerHealth, rpc::load_health};
use crate::shared::Timestamp;
use crate::ui::facts::fact;
use crate::ui::loaded::when_loaded;
use crate::ui::{When, bytes, figure as written, t, t_with};
use leptos::prelude::*;
use std::time::Duration;

/// Interval of reloads.
const AGAIN: Duration = Duration::from_secs(5);

#[component]
pub fn HealthPage() -> impl IntoView {
    let health = Resource::new_blocking(|| (), |()| load_health());
    Effect::new(move || {
        let again = move || {
            if !document().hidden() {
                health.refetch();
            }
        };
        if let Ok(handle) = set_interval_with_handle(again, AGAIN) {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        {when_loaded(health, figures)}
    }
    .into_any()
}

fn figures(health: Health) -> AnyView {
    let well = health.readable && health.writable;
    let (state, class) = if well {
        ("health-well", "health-state")
    } else {
        ("health-unwell", "health-state warn")
    };
    let database = format!(
        "{}{}",
        health.database,
        health
            .database_bytes
            .map(|size| format!(", {}", bytes(size)))
            .unwrap_or_default()
    );
    let backup = match health.backup {
        Some((at, size)) => view! {
            <When at />
            {format!(", {}", bytes(size))}
        }
        .into_any(),
        None => t("health-no-backup").into_any(),
    };
    let mail = match &health.mail {
        None => t("health-mail-off"),
        Some(mail) => t_with(
            "health-mail",
            &[
                ("waiting", mail.waiting.into()),
                ("failed", mail.failed.into()),
            ],
        ),
    };
    let mail_last = health.mail.and_then(|mail| mail.last).map(|last| {
        view! { <p class="fine-print">{t_with("health-mail-last", &[("what", last.into())])}</p> }
    });
    let built = health.built_at.map(|at| view! { ", " <When at /> });
    view! {
        <p class=class role="status">
            {t(state)}
        </p>
        <dl class="health">
            {figure("health-version", health.version.into_any())}
            {figure("health-build", view! { {health.build} {built} }.into_any())}
            {figure("health-uptime", uptime(health.started_at, health.at).into_any())}
            {figure("health-database", database.into_any())}
            {figure("health-queue", number(&health.queue))}
            {figure("health-connections", number(&health.connections))}
            {figure("health-topics", number(&health.topics))}
            {figure("health-people", number(&health.people))}
            {health.checked_at.map(|at| figure("health-checked", view! { <When at /> }.into_any()))}
            {figure("health-workers", health.workers.into_iter().map(worker).collect_view().into_any())}
            {figure("health-backup", backup)}
            {figure("health-letters", view! { {mail} {mail_last} }.into_any())}
        </dl>
        <p class="fine-print">{t("health-at")} " " <When at=health.at /></p>
    }
    .into_any()
}

fn number(exact: &dyn ToString) -> AnyView {
    written(&exact.to_string()).into_any()
}

fn figure(name: &str, value: AnyView) -> AnyView {
    fact(t(name), value)
}

/// A worker, and its restarts.
fn worker(worker: WorkerHealth) -> AnyView {
    let state = (!worker.running).then(|| view! { ": " {t("health-worker-down")} });
    let restarts = worker.last_panic.map(|at| {
        let count = t_with("health-restarts", &[("count", worker.restarts.into())]);
        view! { " (" {count} ", " <When at /> ")" }
    });
    view! { <div>{worker.name} {state} {restarts}</div> }.into_any()
}

/// Time since the start.
fn uptime(since: Timestamp, now: Timestamp) -> String {
    let minutes = (now - since).num_minutes().max(0);
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    let values = [
        ("days", days.into()),
        ("hours", hours.into()),
        ("minutes", (minutes % 60).into()),
    ];
    if days > 0 {
        t_with("uptime-days", &values)
    } else if hours > 0 {
        t_with("uptime-hours", &values)
    } else {
        t_with("uptime-minutes", &values)
    }
}
