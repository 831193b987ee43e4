//! The panes around a conversation, and the subscriptions that keep them up to date.

use super::channels::{ChannelList, NewChannel, Rail};
use super::deletion::{DeleteChannel, leave_deleted};
use super::find;
use super::members::{MemberList, Members};
use super::outbox::keep_sending;
use super::shell_state::{ShellData, ShellState};
use crate::accounts::view::{AccountCard, offer_account};
use crate::realtime::{Client, Scope, Status, Topic};
use crate::shared::{ChannelId, CommunityId, Kind};
use crate::ui::{ContextToggle, FinderButton, Frame, Icon, IconName, t};
use leptos::prelude::*;

#[component]
pub fn Shell(
    /// Initial data.
    data: ShellData,
    /// The community in the address.
    community: Memo<Option<CommunityId>>,
    /// The open channel.
    channel: Memo<Option<ChannelId>>,
    children: ChildrenFn,
) -> impl IntoView {
    let shell = ShellState::provide(&data, community, channel);
    let members = Members::new(shell.community, data.members);
    listen(shell, members);
    leave_deleted(shell);
    find::offer(shell, members);
    find::walk_channels(shell);
    offer_account(data.viewer.kind);
    let profile = data.viewer.profile();
    let status = Client::of_context().status;
    let tell_tale = move || match status.get() {
        Status::Connecting | Status::Online => "",
        Status::Lost | Status::Reload | Status::Ended(_) => "lost",
    };
    let title = move || {
        let name = channel.get().map(|id| shell.channel_name(id));
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| t("channel-unknown"))
    };
    view! {
        <Frame
            title=Signal::derive(title)
            rail=move || view! { <Rail /> }
            channels=move || {
                view! {
                    <ChannelList />
                    <AccountCard profile=profile />
                }
            }
            context=move || view! { <MemberList members=members /> }
            top=move || {
                view! {
                    <p class="top-title">
                        <Icon name=IconName::Hash />
                        <span>{title}</span>
                    </p>
                    <FinderButton />
                    <ContextToggle />
                }
            }
            connection=Signal::derive(tell_tale)
        >
            <ConnectionNote />
            {children()}
        </Frame>
        <NewChannel />
        <DeleteChannel />
    }
}

/// Subscribes to the events that the panes show; in the browser only.
fn listen(shell: ShellState, members: Members) {
    let client = shell.client;
    keep_sending(shell, client);
    Effect::new(move || {
        let (account, rev) = shell
            .viewer
            .with_value(|viewer| (viewer.account, viewer.rev));
        client.open(account.0);
        let topic = Topic::new(Scope::Account, account.0);
        client.follow(topic, rev, move |update| shell.on_account(&update));
    });
    // Only the shown community: the account's topic tells of new messages in all.
    Effect::new(move || {
        let shown = shell.community.get();
        let Some(community) = shown.and_then(|id| {
            shell.directory.with_untracked(|directory| {
                let mut all = directory.communities();
                all.find(|one| one.id == id).cloned()
            })
        }) else {
            return;
        };
        members.show(community.id);
        let topic = Topic::new(Scope::Community, community.id.0);
        client.follow(topic, community.rev, move |update| {
            shell.on_community(&update, community.id);
            members.hear(&update, community.id);
        });
    });
    // A session that was ended elsewhere ends here at once.
    Effect::new(move || {
        if let Status::Ended(error) = client.status.get() {
            let here = window().location().pathname().unwrap_or_default();
            let there = if error.kind == Kind::Unauthenticated {
                format!("/sign-in?done=ended&next={here}")
            } else {
                here
            };
            let _leaving = window().location().set_href(&there);
        }
    });
}

/// A line that shows the state of the connection if there is a problem.
#[component]
fn ConnectionNote() -> impl IntoView {
    let status = Client::of_context().status;
    let text = move || match status.get() {
        Status::Lost if !window().navigator().on_line() => Some(t("offline")),
        Status::Lost => Some(t("connection-lost")),
        Status::Reload => Some(t("reload-needed")),
        Status::Connecting | Status::Online | Status::Ended(_) => None,
    };
    let reload = move || status.get() == Status::Reload;
    view! {
        <div role="status">
            {move || {
                text()
                    .map(|text| {
                        view! {
                            <p class="connection-note warn">
                                {text}
                                {reload()
                                    .then(|| {
                                        view! {
                                            " "
                                            <a href="" rel="external" class="link-button">
                                                {t("app-reload")}
                                            </a>
                                        }
                                    })}
                            </p>
                        }
                    })
            }}
        </div>
    }
}
