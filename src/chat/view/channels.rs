//! The rail of communities and the channel list.

use super::find::{ALERTS, PORTFOLIO, WATCHLIST, address};
use super::shell_state::ShellState;
use crate::communities::rpc::create_channel;
use crate::communities::{Channel, Community};
use crate::notifications::view::Unseen;
use crate::shared::Error;
use crate::ui::sections::leave_from_here;
use crate::ui::{
    Button, ButtonKind, Dialog, Icon, IconButton, IconName, Logo, avatar, error_text, new_key, t,
    t_with,
};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Links to the viewer's communities.
#[component]
pub fn Rail() -> impl IntoView {
    let shell = expect_context::<ShellState>();
    let communities = shell
        .directory
        .with_untracked(|directory| directory.communities().cloned().collect::<Vec<_>>());
    let link = move |community: Community| {
        let id = community.id;
        let first = move || {
            shell.directory.with(|directory| {
                let first = directory.channels_of(id).first();
                first.map_or_else(|| "/".to_owned(), address)
            })
        };
        let shown = move || (shell.community.get() == Some(id)).then_some("page");
        view! {
            <a class="rail-link" href=first aria-current=shown title=community.name.clone()>
                <span aria-hidden="true">{avatar::initials(&community.name)}</span>
                <span class="visually-hidden">{community.name.clone()}</span>
            </a>
        }
    };
    view! {
        <Logo />
        {communities.into_iter().map(link).collect_view()}
        <MarketsLink />
        <a
            class="rail-link apart"
            href=PORTFOLIO
            title=t("portfolio-title")
            on:click=|_| leave_from_here()
        >
            <Icon name=IconName::Briefcase />
            <span class="visually-hidden">{t("portfolio-title")}</span>
        </a>
    }
    .into_any()
}

/// Link to the markets, or to the alerts if there are unseen notifications.
#[component]
fn MarketsLink() -> impl IntoView {
    let unseen = Unseen::of_context().count;
    let place = move || if unseen.get() > 0 { ALERTS } else { WATCHLIST };
    let count = move || {
        let unseen = unseen.get();
        (unseen > 0).then(|| {
            let shown = if unseen > 99 {
                t("channel-unread-many")
            } else {
                unseen.to_string()
            };
            let said = t_with("notification-unseen", &[("count", unseen.into())]);
            view! {
                <span class="count" aria-hidden="true">
                    {shown}
                </span>
                <span class="visually-hidden">{said}</span>
            }
        })
    };
    view! {
        <a
            class="rail-link apart"
            href=place
            title=t("markets-title")
            on:click=|_| leave_from_here()
        >
            <Icon name=IconName::Chart />
            <span class="visually-hidden">{t("markets-title")}</span>
            {count}
        </a>
    }
    .into_any()
}

/// The channels of the community, with unread counts.
#[component]
pub fn ChannelList() -> impl IntoView {
    let shell = expect_context::<ShellState>();
    let name = move || shell.shown_community().map(|community| community.name);
    view! {
        <header class="pane-head">
            <p class="pane-title">{name}</p>
        </header>
        <div class="pane-body">
            <div class="pane-section">
                <h2 class="section-title">{t("channels-title")}</h2>
                <span class="needs-script">
                    <IconButton
                        icon=IconName::Plus
                        label=t("channel-new")
                        press=move |_| shell.adding.set(true)
                    />
                </span>
            </div>
            <ul>
                <For
                    each=move || shell.channels.get()
                    key=|channel| channel.id
                    children=move |channel| view! { <ChannelLink channel=channel /> }
                />
            </ul>
        </div>
    }
    .into_any()
}

#[component]
fn ChannelLink(channel: Channel) -> impl IntoView {
    let shell = expect_context::<ShellState>();
    let id = channel.id;
    let href = address(&channel);
    let open = Memo::new(move |_| shell.open.get() == Some(id));
    let deletable = shell
        .viewer
        .with_value(|viewer| channel.is_deletable_by(viewer));
    let delete = move || {
        let others = shell.channels.with(|channels| channels.len() > 1);
        (deletable && others && open.get()).then(|| {
            view! {
                <span class="needs-script">
                    <IconButton
                        icon=IconName::Trash
                        label=t("channel-delete")
                        press=move |_| shell.deleting.set(true)
                    />
                </span>
            }
        })
    };
    let unread = Memo::new(move |_| {
        let count = shell.unread(id);
        // The open channel counts as read.
        if open.get() { 0 } else { count }
    });
    let count = move || {
        let unread = unread.get();
        (unread > 0).then(|| {
            let shown = if unread > 99 {
                t("channel-unread-many")
            } else {
                unread.to_string()
            };
            let said = t_with("channel-unread", &[("count", unread.into())]);
            view! {
                <span class="count" aria-hidden="true">{shown}</span>
                <span class="visually-hidden">{said}</span>
            }
        })
    };
    view! {
        <li class="channel-row">
            <a
                class="channel-link"
                class:unread=move || unread.get() != 0
                href=href
                aria-current=move || open.get().then_some("page")
            >
                <Icon name=IconName::Hash />
                <span class="channel-name">{channel.name}</span>
                {count}
            </a>
            {delete}
        </li>
    }
    .into_any()
}

/// Dialog that creates a channel and opens it.
#[component]
pub fn NewChannel() -> impl IntoView {
    let shell = expect_context::<ShellState>();
    let open = shell.adding;
    let input = NodeRef::<html::Input>::new();
    let error = RwSignal::new(None::<Error>);
    let busy = RwSignal::new(false);
    let key = RwSignal::new(new_key());
    let navigate = use_navigate();
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(community), Some(node)) =
            (shell.community.get_untracked(), input.get_untracked())
        else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match create_channel(community, node.value(), key.get_untracked()).await {
                Ok(channel) => {
                    key.set(new_key());
                    node.set_value("");
                    error.set(None);
                    open.set(false);
                    let to = address(&channel);
                    shell.add_channel(channel);
                    navigate(&to, leptos_router::NavigateOptions::default());
                }
                Err(refused) => error.set(Some(refused)),
            }
            busy.set(false);
        });
    };
    view! {
        <Dialog open=open title=t("channel-new") id="new-channel-title">
            <form class="stack" on:submit=create>
                <label class="field">
                    <span class="field-label">{t("channel-new-name")}</span>
                    <input
                        class="input"
                        node_ref=input
                        name="name"
                        autocomplete="off"
                        autofocus
                        maxlength="48"
                        aria-describedby="new-channel-hint"
                    />
                </label>
                <p class="field-hint" id="new-channel-hint">
                    {t("channel-new-hint")}
                </p>
                <p class="field-error" role="alert">
                    {move || error.get().map(|error| error_text(&error))}
                </p>
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t("channel-new-create")}
                </Button>
            </form>
        </Dialog>
    }
    .into_any()
}
