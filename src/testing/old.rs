//! Databases from before a migration.

use super::PostgresDb;
use crate::platform::database::address;
use crate::shared::{AccountId, PortfolioId};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement, Value};
use tempfile::TempDir;

/// When everything in the database was created.
pub const CREATED: &str = "2026-11-01 00:00:00+00:00";

/// A database from before a migration, in which Ada has a portfolio.
pub struct OldDb {
    /// The only connection.
    pub raw: DatabaseConnection,
    pub account: AccountId,
    pub portfolio: PortfolioId,
    /// URL of the database; empty: the file in the data folder.
    pub url: String,
    /// The data folder.
    pub data: TempDir,
}

impl OldDb {
    /// Runs a test on SQLite, and on Postgres if there is a cluster. `next` is a part of the name
    /// of the migration that comes next.
    pub async fn each(next: &str, test: impl AsyncFn(Self)) {
        let mut databases = vec![None];
        databases.extend(PostgresDb::empty().await.map(Some));
        for postgres in databases {
            let url = postgres.as_ref().map(|postgres| postgres.url.clone());
            let old = Self::before(next, url.unwrap_or_default()).await;
            Box::pin(test(old)).await;
            if let Some(postgres) = postgres {
                postgres.drop().await;
            }
        }
    }

    async fn before(next: &str, url: String) -> Self {
        let mut all = Migrator::migrations().into_iter();
        let before = all.position(|one| one.name().contains(next)).unwrap();
        let data = tempfile::tempdir().unwrap();
        let mut one = ConnectOptions::new(address(&url, data.path()));
        one.max_connections(1);
        let raw = sea_orm::Database::connect(one).await.unwrap();
        let before = u32::try_from(before).unwrap();
        Migrator::up(&raw, Some(before)).await.unwrap();
        let old = Self {
            raw,
            account: AccountId::new(),
            portfolio: PortfolioId::new(),
            url,
            data,
        };
        let person = vec![
            ("id", old.account.0.into()),
            ("username", "ada".into()),
            ("username_key", "ada".into()),
            ("display_name", "Ada".into()),
            ("kind", "person".into()),
        ];
        old.insert("accounts", person).await;
        let mine = vec![
            ("id", old.portfolio.0.into()),
            ("account_id", old.account.0.into()),
            ("name", "Mine".into()),
            ("name_key", "mine".into()),
            ("method", "fifo".into()),
            ("transactions", 0_i64.into()),
        ];
        old.insert("portfolios", mine).await;
        old
    }

    /// Inserts a row, with the time of its creation.
    pub async fn insert(&self, table: &str, mut row: Vec<(&str, Value)>) {
        let created: chrono::DateTime<chrono::Utc> = CREATED.parse().unwrap();
        row.push(("created_at", created.into()));
        let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
        let places: Vec<_> = (1..=values.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            columns.join(", "),
            places.join(", ")
        );
        let backend = self.raw.get_database_backend();
        let row = Statement::from_sql_and_values(backend, sql, values);
        self.raw.execute_raw(row).await.unwrap();
    }

    /// Runs the next migration.
    pub async fn up(&self) {
        Migrator::up(&self.raw, Some(1)).await.unwrap();
    }

    /// Takes it back.
    pub async fn down(&self) {
        Migrator::down(&self.raw, Some(1)).await.unwrap();
    }
}
