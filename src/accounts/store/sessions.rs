//! Rows of `sessions`. A session is active until it is ended or expires; ended rows stay for a
//! while, so that a late request gets the right error.

use super::accounts::account;
use crate::{
    accounts::Account,
    platform::database::Tx,
    shared::{AccountId, Result, SessionId, Timestamp},
};
use sea_orm::{
    IntoActiveModel, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*, sea_query::ExprTrait,
};

pub(super) mod session {
    use crate::shared::{AccountId, SessionId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: SessionId,
        pub account_id: AccountId,
        /// true for a browser, false for a program.
        pub browser: bool,
        /// SHA-256 of a browser's refresh secret.
        pub refresh_hash: Option<String>,
        /// SHA-256 of the previous secret.
        pub previous_hash: Option<String>,
        /// When the secret was last renewed.
        pub rotated_at: Option<DateTimeUtc>,
        pub user_agent: String,
        /// Network address of the last use.
        pub address: String,
        pub created_at: DateTimeUtc,
        pub last_used_at: DateTimeUtc,
        /// When it expires unless it is renewed.
        pub expires_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
        /// Tokens issued before are refused.
        pub tokens_since: Option<DateTimeUtc>,
        #[sea_orm(belongs_to, from = "account_id", to = "id")]
        pub account: BelongsTo<super::super::accounts::account::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub use session::Model as Session;
use session::{Column, Entity};

/// An active session with its account.
pub struct LivingSession {
    pub session: Session,
    pub account: Account,
}

/// Inserts a session.
pub async fn insert(tx: &Tx, new: Session) -> Result<()> {
    Entity::insert(new.into_active_model())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn alive(rows: Select<Entity>, now: Timestamp) -> Select<Entity> {
    rows.filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
}

/// Returns the session with its account in one query, if both are active.
pub async fn living(
    conn: &impl ConnectionTrait,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<LivingSession>> {
    let kept = account::Column::ExpiresAt;
    let found = alive(Entity::find_by_id(id), now)
        .find_also_related(account::Entity)
        .filter(kept.is_null().or(kept.gt(now)))
        .one(conn)
        .await?;
    Ok(found.and_then(|(session, account)| {
        let account = account?.into();
        Some(LivingSession { session, account })
    }))
}

/// Returns the active sessions of an account, last used first; at most 100.
pub async fn list(
    conn: &impl ConnectionTrait,
    owner: AccountId,
    now: Timestamp,
) -> Result<Vec<Session>> {
    let rows = alive(Entity::find(), now)
        .filter(Column::AccountId.eq(owner))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
        .limit(100)
        .all(conn)
        .await?;
    Ok(rows)
}

/// Returns the addresses of the account's latest sessions, including ended ones.
pub async fn addresses(
    conn: &impl ConnectionTrait,
    owner: AccountId,
    limit: u64,
) -> Result<Vec<String>> {
    let addresses = Entity::find()
        .select_only()
        .column(Column::Address)
        .filter(Column::AccountId.eq(owner))
        .order_by_desc(Column::LastUsedAt)
        .limit(limit)
        .into_tuple::<String>()
        .all(conn)
        .await?;
    Ok(addresses)
}

/// Replaces a browser's refresh secret; the old one stays valid for the grace period. Returns false
/// if another node was faster.
pub async fn rotate(
    tx: &Tx,
    session: &Session,
    refresh_hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    let rotated = Entity::update_many()
        .col_expr(Column::RefreshHash, Expr::value(refresh_hash))
        .col_expr(
            Column::PreviousHash,
            Expr::value(session.refresh_hash.clone()),
        )
        .col_expr(Column::RotatedAt, Expr::value(now))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::Id.eq(session.id))
        .filter(Column::RefreshHash.eq(session.refresh_hash.clone()))
        .exec(tx)
        .await?;
    Ok(rotated.rows_affected > 0)
}

/// Gives a session new secrets; the old ones stop working at once.
pub async fn reissue(
    tx: &Tx,
    id: SessionId,
    refresh_hash: Option<String>,
    tokens_since: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RefreshHash, Expr::value(refresh_hash))
        .col_expr(Column::PreviousHash, Expr::value(None::<String>))
        .col_expr(Column::RotatedAt, Expr::value(None::<Timestamp>))
        .col_expr(Column::TokensSince, Expr::value(tokens_since))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores that a session was used, unless a use after `before` is stored.
pub async fn touch(
    tx: &Tx,
    id: SessionId,
    address: Option<&str>,
    now: Timestamp,
    before: Timestamp,
) -> Result<()> {
    let mut update = Entity::update_many().col_expr(Column::LastUsedAt, Expr::value(now));
    if let Some(address) = address {
        update = update.col_expr(Column::Address, Expr::value(address));
    }
    update
        .filter(Column::Id.eq(id))
        .filter(Column::LastUsedAt.lt(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends a session of this account. Returns false if there is none, or it had ended before.
pub async fn end(tx: &Tx, owner: AccountId, id: SessionId, now: Timestamp) -> Result<bool> {
    let ended = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::AccountId.eq(owner))
        .filter(Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Ends all sessions of this account except `keep`. Returns their ids.
pub async fn end_others(
    tx: &Tx,
    owner: AccountId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let mut living = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::AccountId.eq(owner))
        .filter(Column::EndedAt.is_null());
    if let Some(keep) = keep {
        living = living.filter(Column::Id.ne(keep));
    }
    let rows = living.exec_with_returning(tx).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Ends expired sessions, at most `limit`. Returns their ids.
pub async fn end_due(tx: &Tx, now: Timestamp, limit: u64) -> Result<Vec<SessionId>> {
    let due: Vec<SessionId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.lte(now))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Id.is_in(due.iter().copied()))
        .exec(tx)
        .await?;
    Ok(due)
}

/// Deletes rows of sessions that ended before `before`, at most `limit`. Returns their number.
pub async fn delete_dead(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64> {
    let dead = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::EndedAt.lt(before))
        .limit(limit)
        .into_query();
    let deleted = Entity::delete_many()
        .filter(Column::Id.in_subquery(dead))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}
