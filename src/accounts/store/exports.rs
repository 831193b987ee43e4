//! Rows of `exports`: the last requested export of each account.

use crate::{
    accounts::{Export, ExportState},
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{ActiveValue::Set, QueryOrder, QuerySelect, entity::prelude::*};

mod export {
    use crate::accounts::ExportState;
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "exports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        pub id: Uuid,
        pub state: ExportState,
        pub done: i64,
        pub total: i64,
        pub size: i64,
        pub requested_at: DateTimeUtc,
        pub expires_at: Option<DateTimeUtc>,
    }

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
    let row = Entity::find_by_id(account).one(conn).await?;
    Ok(row.map(|row| NamedExport {
        id: row.id,
        export: Export {
            state: row.state,
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
        account_id: Set(account),
        id: Set(id),
        state: Set(ExportState::Preparing),
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
        .filter(Column::State.eq(ExportState::Preparing))
        .order_by_asc(Column::RequestedAt)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(next)
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
        .col_expr(Column::State, Expr::value(state))
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
        .into_tuple()
        .all(conn)
        .await?;
    Ok(over)
}

/// Deletes the row of an account's export.
pub async fn remove_export(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::delete_by_id(account).exec(tx).await?;
    Ok(())
}
