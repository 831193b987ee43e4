//! Creators of channels, and deleted channels whose messages are still being removed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            ColumnDef::new("created_by")
                .uuid()
                .null()
                .extra("REFERENCES accounts (id) ON DELETE SET NULL")
                .to_owned(),
            ColumnDef::new("deleted_at")
                .timestamp_with_time_zone()
                .null()
                .to_owned(),
        ] {
            let add = Table::alter()
                .table("channels")
                .add_column(column)
                .to_owned();
            manager.alter_table(add).await?;
        }
        for (name, table, column) in [
            ("channels_created_by", "channels", "created_by"),
            ("channels_deleted_at", "channels", "deleted_at"),
            // The read markers of a channel are deleted with it.
            ("read_markers_channel_id", "read_markers", "channel_id"),
        ] {
            let index = Index::create()
                .name(name)
                .table(table)
                .col(column)
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table) in [
            ("read_markers_channel_id", "read_markers"),
            ("channels_deleted_at", "channels"),
            ("channels_created_by", "channels"),
        ] {
            let index = Index::drop().name(name).table(table).to_owned();
            manager.drop_index(index).await?;
        }
        for column in ["deleted_at", "created_by"] {
            let drop = Table::alter()
                .table("channels")
                .drop_column(column)
                .to_owned();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
