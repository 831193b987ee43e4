//! The view of an open channel: its timeline, its feed, its composer.

use super::composer::Composer;
use super::message::DeleteDialog;
use super::outbox;
use super::room::Room;
use super::scroll::Scroller;
use super::timeline::TimelineList;
use super::typing::{TypingLine, Writers};
use super::walk;
use crate::chat::Snapshot;
use crate::chat::timeline::Timeline;
use crate::ui::keys::Action;
use crate::ui::{Icon, IconName, Keys, LiveTitle, t, t_with};
use leptos::{ev, prelude::*};

#[component]
pub fn Conversation(
    /// Initial state.
    snapshot: Snapshot,
) -> impl IntoView {
    let most = snapshot.max_length;
    let room = Room::provide(snapshot);
    let writers = Writers::new();
    Effect::new(move || {
        let from = move || room.timeline.try_with_untracked(Timeline::rev);
        room.client.listen(room.topic(), from, move |update| {
            room.hear(&update, writers)
        });
        outbox::follow(room);
        Scroller::reveal("unread-line");
        room.scroller.measure();
        room.mark_read();
        let shown = window_event_listener(ev::visibilitychange, move |_| room.mark_read());
        on_cleanup(move || shown.remove());
    });
    // A viewer who leaves before the delay has still read it.
    on_cleanup(move || room.tell_mark());
    Keys::of_context().on(Action::MarkRead, move || room.all_read());
    let label = move || t_with("timeline-label", &[("channel", room.name().into())]);
    view! {
        <LiveTitle text=move || format!("#{}", room.name()) />
        <div class="timeline-area">
            <div
                class="timeline"
                node_ref=room.scroller.node
                role="log"
                aria-live="polite"
                aria-label=label
                tabindex="0"
                on:scroll=move |_| room.scrolled()
                on:keydown=move |event| walk::on_key(&event)
            >
                <TimelineList />
            </div>
            <JumpToLatest room=room />
        </div>
        <TypingLine writers=writers />
        <Composer may_send=room.may_send most=most />
        <DeleteDialog />
    }
    .into_any()
}

/// Button that goes to the newest message.
#[component]
fn JumpToLatest(room: Room) -> impl IntoView {
    let away = Memo::new(move |_| {
        !room.scroller.at_end.get() || room.timeline.with(|timeline| timeline.newer)
    });
    let text = move || match room.below.get() {
        0 => t("jump-latest"),
        count => t_with("jump-latest-count", &[("count", count.into())]),
    };
    view! {
        <Show when=move || away.get()>
            <div class="jump-latest-place">
                <button
                    type="button"
                    class="jump-latest"
                    class:unread=move || room.below.get() != 0
                    on:click=move |_| room.jump_to_latest()
                >
                    {text}
                    <Icon name=IconName::ArrowDown />
                </button>
            </div>
        </Show>
    }
    .into_any()
}
