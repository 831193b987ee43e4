//! Orders: limits, what does not fit, taken back.

use super::{Home, exact, limited, order};
use crate::accounts::Viewer;
use crate::paper::{OrderState, Reason};
use crate::shared::OrderId;
use crate::testing::TestDb;
use uuid::Uuid;

#[tokio::test]
async fn limits_wait_and_what_does_not_fit_is_refused() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.join(&home.ada).await;
        let low = home.place(&home.ada, &limited("buy", "100", "400")).await;
        // Cash is spoken for by what is open.
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

        // Two orders cannot sell the same units.
        home.place(&home.ada, &limited("sell", "200", "900")).await;
        assert_eq!(
            home.refused(&home.ada, &order("sell", "31")).await,
            "paper-units"
        );
        home.place(&home.ada, &order("sell", "30")).await;
        home.price(3, "400").await;
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("200"));

        // What fitted when it was placed, and does not at the price that comes.
        home.join(&home.bo).await;
        let dear = home.place(&home.bo, &order("buy", "200")).await;
        let sound = home.place(&home.bo, &order("buy", "10")).await;
        home.price(4, "600").await;
        let refused = home.order(&home.bo, dear.id).await;
        assert_eq!(
            (refused.state, refused.reason, refused.price),
            (OrderState::Refused, Some(Reason::Cash), Some(exact("600")))
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
async fn orders_are_taken_back_by_their_member_alone() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        let placed = home.place(&home.ada, &order("buy", "10")).await;
        let code = async |who: &Viewer, id| {
            let refused = home.paper.cancel(who, id).await.unwrap_err();
            refused.code.into_owned()
        };
        assert_eq!(code(&home.bo, placed.id).await, "not-found");
        assert_eq!(code(&home.ada, OrderId(Uuid::now_v7())).await, "not-found");
        home.paper.cancel(&home.ada, placed.id).await.unwrap();
        assert_eq!(code(&home.ada, placed.id).await, "order-ended");
        home.price(1, "440").await;
        let cancelled = home.order(&home.ada, placed.id).await;
        assert_eq!(
            (cancelled.state, cancelled.price),
            (OrderState::Cancelled, None)
        );
        assert!(home.orders(&home.bo).await.is_empty());
        assert_eq!(home.account(&home.ada).await.cash, exact("100000"));
    })
    .await;
}
