//! The table `audit`; no other module accesses it.

use super::Entry;
use crate::{platform::database::Tx, shared::Result};
use sea_orm::{ActiveValue::Set, QueryOrder, QuerySelect, entity::prelude::*};

mod row {
    use crate::audit::Act;
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: DateTimeUtc,
        pub actor_id: Option<AccountId>,
        pub act: Act,
        pub subject_id: Option<AccountId>,
        pub detail: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use row::{Column, Entity, Model};

impl From<Model> for Entry {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: row.actor_id,
            act: row.act,
            subject: row.subject_id,
            detail: row.detail,
        }
    }
}

/// Inserts an entry.
pub async fn insert(tx: &Tx, entry: Entry) -> Result<()> {
    let row = row::ActiveModel {
        id: Set(entry.id),
        at: Set(entry.at),
        actor_id: Set(entry.actor),
        act: Set(entry.act),
        subject_id: Set(entry.subject),
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
        rows = rows.filter(Column::Id.lt(before));
    }
    let rows = rows.order_by_desc(Column::Id).limit(limit).all(conn);
    Ok(rows.await?.into_iter().map(Entry::from).collect())
}
