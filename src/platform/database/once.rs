//! Idempotent changes. The key and the response of a change are stored in the transaction of the
//! change itself: after a crash or a lost response, a retry finds either both or neither.

use super::{Database, Tx};
use crate::platform::idempotency::Once;
use crate::shared::{AccountId, Error, Result, Timestamp, time};
use sea_orm::{
    ActiveValue::Set, ExprTrait, QueryOrder, QuerySelect, QueryTrait, TryInsertResult,
    entity::prelude::*,
};
use serde::{Serialize, de::DeserializeOwned};

mod key {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub fingerprint: String,
        pub answer: String,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl Database {
    /// Returns the stored response of the same request. None: the request is new or has no key.
    /// Services call it first, which saves a retry the work and the errors that the already applied
    /// change would cause.
    ///
    /// # Errors
    /// `idempotency-key-reused` when the key was used for another request.
    pub async fn answered<T: DeserializeOwned>(&self, once: Option<&Once>) -> Result<Option<T>> {
        match once {
            Some(once) => answer(self, once).await,
            None => Ok(None),
        }
    }

    /// Like [`Self::write`], but once per key: a retry changes nothing and gets the first response.
    /// Errors are not stored, so a retry after an error runs the job again.
    ///
    /// # Errors
    /// Those of [`Self::write`], and `idempotency-key-reused`.
    pub async fn write_once<T, F, Fut>(&self, order: Uuid, once: Option<Once>, job: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
    {
        let Some(once) = once else {
            return self.write(order, job).await;
        };
        let job = move |tx: Tx| async move {
            // Claimed first, so the second of two nodes waits here for the first.
            if !claim(&tx, &once).await? {
                return answer(&tx, &once).await?.ok_or_else(Error::unavailable);
            }
            let done = job(tx.clone()).await?;
            let answer = serde_json::to_string(&done).map_err(Error::internal)?;
            save_answer(&tx, &once, answer).await?;
            Ok(done)
        };
        self.write(order, job).await
    }
}

/// Stores a key. Returns false if it already exists.
async fn claim(tx: &Tx, once: &Once) -> Result<bool> {
    let row = key::ActiveModel {
        account_id: Set(once.account),
        key: Set(once.key.clone()),
        fingerprint: Set(once.fingerprint.clone()),
        answer: Set(String::new()),
        created_at: Set(time::now()),
    };
    let inserted = key::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(tx)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}

async fn save_answer(tx: &Tx, once: &Once, answer: String) -> Result<()> {
    let row = key::ActiveModel {
        account_id: Set(once.account),
        key: Set(once.key.clone()),
        answer: Set(answer),
        ..Default::default()
    };
    key::Entity::update(row).exec(tx).await?;
    Ok(())
}

async fn answer<T: DeserializeOwned>(db: &impl ConnectionTrait, once: &Once) -> Result<Option<T>> {
    let row = key::Entity::find_by_id((once.account, once.key.clone()));
    let Some(row) = row.one(db).await? else {
        return Ok(None);
    };
    if row.fingerprint != once.fingerprint {
        return Err(Error::conflict(
            "idempotency-key-reused",
            "Idempotency key used for another request",
        ));
    }
    let answer = serde_json::from_str(&row.answer).map_err(Error::internal)?;
    Ok(Some(answer))
}

/// Deletes up to `limit` keys older than `before` and returns the number of deleted keys.
pub async fn forget_keys(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64> {
    let old = key::Entity::find()
        .select_only()
        .columns([key::Column::AccountId, key::Column::Key])
        .filter(key::Column::CreatedAt.lt(before))
        .order_by_asc(key::Column::CreatedAt)
        .limit(limit)
        .into_query();
    let row = [key::Column::AccountId, key::Column::Key].map(Expr::col);
    let deleted = key::Entity::delete_many()
        .filter(Expr::tuple(row).in_subquery(old))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}

/// Deletes the keys of an account.
pub async fn forget_keys_of(tx: &Tx, account: AccountId) -> Result<()> {
    key::Entity::delete_many()
        .filter(key::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}
