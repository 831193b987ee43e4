//! The chat's pages: what they load, and where they redirect visitors who cannot see them.

use super::conversation::Conversation;
use super::shell::Shell;
use super::shell_state::{ShellData, ShellState};
use crate::accounts::rpc::me;
use crate::accounts::view::to_sign_in;
use crate::chat::Snapshot;
use crate::chat::rpc::{load_snapshot, load_states};
use crate::communities::rpc::{load_members, load_overview};
use crate::offline;
use crate::realtime::Client;
use crate::shared::{ChannelId, CommunityId, Error, Kind, Result};
use crate::ui::{Broken, Button, NotFound, NoticeDrawing, set_status, t};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_params_map};

/// `/`: redirects signed-in members to their first channel.
#[component]
pub fn Home() -> impl IntoView {
    let overview = Resource::new_blocking(|| (), |()| load_overview());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match overview.await {
                    Ok(overview) => match overview.channels.first() {
                        Some(channel) => {
                            let path = format!("/channels/{}/{}", channel.community_id, channel.id);
                            view! { <Redirect path=path /> }.into_any()
                        }
                        None => view! { <NotFound /> }.into_any(),
                    },
                    Err(error) => view! { <Refused error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// `/channels/:community/:channel`: the shell with one conversation.
#[component]
pub fn ChannelPage() -> impl IntoView {
    let params = use_params_map();
    let channel = Memo::new(move |_| {
        params.with(|params| {
            params
                .get("channel")
                .and_then(|id| id.parse::<ChannelId>().ok())
        })
    });
    let community = Memo::new(move |_| {
        params.with(|params| {
            params
                .get("community")
                .and_then(|id| id.parse::<CommunityId>().ok())
        })
    });
    let shell = Resource::new_blocking(|| (), move |()| load_shell(community.get_untracked()));
    let snapshot = Resource::new_blocking(move || channel.get(), open);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match shell.await {
                    Ok(data) => {
                        view! {
                            <Shell data=data community=community channel=channel>
                                <Opened snapshot=snapshot />
                            </Shell>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Refused error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Placeholder of a conversation; shown only if loading takes a while.
#[component]
fn Loading() -> impl IntoView {
    let row = |_| {
        view! {
            <div class="skeleton-message">
                <span class="skeleton face"></span>
                <span class="skeleton name"></span>
                <span class="skeleton line"></span>
                <span class="skeleton line"></span>
            </div>
        }
    };
    view! {
        <div class="conversation-loading">
            <p class="visually-hidden" role="status">{t("timeline-loading")}</p>
            <div aria-hidden="true">{(0..7).map(row).collect_view()}</div>
        </div>
    }
    .into_any()
}

/// The conversation of the channel in the address.
#[component]
fn Opened(snapshot: Resource<Result<Snapshot>>) -> impl IntoView {
    let pending = RwSignal::new(false);
    view! {
        <Show when=move || pending.get()>
            <Loading />
        </Show>
        <Transition set_pending=pending>
            {move || Suspend::new(async move {
                match snapshot.await {
                    Ok(snapshot) => view! { <Conversation snapshot=snapshot /> }.into_any(),
                    Err(error) => not_opened(&error, snapshot),
                }
            })}
        </Transition>
    }
}

/// Shown if a channel cannot be loaded. Without the server, shows its last known state.
fn not_opened(error: &Error, snapshot: Resource<Result<Snapshot>>) -> AnyView {
    let shell = expect_context::<ShellState>();
    let channel = shell.open.get_untracked();
    if error.kind == Kind::NotFound
        && let Some(channel) = channel
    {
        offline::drop(&channel.to_string());
    }
    // The first page comes from the server, and the browser must render the same.
    if error.kind != Kind::Unavailable || !shell.was_used() {
        return refused_here(error);
    }
    match channel.and_then(|id| shell.snapshot_of(id)) {
        Some(known) => view! { <Conversation snapshot=known /> }.into_any(),
        None => view! { <Away snapshot=snapshot /> }.into_any(),
    }
}

/// Shown for a channel that was not open before the connection was lost; it opens after
/// reconnecting.
#[component]
fn Away(snapshot: Resource<Result<Snapshot>>) -> impl IntoView {
    let client = Client::of_context();
    Effect::new(move |before: Option<bool>| {
        let away = client.is_away();
        if before == Some(true) && !away {
            snapshot.refetch();
        }
        away
    });
    view! {
        <div class="empty" role="status">
            <NoticeDrawing />
            <h2>{t("channel-away-title")}</h2>
            <p>{t("channel-away-text")}</p>
            <Button press=move |_| snapshot.refetch()>{t("retry")}</Button>
        </div>
    }
    .into_any()
}

/// Error in the place of a conversation; the other channels stay usable.
fn refused_here(error: &Error) -> AnyView {
    let (title, text) = match error.kind {
        Kind::Unauthenticated => return to_sign_in(),
        Kind::NotFound => (t("not-found-title"), t("not-found-text")),
        _ => (t("broken-title"), t("broken-text")),
    };
    set_status(error.status());
    view! {
        <Title text=title.clone() />
        <div class="empty" role="status">
            <NoticeDrawing />
            <h2>{title}</h2>
            <p>{text}</p>
            <a class="button primary" href="/" rel="external">
                {t("not-found-back")}
            </a>
        </div>
    }
    .into_any()
}

async fn open(channel: Option<ChannelId>) -> Result<Snapshot> {
    match channel {
        Some(channel) => load_snapshot(channel).await,
        None => Err(Error::not_found()),
    }
}

async fn load_shell(community: Option<CommunityId>) -> Result<ShellData> {
    let viewer = me().await?.ok_or_else(Error::unauthenticated)?;
    let overview = load_overview().await?;
    let states = load_states().await?;
    let mut communities = overview.communities.iter();
    let shown = communities.find(|one| Some(one.id) == community);
    let members = match shown.or(overview.communities.first()) {
        Some(community) => Some(load_members(community.id, None).await?),
        None => None,
    };
    Ok(ShellData {
        viewer,
        overview,
        states,
        members,
    })
}

/// Shown to visitors who cannot see the page: the way to sign in, or the error.
#[component]
fn Refused(error: Error) -> impl IntoView {
    match error.kind {
        Kind::Unauthenticated => to_sign_in(),
        Kind::NotFound => view! { <NotFound /> }.into_any(),
        _ => view! { <Broken status=error.status() /> }.into_any(),
    }
}
