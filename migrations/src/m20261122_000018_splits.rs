//! A source that tells of no splits was kept as one that says there are none: such pasts are asked
//! for again.

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

    /// Who told of no splits is not known any more, nor needed.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
