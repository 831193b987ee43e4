//! Communities, channels and memberships in the database.

use super::model::{Channel, Community, Head};
use crate::platform::database::{Tx, placeholders};
use crate::shared::{AccountId, ChannelId, CommunityId, Error, Result, time};
use sea_orm::{
    ActiveValue::Set, ExprTrait, JoinType, QueryOrder, QuerySelect, QueryTrait, Statement,
    entity::prelude::*,
};
use std::collections::HashMap;

mod changes;
mod deletion;

pub use changes::{
    Subject, changes_after, channels_among, count_community_change, members_of, revs_of,
};
pub use deletion::{a_deleted_channel, mark_deleted, remove_channel};

mod community {
    use crate::shared::CommunityId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "communities")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: CommunityId,
        pub name: String,
        pub is_lobby: bool,
        pub created_at: DateTimeUtc,
        pub rev: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod channel {
    use crate::shared::{AccountId, ChannelId, CommunityId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "channels")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ChannelId,
        pub community_id: CommunityId,
        pub name: String,
        pub name_key: String,
        pub seq: i64,
        pub rev: i64,
        pub created_at: DateTimeUtc,
        pub created_by: Option<AccountId>,
        /// Set: the channel is deleted, and its messages are being removed.
        pub deleted_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod membership {
    use crate::shared::{AccountId, CommunityId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: CommunityId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        pub joined_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<channel::Model> for Channel {
    fn from(row: channel::Model) -> Self {
        Self {
            id: row.id,
            community_id: row.community_id,
            name: row.name,
            created_at: row.created_at,
            creator: row.created_by,
        }
    }
}

/// Selects channels that are not deleted.
fn living() -> Select<channel::Entity> {
    channel::Entity::find().filter(channel::Column::DeletedAt.is_null())
}

fn head(row: &channel::Model) -> Head {
    Head {
        seq: row.seq,
        rev: row.rev,
    }
}

/// Returns the community that every account belongs to.
pub async fn lobby(db: &impl ConnectionTrait) -> Result<Option<CommunityId>> {
    let row = community::Entity::find()
        .filter(community::Column::IsLobby.eq(true))
        .one(db)
        .await?;
    Ok(row.map(|row| row.id))
}

/// Inserts a community.
pub async fn insert_community(tx: &Tx, community: &Community, is_lobby: bool) -> Result<()> {
    let row = community::ActiveModel {
        id: Set(community.id),
        name: Set(community.name.clone()),
        is_lobby: Set(is_lobby),
        created_at: Set(time::now()),
        rev: Set(community.rev),
    };
    community::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Inserts a channel; `channel-exists` if the name folds to that of another channel.
pub async fn insert_channel(tx: &Tx, channel: &Channel, name_key: String) -> Result<()> {
    let row = channel::ActiveModel {
        id: Set(channel.id),
        community_id: Set(channel.community_id),
        name: Set(channel.name.clone()),
        name_key: Set(name_key),
        seq: Set(0),
        rev: Set(0),
        created_at: Set(channel.created_at),
        created_by: Set(channel.creator),
        deleted_at: Set(None),
    };
    match channel::Entity::insert(row)
        .exec_without_returning(tx)
        .await
    {
        Ok(_) => Ok(()),
        Err(error) if crate::platform::database::is_unique_violation(&error) => {
            Err(Error::conflict("channel-exists", "Channel name taken"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Inserts a membership.
pub async fn insert_membership(tx: &Tx, community: CommunityId, account: AccountId) -> Result<()> {
    let row = membership::ActiveModel {
        community_id: Set(community),
        account_id: Set(account),
        joined_at: Set(time::now()),
    };
    membership::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Deletes all memberships of an account.
pub async fn remove_memberships(tx: &Tx, account: AccountId) -> Result<()> {
    membership::Entity::delete_many()
        .filter(membership::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns the communities of an account, by name.
pub async fn communities_of(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Community>> {
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::AccountId.eq(account))
        .into_query();
    let rows = community::Entity::find()
        .filter(community::Column::Id.in_subquery(own))
        .order_by_asc(community::Column::Name)
        .all(db)
        .await?;
    let rows = rows.into_iter().map(|row| Community {
        id: row.id,
        name: row.name,
        rev: row.rev,
    });
    Ok(rows.collect())
}

/// Returns the channels of the given communities with their counters, in the order of creation.
pub async fn channels_of(
    db: &impl ConnectionTrait,
    communities: &[CommunityId],
) -> Result<Vec<(Channel, Head)>> {
    let rows = living()
        .filter(channel::Column::CommunityId.is_in(communities.iter().copied()))
        .order_by_asc(channel::Column::Id)
        .all(db)
        .await?;
    Ok(with_heads(rows))
}

/// Returns all channels with at least one message, with their counters.
pub async fn heads(db: &impl ConnectionTrait) -> Result<Vec<(ChannelId, Head)>> {
    let rows = living().filter(channel::Column::Seq.gt(0)).all(db).await?;
    let rows = rows.into_iter().map(|row| (row.id, head(&row)));
    Ok(rows.collect())
}

/// Returns the counters of channels.
pub async fn heads_of(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
) -> Result<Vec<(ChannelId, Head)>> {
    let rows = living()
        .filter(channel::Column::Id.is_in(channels.iter().copied()))
        .all(db)
        .await?;
    let rows = rows.into_iter().map(|row| (row.id, head(&row)));
    Ok(rows.collect())
}

fn with_heads(rows: Vec<channel::Model>) -> Vec<(Channel, Head)> {
    let rows = rows.into_iter().map(|row| {
        let head = head(&row);
        (row.into(), head)
    });
    rows.collect()
}

/// Returns a channel, its counters, and whether the account is a member of its community, in one
/// query.
pub async fn channel_for(
    db: &impl ConnectionTrait,
    channel: ChannelId,
    account: AccountId,
) -> Result<Option<(Channel, Head, bool)>> {
    let join: RelationDef = channel::Entity::belongs_to(membership::Entity)
        .from(channel::Column::CommunityId)
        .to(membership::Column::CommunityId)
        .on_condition(move |_, _| membership::Column::AccountId.eq(account).into())
        .into();
    let row = living()
        .filter(channel::Column::Id.eq(channel))
        .join(JoinType::LeftJoin, join)
        .select_also(membership::Entity)
        .one(db)
        .await?;
    Ok(row.map(|(row, membership)| {
        let head = head(&row);
        (row.into(), head, membership.is_some())
    }))
}

/// true if the account is a member.
pub async fn is_member(
    db: &impl ConnectionTrait,
    community: CommunityId,
    account: AccountId,
) -> Result<bool> {
    let row = membership::Entity::find_by_id((community, account))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Returns one page of a community's member ids after `after`, in the order in which they joined
/// (ids are ordered by creation).
pub async fn member_ids(
    db: &impl ConnectionTrait,
    community: CommunityId,
    after: Option<AccountId>,
    limit: u64,
) -> Result<Vec<AccountId>> {
    let mut query = membership::Entity::find()
        .select_only()
        .column(membership::Column::AccountId)
        .filter(membership::Column::CommunityId.eq(community));
    if let Some(after) = after {
        query = query.filter(membership::Column::AccountId.gt(after));
    }
    let ids = query
        .order_by_asc(membership::Column::AccountId)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

/// Number of channels in a community.
pub async fn channel_count(db: &impl ConnectionTrait, community: CommunityId) -> Result<u64> {
    count_channels(db, channel::Column::CommunityId.eq(community)).await
}

/// Number of channels that an account has created.
pub async fn created_count(db: &impl ConnectionTrait, creator: AccountId) -> Result<u64> {
    count_channels(db, channel::Column::CreatedBy.eq(creator)).await
}

async fn count_channels(db: &impl ConnectionTrait, which: Expr) -> Result<u64> {
    Ok(living().filter(which).count(db).await?)
}

/// Number of members of a community.
pub async fn member_count(db: &impl ConnectionTrait, community: CommunityId) -> Result<u64> {
    let members = membership::Entity::find().filter(membership::Column::CommunityId.eq(community));
    Ok(members.count(db).await?)
}

/// Counts one more change of a channel. None: the channel does not exist.
pub async fn count_change(tx: &Tx, channel: ChannelId) -> Result<Option<Head>> {
    // Shares its statement: Postgres keeps the parameter types of a statement, and a literal `1`
    // has another type.
    count_changes(tx, channel, 1).await
}

/// Takes numbers for the given number of new messages in each channel, in one statement. Returns
/// the counters after them, without channels that do not exist.
pub async fn count_messages(tx: &Tx, taken: &[(ChannelId, i64)]) -> Result<Vec<(ChannelId, Head)>> {
    let sql = format!(
        "WITH taken(channel, messages) AS (VALUES {}) \
         UPDATE channels SET seq = seq + taken.messages, rev = rev + taken.messages \
         FROM taken WHERE channels.id = taken.channel \
         RETURNING channels.id AS channel, seq, rev",
        placeholders(taken.len(), 2)
    );
    let values = taken
        .iter()
        .flat_map(|(channel, messages)| [(*channel).into(), (*messages).into()]);
    let statement =
        Statement::from_sql_and_values(tx.get_database_backend(), sql, values.collect::<Vec<_>>());
    let rows = tx.query_all_raw(statement).await?;
    let head = |row: &QueryResult| {
        let (channel, seq, rev) =
            row.try_get_many("", &["channel".into(), "seq".into(), "rev".into()])?;
        Ok((channel, Head { seq, rev }))
    };
    rows.iter().map(head).collect()
}

/// Returns which of these accounts are members of the communities of these channels, in one query.
pub async fn members_among(
    db: &impl ConnectionTrait,
    asked: &[(ChannelId, AccountId)],
) -> Result<Vec<(ChannelId, AccountId)>> {
    // The join order is explicit, because both databases would have to guess it.
    let sql = format!(
        "WITH asked(channel, account) AS (VALUES {}) \
         SELECT asked.channel, asked.account \
         FROM asked CROSS JOIN channels CROSS JOIN memberships \
         WHERE channels.id = asked.channel AND channels.deleted_at IS NULL \
         AND memberships.community_id = channels.community_id \
         AND memberships.account_id = asked.account",
        placeholders(asked.len(), 2)
    );
    let values = asked
        .iter()
        .flat_map(|(channel, account)| [(*channel).into(), (*account).into()]);
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), sql, values.collect::<Vec<_>>());
    let rows = db.query_all_raw(statement).await?;
    let pair = |row: &QueryResult| Ok(row.try_get_many("", &["channel".into(), "account".into()])?);
    rows.iter().map(pair).collect()
}

/// Takes the next `changes` numbers of a channel's change count. None: the channel does not exist.
pub async fn count_changes(tx: &Tx, channel: ChannelId, changes: i64) -> Result<Option<Head>> {
    let rows = channel::Entity::update_many()
        .col_expr(
            channel::Column::Rev,
            Expr::col(channel::Column::Rev).add(changes),
        )
        .filter(channel::Column::Id.eq(channel))
        .filter(channel::Column::DeletedAt.is_null())
        .exec_with_returning(tx)
        .await?;
    Ok(rows.first().map(head))
}

/// Returns the names of channels.
pub async fn channel_names(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
) -> Result<HashMap<ChannelId, String>> {
    let mut names = HashMap::with_capacity(channels.len());
    for chunk in channels.chunks(500) {
        let rows = living()
            .select_only()
            .columns([channel::Column::Id, channel::Column::Name])
            .filter(channel::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple::<(ChannelId, String)>()
            .all(db)
            .await?;
        names.extend(rows);
    }
    Ok(names)
}
