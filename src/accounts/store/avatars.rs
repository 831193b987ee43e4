//! Rows of `avatars`: pictures by the hash of their content. Accounts refer to their picture; an
//! unused one stays for a while, so that a removal can be undone.

use super::accounts::account;
use crate::{
    platform::database::Tx,
    shared::{Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, FromQueryResult, QuerySelect, QueryTrait, entity::prelude::*,
    sea_query::OnConflict,
};

mod avatar {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "avatars")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        pub content_type: String,
        pub bytes: Vec<u8>,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use avatar::{Column, Entity};

/// A stored picture.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
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
    let again = OnConflict::column(Column::Hash)
        .update_column(Column::CreatedAt)
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Returns a picture by its hash.
pub async fn picture(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<Picture>> {
    let picture = Entity::find_by_id(hash).into_model::<Picture>();
    Ok(picture.one(conn).await?)
}

/// Deletes pictures stored before `before` that no account uses, at most `batch`. Returns their
/// number.
pub async fn delete_unused(tx: &Tx, before: Timestamp, batch: u64) -> Result<u64> {
    let used = account::Entity::find()
        .select_only()
        .column(account::Column::Avatar)
        .filter(account::Column::Avatar.is_not_null())
        .into_query();
    let unused = Entity::find()
        .select_only()
        .column(Column::Hash)
        .filter(Column::CreatedAt.lt(before))
        .filter(Column::Hash.not_in_subquery(used))
        .limit(batch)
        .into_query();
    let deleted = Entity::delete_many()
        .filter(Column::Hash.in_subquery(unused))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}
