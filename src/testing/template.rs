//! Template databases with all tables: creating them takes longer than most tests.

use crate::platform::{
    database::{Database, FILE},
    folder,
};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::{fs, io::Write, path::Path};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The `SQLite` file.
static SQLITE: OnceCell<Vec<u8>> = OnceCell::const_new();
/// Name of the database in the Postgres cluster.
static POSTGRES: OnceCell<String> = OnceCell::const_new();

/// Puts a database into a data folder that has none.
pub async fn sqlite(data: &Path) {
    let make = || async {
        let folder = tempfile::tempdir().unwrap();
        Database::migrate("", folder.path()).await.unwrap();
        fs::read(folder.path().join(FILE)).unwrap()
    };
    let bytes = SQLITE.get_or_init(make).await;
    let file = folder::private().create_new(true).open(data.join(FILE));
    if let Ok(mut file) = file {
        file.write_all(bytes).unwrap();
    }
}

/// Creates a database in the cluster from the template and returns its name.
pub async fn postgres(cluster: &str, admin: &DatabaseConnection) -> String {
    let make = || async {
        let name = empty(admin, "template").await;
        let url = with_name(cluster, &name);
        Database::migrate(&url, "".as_ref()).await.unwrap();
        name
    };
    let template = POSTGRES.get_or_init(make).await;
    let name = new_name("test");
    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
    admin.execute_unprepared(&create).await.unwrap();
    name
}

fn new_name(kind: &str) -> String {
    format!("rialto_{kind}_{}", Uuid::new_v4().simple())
}

/// Creates a database without tables and returns its name.
pub async fn empty(admin: &DatabaseConnection, kind: &str) -> String {
    let name = new_name(kind);
    let create = format!("CREATE DATABASE {name}");
    admin.execute_unprepared(&create).await.unwrap();
    name
}

/// Returns the URL of a database in the cluster.
pub fn with_name(cluster: &str, name: &str) -> String {
    let (address, query) = cluster.split_once('?').unwrap_or((cluster, ""));
    let (server, _) = address.rsplit_once('/').unwrap();
    format!("{server}/{name}?{query}")
}
