//! The index on `rev` only for messages that changed after they were sent: a new message costs one
//! index less. Both indexes together find what a client missed: new messages are in the order of
//! their numbers.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // On SQLite no transaction surrounds the statements. Each can run again after a crash.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE UNIQUE INDEX IF NOT EXISTS messages_changed ON messages (channel_id, rev) \
             WHERE edited_at IS NOT NULL OR deleted_at IS NOT NULL",
        )
        .await?;
        db.execute_unprepared("DROP INDEX IF EXISTS messages_rev")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE UNIQUE INDEX IF NOT EXISTS messages_rev ON messages (channel_id, rev)",
        )
        .await?;
        db.execute_unprepared("DROP INDEX IF EXISTS messages_changed")
            .await?;
        Ok(())
    }
}
