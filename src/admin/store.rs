//! The table `instance_settings`; only this module uses it.

use crate::{
    platform::database::Tx,
    shared::{Error, Result},
};
use sea_orm::{ActiveValue::Set, QuerySelect, entity::prelude::*, sea_query::OnConflict};
use serde_json::Value;

mod setting {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "instance_settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use setting::{Column, Entity};

/// Safety limit of the query, above the number of settings.
const MOST: u64 = 1_000;

/// Settings that admins have changed, by name.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<(String, Value)>> {
    let rows = Entity::find().limit(MOST).all(conn).await?;
    let read = rows.into_iter().map(|row| {
        let value = serde_json::from_str(&row.value).map_err(Error::internal)?;
        Ok((row.name, value))
    });
    read.collect()
}

/// Stores a setting's value.
pub async fn set(tx: &Tx, name: &str, value: &Value) -> Result<()> {
    let row = setting::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value.to_string()),
    };
    let replaced = OnConflict::column(Column::Name)
        .update_column(Column::Value)
        .to_owned();
    Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Deletes a setting's value, so the configuration's applies again.
pub async fn delete(tx: &Tx, name: &str) -> Result<()> {
    Entity::delete_by_id(name.to_owned()).exec(tx).await?;
    Ok(())
}
