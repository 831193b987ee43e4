//! The list of messages with its day lines, groups and the unread line.

use super::message::{MessageRow, PendingRow, focus_on};
use super::room::Room;
use crate::chat::Message;
use crate::chat::timeline::{Pending, Timeline};
use crate::shared::{AccountId, Timestamp};
use crate::ui::{DayLabel, NoticeDrawing, Zone, t, t_with, time::local_day};
use chrono::TimeDelta;
use leptos::prelude::*;

/// Messages of one author within this time form one group, in minutes.
const GROUP_MINUTES: i64 = 5;

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
enum Row {
    Day(Timestamp),
    Unread,
    Message { message: Message, first: bool },
    Pending { entry: Pending, first: bool },
}

impl Row {
    /// Key that changes exactly when the row must be rendered again.
    fn key(&self) -> String {
        match self {
            Self::Day(at) => format!("day {at}"),
            Self::Unread => "unread".into(),
            Self::Message { message, first } => {
                format!("{} {} {first}", message.id, message.rev)
            }
            Self::Pending { entry, first } => {
                format!("{} {} {first}", entry.nonce, entry.failed.is_some())
            }
        }
    }
}

/// Rows of a timeline. `unread_after`: the unread line is before the first message of another
/// member after this number.
fn rows(
    timeline: &Timeline,
    viewer: AccountId,
    unread_after: Option<i64>,
    offset: i32,
) -> Vec<Row> {
    let mut rows = Vec::with_capacity(timeline.rows().len() + 4);
    let mut before: Option<&Message> = None;
    let mut unread_after = unread_after;
    for message in timeline.rows() {
        let new_day = before.is_none_or(|before| {
            local_day(before.created_at, offset) != local_day(message.created_at, offset)
        });
        if new_day {
            rows.push(Row::Day(message.created_at));
        }
        let unread = unread_after.is_some_and(|after| {
            message.seq > after && !message.deleted && message.author.id != viewer
        });
        if unread {
            unread_after = None;
            rows.push(Row::Unread);
        }
        let grouped = before.is_some_and(|before| {
            !new_day
                && !unread
                && before.author.id == message.author.id
                && !before.deleted
                && message.created_at - before.created_at < TimeDelta::minutes(GROUP_MINUTES)
        });
        rows.push(Row::Message {
            message: message.clone(),
            first: !grouped,
        });
        before = Some(message);
    }
    if timeline.at_end() {
        let mut first = before.is_none_or(|before| before.author.id != viewer);
        for entry in timeline.pending() {
            let entry = entry.clone();
            rows.push(Row::Pending { entry, first });
            first = false;
        }
    }
    rows
}

#[component]
pub fn TimelineList() -> impl IntoView {
    let room = expect_context::<Room>();
    let zone = Zone::of_context();
    let viewer = room.viewer.with_value(|viewer| viewer.account);
    let lines = Memo::new(move |_| {
        let offset = zone.offset.get();
        let unread_after = room.unread_after.get();
        room.timeline
            .with(|timeline| rows(timeline, viewer, unread_after, offset))
    });
    let older = Memo::new(move |_| room.timeline.with(|timeline| timeline.older));
    let newer = Memo::new(move |_| room.timeline.with(|timeline| timeline.newer));
    let empty = Memo::new(move |_| lines.with(Vec::is_empty) && !older.get() && !newer.get());
    let name = move || room.name();
    view! {
        <ol class="timeline-list">
            <Show when=move || !older.get() && !empty.get()>
                <li class="timeline-start">
                    {move || t_with("timeline-start", &[("channel", name().into())])}
                </li>
            </Show>
            <Show when=move || older.get()>
                <li class="timeline-more needs-script">
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |_| room.load_older()
                    >
                        {t("timeline-older")}
                    </button>
                </li>
            </Show>
            <For each=move || lines.get() key=Row::key children=draw />
            <Show when=move || newer.get()>
                <li class="timeline-more needs-script">
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |_| room.load_newer()
                    >
                        {t("timeline-newer")}
                    </button>
                </li>
            </Show>
            <Show when=move || empty.get()>
                <li class="empty">
                    <NoticeDrawing />
                    <h2>{move || t_with("timeline-empty-title", &[("channel", name().into())])}</h2>
                    <p>{t("timeline-empty-text")}</p>
                    <Show when=move || room.may_send>
                        <button
                            type="button"
                            class="button primary needs-script"
                            on:click=move |_| focus_on("#composer")
                        >
                            {t("timeline-empty-write")}
                        </button>
                    </Show>
                </li>
            </Show>
        </ol>
    }
    .into_any()
}

fn draw(row: Row) -> AnyView {
    match row {
        Row::Day(at) => view! {
            <li class="day-line">
                <span>
                    <DayLabel at=at />
                </span>
            </li>
        }
        .into_any(),
        Row::Unread => view! {
            <li class="unread-line" id="unread-line">
                <span>{t("unread-line")}</span>
            </li>
        }
        .into_any(),
        Row::Message { message, first } => {
            view! { <MessageRow message=message first=first /> }.into_any()
        }
        Row::Pending { entry, first } => {
            view! { <PendingRow entry=entry first=first /> }.into_any()
        }
    }
}
