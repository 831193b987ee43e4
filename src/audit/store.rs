//! The table `audit`; no other module accesses it.

use super::{Act, Entry};
use crate::{
    platform::database::Tx,
    shared::{AccountId, Error, Result},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, QueryOrder, QuerySelect, entity::prelude::*};

mod row {
    //! Entity of the table.
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: DateTimeUtc,
        pub actor_id: Option<Uuid>,
        pub act: String,
        pub subject_id: Option<Uuid>,
        pub detail: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use row::{COLUMN, Column, Entity, Model};

impl Model {
    fn into_entry(self) -> Result<Entry> {
        let act = serde_json::Value::String(self.act);
        Ok(Entry {
            id: self.id,
            at: self.at,
            actor: self.actor_id.map(AccountId),
            act: serde_json::from_value(act).map_err(Error::internal)?,
            subject: self.subject_id.map(AccountId),
            detail: self.detail,
        })
    }
}

/// Returns the action's name in the database.
fn name(act: Act) -> Result<String> {
    match serde_json::to_value(act).map_err(Error::internal)? {
        serde_json::Value::String(name) => Ok(name),
        other => Err(Error::internal(format!("an act named {other}"))),
    }
}

/// Inserts an entry.
pub async fn insert(tx: &Tx, entry: Entry) -> Result<()> {
    let row = row::ActiveModel {
        id: Set(entry.id),
        at: Set(entry.at),
        actor_id: Set(entry.actor.map(|id| id.0)),
        act: Set(name(entry.act)?),
        subject_id: Set(entry.subject.map(|id| id.0)),
        detail: Set(entry.detail),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Returns entries before `before`, latest first.
pub async fn before(
    conn: &impl ConnectionTrait,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Entry>> {
    let mut rows = Entity::find();
    if let Some(before) = before {
        rows = rows.filter(COLUMN.id.lt(before));
    }
    rows.order_by_desc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?
        .into_iter()
        .map(Model::into_entry)
        .collect()
}
