//! Queries and changes of the admin pages.

use super::accounts::account::{Column, Entity};
use super::sessions::session;
use crate::{
    accounts::{Account, AccountKind},
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp, names},
};
use sea_orm::{
    Condition, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{ExprTrait, Func, LikeExpr},
};
use std::collections::HashMap;

/// Use of an account.
#[derive(Clone, Copy, Debug, Default)]
pub struct Use {
    /// Number of active sessions.
    pub sessions: i64,
    /// When a session was last used. None: no session row is left.
    pub last_seen: Option<Timestamp>,
}

/// Returns accounts created before `before`, newest first, whose names or email address contain
/// `search`. The search scans all accounts, which is fine for rare requests of admins.
pub async fn page(
    conn: &impl ConnectionTrait,
    search: Option<&str>,
    before: Option<AccountId>,
    limit: u64,
) -> Result<Vec<Account>> {
    let mut rows = Entity::find();
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    if let Some(search) = search {
        let lower = search.to_lowercase();
        rows = rows.filter(
            Condition::any()
                .add(Expr::col(Column::UsernameKey).like(holding(&names::folded(search))))
                .add(Expr::col(Column::EmailKey).like(holding(&lower)))
                .add(Expr::expr(Func::lower(Expr::col(Column::DisplayName))).like(holding(&lower))),
        );
    }
    let rows = rows.order_by_desc(Column::Id).limit(limit).all(conn);
    Ok(rows.await?.into_iter().map(Account::from).collect())
}

/// Matches values that contain `text`; escapes its wildcards.
fn holding(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// Returns sessions and last use of these accounts.
pub async fn uses(
    conn: &impl ConnectionTrait,
    ids: &[AccountId],
    now: Timestamp,
) -> Result<HashMap<AccountId, Use>> {
    let mut uses: HashMap<AccountId, Use> = HashMap::new();
    let seen = session::Entity::find()
        .select_only()
        .column(session::Column::AccountId)
        .column_as(session::Column::LastUsedAt.max(), "last_seen")
        .filter(session::Column::AccountId.is_in(ids.iter().copied()))
        .group_by(session::Column::AccountId)
        .into_tuple::<(AccountId, Option<Timestamp>)>()
        .all(conn)
        .await?;
    for (id, last_seen) in seen {
        uses.entry(id).or_default().last_seen = last_seen;
    }
    let living = session::Entity::find()
        .select_only()
        .column(session::Column::AccountId)
        .column_as(session::Column::Id.count(), "sessions")
        .filter(session::Column::AccountId.is_in(ids.iter().copied()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .group_by(session::Column::AccountId)
        .into_tuple::<(AccountId, i64)>()
        .all(conn)
        .await?;
    for (id, sessions) in living {
        uses.entry(id).or_default().sessions = sessions;
    }
    Ok(uses)
}

/// Suspends or unsuspends an account. Returns false if nothing changed.
pub async fn set_suspended(tx: &Tx, id: AccountId, since: Option<Timestamp>) -> Result<bool> {
    let changes = if since.is_some() {
        Column::SuspendedAt.is_null()
    } else {
        Column::SuspendedAt.is_not_null()
    };
    let changed = Entity::update_many()
        .col_expr(Column::SuspendedAt, Expr::value(since))
        .filter(Column::Id.eq(id))
        .filter(changes)
        .exec(tx)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// Makes an account an admin, or not an admin. Returns false if nothing changed.
pub async fn set_admin(tx: &Tx, id: AccountId, admin: bool) -> Result<bool> {
    let changed = Entity::update_many()
        .col_expr(Column::Admin, Expr::value(admin))
        .filter(Column::Id.eq(id))
        .filter(Column::Admin.eq(!admin))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// true if the account is suspended.
pub async fn is_suspended(conn: &impl ConnectionTrait, id: AccountId) -> Result<bool> {
    let suspended = Entity::find_by_id(id).filter(Column::SuspendedAt.is_not_null());
    Ok(suspended.exists(conn).await?)
}

/// Number of accounts of a kind.
pub async fn count(conn: &impl ConnectionTrait, kind: AccountKind) -> Result<u64> {
    let of_kind = Entity::find().filter(Column::Kind.eq(kind));
    Ok(of_kind.count(conn).await?)
}
