//! What happens to accounts and sessions, in order.

mod departure;
mod export;
mod keeping;
mod operating;
mod passwords;
mod pictures;
mod profile;
mod registration;
mod renewal;
mod reset;
mod second_factor;
mod sessions;
mod sign_in;
mod sweeper;
pub(super) mod tokens;

use super::{Account, Profile, store};
use crate::{
    mail,
    platform::{
        config::{self, Config},
        database::{Database, Tx},
        lease::{Lease, Rate},
        live::Live,
        secrets::{Keys, SigningKey, Vault},
    },
    realtime::bus::SharedBus,
    shared::{AccountId, Error, Result},
};
use futures::future::BoxFuture;
use passwords::Passwords;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokens::Tokens;
use tokio::sync::{Notify, Semaphore};

pub use departure::{Eraser, Erasure, Farewell};
pub(super) use export::file_name;
pub use export::{Copying, Exporter};
pub use keeping::Keeper;
pub use pictures::too_large as picture_too_large;
pub use registration::NewPerson;
pub use renewal::Renewed;
pub use sessions::SignedIn;
pub use sign_in::{Credentials, Step};
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
    vault: Vault,
    passwords: Passwords,
    accounts: config::Accounts,
    limits: config::Limits,
    server: config::Server,
    site_pkg_dir: String,
    live: Live,
    mail: mail::Service,
    hooks: RwLock<Vec<Hook>>,
    /// Features that keep something of accounts.
    keepers: RwLock<Vec<Arc<dyn Keeper>>>,
    /// Somebody left whose time may be over at once.
    erasing: Notify,
    /// Somebody wants a copy.
    exporting: Notify,
    changed_hooks: RwLock<Vec<profile::Changed>>,
    /// Profiles that changed since the start.
    changed: RwLock<HashMap<AccountId, Profile>>,
    /// Holds back all but one of those who work on a picture.
    pictures: Arc<Semaphore>,
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
        Keys { key, vault }: Keys,
        config: &Config,
        live: Live,
        mail: mail::Service,
    ) -> Self {
        let parallelism = config.accounts.hashing_parallelism;
        let service = Self {
            inner: Arc::new(Inner {
                db,
                bus,
                lease,
                tokens: Tokens::new(&key),
                key,
                vault,
                passwords: Passwords::new(parallelism),
                accounts: config.accounts.clone(),
                limits: config.limits.clone(),
                server: config.server.clone(),
                site_pkg_dir: config.site().site_pkg_dir.clone(),
                live,
                mail,
                hooks: RwLock::default(),
                keepers: RwLock::default(),
                erasing: Notify::new(),
                exporting: Notify::new(),
                changed_hooks: RwLock::default(),
                changed: RwLock::default(),
                pictures: Arc::new(Semaphore::new(1)),
            }),
        };
        service.write_reset_letters();
        service
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

    /// Name of the cookie by which a browser is known.
    #[must_use]
    pub fn access_cookie(&self) -> &'static str {
        super::guard::access_cookie(self.server())
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

    /// Takes one REST request of an account, or of the network of somebody who has none.
    pub(super) async fn take_request(
        &self,
        account: Option<AccountId>,
        address: &str,
    ) -> Result<()> {
        let limits = &self.inner.limits;
        let (key, rate) = match account {
            Some(account) => (format!("requests:{account}"), limits.requests.rate()),
            None => (
                format!("requests:{}", network(address)),
                limits.network_requests.rate(),
            ),
        };
        self.inner.lease.take(&key, rate).await.map_err(|wait| {
            let seconds = seconds(wait);
            Error::rate_limited(
                "rate-limited",
                format!("Too many requests; go on in {seconds} seconds"),
                seconds,
            )
        })
    }

    /// Takes one of `rate`, for `what` done by or to `who`.
    async fn limit(&self, what: &str, who: &str, rate: Rate) -> Result<()> {
        let key = format!("accounts.{what}:{who}");
        self.inner.lease.take(&key, rate).await.map_err(|wait| {
            let seconds = seconds(wait);
            Error::rate_limited(
                "too-many-attempts",
                format!("Too many attempts; try again in {seconds} seconds"),
                seconds,
            )
        })
    }

    /// Counts an attempt against `rate` unless it succeeds: who gets it right is never in the way
    /// of themselves.
    async fn attempt<T>(
        &self,
        what: &str,
        who: &str,
        rate: Rate,
        attempt: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        // Taken before: attempts made at the same moment count as well.
        self.limit(what, who, rate).await?;
        let result = attempt.await;
        if result.is_ok() {
            let key = format!("accounts.{what}:{who}");
            self.inner.lease.give_back(&key).await;
        }
        result
    }

    fn hooks(&self) -> Vec<Hook> {
        self.inner
            .hooks
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Whole seconds after which a wait is over.
fn seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u64::MAX)
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
