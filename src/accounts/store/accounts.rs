//! Rows of `accounts`.

use crate::ui::preferences::Preferences;
use crate::{
    accounts::{Account, AccountKind, Profile},
    platform::database::{Tx, is_unique_violation},
    shared::{AccountId, Error, Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, DatabaseBackend, QuerySelect, entity::prelude::*, sea_query::ExprTrait,
};
use std::collections::HashSet;

pub(super) mod account {
    use crate::accounts::AccountKind;
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: AccountId,
        pub username: String,
        #[sea_orm(unique)]
        pub username_key: String,
        pub display_name: String,
        pub email: Option<String>,
        #[sea_orm(unique)]
        pub email_key: Option<String>,
        pub password_hash: Option<String>,
        pub password_version: i64,
        pub kind: AccountKind,
        pub admin: bool,
        pub rev: i64,
        pub created_at: DateTimeUtc,
        pub expires_at: Option<DateTimeUtc>,
        pub preferences: Option<String>,
        pub avatar: Option<String>,
        pub suspended_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use account::{Column, Entity, Model};

/// An account to insert.
#[derive(Clone)]
pub struct NewAccount {
    /// Account id.
    pub id: AccountId,
    /// Unique name.
    pub username: String,
    /// Folded username; unique.
    pub username_key: String,
    /// Display name.
    pub display_name: String,
    /// Email address and its folded form.
    pub email: Option<(String, String)>,
    /// Hash of the password.
    pub password_hash: Option<String>,
    /// Kind of the account.
    pub kind: AccountKind,
    /// true for admins of the instance.
    pub admin: bool,
    /// Time of creation.
    pub created_at: Timestamp,
    /// When a guest's account expires.
    pub expires_at: Option<Timestamp>,
}

/// An account with its password hash.
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// Hash of the password; guests and bots have none.
    pub password_hash: Option<String>,
}

impl From<Model> for Account {
    fn from(row: Model) -> Self {
        Self {
            profile: Profile {
                id: row.id,
                username: row.username,
                display_name: row.display_name,
                kind: row.kind,
                avatar: row.avatar,
            },
            email: row.email,
            admin: row.admin,
            created_at: row.created_at,
            expires_at: row.expires_at,
            preferences: row.preferences.as_deref().map(Preferences::of_line),
            suspended_at: row.suspended_at,
            password_version: row.password_version,
            rev: row.rev,
        }
    }
}

impl From<Model> for Credentials {
    fn from(mut row: Model) -> Self {
        Self {
            password_hash: row.password_hash.take(),
            account: row.into(),
        }
    }
}

/// Inserts an account.
///
/// # Errors
/// `username-taken`, `email-taken`.
pub async fn insert(tx: &Tx, new: NewAccount) -> Result<Account> {
    let (email, email_key) = new.email.unzip();
    let row = account::ActiveModel {
        id: Set(new.id),
        username: Set(new.username),
        username_key: Set(new.username_key),
        display_name: Set(new.display_name),
        email: Set(email),
        email_key: Set(email_key),
        password_hash: Set(new.password_hash),
        password_version: Set(0),
        kind: Set(new.kind),
        admin: Set(new.admin),
        rev: Set(0),
        created_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        preferences: Set(None),
        avatar: Set(None),
        suspended_at: Set(None),
    };
    Ok(row.insert(tx).await.map_err(taken)?.into())
}

/// Both databases name the violated column in the error message only.
fn taken(error: DbErr) -> Error {
    if !is_unique_violation(&error) {
        return error.into();
    }
    if error.to_string().contains("email_key") {
        Error::conflict("email-taken", "Email already registered")
    } else {
        username_taken()
    }
}

/// Error: the name is in use, or belonged to a deleted account.
pub fn username_taken() -> Error {
    Error::conflict("username-taken", "This username is taken")
}

/// true if an admin exists.
pub async fn any_admin(conn: &impl ConnectionTrait) -> Result<bool> {
    let admins = Entity::find().filter(Column::Admin.eq(true));
    Ok(admins.exists(conn).await?)
}

/// true if a member has registered.
pub async fn any_person(conn: &impl ConnectionTrait) -> Result<bool> {
    let people = Entity::find().filter(Column::Kind.eq(AccountKind::Person));
    Ok(people.exists(conn).await?)
}

/// Prevents other nodes from creating a first member at the same time, until the commit. `SQLite`
/// has a single writer anyway.
pub async fn lock_first_person(tx: &Tx) -> Result<()> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7411002)")
            .await?;
    }
    Ok(())
}

/// Frees the name of an expired guest. The row stays, since messages refer to it.
pub async fn free_expired_name(tx: &Tx, username_key: &str, now: Timestamp) -> Result<()> {
    let Some(guest) = Entity::find()
        .filter(Column::UsernameKey.eq(username_key))
        .filter(Column::Kind.eq(AccountKind::Guest))
        .filter(Column::ExpiresAt.lte(now))
        .one(tx)
        .await?
    else {
        return Ok(());
    };
    // Folded names never contain a colon, so this value cannot collide.
    change(
        tx,
        guest.id,
        Column::UsernameKey,
        format!("expired:{}", guest.id),
    )
    .await
}

/// Returns those of these folded names that are in use.
pub async fn taken_usernames(tx: &Tx, keys: Vec<String>) -> Result<HashSet<String>> {
    let taken = Entity::find()
        .select_only()
        .column(Column::UsernameKey)
        .filter(Column::UsernameKey.is_in(keys))
        .into_tuple::<String>()
        .all(tx)
        .await?;
    Ok(taken.into_iter().collect())
}

/// Returns an account by id.
pub async fn by_id(conn: &impl ConnectionTrait, id: AccountId) -> Result<Option<Account>> {
    let row = Entity::find_by_id(id).one(conn).await?;
    Ok(row.map(Account::from))
}

/// Returns accounts by id; omits unknown ids.
pub async fn by_ids(conn: &impl ConnectionTrait, ids: &[AccountId]) -> Result<Vec<Account>> {
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Returns an account by its folded username.
pub async fn by_username(
    conn: &impl ConnectionTrait,
    username_key: &str,
) -> Result<Option<Credentials>> {
    let row = Entity::find_by_username_key(username_key).one(conn).await?;
    Ok(row.map(Credentials::from))
}

/// Returns the bot with the first of these folded usernames.
pub async fn first_bot(conn: &impl ConnectionTrait, keys: &[String]) -> Result<Option<Account>> {
    let bots = Entity::find()
        .filter(Column::UsernameKey.is_in(keys.iter().cloned()))
        .filter(Column::Kind.eq(AccountKind::Bot))
        .all(conn)
        .await?;
    let place = |bot: &Model| keys.iter().position(|key| *key == bot.username_key);
    let first = bots.into_iter().min_by_key(place);
    Ok(first.map(Account::from))
}

/// Returns an account by its folded email address.
pub async fn by_email(conn: &impl ConnectionTrait, email_key: &str) -> Result<Option<Credentials>> {
    let row = Entity::find_by_email_key(email_key.to_owned())
        .one(conn)
        .await?;
    Ok(row.map(Credentials::from))
}

/// Returns an account's password hash and its version; guests and bots have none.
pub async fn password_hash(
    conn: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<(String, i64)>> {
    let found = Entity::find_by_id(id)
        .select_only()
        .column(Column::PasswordHash)
        .column(Column::PasswordVersion)
        .into_tuple::<(Option<String>, i64)>()
        .one(conn)
        .await?;
    Ok(found.and_then(|(hash, version)| Some((hash?, version))))
}

/// true if the account's password still has this version. Called in the transaction that the proof
/// is for.
pub async fn has_password_version(tx: &Tx, id: AccountId, version: i64) -> Result<bool> {
    let mut row = Entity::find_by_id(id)
        .select_only()
        .column(Column::PasswordVersion);
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        // Another node may be changing it.
        row = row.lock_shared();
    }
    let now = row.into_tuple::<i64>().one(tx).await?;
    Ok(now == Some(version))
}

/// Sets an account's password.
///
/// # Errors
/// `not-found` if the account does not exist or cannot have a password.
pub async fn set_password(tx: &Tx, id: AccountId, password_hash: &str) -> Result<()> {
    let next = Expr::col(Column::PasswordVersion).add(1);
    let set = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(password_hash))
        .col_expr(Column::PasswordVersion, next)
        .filter(Column::Id.eq(id))
        .filter(Column::Kind.eq(AccountKind::Person))
        .exec(tx)
        .await?;
    if set.rows_affected == 0 {
        return Err(Error::not_found());
    }
    Ok(())
}

/// true if the account is an admin.
pub async fn is_admin(conn: &impl ConnectionTrait, id: AccountId) -> Result<bool> {
    Ok(by_id(conn, id).await?.is_some_and(|account| account.admin))
}

/// Stores an account's preferences.
pub async fn set_preferences(tx: &Tx, id: AccountId, preferences: &Preferences) -> Result<()> {
    change(tx, id, Column::Preferences, preferences.line()).await
}

/// Sets an account's display name.
pub async fn set_display_name(tx: &Tx, id: AccountId, name: String) -> Result<()> {
    change(tx, id, Column::DisplayName, name).await
}

/// Sets or removes an account's picture.
pub async fn set_avatar(tx: &Tx, id: AccountId, hash: Option<String>) -> Result<()> {
    change(tx, id, Column::Avatar, hash).await
}

async fn change(tx: &Tx, id: AccountId, column: Column, value: impl Into<Value>) -> Result<()> {
    Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
