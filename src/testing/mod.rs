//! Helpers for the tests of several features. `TestHouse` starts all services with some users, on a
//! copy of a database with all tables; `TestDb` is such a database alone.

mod copy;
mod home;
mod house;
pub mod mutation;
mod old;
mod proxy;
mod smtp;
mod socket;
mod template;
mod user;
mod wire;

use crate::accounts::{self, Device, DeviceKind, NewPerson, SignedIn};
use crate::mail;
use crate::platform::{
    config::{Config, Limit},
    database::{Database, Timeouts},
    lease,
    live::Live,
    secrets::{Keys, SigningKey, Vault},
    tasks::Tasks,
};
use crate::realtime::bus::SharedBus;
use crate::shared::Result;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};
use std::{borrow::Cow, net::SocketAddr, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::Instant};
use uuid::Uuid;

pub use copy::copy_of;
pub use home::Home;
pub use house::{TestHouse, read};
pub use old::{CREATED, OldDb};
pub use proxy::{Proxy, Way};
pub use smtp::SmtpStub;
pub use socket::{PATIENCE, Socket};
pub use user::{App, Reply, User, changed, reply, request};
pub use wire::{Answer, Wire};

/// Password of all users.
pub const PASSWORD: &str = "correct horse";

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

/// Creates the accounts alone, on an open database.
pub fn accounts_on(db: &Database, config: &Config, bus: SharedBus) -> accounts::Service {
    let key = SigningKey::load(Some("a key for these tests, 32 bytes or more"), "".as_ref());
    let keys = Keys {
        key: key.unwrap(),
        vault: Vault::new(&[7; 32]).unwrap(),
    };
    let limiter = Arc::new(lease::Limiter::default());
    let mail = mail::Service::new(db.clone(), None);
    let live = Live::of(config);
    accounts::Service::new(db.clone(), bus, limiter, keys, config, live, mail)
}

/// Registers a person and opens a program's session.
pub async fn register(accounts: &accounts::Service, username: &str) -> SignedIn {
    let person = NewPerson {
        username: Some(username.into()),
        display_name: None,
        email: format!("{username}@example.com"),
        password: PASSWORD.into(),
        invite: None,
        // The first account becomes admin; with the token it can register from any address.
        setup_token: accounts.setup_token().await.unwrap().map(str::to_owned),
    };
    let account = accounts.register(person, &device()).await.unwrap();
    accounts.open_session(account, &device()).await.unwrap()
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

/// Returns the code of an error; `ok` if there is none.
pub fn code<T>(result: Result<T>) -> Cow<'static, str> {
    result.map_or_else(|error| error.code, |_| "ok".into())
}

/// A writer that is busy: other jobs wait.
pub struct Held {
    release: oneshot::Sender<()>,
    job: JoinHandle<Result<()>>,
}

impl Held {
    /// Keeps the writer busy from now on.
    pub async fn start(db: &Database) -> Self {
        let (release, released) = oneshot::channel();
        let (begun, begins) = oneshot::channel();
        let db = db.clone();
        let job = async move |_| {
            begun.send(()).unwrap();
            released.await.unwrap();
            Ok(())
        };
        let job = tokio::spawn(async move { db.write(Uuid::nil(), job).await });
        begins.await.unwrap();
        Self { release, job }
    }

    /// Lets the other jobs run.
    pub async fn end(self) {
        self.release.send(()).unwrap();
        self.job.await.unwrap().unwrap();
    }
}

/// Serves an outside service that a test plays, and returns its URL without a slash at the end.
pub async fn play(service: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    url
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

/// Returns the texts of the first column of a query; empty where there is none.
pub async fn texts(db: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let sql = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(sql).await.unwrap().into_iter();
    let text = |row: QueryResult| row.try_get_by_index::<Option<String>>(0).unwrap();
    rows.map(|row| text(row).unwrap_or_default()).collect()
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
