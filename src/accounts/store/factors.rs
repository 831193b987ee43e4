//! Rows of `second_factors`, `recovery_codes` and `sign_in_challenges`.

use crate::{
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel, QuerySelect, QueryTrait, entity::prelude::*};
use std::collections::HashSet;

mod second_factor {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "second_factors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        pub secret: Vec<u8>,
        pub created_at: DateTimeUtc,
        pub confirmed_at: Option<DateTimeUtc>,
        pub last_step: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod recovery_code {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: String,
        pub used_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod challenge {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_challenges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: AccountId,
        /// SHA-256 of the secret in the challenge token.
        pub secret_hash: String,
        /// What it can be used for.
        pub purpose: String,
        pub expires_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A sign-in whose password was right.
pub use challenge::Model as Challenge;

/// A stored 2FA secret.
pub struct SecondFactor {
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// true once a code confirmed the setup.
    pub confirmed: bool,
}

/// Returns an account's 2FA secret, confirmed or not.
pub async fn second_factor(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<SecondFactor>> {
    let row = second_factor::Entity::find_by_id(account).one(conn).await?;
    Ok(row.map(|row| SecondFactor {
        secret: row.secret,
        confirmed: row.confirmed_at.is_some(),
    }))
}

/// Stores a new secret; replaces one that was never confirmed. Returns false if a confirmed one
/// exists.
pub async fn begin_second_factor(
    tx: &Tx,
    account: AccountId,
    secret: Vec<u8>,
    now: Timestamp,
) -> Result<bool> {
    second_factor::Entity::delete_many()
        .filter(second_factor::Column::AccountId.eq(account))
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .exec(tx)
        .await?;
    if second_factor(tx, account).await?.is_some() {
        return Ok(false);
    }
    let row = second_factor::ActiveModel {
        account_id: Set(account),
        secret: Set(secret),
        created_at: Set(now),
        confirmed_at: Set(None),
        last_step: Set(0),
    };
    second_factor::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(true)
}

/// Confirms a 2FA secret. Returns false if it is confirmed already, or was replaced.
pub async fn confirm_second_factor(
    tx: &Tx,
    account: AccountId,
    secret: Vec<u8>,
    now: Timestamp,
) -> Result<bool> {
    let confirmed = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::ConfirmedAt, Expr::value(now))
        .filter(second_factor::Column::AccountId.eq(account))
        .filter(second_factor::Column::Secret.eq(secret))
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .exec(tx)
        .await?;
    Ok(confirmed.rows_affected > 0)
}

/// Marks the code of a step as used. Returns false if a code of this or a later step was used
/// before.
pub async fn use_step(tx: &Tx, account: AccountId, step: i64) -> Result<bool> {
    let used = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(second_factor::Column::AccountId.eq(account))
        .filter(second_factor::Column::LastStep.lt(step))
        .exec(tx)
        .await?;
    Ok(used.rows_affected > 0)
}

/// Returns those of these accounts that use 2FA.
pub async fn with_second_factor(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashSet<AccountId>> {
    let ids: Vec<AccountId> = second_factor::Entity::find()
        .select_only()
        .column(second_factor::Column::AccountId)
        .filter(second_factor::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Deletes the 2FA secret and the recovery codes. Returns false if there was no secret.
pub async fn remove_second_factor(tx: &Tx, account: AccountId) -> Result<bool> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    let removed = second_factor::Entity::delete_by_id(account)
        .exec(tx)
        .await?;
    Ok(removed.rows_affected > 0)
}

/// Replaces an account's recovery codes.
pub async fn set_recovery_codes(
    tx: &Tx,
    account: AccountId,
    code_hashes: Vec<String>,
) -> Result<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    let rows = code_hashes
        .into_iter()
        .map(|code_hash| recovery_code::ActiveModel {
            account_id: Set(account),
            code_hash: Set(code_hash),
            used_at: Set(None),
        });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Marks a recovery code as used. Returns false if it does not exist or was used before.
pub async fn use_recovery_code(
    tx: &Tx,
    account: AccountId,
    code_hash: &str,
    now: Timestamp,
) -> Result<bool> {
    let used = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now))
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::CodeHash.eq(code_hash))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(used.rows_affected > 0)
}

/// Number of unused recovery codes of an account.
pub async fn recovery_codes_left(conn: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let left = recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::UsedAt.is_null())
        .count(conn)
        .await?;
    Ok(left)
}

/// Inserts a challenge.
pub async fn insert_challenge(tx: &Tx, new: Challenge) -> Result<()> {
    challenge::Entity::insert(new.into_active_model())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Returns the account of a challenge, if it is valid for this purpose.
pub async fn challenged(
    conn: &impl ConnectionTrait,
    id: Uuid,
    secret_hash: &str,
    purpose: &str,
    now: Timestamp,
) -> Result<Option<AccountId>> {
    let account = challenge::Entity::find_by_id(id)
        .select_only()
        .column(challenge::Column::AccountId)
        .filter(challenge::Column::SecretHash.eq(secret_hash))
        .filter(challenge::Column::Purpose.eq(purpose))
        .filter(challenge::Column::ExpiresAt.gt(now))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(account)
}

/// Deletes a challenge. Returns false if another request was faster.
pub async fn remove_challenge(tx: &Tx, id: Uuid) -> Result<bool> {
    let removed = challenge::Entity::delete_by_id(id).exec(tx).await?;
    Ok(removed.rows_affected > 0)
}

/// Deletes all challenges of an account.
pub async fn remove_challenges(tx: &Tx, account: AccountId) -> Result<()> {
    challenge::Entity::delete_many()
        .filter(challenge::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes expired challenges, at most `limit`. Returns their number.
pub async fn delete_over(tx: &Tx, now: Timestamp, limit: u64) -> Result<u64> {
    let over = challenge::Entity::find()
        .select_only()
        .column(challenge::Column::Id)
        .filter(challenge::Column::ExpiresAt.lte(now))
        .limit(limit)
        .into_query();
    let deleted = challenge::Entity::delete_many()
        .filter(challenge::Column::Id.in_subquery(over))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}
