//! Symbols of files: their maximum number, which ones are requested, and their currencies.

use super::{cash, each, each_with, input};
use crate::platform::config::{Config, MarketSource};
use crate::portfolio::Problem;
use crate::portfolio::service::Taking;
use crate::testing::code;
use bytes::Bytes;

#[tokio::test]
async fn lines_in_another_currency_are_refused() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let told = async |rows: &str| {
            let file = format!("date,type,symbol,quantity,price,currency,amount\n{rows}");
            let seen = service.preview(viewer, owner.id, file.into()).await;
            let seen = seen.unwrap();
            let code = |problem: &Problem| {
                let column = problem.column.clone().unwrap_or_default();
                format!("{} {column} {}", problem.line, problem.error.code)
            };
            let problems: Vec<_> = seen.problems.iter().map(code).collect();
            (seen.fresh, problems)
        };
        // The sample's prices are in US dollars; for other symbols the file decides.
        let rows = "2010-01-04,BUY,IBM,1,1,EUR,\n2010-01-04,BUY,SAP.DE,1,1,EUR,\n\
            2010-01-04,DEPOSIT,,,,EUR,5\n2010-01-04,BUY,MSFT,1,1,USD,\n";
        let refused = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            told(rows).await,
            (
                2,
                refused(&[
                    "2 currency instrument-currency",
                    "5 currency currency-differs"
                ])
            )
        );
        // The holdings are in US dollars, so the rest must be too.
        owner
            .add(input("BUY", "AAPL", "2010-01-04", "1", "1"))
            .await
            .unwrap();
        let expected = [
            "2 currency instrument-currency",
            "3 currency currency-differs",
            "4 currency currency-differs",
        ];
        assert_eq!(told(rows).await, (1, refused(&expected)));
    })
    .await;
}

#[tokio::test]
async fn a_portfolio_has_so_many_instruments() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let file = |numbers: std::ops::Range<usize>| {
            let rows = numbers.map(|number| format!("2010-01-04,BUY,X{number},1,1\n"));
            let rows: String = rows.collect();
            Bytes::from(format!("date,type,symbol,quantity,price\n{rows}"))
        };
        let seen = service.preview(viewer, owner.id, file(0..1_001)).await;
        assert_eq!(seen.unwrap().conflict.unwrap().code, "too-many-instruments");
        let how = Taking::default;
        let refused = service.import(viewer, owner.id, file(0..1_001), how());
        assert_eq!(code(refused.await), "too-many-instruments");
        let taken = service.import(viewer, owner.id, file(0..999), how()).await;
        assert_eq!(taken.unwrap().fresh, 999);
        // Cash does not count as a symbol.
        owner.add(cash("DEPOSIT", "2010-01-04", "5")).await.unwrap();
        let last = input("BUY", "IBM", "2010-01-04", "1", "1");
        let id = owner.add(last.clone()).await.unwrap();
        let more = input("BUY", "MSFT", "2010-01-04", "1", "1");
        assert_eq!(
            owner.add(more.clone()).await.unwrap_err(),
            "too-many-instruments"
        );
        let taken = service
            .import(viewer, owner.id, file(999..1_000), how())
            .await;
        assert_eq!(code(taken), "too-many-instruments");
        // More of an existing symbol is allowed, and so is replacing one by another.
        owner.add(last).await.unwrap();
        let again = owner.add(more.clone()).await;
        assert_eq!(again.unwrap_err(), "too-many-instruments");
        let other = service.transactions(viewer, owner.id, Some("IBM"), None, 10);
        let other = other.await.unwrap().transactions;
        let other = other.into_iter().find(|one| one.id != id).unwrap().id;
        service.remove(viewer, owner.id, other).await.unwrap();
        service.edit(viewer, owner.id, id, &more).await.unwrap();
        let page = service.page(viewer, owner.id).await.unwrap();
        assert_eq!(page.holdings.len(), 1_000);
    })
    .await;
}

#[tokio::test]
async fn a_file_with_many_instruments_asks_for_some() {
    let configure = |config: &mut Config| {
        config.market.source = MarketSource::Stooq;
        // No server listens on port 1.
        config.market.stooq_url = "http://127.0.0.1:1".into();
    };
    each_with(configure, async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        for n in [7, 8] {
            let held = input("BUY", &format!("HELD{n}"), "2010-01-04", "1", "1");
            owner.add(held).await.unwrap();
        }
        let line = |symbol: String| format!("2010-01-04,BUY,{symbol},2,1\n");
        let lines = (0..60).map(|n| line(format!("NEW{n}")));
        let lines = lines.chain((0..9).map(|n| line(format!("HELD{n}"))));
        let file = format!(
            "date,kind,symbol,quantity,price\n{}",
            lines.collect::<String>()
        );
        let seen = service.preview(viewer, owner.id, Bytes::from(file)).await;
        let seen = seen.unwrap();
        assert_eq!((seen.fresh, seen.refused), (69, 0), "they can be taken in");
        assert_eq!(seen.unasked, 17, "of 67 that are not held");
        // A source without request limits is asked for all symbols.
        let free = house
            .another(|config| config.market = Default::default())
            .await;
        let line = "date,kind,symbol,quantity,price\n2010-01-04,BUY,IBM,2,1\n";
        let seen = free
            .portfolio()
            .preview(viewer, owner.id, Bytes::from(line))
            .await;
        assert_eq!(seen.unwrap().unasked, 0);
    })
    .await;
}
