//! One symbol of a portfolio: pages of lots, generations, stored moves.

use super::{
    each, exact, input,
    load::{file, multiply},
};
use crate::portfolio::service::Taking;
use crate::portfolio::store;
use crate::shared::PortfolioId;
use crate::testing::code;
use rust_decimal::Decimal;

#[tokio::test]
async fn lots_and_sales_come_in_pages() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        // Several per day, so that a cursor needs more than the date.
        let bought = (0..230).map(|n| format!("2010-01-{:02},BUY,IBM,2,{}\n", n % 20 + 4, n + 1));
        let sold = (0..120).map(|n| format!("2010-02-{:02},SELL,IBM,1,{}\n", n % 20 + 1, n + 1));
        let rows: String = bought.chain(sold).collect();
        let file = format!("date,type,symbol,quantity,price\n{rows}");
        let taken = service.import(viewer, owner.id, file.into(), Taking::default());
        assert_eq!(taken.await.unwrap().fresh, 350);
        let (mut lots, mut sales) = (Vec::new(), Vec::new());
        let (mut lots_at, mut sales_at) = (None::<String>, None::<String>);
        let mut pages = 0;
        loop {
            let at = (lots_at.as_deref(), sales_at.as_deref());
            let page = service
                .detail(viewer, owner.id, "ibm", at.0, at.1)
                .await
                .unwrap();
            assert!(page.lots.len() <= 100 && page.sales.len() <= 100);
            assert!(page.sales.iter().all(|sale| sale.lots.is_empty()));
            pages += 1;
            // Each list continues until its end.
            if pages == 1 || lots_at.is_some() {
                lots.extend(page.lots);
                lots_at = page.lots_next;
            }
            if pages == 1 || sales_at.is_some() {
                sales.extend(page.sales);
                sales_at = page.sales_next;
            }
            if lots_at.is_none() && sales_at.is_none() {
                break;
            }
        }
        // The first sixty lots were sold.
        assert_eq!((lots.len(), sales.len(), pages), (170, 120, 2));
        assert!(lots.is_sorted_by_key(|lot| (lot.date, lot.purchase)));
        assert!(
            sales
                .iter()
                .rev()
                .is_sorted_by_key(|sale| (sale.date, sale.id))
        );
        let units: Decimal = lots.iter().map(|lot| lot.quantity).sum();
        assert_eq!(units, owner.held("IBM").await.0);
        let bad = service
            .detail(viewer, owner.id, "IBM", Some("x"), None)
            .await;
        assert_eq!(code(bad), "bad-cursor");
    })
    .await;
}

/// Removed and restored, also repeatedly and with imports.
#[tokio::test]
async fn generations_of_an_instrument() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let (id, symbol) = (owner.id, "IBM");
        let buy = |quantity: &str| input("BUY", "IBM", "2010-01-04", quantity, "130");
        for quantity in ["1", "2"] {
            owner.add(buy(quantity)).await.unwrap();
            service.remove_position(viewer, id, symbol).await.unwrap();
        }
        owner.add(buy("4")).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact("4"));
        let taken = service.import(viewer, id, file(8), Taking::default()).await;
        assert_eq!(taken.unwrap().fresh, 8);
        assert_eq!(owner.held(symbol).await.0, exact("12"));
        // A transaction moved from another symbol gets the current generation.
        let aapl = input("BUY", "AAPL", "2010-01-04", "16", "209");
        let moved = owner.add(aapl).await.unwrap();
        service.edit(viewer, id, moved, &buy("16")).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact("28"));
        assert_eq!(service.trades(viewer, symbol).await.unwrap().len(), 10);
        service.restore_position(viewer, id, symbol).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact("31"));
        assert_eq!(service.trades(viewer, symbol).await.unwrap().len(), 12);
        service.remove_position(viewer, id, symbol).await.unwrap();
        assert!(service.trades(viewer, symbol).await.unwrap().is_empty());
        let listed = service.transactions(viewer, id, None, None, 100).await;
        let listed = listed.unwrap().transactions;
        assert!(listed.len() == 12 && listed.iter().all(|one| one.removed));
    })
    .await;
}

/// Moves that are too many to be stored are computed on demand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_moves_are_not_kept() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let first = input("BUY", "IBM", "2005-03-01", "1", "90");
        owner.add(first).await.unwrap();
        multiply(house, 9_998).await;
        let moves = async |id: PortfolioId| {
            let kept = store::all_moves(house.db(), id).await.unwrap();
            kept[0].moves.as_ref().map(Vec::len)
        };
        let one = input("BUY", "IBM", "2005-03-01", "1", "90");
        owner.add(one.clone()).await.unwrap();
        assert_eq!(moves(owner.id).await, Some(10_000));
        let before = service.performance(viewer, owner.id, None).await.unwrap();
        owner.add(one).await.unwrap();
        assert_eq!(moves(owner.id).await, None);
        let after = service.performance(viewer, owner.id, None).await.unwrap();
        assert_eq!(moves(owner.id).await, None);
        assert!((after.put_in - before.put_in - 90.0).abs() < 1e-6);
        assert_eq!(after.days, before.days);
    })
    .await;
}
