//! Read position of each durable listener in each channel.

use crate::platform::database::{Database, Tx, insert_error};
use crate::shared::{ChannelId, Result};
use sea_orm::{ActiveValue::Set, ExprTrait, entity::prelude::*, sea_query::OnConflict};
use std::collections::HashMap;

mod cursor {
    use crate::shared::ChannelId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "listener_cursors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub listener: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel_id: ChannelId,
        pub seq: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use cursor::{Column, Entity};

/// Returns a listener's read positions by channel, without channels it never read.
pub async fn cursors(db: &Database, listener: &str) -> Result<HashMap<ChannelId, i64>> {
    let rows = Entity::find()
        .filter(Column::Listener.eq(listener))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.channel_id, row.seq))
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
        channel_id: Set(*channel),
        seq: Set(*seq),
    });
    let only_forward = OnConflict::columns([Column::Listener, Column::ChannelId])
        .update_column(Column::Seq)
        .action_and_where(Expr::col((Entity, Column::Seq)).lt(Expr::col(("excluded", Column::Seq))))
        .to_owned();
    Entity::insert_many(rows)
        .on_conflict(only_forward)
        .try_insert()
        .exec_without_returning(tx)
        .await
        .map_err(insert_error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Error;
    use crate::testing::TestHouse;
    use uuid::Uuid;

    #[tokio::test]
    async fn cursors_only_move_forward() {
        TestHouse::each(only_forward).await;
    }

    async fn only_forward(house: &TestHouse) {
        let (db, ada) = (house.db(), house.user("ada").await);
        let channel = house.channel(&ada, "one").await;
        let other = house.channel(&ada, "other").await;
        let move_to = async |listener: &'static str, channel, seq| {
            let job = async move |tx| advance(&tx, listener, &[(channel, seq)]).await;
            db.write(Uuid::nil(), job).await
        };
        for seq in [3, 7, 5, 7] {
            move_to("a", channel, seq).await.unwrap();
        }
        move_to("a", other, 1).await.unwrap();
        move_to("b", channel, 2).await.unwrap();
        assert_eq!(
            cursors(db, "a").await.unwrap(),
            HashMap::from([(channel, 7), (other, 1)])
        );
        assert_eq!(
            cursors(db, "b").await.unwrap(),
            HashMap::from([(channel, 2)])
        );
        let gone = ChannelId::new();
        assert_eq!(move_to("a", gone, 1).await, Err(Error::not_found()));
    }
}
