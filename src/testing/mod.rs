//! Helpers for the tests of several features: fresh databases, services, members, and the whole
//! server.

mod copy;
mod house;
pub mod mutation;
mod proxy;
mod smtp;
mod socket;
mod template;
mod wire;

use crate::accounts::{self, Device, DeviceKind, NewPerson, Viewer};
use crate::platform::{
    config::{Config, Limit},
    database::{Database, Timeouts},
    lease,
    live::Live,
    secrets::{Keys, SigningKey, Vault},
    tasks::Tasks,
};
use crate::realtime::bus::{InProcess, Publisher, SharedBus};
use crate::{chat, communities, mail};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::time::Instant;

pub use copy::copy_of;
pub use house::{Reply, TestHouse};
pub use proxy::{Proxy, Way};
pub use smtp::SmtpStub;
pub use socket::{PATIENCE, Socket};
pub use wire::{Answer, Wire};

/// Variable with the URL of a Postgres cluster in which tests can create databases, such as
/// `postgres://postgres@127.0.0.1:5433/postgres`. Without it only SQLite is tested.
const CLUSTER: &str = "RIALTO_TEST_POSTGRES";

/// A fresh database with all tables and a running writer. `stop` deletes it cleanly; a test that
/// panics leaves its Postgres database in the cluster, which is temporary.
pub struct TestDb {
    /// The database itself.
    pub db: Database,
    /// The running writer; more workers can be started here.
    pub tasks: Tasks,
    /// The data folder, deleted on drop.
    pub data: TempDir,
    postgres: Option<PostgresDb>,
    url: String,
}

/// A fresh database with all tables in the Postgres cluster.
pub struct PostgresDb {
    /// URL of the database.
    pub url: String,
    name: String,
    admin: DatabaseConnection,
}

impl PostgresDb {
    /// Creates a database. None: there is no cluster.
    pub async fn create() -> Option<Self> {
        let (cluster, admin) = Self::cluster().await?;
        let name = template::postgres(&cluster, &admin).await;
        Some(Self::of(&cluster, name, admin))
    }

    /// Creates a database without tables. None: there is no cluster.
    pub async fn empty() -> Option<Self> {
        let (cluster, admin) = Self::cluster().await?;
        let name = template::empty(&admin, "test").await;
        Some(Self::of(&cluster, name, admin))
    }

    async fn cluster() -> Option<(String, DatabaseConnection)> {
        let cluster = std::env::var(CLUSTER).ok()?;
        let admin = sea_orm::Database::connect(&cluster).await.unwrap();
        Some((cluster, admin))
    }

    fn of(cluster: &str, name: String, admin: DatabaseConnection) -> Self {
        let url = template::with_name(cluster, &name);
        Self { url, name, admin }
    }

    /// Drops the database.
    pub async fn drop(self) {
        self.admin
            .execute_unprepared(&format!("DROP DATABASE {} WITH (FORCE)", self.name))
            .await
            .unwrap();
    }
}

impl TestDb {
    /// Runs a test on SQLite, and on Postgres if there is a cluster.
    pub async fn each<F, Fut>(test: F)
    where
        F: Fn(Database) -> Fut,
        Fut: Future<Output = ()>,
    {
        let mut databases = vec![Self::sqlite().await];
        databases.extend(Self::postgres().await);
        for fresh in databases {
            eprintln!("on {}", fresh.db.kind());
            test(fresh.db.clone()).await;
            fresh.stop().await;
        }
    }

    /// Creates a SQLite database in its own folder.
    pub async fn sqlite() -> Self {
        Self::open("", None).await
    }

    /// Creates a database in the Postgres cluster. None: there is no cluster.
    pub async fn postgres() -> Option<Self> {
        let postgres = PostgresDb::create().await?;
        let url = postgres.url.clone();
        Some(Self::open(&url, Some(postgres)).await)
    }

    async fn open(url: &str, postgres: Option<PostgresDb>) -> Self {
        let data = tempfile::tempdir().unwrap();
        if url.is_empty() {
            template::sqlite(data.path()).await;
        }
        let (db, writer) = Database::open(url, data.path()).await.unwrap();
        let tasks = Tasks::default();
        tasks.start(writer);
        Self {
            db,
            tasks,
            data,
            postgres,
            url: url.to_owned(),
        }
    }

    /// Opens the same database with its own connections and writer, at another address if given.
    pub async fn again(&self, at: Option<SocketAddr>, timeouts: Timeouts) -> (Database, Tasks) {
        let url = match at {
            Some(at) => {
                let (user, rest) = self.url.split_once('@').unwrap();
                let (_, name) = rest.split_once('/').unwrap();
                format!("{user}@{at}/{name}")
            }
            None => self.url.clone(),
        };
        let opened = Database::open_with(&url, self.data.path(), timeouts).await;
        let (db, writer) = opened.unwrap();
        let tasks = Tasks::default();
        tasks.start(writer);
        (db, tasks)
    }

    /// URL of the database; empty: the file in the data folder.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Address of the Postgres server.
    pub async fn server(&self) -> SocketAddr {
        let (_, rest) = self.url.split_once('@').unwrap();
        let (host, _) = rest.split_once('/').unwrap();
        tokio::net::lookup_host(host).await.unwrap().next().unwrap()
    }

    /// Stops the writer after its waiting jobs and deletes the database.
    pub async fn stop(self) {
        self.tasks.stop(Duration::from_secs(10)).await;
        if let Some(postgres) = self.postgres {
            postgres.drop().await;
        }
    }
}

/// The basic services on a fresh database.
pub struct Core {
    /// The bus on which they publish.
    pub bus: SharedBus,
    /// Accounts, sessions and tokens.
    pub accounts: accounts::Service,
    /// Channels and members.
    pub communities: communities::Service,
    /// Messages.
    pub chat: chat::Service,
}

impl Core {
    /// Creates the services.
    pub async fn new(db: &Database, config: &Config) -> Self {
        let bus = Arc::new(Publisher::new(InProcess::default()));
        let lease: Arc<dyn lease::Lease> = Arc::new(lease::InProcess::default());
        let key =
            SigningKey::load(Some("a key for these tests, 32 bytes or more"), "".as_ref()).unwrap();
        let vault = Vault::new(&[7; 32]).unwrap();
        let live = Live::of(config);
        let accounts = accounts::Service::new(
            db.clone(),
            bus.clone(),
            lease.clone(),
            Keys { key, vault },
            config,
            live.clone(),
            mail::Service::new(db.clone(), None),
        );
        let communities = communities::Service::start(
            db.clone(),
            bus.clone(),
            lease.clone(),
            accounts.clone(),
            &config.limits,
        )
        .await
        .unwrap();
        let chat = chat::Service::start(
            db.clone(),
            bus.clone(),
            lease,
            accounts.clone(),
            communities.clone(),
            &config.limits,
            live,
        );
        Self {
            bus,
            accounts,
            communities,
            chat,
        }
    }

    /// Registers a member.
    pub async fn person(&self, username: &str) -> Viewer {
        person(&self.accounts, username).await.0
    }
}

/// Registers a member and returns a program's access token too.
pub async fn person(accounts: &accounts::Service, username: &str) -> (Viewer, String) {
    let person = NewPerson {
        username: Some(username.into()),
        display_name: None,
        email: format!("{username}@example.com"),
        password: "correct horse".into(),
        invite: None,
        // The first account becomes admin; with the token it can register from any address.
        setup_token: accounts.setup_token().await.unwrap().map(str::to_owned),
    };
    let account = accounts.register(person, &device()).await.unwrap();
    let session = accounts.open_session(account, &device()).await.unwrap();
    let viewer = accounts.viewer_of_access_token(&session.access).await;
    (viewer.unwrap(), session.access)
}

/// A program as a device.
pub fn device() -> Device {
    Device {
        kind: DeviceKind::Program,
        address: "192.0.2.2".into(),
        user_agent: "a test".into(),
        forwarded: false,
    }
}

/// Counts the rows of a table, or of a table with a condition.
pub async fn count(db: &Database, rows: &str) -> i64 {
    number(db, &format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {rows}")).await
}

/// Returns the single number that a query returns.
pub async fn number(db: &Database, sql: &str) -> i64 {
    let sql = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(sql).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Waits until a condition is true.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "it does not happen: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A limit of `count` per minute.
pub const fn a_minute(count: u32) -> Limit {
    Limit { count, seconds: 60 }
}

/// A limit that no test reaches.
pub const fn plenty() -> Limit {
    Limit {
        count: 1_000_000,
        seconds: 1,
    }
}
