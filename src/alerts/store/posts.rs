//! Triggered alerts that are not posted in their channels yet.

use crate::alerts::model::AlertNotification;
use crate::platform::database::Tx;
use crate::shared::{AccountId, ChannelId, Error, Result};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

pub(super) mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "alert_posts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub channel_id: Uuid,
        pub subject: String,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use post::Column;

/// A triggered alert to post in a channel.
#[derive(Clone, Debug)]
pub struct Post {
    pub id: Uuid,
    /// The alert's owner.
    pub account: AccountId,
    pub channel: ChannelId,
    /// Subject of the owner's notification.
    pub subject: String,
    /// Body of the owner's notification.
    pub notification: AlertNotification,
}

impl TryFrom<post::Model> for Post {
    type Error = Error;

    fn try_from(row: post::Model) -> Result<Self> {
        Ok(Self {
            id: row.id,
            account: AccountId(row.account_id),
            channel: ChannelId(row.channel_id),
            subject: row.subject,
            notification: serde_json::from_str(&row.body)
                .map_err(|_| Error::damaged("an alert's post"))?,
        })
    }
}

/// Inserts posts.
pub async fn insert_posts(tx: &Tx, posts: &[Post]) -> Result<()> {
    let rows = posts.iter().map(|new| {
        Ok(post::ActiveModel {
            id: Set(new.id),
            account_id: Set(new.account.0),
            channel_id: Set(new.channel.0),
            subject: Set(new.subject.clone()),
            body: Set(serde_json::to_string(&new.notification).map_err(Error::internal)?),
        })
    });
    let rows: Result<Vec<_>> = rows.collect();
    post::Entity::insert_many(rows?)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Posts, oldest first, starting after `after`.
pub async fn waiting_posts(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Post>> {
    let rows = post::Entity::find()
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(Post::try_from).collect()
}

/// Deletes a post. Returns whether it existed.
pub async fn delete_post(tx: &Tx, id: Uuid) -> Result<bool> {
    let done = post::Entity::delete_by_id(id).exec(tx).await?;
    Ok(done.rows_affected > 0)
}
