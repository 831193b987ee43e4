//! Deletes cached price histories with an empty list of splits, so that they are requested again: a
//! source without split data was stored like one that reports no splits.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(
            "DELETE FROM market_answers WHERE kind = 'history' AND answer LIKE '%\"splits\":[]%'",
        )
        .await?;
        Ok(())
    }

    /// Does nothing: the deleted answers are not known any more, nor needed.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
