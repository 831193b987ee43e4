//! Read position of each durable listener in each channel.

use crate::platform::database::{Database, Tx};
use crate::shared::{ChannelId, Error, Result};
use sea_orm::{
    ActiveValue::Set,
    DbErr, ExprTrait, SqlErr,
    entity::prelude::*,
    sea_query::{Expr, OnConflict},
};
use std::collections::HashMap;

mod cursor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "listener_cursors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub listener: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel_id: Uuid,
        pub seq: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Returns a listener's read positions by channel, without channels it never read.
pub async fn cursors(db: &Database, listener: &str) -> Result<HashMap<ChannelId, i64>> {
    let rows = cursor::Entity::find()
        .filter(cursor::Column::Listener.eq(listener))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (ChannelId(row.channel_id), row.seq))
        .collect())
}

/// Stores a listener's read positions. Never moves back: another node may be further. `not-found`:
/// one of the channels was deleted.
pub async fn advance(tx: &Tx, listener: &str, reached: &[(ChannelId, i64)]) -> Result<()> {
    for some in reached.chunks(ROWS) {
        advance_some(tx, listener, some).await?;
    }
    Ok(())
}

/// Maximum number of rows per statement.
const ROWS: usize = 256;

async fn advance_some(tx: &Tx, listener: &str, reached: &[(ChannelId, i64)]) -> Result<()> {
    let rows = reached.iter().map(|(channel, seq)| cursor::ActiveModel {
        listener: Set(listener.to_owned()),
        channel_id: Set(channel.0),
        seq: Set(*seq),
    });
    let only_forward = OnConflict::columns([cursor::Column::Listener, cursor::Column::ChannelId])
        .update_column(cursor::Column::Seq)
        .action_and_where(
            Expr::col((cursor::Entity, cursor::Column::Seq))
                .lt(Expr::col(("excluded", cursor::Column::Seq))),
        )
        .to_owned();
    let inserted = cursor::Entity::insert_many(rows)
        .on_conflict(only_forward)
        .exec_without_returning(tx)
        .await;
    match inserted {
        // No row changed: the cursor is already there or further.
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => match error.sql_err() {
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Err(Error::not_found()),
            _ => Err(error.into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bots::service::fixture::{House, ORDER};
    use crate::testing::TestDb;

    #[tokio::test]
    async fn cursors_only_move_forward() {
        TestDb::each(only_forward).await;
    }

    async fn only_forward(db: Database) {
        let house = House::new(db.clone(), 2).await;
        let (channel, other) = (house.channels[0], house.channels[1]);
        let move_to = async |listener: &'static str, channel, seq| {
            let job = async move |tx| advance(&tx, listener, &[(channel, seq)]).await;
            db.write(ORDER, job).await
        };
        for seq in [3, 7, 5, 7] {
            move_to("a", channel, seq).await.unwrap();
        }
        move_to("a", other, 1).await.unwrap();
        move_to("b", channel, 2).await.unwrap();
        assert_eq!(
            cursors(&db, "a").await.unwrap(),
            HashMap::from([(channel, 7), (other, 1)])
        );
        assert_eq!(
            cursors(&db, "b").await.unwrap(),
            HashMap::from([(channel, 2)])
        );
        let gone = ChannelId::new();
        assert_eq!(move_to("a", gone, 1).await, Err(Error::not_found()));
    }
}
