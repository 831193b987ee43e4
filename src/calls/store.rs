//! Calls in the database.

use super::model::{Direction, Mark, Score, State};
use super::rules::Outcome;
use crate::markets::Source;
use crate::platform::database::{Tx, is_unique_violation};
use crate::shared::{AccountId, CallId, CommunityId, Error, Result, Timestamp};
use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

mod call {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "calls")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub community_id: Uuid,
        pub author_id: Option<Uuid>,
        pub mark: String,
        pub symbol: String,
        pub direction: String,
        pub horizon: String,
        pub reason: String,
        pub source: String,
        pub made_at: DateTimeUtc,
        pub known_on: Date,
        pub known_close: String,
        pub due: Date,
        pub state: String,
        pub look_at: DateTimeUtc,
        pub entry_on: Option<Date>,
        pub entry_price: Option<String>,
        pub exit_on: Option<Date>,
        pub exit_price: Option<String>,
        pub made: Option<f64>,
        pub base_rate: Option<f64>,
        pub base_mean: Option<f64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A call as the database holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: CallId,
    /// Where it was made.
    pub community: CommunityId,
    /// Who made it; none: the engine.
    pub author: Option<AccountId>,
    /// What it was made for.
    pub mark: String,
    /// The instrument.
    pub symbol: String,
    /// What is expected.
    pub direction: Direction,
    /// For how long.
    pub horizon: String,
    pub reason: String,
    /// Where its prices come from.
    pub source: Source,
    /// When it was made.
    pub made_at: Timestamp,
    /// The last close that was known then.
    pub known: Mark,
    /// The last day of its horizon.
    pub due: NaiveDate,
    /// How far it is.
    pub state: State,
    /// When its prices have to be looked at.
    pub look_at: Timestamp,
    /// Where it began.
    pub entry: Option<Mark>,
    /// Where it ended.
    pub exit: Option<Mark>,
    /// What became of it.
    pub score: Option<Score>,
}

/// What the database holds must be what was written there.
fn damaged() -> Error {
    Error::internal("a call cannot be read")
}

fn mark(date: Option<NaiveDate>, price: Option<String>) -> Result<Option<Mark>> {
    let both = date.zip(price);
    both.map(|(date, price)| {
        let price = price.parse().map_err(|_| damaged())?;
        Ok(Mark { date, price })
    })
    .transpose()
}

fn source(name: &str) -> Result<Source> {
    Source::named(name).ok_or_else(damaged)
}

impl TryFrom<call::Model> for Row {
    type Error = Error;

    fn try_from(row: call::Model) -> Result<Self> {
        let known = mark(Some(row.known_on), Some(row.known_close))?;
        Ok(Self {
            id: CallId(row.id),
            community: CommunityId(row.community_id),
            author: row.author_id.map(AccountId),
            mark: row.mark,
            symbol: row.symbol,
            direction: Direction::named(&row.direction).ok_or_else(damaged)?,
            horizon: row.horizon,
            reason: row.reason,
            source: source(&row.source)?,
            made_at: row.made_at,
            known: known.ok_or_else(damaged)?,
            due: row.due,
            state: State::named(&row.state).ok_or_else(damaged)?,
            look_at: row.look_at,
            entry: mark(row.entry_on, row.entry_price)?,
            exit: mark(row.exit_on, row.exit_price)?,
            score: row.made.map(|made| Score {
                made,
                base_rate: row.base_rate,
                base_mean: row.base_mean,
            }),
        })
    }
}

impl From<Row> for call::ActiveModel {
    fn from(row: Row) -> Self {
        let price = |mark: Mark| mark.price.to_string();
        Self {
            id: Set(row.id.0),
            community_id: Set(row.community.0),
            author_id: Set(row.author.map(|author| author.0)),
            mark: Set(row.mark),
            symbol: Set(row.symbol),
            direction: Set(row.direction.as_str().into()),
            horizon: Set(row.horizon),
            reason: Set(row.reason),
            source: Set(row.source.as_str().into()),
            made_at: Set(row.made_at),
            known_on: Set(row.known.date),
            known_close: Set(price(row.known)),
            due: Set(row.due),
            state: Set(row.state.as_str().into()),
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

/// Writes a call down; false: it was made before.
pub async fn insert(tx: &Tx, row: Row) -> Result<bool> {
    let inserted = call::Entity::insert(call::ActiveModel::from(row))
        .on_conflict(
            OnConflict::column(call::Column::Mark)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await;
    match inserted {
        Ok(rows) => Ok(rows > 0),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) if is_unique_violation(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A call.
pub async fn by_id(db: &impl ConnectionTrait, id: CallId) -> Result<Option<Row>> {
    let row = call::Entity::find_by_id(id.0).one(db).await?;
    row.map(Row::try_from).transpose()
}

/// The call that was made for something.
pub async fn by_mark(db: &impl ConnectionTrait, mark: &str) -> Result<Option<Row>> {
    let row = call::Entity::find()
        .filter(call::Column::Mark.eq(mark))
        .one(db)
        .await?;
    row.map(Row::try_from).transpose()
}

/// How many open calls an author has in a community.
pub async fn open_count(
    db: &impl ConnectionTrait,
    community: CommunityId,
    author: AccountId,
) -> Result<u64> {
    let open = call::Entity::find()
        .filter(call::Column::CommunityId.eq(community.0))
        .filter(call::Column::AuthorId.eq(author.0))
        .filter(call::Column::State.eq(State::Open.as_str()));
    Ok(open.count(db).await?)
}

/// Takes an open call back that was made after `since`; was it there?
pub async fn take_back(tx: &Tx, author: AccountId, id: CallId, since: Timestamp) -> Result<bool> {
    let done = call::Entity::delete_many()
        .filter(call::Column::Id.eq(id.0))
        .filter(call::Column::AuthorId.eq(author.0))
        .filter(call::Column::State.eq(State::Open.as_str()))
        .filter(call::Column::MadeAt.gte(since))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A member's.
    Member(AccountId),
    /// Rialto's own.
    Engine,
}

impl Author {
    fn condition(self) -> Condition {
        let column = call::Column::AuthorId;
        Condition::all().add(match self {
            Self::Member(account) => column.eq(account.0),
            Self::Engine => column.is_null(),
        })
    }
}

/// Some calls of a community, the newest first; on an instrument in any of these spellings.
pub async fn page(
    db: &impl ConnectionTrait,
    community: CommunityId,
    author: Option<Author>,
    symbol: Option<Vec<String>>,
    state: Option<State>,
    before: Option<CallId>,
    limit: u64,
) -> Result<Vec<Row>> {
    use call::Column;
    let mut query = call::Entity::find().filter(Column::CommunityId.eq(community.0));
    if let Some(author) = author {
        query = query.filter(author.condition());
    }
    if let Some(symbol) = symbol {
        query = query.filter(Column::Symbol.is_in(symbol));
    }
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(Row::try_from).collect()
}

/// The calls of an author in all communities, the newest first, from before one of them.
pub async fn of_author(
    db: &impl ConnectionTrait,
    author: AccountId,
    before: Option<CallId>,
    limit: u64,
) -> Result<Vec<Row>> {
    use call::Column;
    let mut query = call::Entity::find().filter(Column::AuthorId.eq(author.0));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(Row::try_from).collect()
}

/// How many calls an author has made.
pub async fn count_of_author(db: &impl ConnectionTrait, author: AccountId) -> Result<u64> {
    let own = call::Entity::find().filter(call::Column::AuthorId.eq(author.0));
    Ok(own.count(db).await?)
}

/// Deletes some calls.
pub async fn delete(tx: &Tx, ids: &[CallId]) -> Result<()> {
    call::Entity::delete_many()
        .filter(call::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Open calls whose prices have to be looked at, those that wait longest first.
pub async fn due(db: &impl ConnectionTrait, now: Timestamp, limit: u64) -> Result<Vec<Row>> {
    use call::Column;
    let rows = call::Entity::find()
        .filter(Column::State.eq(State::Open.as_str()))
        .filter(Column::LookAt.lte(now))
        .order_by_asc(Column::LookAt)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(Row::try_from).collect()
}

/// Writes down what was found out about calls. Those that are not open any more stay as they are:
/// somebody else was quicker and found the same.
pub async fn settle(tx: &Tx, rows: Vec<Row>) -> Result<()> {
    use call::Column;
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
        .action_and_where(Expr::col((call::Entity, Column::State)).eq(State::Open.as_str()))
        .to_owned();
    // One that was deleted meanwhile is not to come back.
    let ids: Vec<_> = rows.iter().map(|row| row.id.0).collect();
    let there: Vec<Uuid> = call::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(tx)
        .await?;
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|row| there.contains(&row.id.0))
        .map(call::ActiveModel::from)
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let done = call::Entity::insert_many(rows)
        .on_conflict(only_open)
        .exec_without_returning(tx)
        .await;
    match done {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[derive(FromQueryResult)]
struct Figures {
    author_id: Option<Uuid>,
    symbol: String,
    entry_on: Option<NaiveDate>,
    exit_on: Option<NaiveDate>,
    made: Option<f64>,
    base_rate: Option<f64>,
    base_mean: Option<f64>,
}

/// What became of the latest scored calls of a community, with their authors; of one author or of
/// all.
pub async fn outcomes(
    db: &impl ConnectionTrait,
    community: CommunityId,
    author: Option<Author>,
    limit: u64,
) -> Result<Vec<(Option<AccountId>, Outcome)>> {
    use call::Column;
    let mut query = call::Entity::find()
        .select_only()
        .columns([
            Column::AuthorId,
            Column::Symbol,
            Column::EntryOn,
            Column::ExitOn,
            Column::Made,
            Column::BaseRate,
            Column::BaseMean,
        ])
        .filter(Column::CommunityId.eq(community.0))
        .filter(Column::State.eq(State::Scored.as_str()));
    if let Some(author) = author {
        query = query.filter(author.condition());
    }
    let rows = query
        .order_by_desc(Column::Id)
        .limit(limit)
        .into_model::<Figures>()
        .all(db)
        .await?;
    let outcome = |row: Figures| {
        Ok((
            row.author_id.map(AccountId),
            Outcome {
                symbol: row.symbol,
                entry: row.entry_on.ok_or_else(damaged)?,
                exit: row.exit_on.ok_or_else(damaged)?,
                made: row.made.ok_or_else(damaged)?,
                base_rate: row.base_rate,
                base_mean: row.base_mean,
            },
        ))
    };
    rows.into_iter().map(outcome).collect()
}
