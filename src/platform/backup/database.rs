//! Makes a consistent copy of the database while the server writes to it.

use super::error::{BackupError, Result};
use super::manifest::{POSTGRES, SQLITE};
use crate::platform::{database, tasks::blocking};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, Statement};
use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
};

/// Result of [`copy`].
pub struct Copied {
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    /// The copy. None: there is no `pg_dump`, so the admin has to copy the database.
    pub file: Option<PathBuf>,
    /// Migrations of the copy.
    pub schema: Vec<String>,
}

/// Copies the database at `url` into the folder `into`.
pub async fn copy(url: &str, data: &Path, into: &Path) -> Result<Copied> {
    let url = database::address(url, data);
    if url.starts_with("sqlite:") {
        let copy = into.join(SQLITE);
        vacuum_into(&url, &copy).await.map_err(failed)?;
        let schema = inspect(&copy, false).await.map_err(failed)?;
        return Ok(Copied {
            kind: "sqlite",
            file: Some(copy),
            schema,
        });
    }
    let connection = connect(&url).await.map_err(failed)?;
    let schema = schema(&connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    let copy = into.join(POSTGRES);
    let dumped = {
        let copy = copy.clone();
        blocking(move || dump(&url, &copy)).await??
    };
    Ok(Copied {
        kind: "postgres",
        file: dumped.then_some(copy),
        schema,
    })
}

/// Returns the migrations of an `SQLite` file after checking its integrity.
pub async fn inspect(file: &Path, thoroughly: bool) -> Result<Vec<String>, DbErr> {
    let connection = connect(&format!("sqlite://{}?mode=ro", file.display())).await?;
    let pragma = if thoroughly {
        "PRAGMA integrity_check(1)"
    } else {
        "PRAGMA quick_check(1)"
    };
    let backend = connection.get_database_backend();
    let checked = connection
        .query_one_raw(Statement::from_string(backend, pragma))
        .await?;
    let verdict = match checked {
        Some(row) => row.try_get_by_index::<String>(0)?,
        None => "no answer".into(),
    };
    if verdict != "ok" {
        return Err(DbErr::Custom(format!("it is corrupted: {verdict}")));
    }
    let schema = schema(&connection).await?;
    connection.close().await?;
    Ok(schema)
}

/// `VACUUM INTO` reads in one transaction: the copy contains what was committed before it and
/// nothing later, and no writer waits. In tables without an `INTEGER PRIMARY KEY` it can renumber
/// the rows, so anything that refers to row numbers (a full-text index) needs such a key.
async fn vacuum_into(url: &str, copy: &Path) -> Result<(), DbErr> {
    // Never creates a missing database.
    let connection = connect(&url.replace("mode=rwc", "mode=rw")).await?;
    let backend = connection.get_database_backend();
    let into = copy.display().to_string();
    connection
        .execute_raw(Statement::from_sql_and_values(
            backend,
            "VACUUM INTO ?",
            [into.into()],
        ))
        .await?;
    connection.close().await
}

async fn schema(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let rows = connection
        .query_all_raw(Statement::from_string(backend, sql))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await
}

/// Runs `pg_dump`. Returns false if `pg_dump` is not installed.
fn dump(url: &str, into: &Path) -> Result<bool> {
    let (url, password) = without_password(url);
    let mut command = Command::new("pg_dump");
    command
        .args(["--format=custom", "--no-owner", "--no-privileges"])
        .arg("--file")
        .arg(into)
        .arg(url);
    // All users of the machine can read a process's arguments.
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let output = match command.output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(BackupError::Database(format!("pg_dump: {error}"))),
        Ok(output) => output,
    };
    if output.status.success() {
        return Ok(true);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(BackupError::Database(format!("pg_dump: {}", said.trim())))
}

/// Splits a database URL into the URL without its password and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let Ok(mut parsed) = reqwest::Url::parse(url) else {
        return (url.to_owned(), None);
    };
    let password = parsed.password().map(|password| {
        percent_encoding::percent_decode_str(password)
            .decode_utf8_lossy()
            .into_owned()
    });
    if password.is_none() || parsed.set_password(None).is_err() {
        return (url.to_owned(), None);
    }
    (parsed.into(), password)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: DbErr) -> BackupError {
    BackupError::Database(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_no_argument() {
        let (url, password) =
            without_password("postgres://ada:p%40ss@db:5433/rialto?sslmode=require");
        assert_eq!(url, "postgres://ada@db:5433/rialto?sslmode=require");
        assert_eq!(password.as_deref(), Some("p@ss"));
        let plain = "postgres://ada@db/rialto";
        assert_eq!(without_password(plain), (plain.into(), None));
    }
}
