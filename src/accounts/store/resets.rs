//! Rows of `password_resets`: reset links by the hash of their secret.

use crate::{
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{ActiveValue::Set, QuerySelect, entity::prelude::*, sea_query::OnConflict};

mod reset {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "password_resets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        #[sea_orm(unique)]
        pub token_hash: String,
        pub expires_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use reset::{Column, Entity};

/// Stores a link; replaces an existing one of the account.
pub async fn set(tx: &Tx, account: AccountId, hash: String, expires_at: Timestamp) -> Result<()> {
    let row = reset::ActiveModel {
        account_id: Set(account),
        token_hash: Set(hash),
        expires_at: Set(expires_at),
    };
    let replaced = OnConflict::column(Column::AccountId)
        .update_columns([Column::TokenHash, Column::ExpiresAt])
        .to_owned();
    Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Returns the owner of a link that has not expired.
pub async fn owner(
    conn: &impl ConnectionTrait,
    hash: &str,
    now: Timestamp,
) -> Result<Option<AccountId>> {
    let owner = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .filter(Column::TokenHash.eq(hash))
        .filter(Column::ExpiresAt.gt(now))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(owner)
}

/// Deletes a used link. Returns false if another request was faster.
pub async fn take(tx: &Tx, hash: &str) -> Result<bool> {
    let taken = Entity::delete_many()
        .filter(Column::TokenHash.eq(hash))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected > 0)
}

/// Deletes the account's link, if it has one.
pub async fn remove(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::delete_by_id(account).exec(tx).await?;
    Ok(())
}

/// Deletes expired links.
pub async fn delete_due(tx: &Tx, now: Timestamp) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ExpiresAt.lte(now))
        .exec(tx)
        .await?;
    Ok(())
}
