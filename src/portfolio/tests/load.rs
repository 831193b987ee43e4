//! Large portfolios beside everybody else: the writer is held for a moment only, changes that meet
//! come to the same, and what a crash left half done is finished.

use super::{Owner, cash, draft, exact, service};
use crate::markets;
use crate::platform::{
    config::Config,
    database::{Database, Tx},
    tasks::Tasks,
};
use crate::portfolio::rules::ledger::Method;
use crate::portfolio::service::Taking;
use crate::portfolio::{Service, store};
use crate::shared::{PortfolioId, Result, TransactionId};
use crate::testing::{Core, TestDb};
use bytes::Bytes;
use futures::future::join_all;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, Statement};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Another server on the same database, which knows nothing of what the first one is doing.
fn another(db: &Database, core: &Core) -> Service {
    let markets = markets::Service::new(&Config::default(), db, &Tasks::default());
    Service::start(db.clone(), &core.accounts, markets.unwrap())
}

async fn run(db: &Database, sql: String) {
    let job = |tx: Tx| async move { Ok(tx.execute_unprepared(&sql).await.map(drop)?) };
    db.write(Uuid::nil(), job).await.unwrap();
}

async fn count(db: &Database, table: &str) -> i64 {
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Copies the only transaction of a database so many times, over ten years.
async fn multiply(db: &Database, times: usize) {
    let (numbers, id, date) = if db.kind() == "postgres" {
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
    run(db, sql).await;
}

/// How long another write waits at worst while something is done.
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

/// A portfolio with so many purchases of IBM, and how long others wait while one is added and removed,
/// and the instrument is removed and restored.
async fn waits(db: &Database, service: &Service, owner: &Owner<'_>, times: usize) -> Duration {
    multiply(db, times).await;
    let (id, viewer) = (owner.id, owner.viewer);
    let changes = async {
        let one = draft("BUY", "IBM", "2005-03-01", "1", "100");
        let added = owner.add(one).await.unwrap();
        service.remove_position(viewer, id, "IBM").await.unwrap();
        service.restore_position(viewer, id, "IBM").await.unwrap();
        service.remove(viewer, id, added).await.unwrap();
    };
    let (worst, ()) = worst_wait(db, changes).await;
    assert_eq!(owner.held("IBM").await.0, Decimal::from(times + 1));
    worst
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn others_wait_no_longer_for_a_large_portfolio() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let (mut found, mut deletions) = (Vec::new(), Vec::new());
        for times in [1_000, 199_000] {
            let owner = Owner::with(&service, &viewer, "Mine").await;
            let first = draft("BUY", "IBM", "2000-01-03", "1", "100");
            owner.add(first).await.unwrap();
            found.push(waits(&db, &service, &owner, times).await);
            let (deleting, done) = worst_wait(&db, async {
                service.delete(&viewer, owner.id).await.unwrap();
                service.sweep_deleted(&CancellationToken::new()).await
            })
            .await;
            done.unwrap();
            assert_eq!(count(&db, "portfolio_transactions").await, 0);
            deletions.push(deleting);
        }
        eprintln!("changes: {found:?}, deletions: {deletions:?}");
        for waits in [found, deletions] {
            let (small, large) = (waits[0], waits[1]);
            // In one transaction it takes many seconds; the rest is for a machine that is busy.
            let most = small * 4 + Duration::from_secs(1);
            assert!(large < most, "{small:?} {large:?}");
        }
    })
    .await;
}

/// What the pages say of a portfolio is what its transactions add up to.
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

/// Changes at once in one process and in another come to the same as one after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_at_once_come_to_the_same() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let other = another(&db, &core);
        let viewer = core.person("ada").await;
        let owner = Owner::with(&service, &viewer, "Mine").await;
        owner
            .add(cash("DEPOSIT", "2010-01-01", "1000000"))
            .await
            .unwrap();
        owner
            .add(draft("BUY", "IBM", "2010-01-04", "30", "130"))
            .await
            .unwrap();
        let from = |service| Owner { service, ..owner };
        let bought = (1..=12).map(|n| {
            let owner = from(&service);
            let date = format!("2010-02-{n:02}");
            async move {
                owner
                    .add(draft("BUY", "IBM", &date, "2", &n.to_string()))
                    .await
            }
        });
        // More than there is, together: some are refused, and nothing is sold that is not held.
        let sold = (1..=12).map(|n| {
            let owner = from(&service);
            let date = format!("2010-01-{:02}", n + 4);
            async move { owner.add(draft("SELL", "IBM", &date, "5", "140")).await }
        });
        let (bought, sold) = futures::join!(join_all(bought), join_all(sold));
        let bought: Vec<TransactionId> = bought.into_iter().map(|one| one.unwrap()).collect();
        let refused = sold.iter().filter(|one| one.is_err()).count();
        assert_eq!(refused, 6, "six times five are thirty");
        assert!(sold.iter().flatten().count() == 6);
        assert_eq!(owner.held("IBM").await.0, exact("24"));
        is_consistent(&db, &service, &owner).await;

        // Two servers that know nothing of each other: what came in between is read again.
        let more = (0..10).map(|n| {
            let owner = from(if n % 2 == 0 { &service } else { &other });
            async move { owner.add(draft("BUY", "IBM", "2011-01-04", "1", "1")).await }
        });
        let gone = bought
            .iter()
            .map(|id| service.remove(&viewer, owner.id, *id));
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
        is_consistent(&db, &service, &owner).await;
    })
    .await;
}

fn file(rows: usize) -> Bytes {
    let rows = (0..rows).map(|n| format!("2010-01-04,BUY,IBM,1,{}\n", n + 1));
    let rows: String = rows.collect();
    format!("date,type,symbol,quantity,price\n{rows}").into()
}

/// A server that ends while an import is undone: what is undone stays undone, and goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn half_an_undone_import_goes() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let owner = Owner::with(&service, &viewer, "Mine").await;
        owner
            .add(draft("BUY", "IBM", "2010-01-04", "7", "130"))
            .await
            .unwrap();
        let taken = service.import(&viewer, owner.id, file(3_500), Taking::default());
        let import = taken.await.unwrap().id.unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("3507"));
        let (dying, by, id) = (service.clone(), viewer.clone(), owner.id);
        let undone = tokio::spawn(async move { dying.undo_import(&by, id, import).await });
        while store::has_import(&db, owner.id, import).await.unwrap() {
            tokio::task::yield_now().await;
        }
        undone.abort();
        drop(undone.await);
        let again = another(&db, &core);
        let owner = Owner {
            service: &again,
            ..owner
        };
        assert_eq!(owner.held("IBM").await.0, exact("7"));
        let listed = again.transactions(&viewer, owner.id, None, None, 10).await;
        assert_eq!(listed.unwrap().transactions.len(), 1);
        let gone = again.undo_import(&viewer, owner.id, import).await;
        assert_eq!(gone.unwrap_err().code, "not-found");
        again.imports(&viewer, owner.id, None).await.unwrap();
        assert_eq!(count(&db, "portfolio_transactions").await, 1);
        assert_eq!(count(&db, "portfolio_imports").await, 0);
        is_consistent(&db, &again, &owner).await;
    })
    .await;
}

/// A portfolio that is deleted is so at once; what a server that ended left of it goes with the next.
#[tokio::test]
async fn half_a_deleted_portfolio_goes() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let owner = Owner::with(&service, &viewer, "Mine").await;
        let stays = Owner::with(&service, &viewer, "Other").await;
        stays
            .add(draft("BUY", "IBM", "2010-01-04", "7", "130"))
            .await
            .unwrap();
        let taken = service.import(&viewer, owner.id, file(2_500), Taking::default());
        taken.await.unwrap();
        service
            .remove_position(&viewer, owner.id, "IBM")
            .await
            .unwrap();
        owner
            .add(draft("BUY", "AAPL", "2010-01-04", "1", "209"))
            .await
            .unwrap();
        service.delete(&viewer, owner.id).await.unwrap();
        let code = |error: crate::shared::Error| error.code.into_owned();
        let gone: [Result<(), String>; 5] = [
            service
                .page(&viewer, owner.id)
                .await
                .map(drop)
                .map_err(code),
            service.delete(&viewer, owner.id).await.map_err(code),
            service
                .change(&viewer, owner.id, "x", Method::Fifo)
                .await
                .map_err(code),
            owner
                .add(cash("DEPOSIT", "2010-01-04", "1"))
                .await
                .map(drop),
            service
                .import(&viewer, owner.id, file(1), Taking::default())
                .await
                .map(drop)
                .map_err(code),
        ];
        for gone in gone {
            assert_eq!(gone, Err("not-found".into()));
        }
        assert_eq!(service.portfolios(&viewer).await.unwrap().len(), 1);
        assert_eq!(service.trades(&viewer, "AAPL").await.unwrap(), []);
        // Its name is free.
        service.create(&viewer, "Mine", Method::Fifo).await.unwrap();
        // One batch, and the server ends.
        assert_eq!(count(&db, "portfolio_transactions").await, 2_502);
        let id = owner.id;
        let batch = move |tx: Tx| async move { store::purge(&tx, id).await };
        assert!(!db.write(id.0, batch).await.unwrap());
        assert_eq!(count(&db, "portfolio_transactions").await, 1_502);
        let again = another(&db, &core);
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
            assert_eq!(count(&db, table).await, left, "{table}");
        }
        assert_eq!(stays.held("IBM").await.0, exact("7"));
    })
    .await;
}

#[tokio::test]
async fn an_account_has_so_many_transactions_and_portfolios() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let full = Owner::with(&service, &viewer, "Full").await;
        let owner = Owner::with(&service, &viewer, "Mine").await;
        let sql = "UPDATE portfolios SET transactions = 199998 WHERE name = 'Full'";
        run(&db, sql.into()).await;
        let one = || draft("BUY", "IBM", "2010-01-04", "1", "130");
        let seen = service.preview(&viewer, owner.id, file(3)).await.unwrap();
        assert_eq!(seen.conflict.unwrap().code, "too-many-transactions");
        assert!(
            service
                .preview(&viewer, owner.id, file(2))
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
            .import(&viewer, owner.id, file(1), Taking::default())
            .await;
        assert_eq!(file.unwrap_err().code, "too-many-transactions");
        assert_eq!(owner.held("IBM").await.0, exact("2"));
        // What is there can be changed, and what goes makes room.
        service.edit(&viewer, owner.id, last, &one()).await.unwrap();
        service.remove(&viewer, owner.id, last).await.unwrap();
        owner.add(one()).await.unwrap();
        service.delete(&viewer, full.id).await.unwrap();
        owner.add(one()).await.unwrap();
        // Of others it takes nothing.
        let bo = core.person("bo").await;
        let other = Owner::with(&service, &bo, "Mine").await;
        other.add(one()).await.unwrap();

        for n in 0..19 {
            Owner::with(&service, &viewer, &format!("Portfolio {n}")).await;
        }
        let many = service.create(&viewer, "One more", Method::Fifo).await;
        let many = many.unwrap_err();
        assert_eq!(
            (many.code.as_ref(), many.status()),
            ("too-many-portfolios", 409)
        );
    })
    .await;
}

#[tokio::test]
async fn lots_and_sales_come_in_pages() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let owner = Owner::with(&service, &viewer, "Mine").await;
        // Several of a day, so that a place is more than a day.
        let bought = (0..230).map(|n| format!("2010-01-{:02},BUY,IBM,2,{}\n", n % 20 + 4, n + 1));
        let sold = (0..120).map(|n| format!("2010-02-{:02},SELL,IBM,1,{}\n", n % 20 + 1, n + 1));
        let rows: String = bought.chain(sold).collect();
        let file = format!("date,type,symbol,quantity,price\n{rows}");
        let taken = service.import(&viewer, owner.id, file.into(), Taking::default());
        assert_eq!(taken.await.unwrap().fresh, 350);
        let (mut lots, mut sales) = (Vec::new(), Vec::new());
        let (mut lots_at, mut sales_at) = (None::<String>, None::<String>);
        let mut pages = 0;
        loop {
            let at = (lots_at.as_deref(), sales_at.as_deref());
            let page = service
                .detail(&viewer, owner.id, "ibm", at.0, at.1)
                .await
                .unwrap();
            assert!(page.lots.len() <= 100 && page.sales.len() <= 100);
            assert!(page.sales.iter().all(|sale| sale.lots.is_empty()));
            pages += 1;
            // Each list goes on until it ends.
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
            .detail(&viewer, owner.id, "IBM", Some("x"), None)
            .await;
        assert_eq!(bad.unwrap_err().code, "bad-cursor");
    })
    .await;
}

/// What is removed and restored, also more than once and beside imports.
#[tokio::test]
async fn generations_of_an_instrument() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let owner = Owner::with(&service, &viewer, "Mine").await;
        let (id, symbol) = (owner.id, "IBM");
        let buy = |quantity: &str| draft("BUY", "IBM", "2010-01-04", quantity, "130");
        for quantity in ["1", "2"] {
            owner.add(buy(quantity)).await.unwrap();
            service.remove_position(&viewer, id, symbol).await.unwrap();
        }
        owner.add(buy("4")).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact("4"));
        let taken = service
            .import(&viewer, id, file(8), Taking::default())
            .await;
        assert_eq!(taken.unwrap().fresh, 8);
        assert_eq!(owner.held(symbol).await.0, exact("12"));
        // One that comes from another instrument is of this generation.
        let aapl = draft("BUY", "AAPL", "2010-01-04", "16", "209");
        let moved = owner.add(aapl).await.unwrap();
        service.edit(&viewer, id, moved, &buy("16")).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact("28"));
        assert_eq!(service.trades(&viewer, symbol).await.unwrap().len(), 10);
        service.restore_position(&viewer, id, symbol).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact("31"));
        assert_eq!(service.trades(&viewer, symbol).await.unwrap().len(), 12);
        service.remove_position(&viewer, id, symbol).await.unwrap();
        assert!(service.trades(&viewer, symbol).await.unwrap().is_empty());
        let listed = service.transactions(&viewer, id, None, None, 100).await;
        let listed = listed.unwrap().transactions;
        assert!(listed.len() == 12 && listed.iter().all(|one| one.removed));
    })
    .await;
}

/// What is too much to be kept beside a holding is computed when it is asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_moves_are_not_kept() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let owner = Owner::with(&service, &viewer, "Mine").await;
        let first = draft("BUY", "IBM", "2005-03-01", "1", "90");
        owner.add(first).await.unwrap();
        multiply(&db, 9_998).await;
        let moves = async |id: PortfolioId| {
            let kept = store::all_moves(&db, id).await.unwrap();
            kept[0].moves.as_ref().map(Vec::len)
        };
        let one = draft("BUY", "IBM", "2005-03-01", "1", "90");
        owner.add(one.clone()).await.unwrap();
        assert_eq!(moves(owner.id).await, Some(10_000));
        let before = service.performance(&viewer, owner.id, None).await.unwrap();
        owner.add(one).await.unwrap();
        assert_eq!(moves(owner.id).await, None);
        let after = service.performance(&viewer, owner.id, None).await.unwrap();
        assert_eq!(moves(owner.id).await, None);
        assert!((after.put_in - before.put_in - 90.0).abs() < 1e-6);
        assert_eq!(after.days, before.days);
    })
    .await;
}
