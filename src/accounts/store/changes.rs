//! Counts the changes of accounts' own data, and remembers which kind of data changed last when.

use super::accounts::account;
use crate::platform::database::{Tx, placeholders};
use crate::shared::{AccountId, Error, Result};
use sea_orm::{
    ActiveValue::Set, ExprTrait, QueryOrder, QuerySelect, Statement, entity::prelude::*,
    sea_query::OnConflict,
};

mod change {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "account_changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        pub rev: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Increments the change count of an account. Returns the new count.
///
/// # Errors
/// `not-found` if the account does not exist.
pub async fn bump_rev(tx: &Tx, id: AccountId) -> Result<i64> {
    let rows = account::Entity::update_many()
        .col_expr(account::Column::Rev, Expr::col(account::Column::Rev).add(1))
        .filter(account::Column::Id.eq(id))
        .exec_with_returning(tx)
        .await?;
    match rows.as_slice() {
        [row] => Ok(row.rev),
        _ => Err(Error::not_found()),
    }
}

/// Takes the given number of change numbers of each account, for data of this kind. Returns the
/// counts after them, without accounts that do not exist.
pub async fn count_changes(
    tx: &Tx,
    kind: &str,
    taken: &[(AccountId, i64)],
) -> Result<Vec<(AccountId, i64)>> {
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "WITH taken(account, changes) AS (VALUES {}) \
         UPDATE accounts SET rev = rev + taken.changes \
         FROM taken WHERE accounts.id = taken.account \
         RETURNING accounts.id AS account, rev",
        placeholders(taken.len(), 2)
    );
    let values = taken
        .iter()
        .flat_map(|(account, changes)| [(*account).into(), (*changes).into()]);
    let statement =
        Statement::from_sql_and_values(tx.get_database_backend(), sql, values.collect::<Vec<_>>());
    let rows = tx.query_all_raw(statement).await?;
    let rev = |row: &QueryResult| row.try_get_many("", &["account".into(), "rev".into()]);
    let revs: Vec<(AccountId, i64)> = rows.iter().map(rev).collect::<Result<_, _>>()?;
    if revs.is_empty() {
        return Ok(revs);
    }
    let rows = revs.iter().map(|(account, rev)| change::ActiveModel {
        account_id: Set(*account),
        kind: Set(kind.to_owned()),
        rev: Set(*rev),
    });
    let again = OnConflict::columns([change::Column::AccountId, change::Column::Kind])
        .update_column(change::Column::Rev)
        .to_owned();
    change::Entity::insert_many(rows)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(revs)
}

/// Returns the kinds of data of an account that changed after a change count.
pub async fn changes_after(
    conn: &impl ConnectionTrait,
    account: AccountId,
    rev: i64,
) -> Result<Vec<String>> {
    let kinds = change::Entity::find()
        .select_only()
        .column(change::Column::Kind)
        .filter(change::Column::AccountId.eq(account))
        .filter(change::Column::Rev.gt(rev))
        .order_by_asc(change::Column::Rev)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(kinds)
}

/// Returns the change counts of accounts, without those that do not exist.
pub async fn revs_of(
    conn: &impl ConnectionTrait,
    ids: &[AccountId],
) -> Result<Vec<(AccountId, i64)>> {
    let revs = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Rev])
        .filter(account::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(revs)
}
