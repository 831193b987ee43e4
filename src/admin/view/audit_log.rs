//! The audit log.

use crate::accounts::Profile;
use crate::admin::rpc::load_audit_log;
use crate::admin::{AuditPage, AuditRow};
use crate::audit::Act;
use crate::ui::loaded::when_loaded;
use crate::ui::{When, pager, t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The entries, newest first, one page at a time.
#[component]
pub fn AuditLog() -> impl IntoView {
    let query = use_query_map();
    let before =
        Memo::new(move |_| query.with(|query| query.get("before").and_then(|id| id.parse().ok())));
    let page = Resource::new_blocking(move || before.get(), load_audit_log);
    view! {
        <p class="section-note">{t("audit-note")}</p>
        {when_loaded(page, list)}
    }
    .into_any()
}

fn list(page: AuditPage) -> AnyView {
    if page.rows.is_empty() {
        return view! { <p class="section-note">{t("audit-empty")}</p> }.into_any();
    }
    let next = page
        .next
        .map(|next| format!("/admin/audit-log?before={next}"));
    view! {
        <ol class="audit">{page.rows.into_iter().map(row).collect_view()}</ol>
        {pager(next, t("audit-more"))}
    }
    .into_any()
}

fn row(row: AuditRow) -> AnyView {
    let entry = row.entry;
    let actor = match (&row.actor, entry.actor) {
        (Some(profile), _) => name(profile),
        (None, Some(_)) => t("audit-gone"),
        (None, None) => t("audit-command-line"),
    };
    let subject = row.subject.as_ref().map_or_else(
        || entry.subject.map(|_| t("audit-gone")).unwrap_or_default(),
        name,
    );
    let values = [
        ("actor", actor.into()),
        ("subject", subject.into()),
        ("detail", entry.detail.into()),
    ];
    view! {
        <li class="audit-row">
            <span class="fine-print">
                <When at=entry.at />
            </span>
            <span>{t_with(key(entry.act), &values)}</span>
        </li>
    }
    .into_any()
}

fn name(profile: &Profile) -> String {
    format!("{} (@{})", profile.display_name, profile.username)
}

const fn key(act: Act) -> &'static str {
    match act {
        Act::ResetLink => "audit-reset-link",
        Act::PasswordReset => "audit-password-reset",
        Act::SessionsEnded => "audit-sessions-ended",
        Act::Suspended => "audit-suspended",
        Act::Unsuspended => "audit-unsuspended",
        Act::AdminAdded => "audit-admin-added",
        Act::AdminRemoved => "audit-admin-removed",
        Act::FactorRemoved => "audit-factor-removed",
        Act::SettingChanged => "audit-setting-changed",
        Act::SettingReset => "audit-setting-reset",
        Act::ChannelDeleted => "audit-channel-deleted",
    }
}
