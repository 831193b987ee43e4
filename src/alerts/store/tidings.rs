//! What members were told by other features.

use super::damaged;
use crate::alerts::model::Tiding;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Error, NoticeId, Result, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

mod tiding {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tidings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub subject_id: Uuid,
        pub body: String,
        pub created_at: DateTimeUtc,
        pub seen_by_owner_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use tiding::Column;

/// Tidings that are written at once.
const TOGETHER: usize = 500;

impl TryFrom<tiding::Model> for Tiding {
    type Error = Error;

    fn try_from(row: tiding::Model) -> Result<Self> {
        Ok(Self {
            id: NoticeId(row.id),
            kind: row.kind,
            body: serde_json::from_str(&row.body).map_err(|_| damaged("tiding"))?,
            created_at: row.created_at,
            seen: row.seen_by_owner_at.is_some(),
        })
    }
}

/// Writes tidings down, each with its account and what it is about; one of the same kind about the
/// same is there once.
pub async fn insert_tidings(tx: &Tx, new: &[(AccountId, Uuid, Tiding)]) -> Result<()> {
    for some in new.chunks(TOGETHER) {
        let rows = some.iter().map(|(account, subject, tiding)| {
            Ok(tiding::ActiveModel {
                id: Set(tiding.id.0),
                account_id: Set(account.0),
                kind: Set(tiding.kind.clone()),
                subject_id: Set(*subject),
                body: Set(serde_json::to_string(&tiding.body).map_err(Error::internal)?),
                created_at: Set(tiding.created_at),
                seen_by_owner_at: Set(None),
            })
        });
        let rows: Result<Vec<_>> = rows.collect();
        tiding::Entity::insert_many(rows?)
            .on_conflict(
                OnConflict::columns([Column::Kind, Column::SubjectId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// What an account was told, the latest first.
pub async fn tidings(
    db: &impl ConnectionTrait,
    account: AccountId,
    before: Option<NoticeId>,
    limit: u64,
) -> Result<Vec<Tiding>> {
    let mut query = tiding::Entity::find().filter(Column::AccountId.eq(account.0));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(Tiding::try_from).collect()
}

/// How many tidings an account has not seen.
pub async fn unseen(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = tiding::Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
        .count(db)
        .await?;
    Ok(count)
}

/// The latest of one kind that an account has not seen.
pub async fn latest_unseen(
    db: &impl ConnectionTrait,
    account: AccountId,
    kind: &str,
) -> Result<Option<NoticeId>> {
    let found: Option<Uuid> = tiding::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
        .filter(Column::Kind.eq(kind))
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.map(NoticeId))
}

/// Notes that an account has seen its tidings up to one of them, those of one kind or all; how many
/// were new.
pub async fn see_tidings(
    tx: &Tx,
    account: AccountId,
    kind: Option<&str>,
    up_to: NoticeId,
    now: Timestamp,
) -> Result<u64> {
    let mut update = tiding::Entity::update_many()
        .col_expr(Column::SeenByOwnerAt, Expr::value(now))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
        .filter(Column::Id.lte(up_to.0));
    if let Some(kind) = kind {
        update = update.filter(Column::Kind.eq(kind));
    }
    Ok(update.exec(tx).await?.rows_affected)
}

/// Deletes tidings from before a time.
pub async fn trim_tidings(tx: &Tx, before: Timestamp) -> Result<()> {
    tiding::Entity::delete_many()
        .filter(Column::CreatedAt.lt(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes some tidings of an account; how many.
pub async fn erase_tidings(tx: &Tx, account: AccountId, limit: u64) -> Result<u64> {
    let ids: Vec<Uuid> = tiding::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AccountId.eq(account.0))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let done = tiding::Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
