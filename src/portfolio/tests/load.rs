//! Large portfolios beside other members: writers wait only a moment, concurrent changes give the
//! same result, and what a crash left unfinished is completed.

use super::{Owner, cash, each, exact, input};
use crate::platform::database::{Database, Tx};
use crate::portfolio::rules::ledger::Method;
use crate::portfolio::service::{Naming, Taking};
use crate::portfolio::{Service, store};
use crate::shared::TransactionId;
use crate::testing::{Held, TestHouse, code, count};
use bytes::Bytes;
use futures::future::join_all;
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Another server on the same database that does not know what the first one does.
pub(super) fn another(house: &TestHouse) -> Service {
    let markets = house.markets_with(|_| {});
    Service::start(house.db().clone(), house.accounts(), markets)
}

/// Copies the only transaction of a database `times` times, over ten years.
pub(super) async fn multiply(house: &TestHouse, times: usize) {
    let (numbers, id, date) = if house.db().kind() == "postgres" {
        (
            format!("generate_series(1, {times}) AS n(i)"),
            "gen_random_uuid()",
            "date '2000-01-03' + (i % 3650)::int",
        )
    } else {
        (
            format!(
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) \
                 SELECT i FROM n)"
            ),
            "randomblob(16)",
            "date('2000-01-03', '+' || (i % 3650) || ' days')",
        )
    };
    let sql = format!(
        "INSERT INTO portfolio_transactions \
         (id, portfolio_id, symbol, kind, date, quantity, price, fee, note, created_at, generation) \
         SELECT {id}, portfolio_id, symbol, kind, {date}, quantity, price, fee, note, created_at, 0 \
         FROM portfolio_transactions, {numbers}"
    );
    house.sql(sql).await;
}

/// Returns the longest wait of another write while `work` runs.
async fn worst_wait<T>(db: &Database, work: impl Future<Output = T>) -> (Duration, T) {
    let stop = CancellationToken::new();
    let (db, stopped) = (db.clone(), stop.clone());
    let others = tokio::spawn(async move {
        let mut worst = Duration::ZERO;
        while !stopped.is_cancelled() {
            let began = Instant::now();
            let job =
                |tx: Tx| async move { Ok(tx.execute_unprepared("SELECT 1").await.map(drop)?) };
            db.write(Uuid::nil(), job).await.unwrap();
            worst = worst.max(began.elapsed());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        worst
    });
    let done = work.await;
    stop.cancel();
    (others.await.unwrap(), done)
}

/// Transactions in a large portfolio. A debug build would take minutes for the maximum;
/// `tests/hardening/cost.rs` changes such a portfolio on the release server, beside a chat.
const LARGE: usize = if cfg!(debug_assertions) {
    8_000
} else {
    199_000
};
/// Tolerance for a busy machine.
const BUSY: Duration = Duration::from_millis(300);

/// Returns the longest wait of others while a buy of IBM is added and deleted, and the symbol is
/// removed and restored.
async fn waits(db: &Database, owner: &Owner<'_>) -> Duration {
    let (service, id, viewer) = (owner.service, owner.id, owner.viewer);
    let changes = async {
        let one = input("BUY", "IBM", "2005-03-01", "1", "100");
        let added = owner.add(one).await.unwrap();
        service.remove_position(viewer, id, "IBM").await.unwrap();
        service.restore_position(viewer, id, "IBM").await.unwrap();
        service.remove(viewer, id, added).await.unwrap();
    };
    worst_wait(db, changes).await.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn others_wait_no_longer_for_a_large_portfolio() {
    TestHouse::each(async |house| {
        let viewer = &house.user("ada").await;
        let service = house.portfolio();
        let (mut found, mut deletions) = (Vec::new(), Vec::new());
        for times in [1_000, LARGE] {
            let owner = Owner::with(service, viewer, "Mine").await;
            let first = input("BUY", "IBM", "2000-01-03", "1", "100");
            owner.add(first).await.unwrap();
            multiply(house, times).await;
            let mut worst = waits(house.db(), &owner).await;
            // Other load can only lengthen a wait, so one short measurement is enough.
            for _ in 0..2 {
                if found.first().is_some_and(|small| worst >= bound(*small)) {
                    worst = worst.min(waits(house.db(), &owner).await);
                }
            }
            found.push(worst);
            assert_eq!(owner.held("IBM").await.0, Decimal::from(times + 1));
            let (deleting, done) = worst_wait(house.db(), async {
                service.delete(viewer, owner.id).await.unwrap();
                service.sweep_deleted(&CancellationToken::new()).await
            })
            .await;
            done.unwrap();
            assert_eq!(count(house.db(), "portfolio_transactions").await, 0);
            deletions.push(deleting);
        }
        eprintln!("changes: {found:?}, deletions: {deletions:?}");
        for waits in [found, deletions] {
            let (small, large) = (waits[0], waits[1]);
            assert!(large < bound(small), "{small:?} {large:?}");
        }
    })
    .await;
}

/// Maximum wait beside a large portfolio, given the wait beside a small one.
fn bound(small: Duration) -> Duration {
    small * 4 + BUSY
}

/// Checks that the stored sums equal those of the transactions.
async fn is_consistent(db: &Database, service: &Service, owner: &Owner<'_>) {
    let before = service.page(owner.viewer, owner.id).await.unwrap();
    let symbols: Vec<String> = before
        .holdings
        .iter()
        .map(|one| one.symbol.clone())
        .collect();
    for symbol in symbols {
        let table = store::holding(db, owner.id, &symbol)
            .await
            .unwrap()
            .unwrap();
        let again = service.resplit(owner.viewer.account, owner.id, symbol, table.splits);
        again.await.unwrap();
    }
    let mut after = service.page(owner.viewer, owner.id).await.unwrap();
    after.portfolio = before.portfolio.clone();
    assert_eq!(after, before);
    let listed = service.transactions(owner.viewer, owner.id, None, None, 1_000);
    let listed = listed.await.unwrap().transactions.len();
    assert_eq!(
        before.portfolio.transactions,
        i64::try_from(listed).unwrap()
    );
}

/// Concurrent changes in one process and in two give the same result as sequential ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_at_once_come_to_the_same() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let other = another(house);
        owner
            .add(cash("DEPOSIT", "2010-01-01", "1000000"))
            .await
            .unwrap();
        owner
            .add(input("BUY", "IBM", "2010-01-04", "30", "130"))
            .await
            .unwrap();
        let from = |service| Owner { service, ..owner };
        let bought = (1..=12).map(|n| {
            let owner = from(service);
            let date = format!("2010-02-{n:02}");
            async move {
                owner
                    .add(input("BUY", "IBM", &date, "2", &n.to_string()))
                    .await
            }
        });
        // Together more than is held: some are rejected, and no sell exceeds the holding.
        let sold = (1..=12).map(|n| {
            let owner = from(service);
            let date = format!("2010-01-{:02}", n + 4);
            async move { owner.add(input("SELL", "IBM", &date, "5", "140")).await }
        });
        let (bought, sold) = futures::join!(join_all(bought), join_all(sold));
        let bought: Vec<TransactionId> = bought.into_iter().map(|one| one.unwrap()).collect();
        let refused = sold.iter().filter(|one| one.is_err()).count();
        assert_eq!(refused, 6, "six times five are thirty");
        assert!(sold.iter().flatten().count() == 6);
        assert_eq!(owner.held("IBM").await.0, exact("24"));
        is_consistent(house.db(), service, &owner).await;

        // Two independent servers: changes that came in between are read again.
        let more = (0..10).map(|n| {
            let owner = from(if n % 2 == 0 { service } else { &other });
            async move { owner.add(input("BUY", "IBM", "2011-01-04", "1", "1")).await }
        });
        let gone = bought
            .iter()
            .map(|id| service.remove(viewer, owner.id, *id));
        let (more, gone) = futures::join!(join_all(more), join_all(gone));
        let busy = |refused: &String| assert_eq!(refused, "portfolio-busy");
        more.iter()
            .filter_map(|one| one.as_ref().err())
            .for_each(busy);
        let added = more.iter().flatten().count();
        let gone = gone.iter().flatten().count();
        assert!(added > 0 && gone > 0);
        let held = 24 + added - 2 * gone;
        assert_eq!(owner.held("IBM").await.0, Decimal::from(held));
        is_consistent(house.db(), service, &owner).await;
    })
    .await;
}

/// Both servers read the same state before they write: the second one reads again.
#[tokio::test]
async fn a_change_that_comes_too_late_is_computed_anew() {
    each(async |house, owner| {
        let other = another(house);
        let theirs = Owner {
            service: &other,
            ..owner
        };
        let busy = Held::start(house.db()).await;
        let buy = |quantity| input("BUY", "IBM", "2010-01-04", quantity, "130");
        let free = async {
            // Both are computed and wait for the writer.
            while house.db().waiting() < 2 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            busy.end().await;
        };
        let (one, two, ()) = futures::join!(owner.add(buy("1")), theirs.add(buy("2")), free);
        assert!(one.is_ok() && two.is_ok());
        assert_eq!(owner.held("IBM").await.0, exact("3"));
    })
    .await;
}

pub(super) fn file(rows: usize) -> Bytes {
    let rows = (0..rows).map(|n| format!("2010-01-04,BUY,IBM,1,{}\n", n + 1));
    let rows: String = rows.collect();
    format!("date,type,symbol,quantity,price\n{rows}").into()
}

/// A server stops while it undoes an import: the import stays undone, and its rows are deleted.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn half_an_undone_import_goes() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        owner
            .add(input("BUY", "IBM", "2010-01-04", "7", "130"))
            .await
            .unwrap();
        let taken = service.import(viewer, owner.id, file(3_500), Taking::default());
        let import = taken.await.unwrap().id.unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("3507"));
        let (dying, by, id) = (service.clone(), viewer.clone(), owner.id);
        let undone = tokio::spawn(async move { dying.undo_import(&by, id, import).await });
        while store::has_import(house.db(), owner.id, import)
            .await
            .unwrap()
        {
            tokio::task::yield_now().await;
        }
        undone.abort();
        drop(undone.await);
        let again = another(house);
        let owner = Owner {
            service: &again,
            ..owner
        };
        assert_eq!(owner.held("IBM").await.0, exact("7"));
        let listed = again.transactions(viewer, owner.id, None, None, 10).await;
        assert_eq!(listed.unwrap().transactions.len(), 1);
        let gone = again.undo_import(viewer, owner.id, import).await;
        assert_eq!(code(gone), "not-found");
        again.imports(viewer, owner.id, None).await.unwrap();
        assert_eq!(count(house.db(), "portfolio_transactions").await, 1);
        assert_eq!(count(house.db(), "portfolio_imports").await, 0);
        is_consistent(house.db(), &again, &owner).await;
    })
    .await;
}

/// A portfolio is deleted at once; rows left by a server that stopped are deleted by the next one.
#[tokio::test]
async fn half_a_deleted_portfolio_goes() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let stays = Owner::with(service, viewer, "Other").await;
        stays
            .add(input("BUY", "IBM", "2010-01-04", "7", "130"))
            .await
            .unwrap();
        let taken = service.import(viewer, owner.id, file(2_500), Taking::default());
        taken.await.unwrap();
        service
            .remove_position(viewer, owner.id, "IBM")
            .await
            .unwrap();
        owner
            .add(input("BUY", "AAPL", "2010-01-04", "1", "209"))
            .await
            .unwrap();
        service.delete(viewer, owner.id).await.unwrap();
        let (id, deposit) = (owner.id, cash("DEPOSIT", "2010-01-04", "1"));
        let add = service.add(viewer, Some(id), &deposit, Naming::default());
        let import = service.import(viewer, id, file(1), Taking::default());
        for (what, gone) in [
            ("page", service.page(viewer, id).await.map(drop)),
            ("delete", service.delete(viewer, id).await),
            (
                "change",
                service.change(viewer, id, "x", Method::Fifo).await,
            ),
            ("add", add.await.map(drop)),
            ("import", import.await.map(drop)),
        ] {
            assert_eq!(code(gone), "not-found", "{what}");
        }
        assert_eq!(service.portfolios(viewer).await.unwrap().len(), 1);
        assert_eq!(service.trades(viewer, "AAPL").await.unwrap(), []);
        // Its name is free again.
        service.create(viewer, "Mine", Method::Fifo).await.unwrap();
        // One batch, then the server stops.
        assert_eq!(count(house.db(), "portfolio_transactions").await, 2_502);
        let id = owner.id;
        let batch = move |tx: Tx| async move { store::purge(&tx, id).await };
        assert!(!house.db().write(id.0, batch).await.unwrap());
        assert_eq!(count(house.db(), "portfolio_transactions").await, 1_502);
        let again = another(house);
        again
            .sweep_deleted(&CancellationToken::new())
            .await
            .unwrap();
        for (table, left) in [
            ("portfolio_transactions", 1),
            ("portfolio_holdings", 1),
            ("portfolio_imports", 0),
            ("portfolio_removals", 0),
            ("portfolios", 2),
        ] {
            assert_eq!(count(house.db(), table).await, left, "{table}");
        }
        assert_eq!(stays.held("IBM").await.0, exact("7"));
    })
    .await;
}

#[tokio::test]
async fn an_account_has_so_many_transactions_and_portfolios() {
    TestHouse::each(async |house| {
        let viewer = &house.user("ada").await;
        let service = house.portfolio();
        let full = Owner::with(service, viewer, "Full").await;
        let owner = Owner::with(service, viewer, "Mine").await;
        let sql = "UPDATE portfolios SET transactions = 199998 WHERE name = 'Full'";
        house.sql(sql).await;
        let one = || input("BUY", "IBM", "2010-01-04", "1", "130");
        let seen = service.preview(viewer, owner.id, file(3)).await.unwrap();
        assert_eq!(seen.conflict.unwrap().code, "too-many-transactions");
        assert!(
            service
                .preview(viewer, owner.id, file(2))
                .await
                .unwrap()
                .conflict
                .is_none()
        );
        owner.add(one()).await.unwrap();
        let last = owner.add(one()).await.unwrap();
        assert_eq!(owner.add(one()).await.unwrap_err(), "too-many-transactions");
        assert_eq!(full.add(one()).await.unwrap_err(), "too-many-transactions");
        let file = service
            .import(viewer, owner.id, file(1), Taking::default())
            .await;
        assert_eq!(code(file), "too-many-transactions");
        assert_eq!(owner.held("IBM").await.0, exact("2"));
        // Existing transactions can be edited, and deleting one makes room.
        service.edit(viewer, owner.id, last, &one()).await.unwrap();
        service.remove(viewer, owner.id, last).await.unwrap();
        owner.add(one()).await.unwrap();
        service.delete(viewer, full.id).await.unwrap();
        owner.add(one()).await.unwrap();
        // Other accounts have their own limit.
        let bo = house.user("bo").await;
        let other = Owner::with(service, &bo, "Mine").await;
        other.add(one()).await.unwrap();

        for n in 0..19 {
            Owner::with(service, viewer, &format!("Portfolio {n}")).await;
        }
        let many = service.create(viewer, "One more", Method::Fifo).await;
        let many = many.unwrap_err();
        assert_eq!(
            (many.code.as_ref(), many.status()),
            ("too-many-portfolios", 409)
        );
    })
    .await;
}
