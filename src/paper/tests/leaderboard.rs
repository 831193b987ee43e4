//! Leaderboard, benchmark, and the end of a season.

use super::{Home, exact, limited, order};
use crate::paper::{Board, OrderState};
use crate::shared::time;
use chrono::{NaiveDate, TimeDelta};
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
