//! Counts the changes of communities, and remembers which channel or member changed last when.

use super::{community, living, membership};
use crate::communities::model::Channel;
use crate::platform::database::Tx;
use crate::shared::{AccountId, ChannelId, CommunityId, Result};
use sea_orm::{
    ActiveValue::Set, ExprTrait, QueryOrder, QuerySelect, entity::prelude::*, sea_query::OnConflict,
};
use uuid::Uuid;

mod change {
    use crate::shared::CommunityId;
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "community_changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: CommunityId,
        /// A channel or an account.
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject_id: Uuid,
        pub is_member: bool,
        pub rev: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What changes in a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Channel(ChannelId),
    Member(AccountId),
}

impl Subject {
    const fn parts(self) -> (Uuid, bool) {
        match self {
            Self::Channel(id) => (id.0, false),
            Self::Member(id) => (id.0, true),
        }
    }
}

/// Counts a change of the same subject in each community. Returns the change counts after it,
/// without communities that do not exist.
pub async fn count_community_change(
    tx: &Tx,
    communities: &[CommunityId],
    subject: Subject,
) -> Result<Vec<(CommunityId, i64)>> {
    let rows = community::Entity::update_many()
        .col_expr(
            community::Column::Rev,
            Expr::col(community::Column::Rev).add(1),
        )
        .filter(community::Column::Id.is_in(communities.iter().copied()))
        .exec_with_returning(tx)
        .await?;
    let revs: Vec<_> = rows.iter().map(|row| (row.id, row.rev)).collect();
    if revs.is_empty() {
        return Ok(revs);
    }
    let (subject_id, is_member) = subject.parts();
    let rows = revs.iter().map(|(community, rev)| change::ActiveModel {
        community_id: Set(*community),
        subject_id: Set(subject_id),
        is_member: Set(is_member),
        rev: Set(*rev),
    });
    let again = OnConflict::columns([change::Column::CommunityId, change::Column::SubjectId])
        .update_column(change::Column::Rev)
        .to_owned();
    change::Entity::insert_many(rows)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(revs)
}

/// Returns what changed in a community after a change count, at most `limit`.
pub async fn changes_after(
    db: &impl ConnectionTrait,
    community: CommunityId,
    rev: i64,
    limit: u64,
) -> Result<Vec<Subject>> {
    let rows = change::Entity::find()
        .filter(change::Column::CommunityId.eq(community))
        .filter(change::Column::Rev.gt(rev))
        .order_by_asc(change::Column::Rev)
        .limit(limit)
        .all(db)
        .await?;
    let subjects = rows.into_iter().map(|row| match row.is_member {
        true => Subject::Member(AccountId(row.subject_id)),
        false => Subject::Channel(ChannelId(row.subject_id)),
    });
    Ok(subjects.collect())
}

/// Returns the change counts of communities, without those that do not exist.
pub async fn revs_of(
    db: &impl ConnectionTrait,
    communities: &[CommunityId],
) -> Result<Vec<(CommunityId, i64)>> {
    let revs = community::Entity::find()
        .select_only()
        .columns([community::Column::Id, community::Column::Rev])
        .filter(community::Column::Id.is_in(communities.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(revs)
}

/// Returns those of these channels that are not deleted.
pub async fn channels_among(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
) -> Result<Vec<Channel>> {
    let rows = living()
        .filter(super::channel::Column::Id.is_in(channels.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Channel::from).collect())
}

/// Returns which of these accounts are members.
pub async fn members_of(
    db: &impl ConnectionTrait,
    community: CommunityId,
    accounts: &[AccountId],
) -> Result<Vec<AccountId>> {
    let ids = membership::Entity::find()
        .select_only()
        .column(membership::Column::AccountId)
        .filter(membership::Column::CommunityId.eq(community))
        .filter(membership::Column::AccountId.is_in(accounts.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}
