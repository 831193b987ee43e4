//! What the tests of several features share: fresh databases.

use crate::platform::{database::Database, tasks::Tasks};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// Names a Postgres cluster that tests may make databases in, such as
/// `postgres://postgres@127.0.0.1:5433/postgres`. Without it only SQLite is tested.
const CLUSTER: &str = "RIALTO_TEST_POSTGRES";

/// A fresh database with all tables and a running writer. `stop` ends it cleanly; a test that
/// panics leaves its Postgres database to the cluster, which is thrown away as a whole.
pub struct TestDb {
    /// The database itself.
    pub db: Database,
    /// The running writer; further parts may be started on it.
    pub tasks: Tasks,
    /// The data folder, removed with this value.
    pub data: TempDir,
    postgres: Option<(DatabaseConnection, String)>,
}

impl TestDb {
    /// Runs a test on SQLite, and on Postgres when there is a cluster to use.
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

    /// A fresh SQLite database in a folder of its own.
    pub async fn sqlite() -> Self {
        Self::open("", None).await
    }

    /// A fresh database in the Postgres cluster, when there is one.
    pub async fn postgres() -> Option<Self> {
        let cluster = std::env::var(CLUSTER).ok()?;
        let admin = sea_orm::Database::connect(&cluster).await.unwrap();
        let name = format!("rialto_test_{}", Uuid::new_v4().simple());
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        let (address, query) = cluster.split_once('?').unwrap_or((&cluster, ""));
        let (server, _) = address.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}?{query}");
        Some(Self::open(&url, Some((admin, name))).await)
    }

    async fn open(url: &str, postgres: Option<(DatabaseConnection, String)>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (db, writer) = Database::open(url, data.path()).await.unwrap();
        let tasks = Tasks::default();
        tasks.start(writer);
        Self {
            db,
            tasks,
            data,
            postgres,
        }
    }

    /// Finishes what is being written, and removes the database.
    pub async fn stop(self) {
        self.tasks.stop(Duration::from_secs(10)).await;
        if let Some((admin, name)) = self.postgres {
            admin
                .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .await
                .unwrap();
        }
    }
}
