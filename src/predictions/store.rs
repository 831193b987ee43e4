//! Predictions in the database.

use super::model::{Direction, Mark, Score, State};
use super::rules::Outcome;
use crate::markets::Source;
use crate::platform::database::{Exact, Tx, is_unique_violation};
use crate::shared::{AccountId, CommunityId, Error, PredictionId, Result, Timestamp};
use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set, Condition, ExprTrait, QueryOrder, QuerySelect, TryInsertResult,
    entity::prelude::*, sea_query::OnConflict,
};

mod prediction {
    use crate::markets::Source;
    use crate::platform::database::Exact;
    use crate::predictions::model::{Direction, State};
    use crate::shared::{AccountId, CommunityId, PredictionId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "predictions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PredictionId,
        pub community_id: CommunityId,
        pub author_id: Option<AccountId>,
        pub mark: String,
        pub symbol: String,
        pub direction: Direction,
        pub horizon: String,
        pub reason: String,
        pub source: Source,
        pub made_at: DateTimeUtc,
        pub known_on: Date,
        pub known_close: Exact,
        pub due: Date,
        pub state: State,
        pub look_at: DateTimeUtc,
        pub entry_on: Option<Date>,
        pub entry_price: Option<Exact>,
        pub exit_on: Option<Date>,
        pub exit_price: Option<Exact>,
        pub made: Option<f64>,
        pub base_rate: Option<f64>,
        pub base_mean: Option<f64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A prediction as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: PredictionId,
    pub community: CommunityId,
    /// None: Rialto.
    pub author: Option<AccountId>,
    /// What it was made for; unique.
    pub mark: String,
    pub symbol: String,
    pub direction: Direction,
    /// Such as `3m`.
    pub horizon: String,
    pub reason: String,
    /// Data source of the prices.
    pub source: Source,
    pub made_at: Timestamp,
    /// Last close known when it was made.
    pub known: Mark,
    /// Last day of its horizon.
    pub due: NaiveDate,
    pub state: State,
    /// When to check its prices next.
    pub look_at: Timestamp,
    pub entry: Option<Mark>,
    pub exit: Option<Mark>,
    pub score: Option<Score>,
}

fn mark(date: Option<NaiveDate>, price: Option<Exact>) -> Option<Mark> {
    let (date, Exact(price)) = date.zip(price)?;
    Some(Mark { date, price })
}

impl From<prediction::Model> for Row {
    fn from(row: prediction::Model) -> Self {
        Self {
            id: row.id,
            community: row.community_id,
            author: row.author_id,
            mark: row.mark,
            symbol: row.symbol,
            direction: row.direction,
            horizon: row.horizon,
            reason: row.reason,
            source: row.source,
            made_at: row.made_at,
            known: Mark {
                date: row.known_on,
                price: row.known_close.0,
            },
            due: row.due,
            state: row.state,
            look_at: row.look_at,
            entry: mark(row.entry_on, row.entry_price),
            exit: mark(row.exit_on, row.exit_price),
            score: row.made.map(|made| Score {
                made,
                base_rate: row.base_rate,
                base_mean: row.base_mean,
            }),
        }
    }
}

impl From<Row> for prediction::ActiveModel {
    fn from(row: Row) -> Self {
        let price = |mark: Mark| Exact(mark.price);
        Self {
            id: Set(row.id),
            community_id: Set(row.community),
            author_id: Set(row.author),
            mark: Set(row.mark),
            symbol: Set(row.symbol),
            direction: Set(row.direction),
            horizon: Set(row.horizon),
            reason: Set(row.reason),
            source: Set(row.source),
            made_at: Set(row.made_at),
            known_on: Set(row.known.date),
            known_close: Set(price(row.known)),
            due: Set(row.due),
            state: Set(row.state),
            look_at: Set(row.look_at),
            entry_on: Set(row.entry.map(|mark| mark.date)),
            entry_price: Set(row.entry.map(price)),
            exit_on: Set(row.exit.map(|mark| mark.date)),
            exit_price: Set(row.exit.map(price)),
            made: Set(row.score.map(|score| score.made)),
            base_rate: Set(row.score.and_then(|score| score.base_rate)),
            base_mean: Set(row.score.and_then(|score| score.base_mean)),
        }
    }
}

/// Inserts a prediction; false: its mark exists.
pub async fn insert(tx: &Tx, row: Row) -> Result<bool> {
    let inserted = prediction::Entity::insert(prediction::ActiveModel::from(row))
        .on_conflict_do_nothing_on([prediction::Column::Mark])
        .exec_without_returning(tx)
        .await;
    match inserted {
        Ok(done) => Ok(matches!(done, TryInsertResult::Inserted(1..))),
        Err(error) if is_unique_violation(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Finds a prediction by its id.
pub async fn by_id(db: &impl ConnectionTrait, id: PredictionId) -> Result<Option<Row>> {
    let row = prediction::Entity::find_by_id(id).one(db).await?;
    Ok(row.map(Row::from))
}

/// Finds a prediction by its mark.
pub async fn by_mark(db: &impl ConnectionTrait, mark: &str) -> Result<Option<Row>> {
    let row = prediction::Entity::find()
        .filter(prediction::Column::Mark.eq(mark))
        .one(db)
        .await?;
    Ok(row.map(Row::from))
}

/// Number of an author's open predictions in a community.
pub async fn open_count(
    db: &impl ConnectionTrait,
    community: CommunityId,
    author: AccountId,
) -> Result<u64> {
    let open = prediction::Entity::find()
        .filter(prediction::Column::CommunityId.eq(community))
        .filter(prediction::Column::AuthorId.eq(author))
        .filter(prediction::Column::State.eq(State::Open));
    Ok(open.count(db).await?)
}

/// Withdraws an open prediction made at `since` or later; true if there was one.
pub async fn take_back(
    tx: &Tx,
    author: AccountId,
    id: PredictionId,
    since: Timestamp,
) -> Result<bool> {
    let done = prediction::Entity::delete_many()
        .filter(prediction::Column::Id.eq(id))
        .filter(prediction::Column::AuthorId.eq(author))
        .filter(prediction::Column::State.eq(State::Open))
        .filter(prediction::Column::MadeAt.gte(since))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A member.
    Member(AccountId),
    /// Rialto.
    Engine,
}

impl Author {
    fn condition(self) -> Condition {
        let column = prediction::Column::AuthorId;
        Condition::all().add(match self {
            Self::Member(account) => column.eq(account),
            Self::Engine => column.is_null(),
        })
    }
}

/// A page of a community's predictions, newest first; `symbol` has all spellings of a symbol.
pub async fn page(
    db: &impl ConnectionTrait,
    community: CommunityId,
    author: Option<Author>,
    symbol: Option<Vec<String>>,
    state: Option<State>,
    before: Option<PredictionId>,
    limit: u64,
) -> Result<Vec<Row>> {
    use prediction::Column;
    let mut query = prediction::Entity::find().filter(Column::CommunityId.eq(community));
    if let Some(author) = author {
        query = query.filter(author.condition());
    }
    if let Some(symbol) = symbol {
        query = query.filter(Column::Symbol.is_in(symbol));
    }
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state));
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// An author's predictions in all communities, newest first, before the given one.
pub async fn of_author(
    db: &impl ConnectionTrait,
    author: AccountId,
    before: Option<PredictionId>,
    limit: u64,
) -> Result<Vec<Row>> {
    use prediction::Column;
    let mut query = prediction::Entity::find().filter(Column::AuthorId.eq(author));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// Number of an author's predictions.
pub async fn count_of_author(db: &impl ConnectionTrait, author: AccountId) -> Result<u64> {
    let own = prediction::Entity::find().filter(prediction::Column::AuthorId.eq(author));
    Ok(own.count(db).await?)
}

/// Deletes predictions.
pub async fn delete(tx: &Tx, ids: &[PredictionId]) -> Result<()> {
    prediction::Entity::delete_many()
        .filter(prediction::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Open predictions that are due for a check, longest waiting first.
pub async fn due(db: &impl ConnectionTrait, now: Timestamp, limit: u64) -> Result<Vec<Row>> {
    use prediction::Column;
    let rows = prediction::Entity::find()
        .filter(Column::State.eq(State::Open))
        .filter(Column::LookAt.lte(now))
        .order_by_asc(Column::LookAt)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// Stores the results of a check; returns the predictions that were still open. The others stay as
/// they are: they were withdrawn, or another worker was faster and found the same.
pub async fn settle(tx: &Tx, mut rows: Vec<Row>) -> Result<Vec<Row>> {
    use prediction::Column;
    let only_open = OnConflict::column(Column::Id)
        .update_columns([
            Column::State,
            Column::LookAt,
            Column::EntryOn,
            Column::EntryPrice,
            Column::ExitOn,
            Column::ExitPrice,
            Column::Made,
            Column::BaseRate,
            Column::BaseMean,
        ])
        .action_and_where(Expr::col((prediction::Entity, Column::State)).eq(State::Open))
        .to_owned();
    // A prediction that was deleted meanwhile must not come back.
    let ids = rows.iter().map(|row| row.id);
    let open: Vec<PredictionId> = prediction::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .filter(Column::State.eq(State::Open))
        .into_tuple()
        .all(tx)
        .await?;
    rows.retain(|row| open.contains(&row.id));
    let values = rows.iter().cloned().map(prediction::ActiveModel::from);
    prediction::Entity::insert_many(values)
        .on_conflict(only_open)
        .try_insert()
        .exec_without_returning(tx)
        .await?;
    Ok(rows)
}

#[derive(DerivePartialModel)]
#[sea_orm(entity = "prediction::Entity")]
struct Figures {
    author_id: Option<AccountId>,
    symbol: String,
    entry_on: Option<NaiveDate>,
    exit_on: Option<NaiveDate>,
    made: Option<f64>,
    base_rate: Option<f64>,
    base_mean: Option<f64>,
}

/// Outcomes of the latest scored predictions of a community with their authors; of one author or of
/// all.
pub async fn outcomes(
    db: &impl ConnectionTrait,
    community: CommunityId,
    author: Option<Author>,
    limit: u64,
) -> Result<Vec<(Option<AccountId>, Outcome)>> {
    use prediction::Column;
    let mut query = prediction::Entity::find()
        .filter(Column::CommunityId.eq(community))
        .filter(Column::State.eq(State::Scored));
    if let Some(author) = author {
        query = query.filter(author.condition());
    }
    let rows = query
        .order_by_desc(Column::Id)
        .limit(limit)
        .into_partial_model::<Figures>()
        .all(db)
        .await?;
    let outcome = |row: Figures| {
        Ok((
            row.author_id,
            Outcome {
                symbol: row.symbol,
                entry: row.entry_on.ok_or_else(|| Error::damaged("a prediction"))?,
                exit: row.exit_on.ok_or_else(|| Error::damaged("a prediction"))?,
                made: row.made.ok_or_else(|| Error::damaged("a prediction"))?,
                base_rate: row.base_rate,
                base_mean: row.base_mean,
            },
        ))
    };
    rows.into_iter().map(outcome).collect()
}
