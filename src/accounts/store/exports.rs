//! Rows of `exports`: the last requested export of each account.

use crate::{
    accounts::{Export, ExportState},
    platform::database::Tx,
    shared::{AccountId, Error, Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect, entity::prelude::*, sea_query::Expr,
};

mod export {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "exports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub id: Uuid,
        pub state: String,
        pub done: i64,
        pub total: i64,
        pub size: i64,
        pub requested_at: DateTimeUtc,
        pub expires_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use export::{Column, Entity};

/// An export with the id that names its file.
pub struct NamedExport {
    /// The file is `<id>.zip`.
    pub id: Uuid,
    /// The part that its owner sees.
    pub export: Export,
}

/// Returns an account's export.
pub async fn export(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<NamedExport>> {
    let Some(row) = Entity::find_by_id(account.0).one(conn).await? else {
        return Ok(None);
    };
    let state = ExportState::parse(&row.state)
        .ok_or_else(|| Error::internal(format!("export state {:?}", row.state)))?;
    Ok(Some(NamedExport {
        id: row.id,
        export: Export {
            state,
            done: row.done,
            total: row.total,
            size: row.size,
            requested_at: row.requested_at,
            expires_at: row.expires_at,
        },
    }))
}

/// Inserts a requested export; replaces the previous one.
pub async fn insert_export(tx: &Tx, account: AccountId, id: Uuid, now: Timestamp) -> Result<()> {
    remove_export(tx, account).await?;
    let row = export::ActiveModel {
        account_id: Set(account.0),
        id: Set(id),
        state: Set(ExportState::Preparing.as_str().to_owned()),
        done: Set(0),
        total: Set(0),
        size: Set(0),
        requested_at: Set(now),
        expires_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Returns the export that has waited longest.
pub async fn next_export(conn: &impl ConnectionTrait) -> Result<Option<(AccountId, Uuid)>> {
    let next = Entity::find()
        .select_only()
        .columns([Column::AccountId, Column::Id])
        .filter(Column::State.eq(ExportState::Preparing.as_str()))
        .order_by_asc(Column::RequestedAt)
        .limit(1)
        .into_tuple::<(Uuid, Uuid)>()
        .one(conn)
        .await?;
    Ok(next.map(|(account, id)| (AccountId(account), id)))
}

/// Updates the progress of an export.
pub async fn export_progress(tx: &Tx, id: Uuid, done: i64, total: i64) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Done, Expr::value(done))
        .col_expr(Column::Total, Expr::value(total))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores the result of an export. Returns false if the export was deleted meanwhile.
pub async fn end_export(
    tx: &Tx,
    id: Uuid,
    state: ExportState,
    size: i64,
    expires_at: Timestamp,
) -> Result<bool> {
    let ended = Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::Size, Expr::value(size))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Returns expired exports, at most `limit`.
pub async fn exports_over(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(AccountId, Uuid)>> {
    let over = Entity::find()
        .select_only()
        .columns([Column::AccountId, Column::Id])
        .filter(Column::ExpiresAt.lte(now))
        .limit(limit)
        .into_tuple::<(Uuid, Uuid)>()
        .all(conn)
        .await?;
    let over = over.into_iter();
    Ok(over.map(|(account, id)| (AccountId(account), id)).collect())
}

/// Deletes the row of an account's export.
pub async fn remove_export(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::delete_by_id(account.0).exec(tx).await?;
    Ok(())
}
