//! Orders fill at the next price, once, and the ledger agrees with the orders.

use super::{Home, exact, limited, order, quote};
use crate::markets::Source;
use crate::paper::service::Wanted;
use crate::paper::{OrderState, Season, Side};
use crate::portfolio::Kind;
use chrono::NaiveDate;
use rust_decimal::Decimal;

#[tokio::test]
async fn joined_once_and_filled_at_the_next_price() {
    Home::each_with_admin(async |home| {
        let input = order("buy", "10");
        assert_eq!(home.refused(&home.ada, &input).await, "not-joined");
        let before = home.paper().seasons(&home.ada, None).await.unwrap().seasons;
        let [
            Season {
                id: None,
                running: true,
                ..
            },
        ] = before[..]
        else {
            panic!("{before:?}")
        };
        let account = home.join(&home.ada).await;
        assert_eq!((account.cash, account.trades), (exact("100000"), 0));
        let again = home.join(&home.ada).await;
        assert_eq!(
            again.portfolio, account.portfolio,
            "one account for each season"
        );
        let (one, two) = futures::join!(
            home.paper().join(&home.bo, None),
            home.paper().join(&home.bo, None)
        );
        assert_eq!(
            one.unwrap().account.unwrap().portfolio,
            two.unwrap().account.unwrap().portfolio
        );

        let placed = home.paper().place(&home.ada, None, &input).await.unwrap();
        assert!(!placed.moves, "the sample does not move, and says so");
        let placed = placed.order;
        assert_eq!(placed.seen_price, exact("430.47"));
        assert_eq!(home.account(&home.ada).await.reserved, exact("4304.70"));
        // Not at the price that was seen, even if it comes again in another form.
        home.paper().look().await.unwrap();
        let mut seen = quote("AAPL", 0, "1");
        (seen.date, seen.time) = (NaiveDate::from_ymd_opt(2013, 3, 1).unwrap(), None);
        home.paper().match_orders("AAPL", &seen).await.unwrap();
        assert_eq!(
            home.order(&home.ada, placed.id).await.state,
            OrderState::Open
        );

        home.price(1, "440.25").await;
        let filled = home.order(&home.ada, placed.id).await;
        assert_eq!(filled.state, OrderState::Filled);
        assert_eq!(filled.price, Some(exact("440.25")));
        assert_eq!(filled.source, Some(Source::Replay));
        home.price(2, "450").await;
        assert_eq!(home.order(&home.ada, placed.id).await, filled, "once");
        let account = home.account(&home.ada).await;
        assert_eq!(account.cash, exact("95597.50"));
        assert_eq!((account.reserved, account.trades), (Decimal::ZERO, 1));
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("10"));

        // The same ledger: a deposit and a buy, with performance like any portfolio.
        let ledger = home.portfolio();
        let page = ledger
            .transactions(&home.ada, account.portfolio, None, None, 10)
            .await;
        let kinds: Vec<_> = page
            .unwrap()
            .transactions
            .iter()
            .map(|one| one.kind)
            .collect();
        assert_eq!(kinds, [Kind::Buy, Kind::Deposit]);
        let performance = ledger.performance(&home.ada, account.portfolio, None).await;
        assert!(performance.unwrap().keeps_cash);

        home.place(&home.ada, &order("sell", "4")).await;
        home.price(3, "500").await;
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("6"));
        assert_eq!(home.account(&home.ada).await.cash, exact("97597.50"));
    })
    .await;
}

#[tokio::test]
async fn two_nodes_and_a_restart_fill_once() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        let mut placed = Vec::new();
        for _ in 0..5 {
            placed.push(home.place(&home.ada, &order("buy", "3")).await.id);
        }
        // A restart, and a second node beside it: their whole state is in the database.
        let one = home.another(|_| {}).await;
        let other = home.another(|_| {}).await;
        let next = quote("AAPL", 1, "440");
        let (a, b, c) = futures::join!(
            one.paper().match_orders("AAPL", &next),
            other.paper().match_orders("AAPL", &next),
            home.paper().match_orders("AAPL", &next)
        );
        a.and(b).and(c).unwrap();
        for id in placed {
            assert_eq!(home.order(&home.ada, id).await.state, OrderState::Filled);
        }
        let account = home.account(&home.ada).await;
        assert_eq!((account.trades, account.cash), (5, exact("93400")));
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("15"));

        // Killed in the middle of a fill: nothing of it is stored, and the next start fills the
        // order.
        let late = home.place(&home.ada, &order("buy", "1")).await;
        let broken = "UPDATE paper_orders SET symbol = 'a b' WHERE state = 'open'";
        home.sql(broken).await;

        one.paper()
            .match_orders("a b", &quote("a b", 2, "441"))
            .await
            .unwrap();
        assert_eq!(home.order(&home.ada, late.id).await.state, OrderState::Open);
        assert_eq!(home.account(&home.ada).await.trades, 5);
        let mended = "UPDATE paper_orders SET symbol = 'AAPL' WHERE symbol = 'a b'";
        home.sql(mended).await;

        let again = home.another(|_| {}).await;
        again
            .paper()
            .match_orders("AAPL", &quote("AAPL", 3, "442"))
            .await
            .unwrap();
        again
            .paper()
            .match_orders("AAPL", &quote("AAPL", 4, "443"))
            .await
            .unwrap();
        assert_eq!(
            home.order(&home.ada, late.id).await.price,
            Some(exact("442"))
        );
        assert_eq!(home.account(&home.ada).await.trades, 6);
    })
    .await;
}

/// Any sequence of orders and prices on the real ledger: cash and shares match the filled orders,
/// and are never negative.
#[tokio::test]
async fn the_ledger_and_the_orders_say_the_same() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        let mut state = 7_u64;
        let mut dice = |sides: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % sides
        };
        let mut placed = 0;
        for minute in 1..120 {
            let units = format!("{}.{:03}", dice(90), 1 + dice(998));
            let side = if dice(2) == 0 { "buy" } else { "sell" };
            let input = if dice(2) == 0 {
                order(side, &units)
            } else {
                limited(side, &units, &(300 + dice(250)).to_string())
            };
            placed += usize::from(home.paper().place(&home.ada, None, &input).await.is_ok());
            if dice(5) == 0
                && let Some(open) = home.orders(&home.ada).await.first()
            {
                let _ended = home.paper().cancel(&home.ada, open.id).await;
            }
            let price = format!("{}.{:02}", 300 + dice(250), dice(100));
            home.price(minute, &price).await;
            let account = home.account(&home.ada).await;
            assert!(account.cash >= Decimal::ZERO && account.reserved >= Decimal::ZERO);
            assert!(home.held(&home.ada, "AAPL").await >= Decimal::ZERO);
        }
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let wanted = Wanted {
                before,
                ..Wanted::default()
            };
            let page = home.paper().orders(&home.ada, &wanted).await.unwrap();
            all.extend(page.orders);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(all.len(), placed);
        let (mut cash, mut units, mut fills) = (exact("100000"), Decimal::ZERO, 0);
        for filled in all.iter().filter(|one| one.state == OrderState::Filled) {
            let money = filled.quantity * filled.price.unwrap();
            fills += 1;
            match filled.side {
                Side::Buy => (cash, units) = (cash - money, units + filled.quantity),
                Side::Sell => (cash, units) = (cash + money, units - filled.quantity),
            }
        }
        assert!(fills > 20, "{fills}");
        let account = home.account(&home.ada).await;
        assert_eq!((account.cash, account.trades), (cash, fills));
        assert_eq!(home.held(&home.ada, "AAPL").await, units);
    })
    .await;
}
