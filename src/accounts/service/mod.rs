//! Actions on accounts and sessions.

mod admin;
mod bots;
mod departure;
mod device;
mod export;
mod guessing;
mod hashing;
mod letters;
mod limits;
mod passwords;
mod personal_data;
mod pictures;
mod profile;
mod registration;
mod renewal;
mod reset;
mod second_factor;
mod secrets;
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
        lease::{Limiter, Rate},
        live::Live,
        net::network,
        secrets::{Keys, SigningKey, Vault},
    },
    realtime::bus::SharedBus,
    shared::{AccountId, Error, Result},
};
use futures::future::BoxFuture;
use hashing::Passwords;
use secrets::secret;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, RwLock},
    time::Duration,
};
use tokens::Tokens;
use tokio::sync::Notify;

pub use departure::{Eraser, Farewell};
pub use device::{Device, DeviceKind};
pub use export::Exporter;
pub(super) use export::file_name;
pub use limits::Entrance;
pub(super) use limits::client;
pub use passwords::Proof;
pub use personal_data::{Copying, Erasure, PersonalData};
pub use pictures::too_large as picture_too_large;
pub use registration::NewPerson;
pub use renewal::Renewed;
pub use sessions::SignedIn;
pub use sign_in::{Credentials, Step};
pub use sweeper::Sweeper;

/// Most ids per query.
const CHUNK: usize = 500;

/// Most queued pictures; each takes a few megabytes.
const PICTURES: usize = 16;
/// Most queued or running pictures of one account.
const OWN_PICTURES: usize = 2;

/// Runs in the transaction that creates an account.
type Hook = Arc<dyn Fn(Tx, Profile) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// Accounts and sessions; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    bus: SharedBus,
    limiter: Arc<Limiter>,
    /// true if the instance serves only this machine.
    local: bool,
    /// Makes the next account the first admin.
    setup_token: String,
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
    /// Features that store personal data.
    personal_data: RwLock<Vec<Arc<dyn PersonalData>>>,
    /// Wakes the [`Eraser`]: a deletion was requested, which may be due at once.
    erasing: Notify,
    /// Wakes the [`Exporter`]: an export was requested.
    exporting: Notify,
    changed_hooks: RwLock<Vec<Hook>>,
    /// Profiles that changed since the server started.
    changed: RwLock<HashMap<AccountId, Profile>>,
    /// Keys of reserved names of bots.
    reserved: RwLock<HashSet<String>>,
    /// Processes one picture at a time: a small file can need much memory.
    pictures: Pool,
}

impl Service {
    /// Creates the service; called once, in `server.rs`.
    pub fn new(
        db: Database,
        bus: SharedBus,
        limiter: Arc<Limiter>,
        Keys { key, vault }: Keys,
        config: &Config,
        live: Live,
        mail: mail::Service,
    ) -> Self {
        let parallelism = config.accounts.hashing_parallelism;
        let loopback = config.site().site_addr.ip().is_loopback();
        let service = Self {
            inner: Arc::new(Inner {
                db,
                bus,
                limiter,
                local: loopback && config.server.public_url.is_empty(),
                setup_token: secret(),
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
                personal_data: RwLock::default(),
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

    /// Runs `hook` for each new account in the transaction that creates it; if the hook fails, the
    /// account is not created. Features register their hooks at start.
    pub fn on_created(
        &self,
        hook: impl Fn(Tx, Profile) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) {
        write(&self.inner.hooks).push(Arc::new(hook));
    }

    /// Registers a feature for exports and deletions; it runs after those registered before.
    /// Features call this at start.
    pub fn add_personal_data(&self, feature: impl PersonalData + 'static) {
        write(&self.inner.personal_data).push(Arc::new(feature));
    }

    /// Returns the public profiles of these accounts; omits unknown ids.
    pub async fn profiles(&self, ids: &[AccountId]) -> Result<HashMap<AccountId, Profile>> {
        let mut profiles = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let accounts = store::by_ids(&self.inner.db, chunk).await?;
            profiles.extend(accounts.into_iter().map(|a| (a.profile.id, a.profile)));
        }
        Ok(profiles)
    }

    /// Returns the public profile of an account.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn profile_by_id(&self, id: AccountId) -> Result<Profile> {
        let account = self.account(id).await?.ok_or_else(Error::not_found)?;
        Ok(account.profile)
    }

    /// Returns an account with the fields that only its owner sees.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>> {
        store::by_id(&self.inner.db, id).await
    }

    /// Counts a change of data that has its own change counts (read markers), in the transaction of
    /// the change. Returns the new count.
    ///
    /// # Errors
    /// `not-found` if the account does not exist.
    pub async fn bump_rev(tx: &Tx, account: AccountId) -> Result<i64> {
        store::bump_rev(tx, account).await
    }

    /// Counts a change of an account's data of this kind, in the transaction of the change. Returns
    /// the new change count, for the event. Pages that miss it get [`crate::accounts::AccountChanged`] with the kind.
    ///
    /// # Errors
    /// `not-found` if the account does not exist.
    pub async fn count_change(tx: &Tx, account: AccountId, kind: &str) -> Result<i64> {
        let revs = store::count_changes(tx, kind, &[(account, 1)]).await?;
        revs.first()
            .map(|(_, rev)| *rev)
            .ok_or_else(Error::not_found)
    }

    /// Counts several changes of each account, like [`Self::count_change`]. Returns the change
    /// counts after them, without accounts that do not exist.
    pub async fn count_changes(
        tx: &Tx,
        kind: &str,
        changes: &[(AccountId, i64)],
    ) -> Result<HashMap<AccountId, i64>> {
        let revs = store::count_changes(tx, kind, changes).await?;
        Ok(revs.into_iter().collect())
    }

    /// Returns the kinds of an account's data that changed after a change count.
    pub async fn changes_after(&self, account: AccountId, rev: i64) -> Result<Vec<String>> {
        store::changes_after(&self.inner.db, account, rev).await
    }

    /// Returns the change counts of accounts, without accounts that do not exist.
    pub async fn revs_of(&self, accounts: &[AccountId]) -> Result<Vec<(AccountId, i64)>> {
        store::revs_of(&self.inner.db, accounts).await
    }

    /// true if the account is an admin.
    pub async fn is_admin(&self, account: AccountId) -> Result<bool> {
        store::is_admin(&self.inner.db, account).await
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

    /// Counts `what` by or for `who` against `rate`.
    async fn limit(&self, what: &str, who: &str, rate: Rate) -> Result<()> {
        let key = format!("accounts.{what}:{who}");
        self.inner.limiter.take(&key, rate).await.map_err(|wait| {
            let seconds = seconds(wait);
            Error::rate_limited(
                "too-many-attempts",
                format!("Too many attempts; try again in {seconds} seconds"),
                seconds,
            )
        })
    }

    /// Counts an attempt against `rate` unless it succeeds: correct attempts are never limited.
    async fn attempt<T>(
        &self,
        what: &str,
        who: &str,
        rate: Rate,
        attempt: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        // Counts before the attempt, so that simultaneous attempts count as well.
        self.limit(what, who, rate).await?;
        let result = attempt.await;
        if result.is_ok() {
            let key = format!("accounts.{what}:{who}");
            self.inner.limiter.give_back(&key).await;
        }
        result
    }

    fn personal_data(&self) -> Vec<Arc<dyn PersonalData>> {
        read(&self.inner.personal_data).clone()
    }

    fn hooks(&self) -> Vec<Hook> {
        read(&self.inner.hooks).clone()
    }
}

/// Rounds a wait up to whole seconds.
fn seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1_000).max(1)).unwrap_or(u64::MAX)
}
