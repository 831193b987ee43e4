//! Seasons and their members in the database.

mod orders;

pub use orders::{
    Canceled, Met, Waiting, Whose, cancel, expire, fill, insert, open_of, other_spellings, page,
    reject, rename, still_open, waiting, waits,
};

use super::model::Season;
use crate::platform::database::{Exact, Tx};
use crate::shared::{AccountId, CommunityId, Error, Result, SeasonId, Timestamp, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set, ExprTrait, IntoActiveModel, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};

mod season {
    use crate::platform::database::Exact;
    use crate::shared::{CommunityId, SeasonId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "paper_seasons")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: SeasonId,
        pub community_id: CommunityId,
        pub name: String,
        pub begins: Date,
        pub ends: Date,
        pub cash: Exact,
        pub market: String,
        pub market_made: Option<String>,
        pub created_at: DateTimeUtc,
        pub closed_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod member {
    use crate::platform::database::Exact;
    use crate::shared::{AccountId, PortfolioId, SeasonId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "paper_accounts")]
    pub struct Model {
        /// Account of this season.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_name = "season_id")]
        pub season: SeasonId,
        #[sea_orm(column_name = "account_id")]
        pub account: AccountId,
        /// Portfolio with the cash and holdings.
        #[sea_orm(column_name = "portfolio_id")]
        pub portfolio: PortfolioId,
        pub joined_at: DateTimeUtc,
        /// Number of orders placed.
        pub placed: i32,
        /// Number of orders filled.
        pub trades: i32,
        /// Day of the last fill.
        pub traded_on: Option<Date>,
        /// Value when the season was closed.
        pub final_value: Option<Exact>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A member of a season.
pub use member::Model as Member;

/// Price of a symbol when a season started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstPrice {
    pub symbol: String,
    pub price: Decimal,
    /// Day of the price; splits count from this day on.
    pub on: NaiveDate,
}

/// Stored first price, with its day or in the older form without it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Known {
    Dated(FirstPrice),
    Undated(String, Decimal),
}

fn first_prices(text: &str, begun: NaiveDate) -> Result<Vec<FirstPrice>> {
    let known: Vec<Known> =
        serde_json::from_str(text).map_err(|_| Error::damaged("a season's market"))?;
    let known = known.into_iter().map(|one| match one {
        Known::Dated(one) => one,
        Known::Undated(symbol, price) => FirstPrice {
            symbol,
            price,
            on: begun,
        },
    });
    Ok(known.collect())
}

/// A season as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SeasonRow {
    pub id: SeasonId,
    pub community: CommunityId,
    /// Year and quarter.
    pub name: String,
    /// First day.
    pub begins: NaiveDate,
    /// The day after the last.
    pub ends: NaiveDate,
    /// Starting cash of each account.
    pub cash: Decimal,
    /// Benchmark symbols with their prices at the start.
    pub market: Vec<FirstPrice>,
    /// Return of the benchmark, once the season is closed.
    pub market_made: Option<f64>,
    /// When its first member joined.
    pub created_at: Timestamp,
    /// When its final leaderboard was stored.
    pub closed_at: Option<Timestamp>,
}

impl SeasonRow {
    /// The season as server and browser share it, on a day.
    pub fn season(&self, today: NaiveDate) -> Season {
        Season {
            id: Some(self.id),
            community: self.community,
            name: self.name.clone(),
            begins: self.begins,
            ends: self.ends.pred_opt().unwrap_or(self.ends),
            cash: self.cash,
            running: self.runs(today),
            closed_at: self.closed_at,
        }
    }

    /// true if the season runs on a day.
    pub fn runs(&self, today: NaiveDate) -> bool {
        self.closed_at.is_none() && self.begins <= today && today < self.ends
    }
}

impl TryFrom<season::Model> for SeasonRow {
    type Error = Error;

    fn try_from(row: season::Model) -> Result<Self> {
        Ok(Self {
            id: row.id,
            community: row.community_id,
            name: row.name,
            begins: row.begins,
            ends: row.ends,
            cash: row.cash.into(),
            market: first_prices(&row.market, row.created_at.date_naive())?,
            market_made: row
                .market_made
                .map(|made| {
                    made.parse()
                        .map_err(|_| Error::damaged("a season's market"))
                })
                .transpose()?,
            created_at: row.created_at,
            closed_at: row.closed_at,
        })
    }
}

/// Seasons of a community, latest first.
pub async fn seasons(
    db: &impl ConnectionTrait,
    community: CommunityId,
    limit: u64,
) -> Result<Vec<SeasonRow>> {
    let rows = season::Entity::find()
        .filter(season::Column::CommunityId.eq(community))
        .order_by_desc(season::Column::Begins)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(SeasonRow::try_from).collect()
}

/// Finds a season by its id.
pub async fn season(db: &impl ConnectionTrait, id: SeasonId) -> Result<Option<SeasonRow>> {
    let row = season::Entity::find_by_id(id).one(db).await?;
    row.map(SeasonRow::try_from).transpose()
}

/// Finds the season of a community that begins on a day.
pub async fn season_of(
    db: &impl ConnectionTrait,
    community: CommunityId,
    begins: NaiveDate,
) -> Result<Option<SeasonRow>> {
    let row = season::Entity::find()
        .filter(season::Column::CommunityId.eq(community))
        .filter(season::Column::Begins.eq(begins))
        .one(db)
        .await?;
    row.map(SeasonRow::try_from).transpose()
}

/// Inserts a season, unless it exists.
pub async fn begin(tx: &Tx, new: &SeasonRow) -> Result<()> {
    let row = season::ActiveModel {
        id: Set(new.id),
        community_id: Set(new.community),
        name: Set(new.name.clone()),
        begins: Set(new.begins),
        ends: Set(new.ends),
        cash: Set(Exact(new.cash)),
        market: Set(serde_json::to_string(&new.market).map_err(Error::internal)?),
        market_made: Set(None),
        created_at: Set(new.created_at),
        closed_at: Set(None),
    };
    season::Entity::insert(row)
        .on_conflict_do_nothing_on([season::Column::CommunityId, season::Column::Begins])
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Locks a season until the transaction ends; true if it exists and is not closed.
pub async fn hold(tx: &Tx, id: SeasonId) -> Result<bool> {
    use season::Column;
    let done = season::Entity::update_many()
        .col_expr(Column::Name, Expr::col(Column::Name))
        .filter(Column::Id.eq(id))
        .filter(Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Seasons that have ended and are not closed, longest waiting first.
pub async fn ended(
    db: &impl ConnectionTrait,
    today: NaiveDate,
    limit: u64,
) -> Result<Vec<SeasonRow>> {
    let rows = season::Entity::find()
        .filter(season::Column::ClosedAt.is_null())
        .filter(season::Column::Ends.lte(today))
        .order_by_asc(season::Column::Ends)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(SeasonRow::try_from).collect()
}

/// Seasons that are not closed, oldest first, after the given one.
pub async fn not_closed(
    db: &impl ConnectionTrait,
    after: SeasonId,
    limit: u64,
) -> Result<Vec<SeasonId>> {
    let ids = season::Entity::find()
        .select_only()
        .column(season::Column::Id)
        .filter(season::Column::ClosedAt.is_null())
        .filter(season::Column::Id.gt(after))
        .order_by_asc(season::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

/// Closes a season; false: it was closed already.
pub async fn close(tx: &Tx, id: SeasonId, market_made: Option<f64>) -> Result<bool> {
    use season::Column;
    let made = market_made.map(|made| made.to_string());
    let done = season::Entity::update_many()
        .col_expr(Column::ClosedAt, Expr::value(time::now()))
        .col_expr(Column::MarketMade, Expr::value(made))
        .filter(Column::Id.eq(id))
        .filter(Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Stores the final values of accounts.
pub async fn save_final(tx: &Tx, values: &[(Member, Decimal)]) -> Result<()> {
    use member::Column;
    let row = |(of, value): &(Member, Decimal)| {
        let final_value = Some(Exact(*value));
        let row = Member {
            final_value,
            ..of.clone()
        };
        row.into_active_model()
    };
    let only_that = OnConflict::column(Column::Id)
        .update_column(Column::FinalValue)
        .to_owned();
    member::Entity::insert_many(values.iter().map(row))
        .on_conflict(only_that)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Members of a season, in the order in which they joined.
pub async fn members(
    db: &impl ConnectionTrait,
    season: SeasonId,
    limit: u64,
) -> Result<Vec<Member>> {
    let rows = member::Entity::find()
        .filter(member::Column::Season.eq(season))
        .order_by_asc(member::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows)
}

/// Number of members of a season.
pub async fn member_count(db: &impl ConnectionTrait, season: SeasonId) -> Result<u64> {
    let all = member::Entity::find().filter(member::Column::Season.eq(season));
    Ok(all.count(db).await?)
}

/// Finds the member of a season by account.
pub async fn member(
    db: &impl ConnectionTrait,
    season: SeasonId,
    account: AccountId,
) -> Result<Option<Member>> {
    let row = member::Entity::find()
        .filter(member::Column::Season.eq(season))
        .filter(member::Column::Account.eq(account))
        .one(db)
        .await?;
    Ok(row)
}

/// Finds a member by id.
pub async fn member_by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Member>> {
    Ok(member::Entity::find_by_id(id).one(db).await?)
}

/// An account's members of all seasons, oldest first.
pub async fn members_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    limit: u64,
) -> Result<Vec<Member>> {
    let rows = member::Entity::find()
        .filter(member::Column::Account.eq(account))
        .order_by_asc(member::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows)
}

/// Inserts a member.
pub async fn join(tx: &Tx, new: &Member) -> Result<()> {
    member::Entity::insert(new.clone().into_active_model())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Locks a member until the transaction ends, adds `placed` to the number of orders placed, and
/// returns the member. None: deleted.
pub async fn hold_member(tx: &Tx, id: Uuid, placed: i32) -> Result<Option<Member>> {
    use member::Column;
    let rows = member::Entity::update_many()
        .col_expr(Column::Placed, Expr::col(Column::Placed).add(placed))
        .filter(Column::Id.eq(id))
        .exec_with_returning(tx)
        .await?;
    Ok(rows.into_iter().next())
}

/// Counts a filled order, and stores its day.
pub async fn count_trade(tx: &Tx, id: Uuid, day: NaiveDate) -> Result<()> {
    use member::Column;
    member::Entity::update_many()
        .col_expr(Column::Trades, Expr::col(Column::Trades).add(1))
        .col_expr(Column::TradedOn, Expr::value(day))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
