//! Server functions of the shell's panes.

use super::{Channel, MemberPage, Overview};
use crate::shared::json;
use crate::shared::{AccountId, CommunityId, Error};
use leptos::prelude::*;

/// Returns the viewer's communities and channels.
#[server(prefix = "/rpc", endpoint = "communities/overview", output = json::Json)]
pub async fn load_overview() -> Result<Overview, Error> {
    use crate::accounts::guard::ask;
    let (communities, viewer) = ask::<super::Service>().await?;
    communities.overview(&viewer).await
}

/// Returns one page of a community's members.
#[server(prefix = "/rpc", endpoint = "communities/members", input = server_fn::codec::Json, output = json::Json)]
pub async fn load_members(
    community: CommunityId,
    after: Option<AccountId>,
) -> Result<MemberPage, Error> {
    use crate::accounts::guard::ask;
    let (communities, viewer) = ask::<super::Service>().await?;
    communities.members(&viewer, community, after).await
}

/// Creates a channel.
#[server(prefix = "/rpc", endpoint = "communities/create_channel", input = server_fn::codec::Json, output = json::Json)]
pub async fn create_channel(
    community: CommunityId,
    name: String,
    #[server(default)] key: String,
) -> Result<Channel, Error> {
    use crate::accounts::guard::ask;
    use crate::platform::idempotency::under;
    let (communities, viewer) = ask::<super::Service>().await?;
    let made = communities.create_channel(&viewer, community, &name);
    under(&key, made).await
}
