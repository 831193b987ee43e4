//! The tables `market_budgets`, `market_answers` and `market_replays`, and those of drawings and
//! watchlists.

use crate::{
    platform::database::Tx,
    shared::{Result, Timestamp},
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set, ExprTrait, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*,
    sea_query::OnConflict,
};

pub mod drawings;
pub mod watchlists;

mod budget {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "market_budgets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        pub day: Date,
        pub used: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod answer {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "market_answers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub asked_at: DateTimeUtc,
        pub answer: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod replay {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "market_replays")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub first_day: Date,
        pub seconds: i32,
        pub started_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Takes one request of a source's daily limit; `false`: all are used.
pub async fn spend(tx: &Tx, source: &str, day: NaiveDate, most: i32) -> Result<bool> {
    use budget::{Column, Entity};
    // A new day starts with none used. A clock set back over midnight does not start a new day, but
    // a stored day later than tomorrow came from a wrong clock.
    let next = day.succ_opt().unwrap_or(day);
    let kept = || Expr::col((Entity, Column::Day));
    let other = kept().lt(day).or(kept().gt(next));
    let again = OnConflict::column(Column::Source)
        .value(Column::Day, Expr::col(("excluded", Column::Day)))
        .value(Column::Used, Expr::value(0))
        .action_and_where(other)
        .to_owned();
    let row = budget::ActiveModel {
        source: Set(source.to_owned()),
        day: Set(day),
        used: Set(0),
    };
    Entity::insert(row)
        .on_conflict(again)
        .try_insert()
        .exec_without_returning(tx)
        .await?;
    let spent = Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(Column::Source.eq(source))
        .filter(Column::Used.lt(most))
        .exec(tx)
        .await?;
    Ok(spent.rows_affected == 1)
}

/// Records that a source takes no more requests on a day.
pub async fn exhaust(tx: &Tx, source: &str, day: NaiveDate, most: i32) -> Result<()> {
    use budget::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::Used, Expr::value(most))
        .filter(Column::Source.eq(source))
        .filter(Column::Day.eq(day))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns the stored response of this kind, and its time.
pub async fn answer(
    conn: &impl ConnectionTrait,
    kind: &str,
    symbol: &str,
) -> Result<Option<(Timestamp, String)>> {
    let key = (kind.to_owned(), symbol.to_owned());
    let row = answer::Entity::find_by_id(key).one(conn).await?;
    Ok(row.map(|row| (row.asked_at, row.answer)))
}

/// Stores a response, in place of an older one.
pub async fn save(tx: &Tx, kind: &str, symbol: &str, at: Timestamp, text: String) -> Result<()> {
    use answer::{Column, Entity};
    let replaced = OnConflict::columns([Column::Kind, Column::Symbol])
        .update_columns([Column::AskedAt, Column::Answer])
        .to_owned();
    let row = answer::ActiveModel {
        kind: Set(kind.to_owned()),
        symbol: Set(symbol.to_owned()),
        asked_at: Set(at),
        answer: Set(text),
    };
    Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Deletes up to `most` responses from before `at`.
pub async fn forget(tx: &Tx, at: Timestamp, most: u64) -> Result<()> {
    use answer::{Column, Entity};
    let old = Entity::find()
        .select_only()
        .columns([Column::Kind, Column::Symbol])
        .filter(Column::AskedAt.lt(at))
        .order_by_asc(Column::AskedAt)
        .limit(most)
        .into_query();
    let key = Expr::tuple([Column::Kind, Column::Symbol].map(Expr::col));
    Entity::delete_many()
        .filter(key.in_subquery(old))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns when the replay of these days started: now, if none or another one is stored.
pub async fn replay(tx: &Tx, first: NaiveDate, seconds: i32, now: Timestamp) -> Result<Timestamp> {
    use replay::{Column, Entity};
    let kept = Entity::find_by_id(1).one(tx).await?;
    if let Some(kept) = kept
        && kept.first_day == first
        && kept.seconds == seconds
    {
        return Ok(kept.started_at);
    }
    let replaced = OnConflict::column(Column::Id)
        .update_columns([Column::FirstDay, Column::Seconds, Column::StartedAt])
        .to_owned();
    let row = replay::ActiveModel {
        id: Set(1),
        first_day: Set(first),
        seconds: Set(seconds),
        started_at: Set(now),
    };
    Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(tx)
        .await?;
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{platform::database::Database, shared::time::now, testing::TestDb};
    use chrono::TimeDelta;
    use uuid::Uuid;

    async fn spent(db: &Database, source: &'static str, day: NaiveDate) -> bool {
        let spending = db.write(Uuid::nil(), move |tx| async move {
            spend(&tx, source, day, 3).await
        });
        spending.await.unwrap()
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, day).unwrap()
    }

    #[tokio::test]
    async fn a_budget_is_for_a_day() {
        TestDb::each(|db| async move {
            for (expected, source, on) in [
                (true, "a", 1),
                (true, "a", 1),
                (true, "a", 1),
                (false, "a", 1),
                (true, "b", 1),
                (false, "a", 1),
                (true, "a", 2),
                // A clock that was set back gives no requests back.
                (true, "a", 1),
                (true, "a", 2),
                (false, "a", 2),
                // A clock that was wrong by a week locks nothing.
                (true, "a", 9),
                (true, "a", 2),
                (true, "a", 2),
                (true, "a", 2),
                (false, "a", 2),
            ] {
                assert_eq!(spent(&db, source, day(on)).await, expected, "{source} {on}");
            }
            let used_up = db.write(Uuid::nil(), |tx| async move {
                spend(&tx, "c", day(5), 3).await?;
                exhaust(&tx, "c", day(5), 3).await
            });
            used_up.await.unwrap();
            assert!(!spent(&db, "c", day(5)).await);
            assert!(spent(&db, "c", day(6)).await);
        })
        .await;
    }

    #[tokio::test]
    async fn many_at_once_get_no_more_than_there_are() {
        TestDb::each(|db| async move {
            let asked = (0..20).map(|_| spent(&db, "a", day(1)));
            let answers = futures::future::join_all(asked).await;
            assert_eq!(answers.into_iter().filter(|spent| *spent).count(), 3);
        })
        .await;
    }

    #[tokio::test]
    async fn answers_are_kept_replaced_and_forgotten() {
        TestDb::each(|db| async move {
            let start = now();
            let later = start + TimeDelta::days(1);
            let kept = db.write(Uuid::nil(), move |tx| async move {
                save(&tx, "quote", "A", start, "1".into()).await?;
                save(&tx, "quote", "B", start, "2".into()).await?;
                save(&tx, "news", "A", start, "3".into()).await?;
                save(&tx, "quote", "A", later, "4".into()).await
            });
            kept.await.unwrap();
            let found = answer(&db, "quote", "A").await.unwrap();
            assert_eq!(found, Some((later, "4".into())));
            for (most, left) in [(1, 1), (5, 0)] {
                let forgotten = db.write(Uuid::nil(), move |tx| async move {
                    forget(&tx, later, most).await
                });
                forgotten.await.unwrap();
                let mut there = 0;
                for (kind, symbol) in [("quote", "B"), ("news", "A")] {
                    there += usize::from(answer(&db, kind, symbol).await.unwrap().is_some());
                }
                assert_eq!(there, left);
            }
            assert!(answer(&db, "quote", "A").await.unwrap().is_some());
        })
        .await;
    }

    #[tokio::test]
    async fn a_replay_goes_on_until_it_is_another() {
        TestDb::each(|db| async move {
            let start = now();
            let begun = async |first: u32, seconds: i32, after: i64| {
                let at = start + TimeDelta::seconds(after);
                let begun = db.write(Uuid::nil(), move |tx| async move {
                    replay(&tx, day(first), seconds, at).await
                });
                (begun.await.unwrap() - start).num_seconds()
            };
            assert_eq!(begun(1, 60, 0).await, 0);
            assert_eq!(begun(1, 60, 9).await, 0);
            assert_eq!(begun(1, 30, 10).await, 10);
            assert_eq!(begun(2, 30, 20).await, 20);
            assert_eq!(begun(2, 30, 30).await, 20);
        })
        .await;
    }
}
