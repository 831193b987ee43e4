//! Orders: limits, rejections, cancellations.

use super::{Home, exact, limited, order};
use crate::accounts::Viewer;
use crate::paper::{OrderInput, OrderState, Reason};
use crate::shared::OrderId;
use uuid::Uuid;

#[tokio::test]
async fn limits_wait_and_what_does_not_fit_is_refused() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        let low = home.place(&home.ada, &limited("buy", "100", "400")).await;
        // Open orders reserve cash.
        assert_eq!(
            home.refused(&home.ada, &order("buy", "140")).await,
            "paper-cash"
        );
        let rest = home.place(&home.ada, &order("buy", "130")).await;
        assert_eq!(
            home.refused(&home.ada, &order("sell", "1")).await,
            "paper-units"
        );
        home.price(1, "410").await;
        assert_eq!(home.order(&home.ada, low.id).await.state, OrderState::Open);
        assert_eq!(
            home.order(&home.ada, rest.id).await.state,
            OrderState::Filled
        );
        home.price(2, "399.50").await;
        let filled = home.order(&home.ada, low.id).await;
        assert_eq!(
            (filled.state, filled.price),
            (OrderState::Filled, Some(exact("399.50")))
        );

        // Two orders cannot sell the same shares.
        home.place(&home.ada, &limited("sell", "200", "900")).await;
        assert_eq!(
            home.refused(&home.ada, &order("sell", "31")).await,
            "paper-units"
        );
        home.place(&home.ada, &order("sell", "30")).await;
        home.price(3, "400").await;
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("200"));

        // It fit when it was placed, but not at the next price.
        home.join(&home.bo).await;
        let dear = home.place(&home.bo, &order("buy", "200")).await;
        let sound = home.place(&home.bo, &order("buy", "10")).await;
        home.price(4, "600").await;
        let refused = home.order(&home.bo, dear.id).await;
        assert_eq!(
            (refused.state, refused.reason, refused.price),
            (OrderState::Rejected, Some(Reason::Cash), Some(exact("600")))
        );
        assert_eq!(
            home.order(&home.bo, sound.id).await.state,
            OrderState::Filled
        );
        assert_eq!(home.account(&home.bo).await.cash, exact("94000"));
        home.price(5, "1").await;
        assert_eq!(home.order(&home.bo, dear.id).await, refused, "it is over");
    })
    .await;
}

#[tokio::test]
async fn all_spellings_are_one_holding() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        let spelled = |symbol: &str, input: OrderInput| OrderInput {
            symbol: symbol.into(),
            ..input
        };
        let bought = spelled("aapl.us", order("buy", "10"));
        let preview = home.paper().preview(&home.ada, &bought).await.unwrap();
        assert_eq!(preview.symbol, "AAPL");
        assert_eq!(home.place(&home.ada, &bought).await.symbol, "AAPL");
        home.price(1, "440").await;
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("10"));
        // An open order reserves the shares for all spellings.
        home.place(&home.ada, &limited("sell", "6", "900")).await;
        let much = spelled("$AAPL.US", order("sell", "5"));
        assert_eq!(home.refused(&home.ada, &much).await, "paper-units");
        let sold = spelled("$AAPL.US", order("sell", "4"));
        home.place(&home.ada, &sold).await;
        home.price(2, "450").await;
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("6"));
        let facebook = spelled("fb", order("buy", "1"));
        assert_eq!(home.place(&home.ada, &facebook).await.symbol, "META");
    })
    .await;
}

/// As earlier versions stored them.
#[tokio::test]
async fn orders_of_another_spelling_still_fill() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.place(&home.ada, &order("buy", "10")).await;
        home.price(1, "440").await;
        let open = home.place(&home.ada, &order("sell", "4")).await;
        for table in [
            "paper_orders",
            "portfolio_holdings",
            "portfolio_transactions",
        ] {
            let sql = format!("UPDATE {table} SET symbol = 'AAPL.US' WHERE symbol = 'AAPL'");
            assert_ne!(home.sql(sql).await, 0, "{table}");
        }
        let next = home.another(|_| {}).await;
        next.serve().await;
        let renamed = home.order(&home.ada, open.id).await;
        assert_eq!(renamed, open);
        home.price(2, "450").await;
        let filled = home.order(&home.ada, open.id).await;
        assert_eq!(filled.state, OrderState::Filled);
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("6"));
        let symbols = home.orders(&home.ada).await.into_iter();
        assert!(
            symbols
                .map(|order| order.symbol)
                .all(|symbol| symbol == "AAPL")
        );
        assert_eq!(home.account(&home.ada).await.cash, exact("97400"));
        // Repeated it changes nothing.
        home.paper().merge_spellings().await.unwrap();
        assert_eq!(home.order(&home.ada, open.id).await, filled);
        next.close().await;
    })
    .await;
}

#[tokio::test]
async fn orders_are_taken_back_by_their_member_alone() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        let placed = home.place(&home.ada, &order("buy", "10")).await;
        let code = async |who: &Viewer, id| {
            let refused = home.paper().cancel(who, id).await.unwrap_err();
            refused.code.into_owned()
        };
        assert_eq!(code(&home.bo, placed.id).await, "not-found");
        assert_eq!(code(&home.ada, OrderId(Uuid::now_v7())).await, "not-found");
        home.paper().cancel(&home.ada, placed.id).await.unwrap();
        assert_eq!(code(&home.ada, placed.id).await, "order-ended");
        home.price(1, "440").await;
        let canceled = home.order(&home.ada, placed.id).await;
        assert_eq!(
            (canceled.state, canceled.price),
            (OrderState::Canceled, None)
        );
        assert!(home.orders(&home.bo).await.is_empty());
        assert_eq!(home.account(&home.ada).await.cash, exact("100000"));
    })
    .await;
}

#[tokio::test]
async fn an_open_order_is_changed_in_one_step() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        let first = home.place(&home.ada, &limited("buy", "200", "400")).await;
        let more = limited("buy", "240", "400");
        assert_eq!(home.refused(&home.ada, &more).await, "paper-cash");
        let replace = async |who: &Viewer, id, input: &OrderInput| {
            let placed = home.paper().replace(who, None, id, input).await;
            placed.map_err(|error| error.code.into_owned())
        };
        // The new order can use what the old one reserves.
        let placed = replace(&home.ada, first.id, &more).await.unwrap().order;
        assert_ne!(placed.id, first.id);
        assert_eq!(
            (placed.state, placed.quantity),
            (OrderState::Open, exact("240"))
        );
        let old = home.order(&home.ada, first.id).await;
        assert_eq!(old.state, OrderState::Canceled);
        assert_eq!(home.account(&home.ada).await.reserved, exact("96000"));

        // If the new order cannot be placed, the old one stays.
        for (input, code) in [
            (limited("buy", "260", "400"), "paper-cash"),
            (order("sell", "1"), "paper-units"),
            (limited("buy", "1", "0"), "bad-number"),
        ] {
            let refused = replace(&home.ada, placed.id, &input).await.unwrap_err();
            assert_eq!(refused, code);
            assert_eq!(home.order(&home.ada, placed.id).await, placed);
        }
        let small = limited("buy", "1", "400");
        for (who, id, code) in [
            (&home.bo, placed.id, "not-found"),
            (&home.ada, OrderId(Uuid::now_v7()), "not-found"),
            (&home.ada, first.id, "order-ended"),
        ] {
            assert_eq!(replace(who, id, &small).await.unwrap_err(), code);
        }
        assert!(home.orders(&home.bo).await.is_empty());
        assert_eq!(
            home.orders(&home.ada).await.len(),
            2,
            "bad input changes nothing"
        );
        home.price(1, "399").await;
        assert_eq!(
            replace(&home.ada, placed.id, &small).await.unwrap_err(),
            "order-ended"
        );
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("240"));
    })
    .await;
}

#[tokio::test]
async fn an_account_has_so_many_orders() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        let small = limited("buy", "1", "1");
        let mut last = None;
        for _ in 0..50 {
            last = Some(home.place(&home.ada, &small).await.id);
        }
        assert_eq!(home.refused(&home.ada, &small).await, "too-many-orders");
        home.place(&home.bo, &small).await;
        home.paper().cancel(&home.ada, last.unwrap()).await.unwrap();
        home.place(&home.ada, &small).await;

        // The limit per season counts all orders, open or not.
        home.sql("UPDATE paper_accounts SET placed = 10000").await;
        assert_eq!(home.refused(&home.bo, &small).await, "too-many-orders");
    })
    .await;
}
