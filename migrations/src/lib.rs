//! Database migrations for `SQLite` and Postgres.
//!
//! A merged migration is never edited: a later one corrects it.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261121_000001_accounts;
mod m20261121_000002_communities;
mod m20261121_000003_chat;
mod m20261121_000004_bots;
mod m20261121_000005_preferences;
mod m20261121_000006_keys;
mod m20261121_000007_operating;
mod m20261122_000008_portfolio;
mod m20261122_000009_markets;
mod m20261122_000010_watching;
mod m20261122_000011_calls;
mod m20261122_000012_imports;
mod m20261122_000013_paper;
mod m20261122_000014_mentions;
mod m20261122_000015_drawings;
mod m20261122_000016_tidings;
mod m20261122_000017_dividends;
mod m20261122_000018_splits;
mod m20261122_000020_splits;
mod m20261123_000021_health_probes;
mod m20261123_000022_portfolio_batches;
mod m20261123_000023_idempotency;
mod m20261123_000026_passwords;
mod m20261123_000027_channel_deletion;
mod m20261123_000028_names;
mod m20261123_000029_notifications;
mod m20261124_000030_topics;
mod m20261124_000031_changed_messages;

/// All migrations, in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_accounts::Migration),
            Box::new(m20261121_000002_communities::Migration),
            Box::new(m20261121_000003_chat::Migration),
            Box::new(m20261121_000004_bots::Migration),
            Box::new(m20261121_000005_preferences::Migration),
            Box::new(m20261121_000006_keys::Migration),
            Box::new(m20261121_000007_operating::Migration),
            Box::new(m20261122_000008_portfolio::Migration),
            Box::new(m20261122_000009_markets::Migration),
            Box::new(m20261122_000010_watching::Migration),
            Box::new(m20261122_000011_calls::Migration),
            Box::new(m20261122_000012_imports::Migration),
            Box::new(m20261122_000013_paper::Migration),
            Box::new(m20261122_000014_mentions::Migration),
            Box::new(m20261122_000015_drawings::Migration),
            Box::new(m20261122_000016_tidings::Migration),
            Box::new(m20261122_000017_dividends::Migration),
            Box::new(m20261122_000018_splits::Migration),
            Box::new(m20261122_000020_splits::Migration),
            Box::new(m20261123_000021_health_probes::Migration),
            Box::new(m20261123_000022_portfolio_batches::Migration),
            Box::new(m20261123_000023_idempotency::Migration),
            Box::new(m20261123_000026_passwords::Migration),
            Box::new(m20261123_000027_channel_deletion::Migration),
            Box::new(m20261123_000028_names::Migration),
            Box::new(m20261123_000029_notifications::Migration),
            Box::new(m20261124_000030_topics::Migration),
            Box::new(m20261124_000031_changed_messages::Migration),
        ]
    }
}
