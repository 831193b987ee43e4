//! Leaderboard, benchmark, and the end of a season.

use super::{Home, exact, limited, order, quote};
use crate::paper::{Board, OrderInput, OrderState};
use crate::platform::config::{Config, MarketSource};
use crate::shared::time::{self, testing::jump};
use chrono::{Days, NaiveDate, TimeDelta};
use std::fs;
use uuid::Uuid;

#[tokio::test]
async fn standings_at_current_prices_and_at_the_end() {
    Home::each_with_admin(async |home| {
        let cy = home.user("cy").await;
        for who in [&home.ada, &home.bo, &cy] {
            home.join(who).await;
        }
        assert!(
            home.board()
                .await
                .ranking
                .iter()
                .all(|one| one.rank.is_none())
        );
        home.place(&home.ada, &order("buy", "100")).await;
        home.place(&home.bo, &order("buy", "100")).await;
        home.price(1, "400").await;
        let open = home.place(&home.ada, &limited("buy", "1", "1")).await;
        let board = home.board().await;
        // Valued at the sample's last price, 430.47.
        let told: Vec<_> = board
            .ranking
            .iter()
            .map(|one| {
                (
                    one.member.username.as_str(),
                    one.rank,
                    one.value,
                    one.trades,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("ada", Some(1), exact("103047.00"), 1),
                ("bo", Some(1), exact("103047.00"), 1),
                ("cy", None, exact("100000"), 0),
            ]
        );
        assert!((board.ranking[0].made - 0.03047).abs() < 1e-9);
        let market = board.market.unwrap();
        assert_eq!(market.symbols, ["AAPL", "IBM", "MSFT"]);
        assert_eq!(market.made, 0.0, "the sample does not move");

        // The end of the season.
        let season = board.season.id.unwrap();
        let after = time::now() + TimeDelta::days(100);
        home.paper().close_ended(after).await.unwrap();
        home.paper().close_ended(after).await.unwrap();
        assert_eq!(
            home.order(&home.ada, open.id).await.state,
            OrderState::Expired
        );
        home.price(2, "0.5").await;
        assert_eq!(
            home.refused(&home.ada, &order("buy", "1")).await,
            "season-over"
        );
        let named = season.to_string();
        let last = home
            .paper()
            .board(&home.bo, None, Some(&named))
            .await
            .unwrap();
        assert_eq!(last.ranking, board.ranking);
        assert!(last.season.closed_at.is_some() && !last.season.running);
        let own = home
            .paper()
            .account(&home.ada, None, Some(&named))
            .await
            .unwrap();
        assert_eq!(own.account.unwrap().value, exact("103047.00"));
        let refused = home
            .paper()
            .board(&home.ada, None, Some(""))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "bad-season");
        let unknown = Uuid::now_v7().to_string();
        let refused = home.paper().board(&home.ada, None, Some(&unknown)).await;
        assert_eq!(refused.unwrap_err().status(), 404);
    })
    .await;
}

/// The leaderboard of a new start, without a cache.
async fn fresh(home: &Home<'_>) -> Board {
    let other = home.another(|_| {}).await;
    other.paper().board(&home.ada, None, None).await.unwrap()
}

/// A season of 2012, as if trades were made then: a drawdown counts up to the end of the season.
#[tokio::test]
async fn a_standing_shows_the_deepest_fall_within_the_season() {
    Home::each_with_admin(async |home| {
        let account = home.join(&home.ada).await;
        home.join(&home.bo).await;
        home.place(&home.ada, &order("buy", "100")).await;
        home.price(1, "400").await;
        let board = home.board().await;
        assert!(board.ranking.iter().all(|one| one.drawdown.is_none()));

        home.sql("UPDATE portfolio_transactions SET date = '2012-08-01'")
            .await;
        home.sql("UPDATE portfolio_holdings SET moves = NULL").await;

        let other = home.another(|_| {}).await;
        let ledger = other.portfolio();
        for (who, portfolio) in [
            (&home.ada, account.portfolio),
            (&home.bo, home.account(&home.bo).await.portfolio),
        ] {
            // Stores the moves, as for portfolios from before they were stored.
            ledger.performance(who, portfolio, None).await.unwrap();
        }
        let whole = ledger.performance(&home.ada, account.portfolio, None).await;
        let whole = whole.unwrap().drawdown.unwrap();
        let board = fresh(home).await;
        assert_eq!(board.ranking[0].drawdown, Some(whole), "the same rule");
        assert_eq!(board.ranking[1].drawdown, None, "cash does not fall");

        home.sql("UPDATE paper_seasons SET ends = '2013-01-01'")
            .await;

        let cut = fresh(home).await.ranking[0].drawdown.unwrap();
        // The account's values end with the season, at 532.1729 on the last day of 2012.
        let page = home.paper().page(&home.ada, None).await.unwrap();
        assert_eq!(page.values.len(), 104, "the days of trading since August");
        let last = page.values.last().unwrap();
        assert!((last - 113_217.29).abs() < 1e-6, "{last}");
        // 60000 in cash, and 100 shares at 702.10 and then at 509.5892.
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!((cut.from, cut.to), (day("2012-09-19"), day("2012-12-28")));
        assert!((cut.depth - (110_958.92 / 130_210.0 - 1.0)).abs() < 1e-9);
        assert!(cut.depth > whole.depth && whole.to > cut.to);
    })
    .await;
}

/// AAPL split 2:1 in February 2005. A price from before it counts for half.
#[tokio::test]
async fn the_market_counts_splits_since_the_season_began() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        let made = async |market: &'static str| {
            home.sql(market).await;

            fresh(home).await.market.unwrap().made
        };
        let before = made(
            r#"UPDATE paper_seasons SET market =
               '[{"symbol":"AAPL","price":"63.29","on":"2005-01-03"}]'"#,
        )
        .await;
        assert!((before - (430.47 / 31.645 - 1.0)).abs() < 1e-9, "{before}");
        let on_the_day = made(
            r#"UPDATE paper_seasons SET market =
               '[{"symbol":"AAPL","price":"44.86","on":"2005-02-28"}]'"#,
        )
        .await;
        assert!((on_the_day - (430.47 / 44.86 - 1.0)).abs() < 1e-9);
        // The older form without the days of prices: the day of the season's first member counts.
        let undated = made(
            r#"UPDATE paper_seasons SET market = '[["AAPL","63.29"]]',
               created_at = '2005-01-03 10:00:00+00:00'"#,
        )
        .await;
        assert!((undated - before).abs() < 1e-9, "{undated}");
    })
    .await;
}

/// The server was off when the season ended: prices from after its end do not count.
#[tokio::test]
async fn a_season_that_is_closed_late_has_the_prices_of_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let today = time::now().date_naive();
    let ago = |days| today - Days::new(days);
    let prices = [(10, "100"), (5, "110"), (3, "150"), (1, "200")];
    let lines = prices.map(|(days, price)| format!("{},{price}\n", ago(days)));
    let text = format!("date,close\n{}", lines.concat());
    fs::write(folder.path().join("AAA.csv"), text).unwrap();
    let configure = |config: &mut Config| {
        config.market.source = MarketSource::Folder;
        config.market.folder = folder.path().to_owned();
    };
    Home::each_with(configure, async |home| {
        home.join(&home.ada).await;
        let input = OrderInput {
            symbol: "AAA".into(),
            ..order("buy", "100")
        };
        home.place(&home.ada, &input).await;
        let mut price = quote("AAA", 1, "100");
        price.date = today;
        home.paper().match_orders("AAA", &price).await.unwrap();
        assert_eq!(home.board().await.ranking[0].value, exact("110000"));
        let season = home.board().await.season.id.unwrap().to_string();
        let market = format!(
            r#"UPDATE paper_seasons SET ends = '{}',
               market = '[{{"symbol":"AAA","price":"100","on":"{}"}}]'"#,
            ago(3),
            ago(10)
        );
        home.sql(&market).await;
        let board = async || {
            let other = home.another(configure).await;
            let board = other.paper().board(&home.ada, None, Some(&season)).await;
            board.unwrap()
        };
        let before = board().await;
        home.paper().close_ended(time::now()).await.unwrap();
        let closed = board().await;
        assert!(before.season.closed_at.is_none() && closed.season.closed_at.is_some());
        for board in [before, closed] {
            assert_eq!(board.ranking[0].value, exact("101000"));
            assert!((board.market.unwrap().made - 0.1).abs() < 1e-9);
        }
    })
    .await;
}

/// A replay has its own days: a season is a quarter of them, trades have their days, so that an
/// account falls with its market, and the season ends with the quarter.
#[tokio::test]
async fn under_replay_the_days_of_the_market_count() {
    let replay = |config: &mut Config| {
        config.market.replay = 60;
        config.market.replay_from = "2012-09-17".parse().unwrap();
    };
    Home::each_with(replay, async |home| {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let account = home.join(&home.ada).await;
        let season = home.board().await.season;
        assert_eq!(
            (season.name.as_str(), season.begins, season.ends),
            ("2012 Q3", day("2012-07-01"), day("2012-09-30"))
        );
        home.place(&home.ada, &order("buy", "100")).await;
        let _next_day = jump(TimeDelta::minutes(1));
        home.paper().look().await.unwrap();
        let ledger = home.portfolio();
        let page = ledger.transactions(&home.ada, account.portfolio, None, None, 10);
        let dates = page.await.unwrap().transactions.into_iter();
        let dates: Vec<_> = dates.map(|one| one.date).collect();
        assert_eq!(dates, [day("2012-09-18"), day("2012-09-17")]);

        // Apple fell from its high of the 19th.
        let _week = jump(TimeDelta::minutes(6));
        let board = home.another(replay).await;
        let board = board.paper().board(&home.ada, None, None).await.unwrap();
        let drawdown = board.ranking[0].drawdown.unwrap();
        assert_eq!(drawdown.from, day("2012-09-19"));
        assert_eq!(board.market.unwrap().since, day("2012-09-17"));
        let cash = home.account(&home.ada).await.cash;

        let _next_quarter = jump(TimeDelta::minutes(5));
        home.paper().look().await.unwrap();
        let now = home.paper().seasons(&home.ada, None).await.unwrap().seasons;
        let states: Vec<_> = now
            .iter()
            .map(|one| (one.name.as_str(), one.running, one.closed_at.is_some()))
            .collect();
        assert_eq!(states, [("2012 Q4", true, false), ("2012 Q3", false, true)]);
        let history = home.markets().history("AAPL").await.unwrap().unwrap();
        assert_eq!(history.bars.last().unwrap().date, day("2012-10-03"));
        let ended = history
            .bars
            .iter()
            .rfind(|bar| bar.date < day("2012-10-01"));
        let id = season.id.unwrap().to_string();
        let board = home.paper().board(&home.ada, None, Some(&id)).await;
        let value = board.unwrap().ranking[0].value;
        assert_eq!(value, cash + ended.unwrap().close * exact("100"));
    })
    .await;
}
