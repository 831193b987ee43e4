//! The house from outside, through the real router.

mod authorization;
mod bots;
mod channels;
mod crowd;
mod door;
mod early;
mod guests;
mod headers;
mod installed;
mod limits;
mod older_client;
mod openapi;
mod other_sites;
mod own_data;
mod pages;
mod repeats;
mod rest;
mod times;
mod workers;

use crate::server::Services;
use sea_orm::{ConnectionTrait, Statement};
use std::time::Duration;

/// Waits until something is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..1_500 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it does not happen: {what}");
}

/// What a query counts.
async fn count(services: &Services, sql: &str) -> i64 {
    let sql = Statement::from_string(services.db.get_database_backend(), sql);
    let row = services.db.query_one_raw(sql).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}
