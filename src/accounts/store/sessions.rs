//! Rows of `sessions`. A session lives until it is ended or its time is over; ended rows are kept
//! for a while, so that a late request learns why.

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
    //! The entity.
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

/// A session about to be opened.
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    pub account: AccountId,
    /// A browser or a program.
    pub browser: bool,
    /// SHA-256 of a browser's refresh secret.
    pub refresh_hash: Option<String>,
    /// What it says it is.
    pub user_agent: String,
    pub address: String,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends unless it is renewed.
    pub expires_at: Timestamp,
}

/// A session that lives, with its account.
pub struct LivingSession {
    pub id: SessionId,
    pub account: Account,
    /// A browser or a program.
    pub browser: bool,
    /// SHA-256 of a browser's refresh secret.
    pub refresh_hash: Option<String>,
    /// SHA-256 of the secret before that.
    pub previous_hash: Option<String>,
    /// When the secret was renewed last.
    pub rotated_at: Option<Timestamp>,
    /// What it said it is.
    pub user_agent: String,
    /// Where it was last seen.
    pub address: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// When it ends unless it is renewed.
    pub expires_at: Timestamp,
    /// Tokens from before are not taken any more.
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

/// Stores a new session.
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

/// The session of this id with its account, in one query, when both are alive.
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

/// The living sessions of an account, those used last first; 100 at most.
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

/// Where the last sessions of an account were used, ended ones among them.
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

/// Replaces a browser's refresh secret and keeps the replaced one for the grace period. False:
/// another node has just done so.
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

/// Gives a session new secrets without any grace for the old ones.
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

/// Notes that a session was used, unless that was noted after `before`.
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

/// Ends a session of this account. False: it has no such session, or it had ended before.
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

/// Ends all sessions of this account but one, or all without an exception; which they were.
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

/// Ends sessions whose time is over, `limit` at most; which they were.
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

/// Removes rows of sessions that ended before `before`, `limit` at most; how many.
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
