//! Communities, channels and memberships in the database.

use super::model::{Channel, Community, Head};
use crate::platform::database::{Tx, placeholders};
use crate::shared::{AccountId, ChannelId, CommunityId, Error, Result, time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult,
    JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, RelationTrait, Select, Statement,
    sea_query::Expr,
};
use std::collections::HashMap;
use uuid::Uuid;

mod deletion;

pub use deletion::{a_deleted_channel, mark_deleted, remove_channel};

mod community {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "communities")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub is_lobby: bool,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod channel {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "channels")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub name: String,
        pub name_key: String,
        pub seq: i64,
        pub rev: i64,
        pub created_at: DateTimeUtc,
        pub created_by: Option<Uuid>,
        /// Set: the channel is deleted, and its messages are being removed.
        pub deleted_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::membership::Entity",
            from = "Column::CommunityId",
            to = "super::membership::Column::CommunityId"
        )]
        Membership,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod membership {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub joined_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<channel::Model> for Channel {
    fn from(row: channel::Model) -> Self {
        Self {
            id: ChannelId(row.id),
            community_id: CommunityId(row.community_id),
            name: row.name,
            created_at: row.created_at,
            creator: row.created_by.map(AccountId),
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
    Ok(row.map(|row| CommunityId(row.id)))
}

/// Inserts a community.
pub async fn insert_community(tx: &Tx, community: &Community, is_lobby: bool) -> Result<()> {
    let row = community::ActiveModel {
        id: Set(community.id.0),
        name: Set(community.name.clone()),
        is_lobby: Set(is_lobby),
        created_at: Set(time::now()),
    };
    community::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Inserts a channel; `channel-exists` if the name folds to that of another channel.
pub async fn insert_channel(tx: &Tx, channel: &Channel, name_key: String) -> Result<()> {
    let row = channel::ActiveModel {
        id: Set(channel.id.0),
        community_id: Set(channel.community_id.0),
        name: Set(channel.name.clone()),
        name_key: Set(name_key),
        seq: Set(0),
        rev: Set(0),
        created_at: Set(channel.created_at),
        created_by: Set(channel.creator.map(|id| id.0)),
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
        community_id: Set(community.0),
        account_id: Set(account.0),
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
        .filter(membership::Column::AccountId.eq(account.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns the communities of an account, by name.
pub async fn communities_of(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Community>> {
    let ids = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::AccountId.eq(account.0))
        .into_tuple::<Uuid>()
        .all(db)
        .await?;
    let rows = community::Entity::find()
        .filter(community::Column::Id.is_in(ids))
        .order_by_asc(community::Column::Name)
        .all(db)
        .await?;
    let rows = rows.into_iter().map(|row| Community {
        id: CommunityId(row.id),
        name: row.name,
    });
    Ok(rows.collect())
}

/// Returns the channels of the given communities with their counters, in the order of creation.
pub async fn channels_of(
    db: &impl ConnectionTrait,
    communities: &[CommunityId],
) -> Result<Vec<(Channel, Head)>> {
    let rows = living()
        .filter(channel::Column::CommunityId.is_in(communities.iter().map(|id| id.0)))
        .order_by_asc(channel::Column::Id)
        .all(db)
        .await?;
    Ok(with_heads(rows))
}

/// Returns all channels with at least one message, with their counters.
pub async fn heads(db: &impl ConnectionTrait) -> Result<Vec<(ChannelId, Head)>> {
    let rows = living().filter(channel::Column::Seq.gt(0)).all(db).await?;
    let rows = rows.into_iter().map(|row| (ChannelId(row.id), head(&row)));
    Ok(rows.collect())
}

/// Returns the counters of channels.
pub async fn heads_of(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
) -> Result<Vec<(ChannelId, Head)>> {
    let rows = living()
        .filter(channel::Column::Id.is_in(channels.iter().map(|id| id.0)))
        .all(db)
        .await?;
    let rows = rows.into_iter().map(|row| (ChannelId(row.id), head(&row)));
    Ok(rows.collect())
}

fn with_heads(rows: Vec<channel::Model>) -> Vec<(Channel, Head)> {
    let rows = rows.into_iter().map(|row| {
        let head = head(&row);
        (row.into(), head)
    });
    rows.collect()
}

#[derive(FromQueryResult)]
struct ChannelAndMember {
    community_id: Uuid,
    name: String,
    seq: i64,
    rev: i64,
    created_at: time::Timestamp,
    created_by: Option<Uuid>,
    member: Option<Uuid>,
}

/// Returns a channel, its counters, and whether the account is a member of its community, in one
/// query.
pub async fn channel_for(
    db: &impl ConnectionTrait,
    channel: ChannelId,
    account: AccountId,
) -> Result<Option<(Channel, Head, bool)>> {
    let join = channel::Relation::Membership
        .def()
        .on_condition(move |_, membership| {
            Expr::col((membership, membership::Column::AccountId))
                .eq(account.0)
                .into()
        });
    let row = living()
        .filter(channel::Column::Id.eq(channel.0))
        .select_only()
        .column(channel::Column::CommunityId)
        .column(channel::Column::Name)
        .column(channel::Column::Seq)
        .column(channel::Column::Rev)
        .column(channel::Column::CreatedAt)
        .column(channel::Column::CreatedBy)
        .column_as(membership::Column::AccountId, "member")
        .join(JoinType::LeftJoin, join)
        .into_model::<ChannelAndMember>()
        .one(db)
        .await?;
    Ok(row.map(|row| {
        let found = Channel {
            id: channel,
            community_id: CommunityId(row.community_id),
            name: row.name,
            created_at: row.created_at,
            creator: row.created_by.map(AccountId),
        };
        let head = Head {
            seq: row.seq,
            rev: row.rev,
        };
        (found, head, row.member.is_some())
    }))
}

/// true if the account is a member.
pub async fn is_member(
    db: &impl ConnectionTrait,
    community: CommunityId,
    account: AccountId,
) -> Result<bool> {
    let row = membership::Entity::find_by_id((community.0, account.0))
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
        .filter(membership::Column::CommunityId.eq(community.0));
    if let Some(after) = after {
        query = query.filter(membership::Column::AccountId.gt(after.0));
    }
    let ids = query
        .order_by_asc(membership::Column::AccountId)
        .limit(limit)
        .into_tuple::<Uuid>()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(AccountId).collect())
}

/// Number of channels in a community.
pub async fn channel_count(db: &impl ConnectionTrait, community: CommunityId) -> Result<u64> {
    count_channels(db, channel::Column::CommunityId.eq(community.0)).await
}

/// Number of channels that an account has created.
pub async fn created_count(db: &impl ConnectionTrait, creator: AccountId) -> Result<u64> {
    count_channels(db, channel::Column::CreatedBy.eq(creator.0)).await
}

async fn count_channels(db: &impl ConnectionTrait, which: Expr) -> Result<u64> {
    let count = living()
        .select_only()
        .column_as(channel::Column::Id.count(), "channels")
        .filter(which)
        .into_tuple::<i64>()
        .one(db)
        .await?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

/// Number of members of a community.
pub async fn member_count(db: &impl ConnectionTrait, community: CommunityId) -> Result<u64> {
    let count = membership::Entity::find()
        .select_only()
        .column_as(membership::Column::AccountId.count(), "members")
        .filter(membership::Column::CommunityId.eq(community.0))
        .into_tuple::<i64>()
        .one(db)
        .await?;
    Ok(count.unwrap_or(0).unsigned_abs())
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
        .flat_map(|(channel, messages)| [channel.0.into(), (*messages).into()]);
    let statement =
        Statement::from_sql_and_values(tx.get_database_backend(), sql, values.collect::<Vec<_>>());
    let rows = tx.query_all_raw(statement).await?;
    let head = |row: &QueryResult| {
        let (channel, seq, rev) =
            row.try_get_many("", &["channel".into(), "seq".into(), "rev".into()])?;
        Ok((ChannelId(channel), Head { seq, rev }))
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
        .flat_map(|(channel, account)| [channel.0.into(), account.0.into()]);
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), sql, values.collect::<Vec<_>>());
    let rows = db.query_all_raw(statement).await?;
    let pair = |row: &QueryResult| {
        let (channel, account) = row.try_get_many("", &["channel".into(), "account".into()])?;
        Ok((ChannelId(channel), AccountId(account)))
    };
    rows.iter().map(pair).collect()
}

/// Takes the next `changes` numbers of a channel's change count. None: the channel does not exist.
pub async fn count_changes(tx: &Tx, channel: ChannelId, changes: i64) -> Result<Option<Head>> {
    let rows = channel::Entity::update_many()
        .col_expr(
            channel::Column::Rev,
            Expr::col(channel::Column::Rev).add(changes),
        )
        .filter(channel::Column::Id.eq(channel.0))
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
            .filter(channel::Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple::<(Uuid, String)>()
            .all(db)
            .await?;
        names.extend(rows.into_iter().map(|(id, name)| (ChannelId(id), name)));
    }
    Ok(names)
}
