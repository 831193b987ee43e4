//! What operators did.

use super::table::When;
use crate::accounts::Profile;
use crate::audit::Act;
use crate::operator::rpc::load_record;
use crate::operator::{RecordPage, RecordRow};
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::{t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The entries, the latest first, a page at a time.
#[component]
pub fn RecordList() -> impl IntoView {
    let query = use_query_map();
    let before =
        Memo::new(move |_| query.with(|query| query.get("before").and_then(|id| id.parse().ok())));
    let page = Resource::new_blocking(move || before.get(), load_record);
    view! {
        <p class="section-note">{t("record-note")}</p>
        <Transition fallback=TableSkeleton>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => list(page),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn list(page: RecordPage) -> AnyView {
    if page.rows.is_empty() {
        return view! { <p class="section-note">{t("record-empty")}</p> }.into_any();
    }
    let next = page.next.map(|next| {
        view! {
            <a class="button quiet" href=format!("/operator/record?before={next}")>
                {t("record-more")}
            </a>
        }
    });
    let rows = page.rows.into_iter().map(row).collect_view();
    view! {
        <ol class="record">{rows}</ol>
        {next}
    }
    .into_any()
}

fn row(row: RecordRow) -> AnyView {
    let entry = row.entry;
    let actor = match (&row.actor, entry.actor) {
        (Some(profile), _) => name(profile),
        (None, Some(_)) => t("record-gone"),
        (None, None) => t("record-command-line"),
    };
    let subject = row.subject.as_ref().map_or_else(
        || entry.subject.map(|_| t("record-gone")).unwrap_or_default(),
        name,
    );
    let values = [
        ("actor", actor.into()),
        ("subject", subject.into()),
        ("detail", entry.detail.into()),
    ];
    view! {
        <li class="record-row">
            <span class="ledger-quiet">
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
        Act::ResetLink => "record-reset-link",
        Act::PasswordReset => "record-password-reset",
        Act::SessionsEnded => "record-sessions-ended",
        Act::Suspended => "record-suspended",
        Act::Unsuspended => "record-unsuspended",
        Act::OperatorMade => "record-operator-made",
        Act::OperatorUnmade => "record-operator-unmade",
        Act::FactorRemoved => "record-factor-removed",
        Act::SettingChanged => "record-setting-changed",
        Act::SettingReset => "record-setting-reset",
        Act::ChannelDeleted => "record-channel-deleted",
    }
}
