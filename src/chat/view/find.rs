//! Entries of the finder for the chat, and keyboard shortcuts that change the channel.

use super::members::Members;
use super::shell_state::ShellState;
use crate::communities::{Channel, rpc::load_overview};
use crate::ui::finder::{Act, Group};
use crate::ui::keys::Action;
use crate::ui::{Entry, Finder, FrameState, IconName, Keys, Pane, t, t_with};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Path of the portfolio, which is linked above the chat.
pub const PORTFOLIO: &str = "/portfolio/holdings";
/// Paths of the watchlist and of the alerts.
pub const WATCHLIST: &str = "/markets/watchlist";
pub const ALERTS: &str = "/markets/alerts";

/// Path of a channel's page.
pub fn address(channel: &Channel) -> String {
    format!("/channels/{}/{}", channel.community_id, channel.id)
}

/// Registers the chat's channels, members and actions in the finder.
pub fn offer(shell: ShellState, members: Members) {
    let finder = Finder::of_context();
    let frame = FrameState::provide();
    finder.offer(move || {
        let mut entries: Vec<Entry> = shell.directory.with(|directory| {
            let channels = directory.channels();
            channels
                .map(|one| entry(one, shell.unread(one.id)))
                .collect()
        });
        entries.extend(members.profiles().into_iter().map(|profile| {
            let username = profile.username.clone();
            let mention = move |()| {
                frame.show(Pane::Conversation);
                shell.insert.set(Some(format!("@{username} ")));
            };
            Entry {
                id: format!("member:{}", profile.id),
                group: Group::Members,
                name: profile.display_name,
                note: format!("@{}", profile.username),
                icon: IconName::Users,
                act: Act::Run(Callback::new(mention)),
            }
        }));
        entries.push(Entry::page(
            WATCHLIST,
            t("markets-watchlist"),
            IconName::Chart,
        ));
        entries.push(Entry::page(ALERTS, t("markets-alerts"), IconName::Chart));
        entries.push(Entry::page(
            PORTFOLIO,
            t("portfolio-title"),
            IconName::Briefcase,
        ));
        let create = Callback::new(move |()| shell.adding.set(true));
        entries.push(Entry::action(
            "new-channel",
            t("channel-new"),
            IconName::Plus,
            create,
        ));
        let keys = Keys::of_context();
        let list = Callback::new(move |()| keys.sheet.set(true));
        entries.push(Entry::action("keys", t("key-keys"), IconName::More, list));
        entries
    });
}

/// Registers the channels on pages outside the chat. They are loaded when the finder opens there.
pub fn offer_elsewhere() {
    let finder = Finder::of_context();
    let channels = RwSignal::new(Vec::<Channel>::new());
    Effect::new(move || {
        let here = || window().location().pathname().unwrap_or_default();
        if finder.open.get() && !here().starts_with("/channels/") {
            spawn_local(async move {
                if let Ok(overview) = load_overview().await {
                    channels.try_set(overview.channels);
                }
            });
        }
    });
    finder.offer_aside(move || {
        let channels = channels.get();
        channels.iter().map(|one| entry(one, 0)).collect()
    });
}

fn entry(channel: &Channel, unread: u32) -> Entry {
    let note = if unread > 0 {
        t_with("channel-unread", &[("count", unread.into())])
    } else {
        String::new()
    };
    Entry {
        id: address(channel),
        group: Group::Channels,
        name: channel.name.clone(),
        note,
        icon: IconName::Hash,
        act: Act::Go(address(channel)),
    }
}

/// Registers the keyboard shortcuts that change the channel.
pub fn walk_channels(shell: ShellState) {
    let keys = Keys::of_context();
    let walks = [
        (Action::ChannelUp, false, false),
        (Action::ChannelDown, true, false),
        (Action::UnreadUp, false, true),
        (Action::UnreadDown, true, true),
    ];
    for (action, down, unread) in walks {
        let navigate = use_navigate();
        keys.on(action, move || {
            if let Some(path) = neighbor(shell, down, unread) {
                navigate(&path, NavigateOptions::default());
            }
        });
    }
}

/// Path of the next channel; after the last one follows the first.
fn neighbor(shell: ShellState, down: bool, unread: bool) -> Option<String> {
    let open = shell.open.get_untracked();
    shell.channels.with_untracked(|channels| {
        let count = channels.len();
        let now = channels.iter().position(|one| Some(one.id) == open)?;
        let at = |step: usize| if down { now + step } else { now + count - step };
        (1..count)
            .filter_map(|step| channels.get(at(step) % count))
            .find(|one| !unread || shell.unread(one.id) > 0)
            .map(address)
    })
}
