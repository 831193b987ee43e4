//! Rows of `sessions`. A session is active until it is ended or expires; ended rows stay for a
//! while, so that a late request gets the right error.

use super::accounts::account;
use crate::{
    accounts::Account,
    platform::database::Tx,
    shared::{AccountId, Result, SessionId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, QueryOrder, QuerySelect, Select,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};

pub(super) mod session {
    //! Entity of the table.
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub browser: bool,
        pub refresh_hash: Option<String>,
        pub previous_hash: Option<String>,
        pub rotated_at: Option<DateTimeUtc>,
        pub user_agent: String,
        pub address: String,
        pub created_at: DateTimeUtc,
        pub last_used_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
        pub tokens_since: Option<DateTimeUtc>,
        #[sea_orm(belongs_to, from = "account_id", to = "id")]
        pub account: BelongsTo<super::super::accounts::account::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use session::{COLUMN, Column, Entity, Model};

/// A session to insert.
pub struct NewSession {
    /// Session id.
    pub id: SessionId,
    pub account: AccountId,
    /// true for a browser, false for a program.
    pub browser: bool,
    /// SHA-256 of a browser's refresh secret.
    pub refresh_hash: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: String,
    pub address: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// When it expires unless it is renewed.
    pub expires_at: Timestamp,
}

/// An active session with its account.
pub struct LivingSession {
    pub id: SessionId,
    pub account: Account,
    /// true for a browser, false for a program.
    pub browser: bool,
    /// SHA-256 of a browser's refresh secret.
    pub refresh_hash: Option<String>,
    /// SHA-256 of the previous secret.
    pub previous_hash: Option<String>,
    /// When the secret was last renewed.
    pub rotated_at: Option<Timestamp>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Network address of the last use.
    pub address: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// When it expires unless it is renewed.
    pub expires_at: Timestamp,
    /// Tokens issued before are refused.
    pub tokens_since: Option<Timestamp>,
}

impl LivingSession {
    fn new(row: Model, account: Account) -> Self {
        Self {
            id: SessionId(row.id),
            account,
            browser: row.browser,
            refresh_hash: row.refresh_hash,
            previous_hash: row.previous_hash,
            rotated_at: row.rotated_at,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            tokens_since: row.tokens_since,
        }
    }
}

/// Inserts a session.
pub async fn insert(tx: &Tx, new: NewSession) -> Result<()> {
    let row = session::ActiveModel {
        id: Set(new.id.0),
        account_id: Set(new.account.0),
        browser: Set(new.browser),
        refresh_hash: Set(new.refresh_hash),
        previous_hash: Set(None),
        rotated_at: Set(None),
        user_agent: Set(new.user_agent),
        address: Set(new.address),
        created_at: Set(new.created_at),
        last_used_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        ended_at: Set(None),
        tokens_since: Set(None),
    };
    row.insert(tx).await?;
    Ok(())
}

fn alive(rows: Select<Entity>, now: Timestamp) -> Select<Entity> {
    rows.filter(COLUMN.ended_at.is_null())
        .filter(COLUMN.expires_at.gt(now))
}

/// Returns the session with its account in one query, if both are active.
pub async fn living(
    conn: &impl ConnectionTrait,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<LivingSession>> {
    let found = alive(Entity::find_by_id(id.0), now)
        .find_also_related(account::Entity)
        .filter(
            account::COLUMN
                .expires_at
                .is_null()
                .or(account::COLUMN.expires_at.gt(now)),
        )
        .one(conn)
        .await?;
    let Some((row, Some(account))) = found else {
        return Ok(None);
    };
    Ok(Some(LivingSession::new(row, account.into_account()?)))
}

/// Returns the active sessions of an account, last used first; at most 100.
pub async fn list(
    conn: &impl ConnectionTrait,
    owner: &Account,
    now: Timestamp,
) -> Result<Vec<LivingSession>> {
    let rows = alive(Entity::find(), now)
        .filter(COLUMN.account_id.eq(owner.profile.id.0))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
        .limit(100)
        .all(conn)
        .await?;
    let with_owner = |row| LivingSession::new(row, owner.clone());
    Ok(rows.into_iter().map(with_owner).collect())
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
        .filter(COLUMN.account_id.eq(owner.0))
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
    session: &LivingSession,
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
        .filter(COLUMN.id.eq(session.id.0))
        .filter(COLUMN.refresh_hash.eq(session.refresh_hash.clone()))
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
        .filter(COLUMN.id.eq(id.0))
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
        .filter(COLUMN.id.eq(id.0))
        .filter(COLUMN.last_used_at.lt(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends a session of this account. Returns false if there is none, or it had ended before.
pub async fn end(tx: &Tx, owner: AccountId, id: SessionId, now: Timestamp) -> Result<bool> {
    let ended = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(COLUMN.id.eq(id.0))
        .filter(COLUMN.account_id.eq(owner.0))
        .filter(COLUMN.ended_at.is_null())
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
        .filter(COLUMN.account_id.eq(owner.0))
        .filter(COLUMN.ended_at.is_null());
    if let Some(keep) = keep {
        living = living.filter(COLUMN.id.ne(keep.0));
    }
    let rows = living.exec_with_returning(tx).await?;
    Ok(rows.into_iter().map(|row| SessionId(row.id)).collect())
}

/// Ends expired sessions, at most `limit`. Returns their ids.
pub async fn end_due(tx: &Tx, now: Timestamp, limit: u64) -> Result<Vec<SessionId>> {
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(COLUMN.ended_at.is_null())
        .filter(COLUMN.expires_at.lte(now))
        .limit(limit)
        .into_tuple::<Uuid>()
        .all(tx)
        .await?;
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(COLUMN.id.is_in(due.iter().copied()))
        .exec(tx)
        .await?;
    Ok(due.into_iter().map(SessionId).collect())
}

/// Deletes rows of sessions that ended before `before`, at most `limit`. Returns their number.
pub async fn delete_dead(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64> {
    let dead = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(COLUMN.ended_at.lt(before))
        .limit(limit)
        .into_tuple::<Uuid>()
        .all(tx)
        .await?;
    let deleted = Entity::delete_many()
        .filter(COLUMN.id.is_in(dead))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}
