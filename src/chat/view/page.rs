//! The pages: what they load, and where they send those who cannot be here.

use super::conversation::Conversation;
use super::shell::{Shell, ShellData};
use crate::accounts::rpc::me;
use crate::chat::Snapshot;
use crate::chat::rpc::{load_snapshot, load_states};
use crate::communities::rpc::{load_members, load_overview};
use crate::shared::{ChannelId, Error, Kind, Result};
use crate::ui::{Broken, NotFound};
use leptos::prelude::*;
use leptos_router::{
    components::Redirect,
    hooks::{use_location, use_params_map},
};

/// `/`: the first channel of those who are signed in.
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
    let shell = Resource::new_blocking(|| (), |()| load_shell());
    let snapshot = Resource::new_blocking(move || channel.get(), open);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match shell.await {
                    Ok(data) => {
                        view! {
                            <Shell data=data channel=channel>
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

/// The conversation of the channel in the address.
#[component]
fn Opened(snapshot: Resource<Result<Snapshot>>) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match snapshot.await {
                    Ok(snapshot) => view! { <Conversation snapshot=snapshot /> }.into_any(),
                    Err(error) => view! { <Refused error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

async fn open(channel: Option<ChannelId>) -> Result<Snapshot> {
    match channel {
        Some(channel) => load_snapshot(channel).await,
        None => Err(Error::not_found()),
    }
}

async fn load_shell() -> Result<ShellData> {
    let viewer = me().await?.ok_or_else(Error::unauthenticated)?;
    let overview = load_overview().await?;
    let states = load_states().await?;
    let members = match overview.communities.first() {
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

/// What somebody sees who cannot see this: the way to sign in, or what went wrong.
#[component]
fn Refused(error: Error) -> impl IntoView {
    match error.kind {
        Kind::Unauthenticated => {
            let here = use_location().pathname.get_untracked();
            let path = if here == "/" {
                "/sign-in".to_owned()
            } else {
                format!("/sign-in?next={here}")
            };
            view! { <Redirect path=path /> }.into_any()
        }
        Kind::NotFound => view! { <NotFound /> }.into_any(),
        _ => view! { <Broken status=error.status() /> }.into_any(),
    }
}
