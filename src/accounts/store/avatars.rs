//! Rows of `avatars`: pictures by the hash of their content. Accounts name the one they have; one
//! that nobody names any more is kept for a while, so that a removal can be undone.

use super::accounts::account;
use crate::{
    platform::database::Tx,
    shared::{Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, OnConflict},
};

mod avatar {
    //! The entity.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "avatars")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        pub content_type: String,
        pub bytes: Vec<u8>,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A picture as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// SHA-256 of the content, in hexadecimal digits.
    pub hash: String,
    /// What it is.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Keeps a picture; one that is there already is as new again.
pub async fn keep_picture(tx: &Tx, picture: Picture, now: Timestamp) -> Result<()> {
    let row = avatar::ActiveModel {
        hash: Set(picture.hash),
        content_type: Set(picture.content_type),
        bytes: Set(picture.bytes),
        created_at: Set(now),
    };
    let again = OnConflict::column(avatar::Column::Hash)
        .update_column(avatar::Column::CreatedAt)
        .to_owned();
    avatar::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The picture of this hash.
pub async fn picture(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<Picture>> {
    let row = avatar::Entity::find_by_id(hash.to_owned())
        .one(conn)
        .await?;
    Ok(row.map(|row| Picture {
        hash: row.hash,
        content_type: row.content_type,
        bytes: row.bytes,
    }))
}

/// Takes away pictures from before a time that no account has; how many, at most `batch`.
pub async fn delete_unused(tx: &Tx, before: Timestamp, batch: u64) -> Result<u64> {
    let used = account::Entity::find()
        .select_only()
        .column(account::Column::Avatar)
        .filter(account::Column::Avatar.is_not_null())
        .into_query();
    let unused: Vec<String> = avatar::Entity::find()
        .select_only()
        .column(avatar::Column::Hash)
        .filter(avatar::Column::CreatedAt.lt(before))
        .filter(Expr::col(avatar::Column::Hash).not_in_subquery(used))
        .limit(batch)
        .into_tuple()
        .all(tx)
        .await?;
    let deleted = avatar::Entity::delete_many()
        .filter(avatar::Column::Hash.is_in(unused))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}
