//! Import and undo of transaction files.

use super::{Owner, cash, each, exact, input};
use crate::platform::database::{Database, Tx};
use crate::portfolio::rules::{self, ledger::Method};
use crate::portfolio::service::Taking;
use crate::portfolio::{Hindered, Hindrance, Imports, Origin, PastImport, Planned, store};
use crate::shared::{ImportId, time};
use crate::testing::{TestHouse, code};
use bytes::Bytes;

pub(super) const FILE: &str = "date,kind,symbol,quantity,price,fee\n\
    2010-01-04,BUY,IBM,10,130,1\n\
    2010-01-04,BUY,IBM,10,130,1\n\
    2010-02-01,SELL,IBM,5,125,1\n\
    2010-02-30,BUY,IBM,1,1,\n\
    2000-03-01,BUY,AAPL,100,130.31,\n";

#[tokio::test]
async fn a_file_is_taken_in_once_and_taken_back() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        // One of the two equal buys exists already.
        let same = crate::portfolio::TransactionInput {
            fee: "1.00".into(),
            ..input("BUY", "ibm", "2010-01-04", "10.0", "130")
        };
        owner.add(same).await.unwrap();
        owner
            .add(cash("DEPOSIT", "2010-01-04", "50000"))
            .await
            .unwrap();
        let file = || Bytes::from_static(FILE.as_bytes());
        let seen = service.preview(viewer, owner.id, file()).await.unwrap();
        assert_eq!((seen.fresh, seen.known, seen.refused), (3, 1, 1));
        assert_eq!(
            (seen.problems[0].line, seen.problems[0].error.code.as_ref()),
            (5, "bad-date")
        );
        let place = |of: &Option<String>| of.clone().unwrap_or_default();
        let problem = &seen.problems[0];
        assert_eq!(
            (place(&problem.column), place(&problem.written)),
            ("date".into(), "2010-02-30".into())
        );
        let lines = |some: &[Planned]| some.iter().map(|one| one.line).collect::<Vec<_>>();
        assert_eq!(lines(&seen.duplicates), [2]);
        assert_eq!(lines(&seen.additions), [3, 4, 6]);
        assert_eq!(seen.additions[2].symbol.as_deref(), Some("AAPL"));
        assert_eq!((seen.id, seen.conflict), (None, None));
        assert_eq!(
            owner.held("IBM").await.0,
            exact("10"),
            "nothing was changed"
        );

        let taken = service
            .import(viewer, owner.id, file(), Taking::default())
            .await
            .unwrap();
        assert_eq!((taken.fresh, taken.known), (3, 1));
        assert_eq!(owner.held("IBM").await.0, exact("15"));
        assert_eq!(owner.held("AAPL").await.0, exact("400"), "with its splits");
        let again = service
            .import(viewer, owner.id, file(), Taking::default())
            .await
            .unwrap();
        assert_eq!((again.fresh, again.known, again.id), (0, 4, None));
        assert_eq!(service.portfolios(viewer).await.unwrap()[0].transactions, 5);

        // Another member cannot undo it; its owner cannot while a sell needs it.
        let other = house.user("bo").await;
        let import = taken.id.unwrap();
        let refused = service.undo_import(&other, owner.id, import).await;
        assert_eq!(code(refused), "not-found");
        let sale = owner
            .add(input("SELL", "IBM", "2010-03-01", "15", "130"))
            .await
            .unwrap();
        let refused = service.undo_import(viewer, owner.id, import).await;
        assert_eq!(code(refused), "oversold");
        service.remove(viewer, owner.id, sale).await.unwrap();
        assert_eq!(
            service.undo_import(viewer, owner.id, import).await.unwrap(),
            3
        );
        assert_eq!(owner.held("IBM").await.0, exact("10"));
        let page = service.page(viewer, owner.id).await.unwrap();
        assert_eq!(page.holdings.len(), 1);
        assert_eq!(page.portfolio.transactions, 2);
        let gone = service.undo_import(viewer, owner.id, import).await;
        assert_eq!(code(gone), "not-found");
    })
    .await;
}

#[tokio::test]
async fn duplicates_can_be_taken_in_and_files_are_listed() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let taking = |name: &str, duplicates| Taking {
            name: name.into(),
            duplicates,
            ..Taking::default()
        };
        let file =
            || Bytes::from_static(b"date,type,symbol,quantity,price\n2010-01-04,BUY,IBM,10,130\n");
        let long = format!("C:\\Ada\u{202e}\\{}.csv", "x".repeat(200));
        for (name, duplicates, fresh, known) in [
            ("first.csv", false, 1, 0),
            ("again.csv", false, 0, 1),
            (long.as_str(), true, 1, 0),
        ] {
            let taken = service
                .import(viewer, owner.id, file(), taking(name, duplicates))
                .await
                .unwrap();
            assert_eq!((taken.fresh, taken.known), (fresh, known), "{name}");
        }
        assert_eq!(owner.held("IBM").await.0, exact("20"));
        let all = service.imports(viewer, owner.id, None).await.unwrap();
        let names: Vec<_> = all.imports.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["x".repeat(120).as_str(), "first.csv"]);
        assert_eq!((all.next, all.running), (None, None));
        assert!(all.imports.iter().all(|one| one.brought == 1));
        let later = service
            .imports(viewer, owner.id, Some(all.imports[0].id))
            .await;
        assert_eq!(later.unwrap().imports.len(), 1);
        let other = house.user("bo").await;
        let hidden = service.imports(&other, owner.id, None).await;
        assert_eq!(code(hidden), "not-found");
        service
            .undo_import(viewer, owner.id, all.imports[1].id)
            .await
            .unwrap();
        let left = service.imports(viewer, owner.id, None).await.unwrap();
        assert_eq!(left.imports, all.imports[..1]);
        assert_eq!(owner.held("IBM").await.0, exact("10"));
    })
    .await;
}

#[tokio::test]
async fn what_broke_off_is_cleared_away() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let id = owner.id;
        half_a_file(house.db(), owner).await;
        let count = async || service.portfolios(viewer).await.unwrap()[0].transactions;
        assert_eq!(count().await, 1);
        let all = service.imports(viewer, id, None).await.unwrap();
        assert_eq!(all, Imports::default());
        assert_eq!(count().await, 0);
        let page = service.transactions(viewer, id, None, None, 10).await;
        assert!(page.unwrap().transactions.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_file_that_sells_too_much_changes_nothing() {
    TestHouse::each(async |house| {
        let viewer = &house.user("ada").await;
        let service = house.portfolio();
        let made = service.create(viewer, "Mine", Method::Fifo).await.unwrap();
        let file =
            "date,kind,symbol,quantity,price\n2010-01-04,BUY,MSFT,1,1\n2010-01-05,SELL,IBM,1,1\n";
        let seen = service.preview(viewer, made.id, file.into()).await;
        assert_eq!(seen.unwrap().conflict.unwrap().code, "oversold");
        let refused = service
            .import(viewer, made.id, file.into(), Taking::default())
            .await;
        assert_eq!(code(refused), "oversold");
        let page = service
            .transactions(viewer, made.id, None, None, 10)
            .await
            .unwrap();
        assert!(page.transactions.is_empty());
        assert_eq!(service.portfolios(viewer).await.unwrap()[0].transactions, 0);
    })
    .await;
}

/// The preview reports the same errors as the import, and the rest can be imported.
#[tokio::test]
async fn what_is_in_the_way_of_a_file_is_told_with_its_lines() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        owner
            .add(input("BUY", "IBM", "2010-01-04", "10", "130"))
            .await
            .unwrap();
        owner
            .add(input("SELL", "IBM", "2010-02-01", "10", "125"))
            .await
            .unwrap();
        // A duplicate that sells more than is held if it is imported too; a buy that is fine; a
        // sell before its buy.
        let file = || {
            Bytes::from_static(
                b"date,type,symbol,quantity,price\n\
                2010-02-01,SELL,IBM,10,125\n\
                2010-03-01,BUY,AAPL,5,209\n\
                2010-03-02,SELL,MSFT,1,28\n\
                2010-03-03,BUY,MSFT,1,28\n",
            )
        };
        let seen = service.preview(viewer, owner.id, file()).await.unwrap();
        assert_eq!((seen.fresh, seen.known), (3, 1));
        let told = |hindrance: &Hindrance| {
            let one = |one: &Hindered| (one.symbol.clone(), one.line, one.lines);
            hindrance.instruments.iter().map(one).collect::<Vec<_>>()
        };
        let msft = ("MSFT".to_owned(), Some(4), 2);
        assert_eq!(told(&seen.hindrance), std::slice::from_ref(&msft));
        assert_eq!((seen.hindrance.count, seen.hindrance.lines), (1, 2));
        assert_eq!(
            told(&seen.hindrance_with_duplicates),
            [("IBM".to_owned(), Some(2), 1), msft]
        );
        assert_eq!(
            seen.conflict.as_ref(),
            Some(&seen.hindrance.instruments[0].error)
        );
        let take = async |duplicates, rest| {
            let how = Taking {
                duplicates,
                rest,
                ..Taking::default()
            };
            service.import(viewer, owner.id, file(), how).await
        };
        // The import fails with the error of the preview.
        assert_eq!(take(false, false).await.err(), seen.conflict);
        let refused = take(true, false).await.unwrap_err();
        assert_eq!(
            Some(&refused),
            seen.hindrance_with_duplicates.reason(),
            "with duplicates"
        );
        assert_eq!(service.portfolios(viewer).await.unwrap()[0].transactions, 2);
        let taken = take(true, true).await.unwrap();
        assert_eq!((taken.fresh, taken.left_out), (1, 3));
        let page = service.page(viewer, owner.id).await.unwrap();
        let symbols: Vec<_> = page
            .holdings
            .iter()
            .map(|one| one.symbol.as_str())
            .collect();
        assert_eq!(symbols, ["AAPL", "IBM"]);
        // Nothing of it can be imported, so nothing is.
        let nothing = take(false, true).await.unwrap();
        assert_eq!((nothing.fresh, nothing.left_out, nothing.id), (0, 2, None));
        assert_eq!(service.portfolios(viewer).await.unwrap()[0].transactions, 3);
    })
    .await;
}

/// State left by a server that stops during an import: a buy of IBM that does not count.
async fn half_a_file(db: &Database, owner: Owner<'_>) {
    let past = PastImport {
        id: ImportId::new(),
        name: "half.csv".into(),
        origin: Origin::File,
        brought: 2,
        at: time::now(),
    };
    let today = time::now().date_naive();
    let half = rules::check(&input("BUY", "IBM", "2010-01-04", "1", "1"), today).unwrap();
    let (id, account) = (owner.id, owner.viewer.account);
    let job = move |tx: Tx| async move {
        store::begin_import(&tx, id, &past).await?;
        store::touch(&tx, account, id, 1).await?;
        let counting = store::counting(&tx, id).await?;
        store::insert_import(&tx, id, past.id, &[half], &counting).await
    };
    db.write(id.0, job).await.unwrap();
}

#[tokio::test]
async fn half_a_file_is_not_brought_back() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        half_a_file(house.db(), owner).await;
        let nothing = service.restore_position(viewer, owner.id, "IBM").await;
        assert_eq!(code(nothing), "not-found");
        // Nor together with a symbol that was removed, in any order.
        owner
            .add(input("BUY", "IBM", "2010-01-05", "5", "130"))
            .await
            .unwrap();
        for _ in 0..2 {
            let (id, symbol) = (owner.id, "IBM");
            service.remove_position(viewer, id, symbol).await.unwrap();
            service.restore_position(viewer, id, symbol).await.unwrap();
            assert_eq!(owner.held("IBM").await.0, exact("5"));
        }
        service.imports(viewer, owner.id, None).await.unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("5"));

        // With later transactions: the buy is not counted and cannot be sold.
        half_a_file(house.db(), owner).await;
        owner
            .add(input("BUY", "IBM", "2010-01-06", "3", "130"))
            .await
            .unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("8"));
        let listed = service.transactions(viewer, owner.id, None, None, 10);
        assert_eq!(listed.await.unwrap().transactions.len(), 2);
        let all = input("SELL", "IBM", "2010-01-07", "9", "130");
        assert_eq!(owner.add(all).await.unwrap_err(), "oversold");
        owner
            .add(input("SELL", "IBM", "2010-01-07", "8", "130"))
            .await
            .unwrap();
        service.imports(viewer, owner.id, None).await.unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("0"));
        let all = service.portfolios(viewer).await.unwrap();
        assert_eq!(all[0].transactions, 3);
    })
    .await;
}
