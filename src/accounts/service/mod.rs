//! What happens to accounts and sessions, in order.

mod passwords;
mod registration;
mod renewal;
mod sessions;
mod sign_in;
mod sweeper;
pub(super) mod tokens;

use super::{Account, Profile, store};
use crate::{
    platform::{
        config::{self, Config},
        database::{Database, Tx},
        lease::{Lease, Rate},
        secrets::SigningKey,
    },
    realtime::bus::SharedBus,
    shared::{AccountId, Error, Result},
};
use futures::future::BoxFuture;
use passwords::Passwords;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokens::Tokens;

pub use registration::NewPerson;
pub use renewal::Renewed;
pub use sessions::SignedIn;
pub use sweeper::Sweeper;

/// Most ids in one query.
const CHUNK: usize = 500;

/// What runs inside the transaction that creates an account.
type Hook = Arc<dyn Fn(Tx, Profile) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// Accounts and sessions; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    bus: SharedBus,
    lease: Arc<dyn Lease>,
    tokens: Tokens,
    key: SigningKey,
    passwords: Passwords,
    accounts: config::Accounts,
    limits: config::Limits,
    server: config::Server,
    site_pkg_dir: String,
    hooks: RwLock<Vec<Hook>>,
}

/// How a session is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// In cookies that are renewed.
    Browser,
    /// In Bearer tokens.
    Program,
}

/// What signs in, and from where.
#[derive(Clone, Debug)]
pub struct Device {
    /// A browser or a program.
    pub kind: DeviceKind,
    /// Network address, for the rate limits and the list of sessions.
    pub address: String,
    /// What it says it is.
    pub user_agent: String,
}

impl Service {
    /// The service; made once, in `server.rs`.
    #[must_use]
    pub fn new(
        db: Database,
        bus: SharedBus,
        lease: Arc<dyn Lease>,
        key: SigningKey,
        config: &Config,
    ) -> Self {
        let parallelism = config.accounts.hashing_parallelism;
        Self {
            inner: Arc::new(Inner {
                db,
                bus,
                lease,
                tokens: Tokens::new(&key),
                key,
                passwords: Passwords::new(parallelism),
                accounts: config.accounts.clone(),
                limits: config.limits.clone(),
                server: config.server.clone(),
                site_pkg_dir: config.site().site_pkg_dir.clone(),
                hooks: RwLock::default(),
            }),
        }
    }

    /// Has `hook` run for every new account, inside the transaction that creates it: its failure
    /// undoes the account. Features above register theirs at start.
    pub fn on_created(
        &self,
        hook: impl Fn(Tx, Profile) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) {
        self.inner
            .hooks
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::new(hook));
    }

    /// What everybody may know of these accounts; those that do not exist are left out.
    pub async fn profiles(&self, ids: &[AccountId]) -> Result<HashMap<AccountId, Profile>> {
        let mut profiles = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let accounts = store::by_ids(&self.inner.db, chunk).await?;
            profiles.extend(accounts.into_iter().map(|a| (a.profile.id, a.profile)));
        }
        Ok(profiles)
    }

    /// What everybody may know of an account.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn profile_by_id(&self, id: AccountId) -> Result<Profile> {
        let account = self.account(id).await?.ok_or_else(Error::not_found)?;
        Ok(account.profile)
    }

    /// What its owner may know of an account.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>> {
        store::by_id(&self.inner.db, id).await
    }

    /// Counts one more change of the account's own things (read markers, preferences), in the
    /// change's own transaction; the new count.
    ///
    /// # Errors
    /// `not-found` when there is no such account.
    pub async fn bump_rev(tx: &Tx, account: AccountId) -> Result<i64> {
        store::bump_rev(tx, account).await
    }

    /// The count of changes of the account's own things.
    ///
    /// # Errors
    /// `not-found` when there is no such account.
    pub async fn rev_of(&self, account: AccountId) -> Result<i64> {
        store::rev_of(&self.inner.db, account).await
    }

    /// Does this account run the instance?
    pub async fn is_operator(&self, account: AccountId) -> Result<bool> {
        store::is_operator(&self.inner.db, account).await
    }

    /// Has the account with this e-mail address run the instance from now on.
    ///
    /// # Errors
    /// `account-unknown` when there is none.
    pub async fn make_operator(&self, email: &str) -> Result<Profile> {
        let email_key = super::rules::email_key(email);
        let job = move |tx: Tx| async move {
            let Some(found) = store::by_email(&tx, &email_key).await? else {
                return Err(Error::new(
                    crate::shared::Kind::NotFound,
                    "account-unknown",
                    "There is no account with this e-mail address",
                ));
            };
            let profile = found.account.profile;
            store::make_operator(&tx, profile.id).await?;
            Ok(profile)
        };
        self.inner.db.write(uuid::Uuid::nil(), job).await
    }

    pub(super) fn server(&self) -> &config::Server {
        &self.inner.server
    }

    pub(super) fn config(&self) -> &config::Accounts {
        &self.inner.accounts
    }

    pub(super) fn site_pkg_dir(&self) -> &str {
        &self.inner.site_pkg_dir
    }

    /// Takes one of `rate`, for `what` done by or to `who`.
    async fn limit(&self, what: &str, who: &str, rate: Rate) -> Result<()> {
        let key = format!("accounts.{what}:{who}");
        self.inner.lease.take(&key, rate).await.map_err(|wait| {
            let seconds = wait.as_millis().div_ceil(1_000).max(1) as u64;
            Error::rate_limited(
                "too-many-attempts",
                format!("Too many attempts; try again in {seconds} seconds"),
                seconds,
            )
        })
    }

    fn hooks(&self) -> Vec<Hook> {
        self.inner
            .hooks
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Under which key an address is limited. Whoever has one IPv6 address has its whole /64.
fn network(address: &str) -> String {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_counts_as_one() {
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:0:1:aaaa::1"), network("2001:db8:0:1::2"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_eq!(network(""), "");
    }
}
