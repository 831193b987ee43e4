//! Rows of `avatars`: pictures by the hash of their content. Accounts refer to their picture; an
//! unused one stays for a while, so that a removal can be undone.

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
    //! Entity of the table.
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

/// A stored picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// SHA-256 of the content, in hexadecimal digits.
    pub hash: String,
    /// MIME type.
    pub content_type: String,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

/// Stores a picture; an existing one gets a new time of creation.
pub async fn insert_picture(tx: &Tx, picture: Picture, now: Timestamp) -> Result<()> {
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

/// Returns a picture by its hash.
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

/// Deletes pictures stored before `before` that no account uses, at most `batch`. Returns their
/// number.
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
