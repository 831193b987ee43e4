//! The portfolio of an account: its owner can read it, and splits are counted in it.

use super::{Home, exact, order};
use crate::portfolio::{TransactionInput as Written, rules::ledger::Method};
use crate::testing::code;

#[tokio::test]
async fn its_owner_reads_the_portfolio_and_changes_nothing() {
    Home::each_with_admin(async |home| {
        let (ledger, ada) = (home.portfolio(), &home.ada);
        let kept = home.join(ada).await.portfolio;
        home.place(ada, &order("buy", "10")).await;
        home.price(1, "440").await;
        assert!(ledger.portfolios(ada).await.unwrap().is_empty());
        assert!(ledger.first_page(ada).await.unwrap().is_none());
        assert!(ledger.trades(ada, "AAPL").await.unwrap().is_empty());
        let page = ledger.page(ada, kept).await.unwrap();
        assert_eq!(page.portfolio.managed_by.as_deref(), Some("paper"));
        let written = ledger
            .transactions(ada, kept, None, None, 10)
            .await
            .unwrap();
        let id = written.transactions[0].id;
        let input = Written {
            kind: "DEPOSIT".into(),
            date: "2026-11-01".into(),
            amount: "1000000".into(),
            ..Written::default()
        };
        let file = b"date,kind,amount\n2026-11-01,DEPOSIT,5\n";
        for (what, refused) in [
            (
                "add",
                ledger
                    .add(ada, Some(kept), &input, Default::default())
                    .await
                    .map(drop),
            ),
            ("edit", ledger.edit(ada, kept, id, &input).await.map(drop)),
            ("remove", ledger.remove(ada, kept, id).await.map(drop)),
            (
                "remove_position",
                ledger.remove_position(ada, kept, "AAPL").await.map(drop),
            ),
            (
                "change",
                ledger
                    .change(ada, kept, "Mine", Method::Average)
                    .await
                    .map(drop),
            ),
            ("delete", ledger.delete(ada, kept).await.map(drop)),
            (
                "delete_named",
                ledger
                    .delete_named(ada, kept, &page.portfolio.name)
                    .await
                    .map(drop),
            ),
            (
                "import",
                ledger
                    .import(ada, kept, file.as_slice().into(), Default::default())
                    .await
                    .map(drop),
            ),
        ] {
            assert_eq!(code(refused), "portfolio-managed", "{what}");
        }
        let after = ledger
            .transactions(ada, kept, None, None, 10)
            .await
            .unwrap();
        assert_eq!(after, written);
        // The owner can create one of the same name; other members cannot read this one.
        let name = &page.portfolio.name;
        ledger.create(ada, name, Method::Fifo).await.unwrap();
        assert_eq!(ledger.portfolios(ada).await.unwrap().len(), 1);
        let foreign = ledger.page(&home.bo, kept).await.unwrap_err();
        assert_eq!(foreign.status(), 404);

        // Deleted with its account, and with it the orders and notifications.
        assert_eq!(home.unseen(ada).await, 1);
        home.erase(ada, false).await;
        assert_eq!(ledger.page(ada, kept).await.unwrap_err().status(), 404);
        let board = home.paper().board(&home.bo, None, None).await.unwrap();
        assert_eq!(board.members, 0);
        assert_eq!(home.unseen(ada).await, 0);
    })
    .await;
}

#[tokio::test]
async fn splits_since_the_last_trade_are_counted() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.place(&home.ada, &order("buy", "10")).await;
        home.price(1, "400").await;
        home.paper().count_all_splits().await.unwrap();
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("10"));
        // As if it had been bought before the split of 2005, while that split was not known.
        for sql in [
            "UPDATE portfolio_transactions SET date = '2005-01-03' WHERE kind = 'BUY'",
            "UPDATE portfolio_holdings SET splits = '[]' WHERE symbol = 'AAPL'",
        ] {
            assert_eq!(home.sql(sql).await, 1);
        }
        home.paper().count_all_splits().await.unwrap();
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("20"));
        let refused = home.refused(&home.ada, &order("sell", "20.1")).await;
        assert_eq!(refused, "paper-units");
        home.place(&home.ada, &order("sell", "20")).await;
        home.price(2, "215").await;
        assert_eq!(home.account(&home.ada).await.cash, exact("100300"));
    })
    .await;
}
