//! What happens to accounts and sessions, in order.

mod bots;
mod departure;
mod export;
mod guessing;
mod keeping;
mod letters;
mod limits;
mod operating;
mod passwords;
mod pictures;
mod profile;
mod registration;
mod renewal;
mod reset;
mod second_factor;
mod sessions;
mod setup;
mod sign_in;
mod sweeper;
pub(super) mod tokens;

use super::{Account, Profile, store};
use crate::shared::sync::{read, write};
use crate::{
    mail,
    platform::{
        compute::Pool,
        config::{self, Config},
        database::{Database, Tx},
        lease::{Lease, Rate},
        live::Live,
        net::network,
        secrets::{Keys, SigningKey, Vault},
    },
    realtime::bus::SharedBus,
    shared::{AccountId, Error, Result},
};
use futures::future::BoxFuture;
use passwords::Passwords;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, RwLock},
    time::Duration,
};
use tokens::Tokens;
use tokio::sync::Notify;

pub use departure::{Eraser, Erasure, Farewell};
pub(super) use export::file_name;
pub use export::{Copying, Exporter};
pub use keeping::Keeper;
pub use limits::Entrance;
pub(super) use limits::client;
pub use passwords::Proof;
pub use pictures::too_large as picture_too_large;
pub use registration::NewPerson;
pub use renewal::Renewed;
pub use sessions::SignedIn;
pub use sign_in::{Credentials, Step};
pub use sweeper::Sweeper;

/// Most ids in one query.
const CHUNK: usize = 500;

/// Pictures that wait to be worked on; each holds a few megabytes.
const PICTURES: usize = 16;
/// Those of one account that wait or are worked on.
const OWN_PICTURES: usize = 2;

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
    setup: setup::SetUp,
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
    /// Keys of the names that belong to bots.
    reserved: RwLock<HashSet<String>>,
    /// One picture at a time: one that is packed small takes much memory while it is worked on.
    pictures: Pool,
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
    /// Was its request handed on by a proxy?
    pub forwarded: bool,
}

impl Service {
    /// The service; made once, in `server.rs`.
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
                setup: setup::SetUp::new(config),
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
                reserved: RwLock::default(),
                pictures: Pool::new(1, PICTURES, OWN_PICTURES),
            }),
        };
        service.write_reset_letters();
        service.write_security_letters();
        service
    }

    /// Has `hook` run for every new account, inside the transaction that creates it: its failure
    /// undoes the account. Features above register theirs at start.
    pub fn on_created(
        &self,
        hook: impl Fn(Tx, Profile) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) {
        write(&self.inner.hooks).push(Arc::new(hook));
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
        read(&self.inner.hooks).clone()
    }
}

/// Whole seconds after which a wait is over.
fn seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u64::MAX)
}
