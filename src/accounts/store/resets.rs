//! Rows of `password_resets`: links to a new password, by the hash of their secret.

use crate::{
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, QuerySelect, entity::prelude::*, sea_query::OnConflict,
};

mod reset {
    //! The entity.
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "password_resets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        #[sea_orm(unique)]
        pub token_hash: String,
        pub expires_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use reset::{COLUMN, Column, Entity};

/// Stores a link in the place of the one that the account may have had.
pub async fn set(tx: &Tx, account: AccountId, hash: String, expires_at: Timestamp) -> Result<()> {
    let row = reset::ActiveModel {
        account_id: Set(account.0),
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

/// Whose link this is, while it is good.
pub async fn owner(
    conn: &impl ConnectionTrait,
    hash: &str,
    now: Timestamp,
) -> Result<Option<AccountId>> {
    let owner = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .filter(COLUMN.token_hash.eq(hash))
        .filter(COLUMN.expires_at.gt(now))
        .into_tuple::<Uuid>()
        .one(conn)
        .await?;
    Ok(owner.map(AccountId))
}

/// Uses a link up. False: somebody else just did.
pub async fn take(tx: &Tx, hash: &str) -> Result<bool> {
    let taken = Entity::delete_many()
        .filter(COLUMN.token_hash.eq(hash))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected > 0)
}

/// Removes the link of an account, if it has one.
pub async fn remove(tx: &Tx, account: AccountId) -> Result<()> {
    Entity::delete_by_id(account.0).exec(tx).await?;
    Ok(())
}

/// Removes links whose time is over.
pub async fn delete_due(tx: &Tx, now: Timestamp) -> Result<()> {
    Entity::delete_many()
        .filter(COLUMN.expires_at.lte(now))
        .exec(tx)
        .await?;
    Ok(())
}
