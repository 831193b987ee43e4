//! Paper trading on a real database, with prices under the tests' hands: they come as those of a
//! replay, after the sample's last day.

mod rest;

use super::service::Wanted;
use super::{
    AccountPage, Board, Draft, Order, OrderState, PaperAccount, Parts, Reason, Season, Service,
    Side,
};
use crate::accounts::{Farewell, Viewer};
use crate::markets::{Quote, Source, Watchlists};
use crate::platform::{
    config::Config,
    database::{Database, Tx},
    tasks::Tasks,
};
use crate::portfolio::{self, Kind, rules::ledger::Method};
use crate::shared::{OrderId, time};
use crate::testing::{Core, TestDb, plenty};
use crate::{markets, portfolio::Draft as Written};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

struct Home {
    core: Core,
    paper: Service,
    portfolio: portfolio::Service,
    ada: Viewer,
    bo: Viewer,
}

impl Home {
    async fn new(db: &Database) -> Self {
        let mut config = Config::default();
        config.accounts.deletion_days = 0;
        config.limits.registrations = plenty();
        let core = Core::new(db, &config).await;
        let (paper, portfolio) = services(db, &core, &config);
        core.person("operator").await;
        let (ada, bo) = (core.person("ada").await, core.person("bo").await);
        Self {
            core,
            paper,
            portfolio,
            ada,
            bo,
        }
    }

    async fn join(&self, who: &Viewer) -> PaperAccount {
        let joined = self.paper.join(who, None).await.unwrap();
        joined.account.unwrap()
    }

    async fn place(&self, who: &Viewer, draft: &Draft) -> Order {
        let placed = self.paper.place(who, None, draft).await.unwrap();
        placed.order
    }

    async fn refused(&self, who: &Viewer, draft: &Draft) -> String {
        let refused = self.paper.place(who, None, draft).await.unwrap_err();
        refused.code.into_owned()
    }

    /// The price of AAPL in a minute after the sample.
    async fn price(&self, minute: u32, price: &str) {
        let quote = quote("AAPL", minute, price);
        self.paper.hold_against("AAPL", &quote).await.unwrap();
    }

    async fn page(&self, who: &Viewer) -> AccountPage {
        self.paper.account(who, None, None).await.unwrap()
    }

    async fn account(&self, who: &Viewer) -> PaperAccount {
        self.page(who).await.account.unwrap()
    }

    async fn held(&self, who: &Viewer, symbol: &str) -> Decimal {
        let page = self.page(who).await;
        let mut held = page.holdings.iter();
        let found = held.find(|holding| holding.symbol == symbol);
        found.map(|holding| holding.quantity).unwrap_or_default()
    }

    async fn orders(&self, who: &Viewer) -> Vec<Order> {
        let page = self.paper.orders(who, &Wanted::default()).await.unwrap();
        page.orders
    }

    async fn order(&self, who: &Viewer, id: OrderId) -> Order {
        let orders = self.orders(who).await;
        orders.into_iter().find(|order| order.id == id).unwrap()
    }

    async fn board(&self) -> Board {
        self.paper.board(&self.ada, None, None).await.unwrap()
    }
}

fn services(db: &Database, core: &Core, config: &Config) -> (Service, portfolio::Service) {
    let markets = markets::Service::new(config, db, &Tasks::default()).unwrap();
    let watchlists = Watchlists::start(db.clone(), &core.accounts, markets.clone());
    let portfolio = portfolio::Service::start(db.clone(), &core.accounts, markets.clone());
    let paper = Service::start(Parts {
        db: db.clone(),
        accounts: core.accounts.clone(),
        communities: core.communities.clone(),
        markets,
        watchlists,
        portfolio: portfolio.clone(),
    });
    (paper, portfolio)
}

fn quote(symbol: &str, minute: u32, price: &str) -> Quote {
    Quote {
        symbol: symbol.into(),
        price: price.parse().unwrap(),
        open: None,
        high: None,
        low: None,
        previous_close: None,
        volume: None,
        date: NaiveDate::from_ymd_opt(2013, 3, 4).unwrap(),
        time: NaiveTime::from_hms_opt(10 + minute / 60, minute % 60, 0),
        source: Source::Replay,
    }
}

fn order(side: &str, quantity: &str) -> Draft {
    Draft {
        symbol: "aapl".into(),
        side: side.into(),
        kind: "market".into(),
        quantity: quantity.into(),
        limit: String::new(),
    }
}

fn limited(side: &str, quantity: &str, limit: &str) -> Draft {
    Draft {
        kind: "limit".into(),
        limit: limit.into(),
        ..order(side, quantity)
    }
}

fn exact(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[tokio::test]
async fn joined_once_and_filled_at_the_next_price() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let draft = order("buy", "10");
        assert_eq!(home.refused(&home.ada, &draft).await, "not-joined");
        let before = home.paper.seasons(&home.ada, None).await.unwrap().seasons;
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
            home.paper.join(&home.bo, None),
            home.paper.join(&home.bo, None)
        );
        assert_eq!(
            one.unwrap().account.unwrap().portfolio,
            two.unwrap().account.unwrap().portfolio
        );

        let placed = home.paper.place(&home.ada, None, &draft).await.unwrap();
        assert!(!placed.moves, "the sample does not move, and says so");
        let placed = placed.order;
        assert_eq!(placed.seen_price, exact("430.47"));
        assert_eq!(home.account(&home.ada).await.reserved, exact("4304.70"));
        // Not at the price that was seen, in whatever shape it comes again.
        home.paper.look().await.unwrap();
        let mut seen = quote("AAPL", 0, "1");
        (seen.date, seen.time) = (NaiveDate::from_ymd_opt(2013, 3, 1).unwrap(), None);
        home.paper.hold_against("AAPL", &seen).await.unwrap();
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

        // The same ledger: a deposit and a purchase, with performance as of any portfolio.
        let ledger = &home.portfolio;
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
async fn two_nodes_and_a_restart_fill_once() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.join(&home.ada).await;
        let mut placed = Vec::new();
        for _ in 0..5 {
            placed.push(home.place(&home.ada, &order("buy", "3")).await.id);
        }
        // Started again, and beside it a second one: all they know is in the database.
        let (one, _) = services(&db, &home.core, &Config::default());
        let (other, _) = services(&db, &home.core, &Config::default());
        let next = quote("AAPL", 1, "440");
        let (a, b, c) = futures::join!(
            one.hold_against("AAPL", &next),
            other.hold_against("AAPL", &next),
            home.paper.hold_against("AAPL", &next)
        );
        a.and(b).and(c).unwrap();
        for id in placed {
            assert_eq!(home.order(&home.ada, id).await.state, OrderState::Filled);
        }
        let account = home.account(&home.ada).await;
        assert_eq!((account.trades, account.cash), (5, exact("93400")));
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("15"));

        // Killed in the middle of a fill: nothing of it is there, and the next start does it.
        let late = home.place(&home.ada, &order("buy", "1")).await;
        let broken = async move |tx: Tx| {
            tx.execute_unprepared("UPDATE paper_orders SET symbol = 'a b' WHERE state = 'open'")
                .await?;
            Ok(())
        };
        db.write(Uuid::nil(), broken).await.unwrap();
        one.hold_against("a b", &quote("a b", 2, "441"))
            .await
            .unwrap();
        assert_eq!(home.order(&home.ada, late.id).await.state, OrderState::Open);
        assert_eq!(home.account(&home.ada).await.trades, 5);
        let mended = async move |tx: Tx| {
            tx.execute_unprepared("UPDATE paper_orders SET symbol = 'AAPL' WHERE symbol = 'a b'")
                .await?;
            Ok(())
        };
        db.write(Uuid::nil(), mended).await.unwrap();
        let (again, _) = services(&db, &home.core, &Config::default());
        again
            .hold_against("AAPL", &quote("AAPL", 3, "442"))
            .await
            .unwrap();
        again
            .hold_against("AAPL", &quote("AAPL", 4, "443"))
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

#[tokio::test]
async fn its_owner_reads_the_portfolio_and_changes_nothing() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let (ledger, ada) = (&home.portfolio, &home.ada);
        let kept = home.join(ada).await.portfolio;
        home.place(ada, &order("buy", "10")).await;
        home.price(1, "440").await;
        assert!(ledger.portfolios(ada).await.unwrap().is_empty());
        assert!(ledger.first_page(ada).await.unwrap().is_none());
        assert!(ledger.trades(ada, "AAPL").await.unwrap().is_empty());
        let page = ledger.page(ada, kept).await.unwrap();
        assert_eq!(page.portfolio.kept_by.as_deref(), Some("paper"));
        let written = ledger
            .transactions(ada, kept, None, None, 10)
            .await
            .unwrap();
        let id = written.transactions[0].id;
        let draft = Written {
            kind: "DEPOSIT".into(),
            date: "2026-11-01".into(),
            amount: "1000000".into(),
            ..Written::default()
        };
        let file = b"date,kind,amount\n2026-11-01,DEPOSIT,5\n";
        let refused = [
            ledger
                .add(ada, Some(kept), &draft, Default::default())
                .await
                .err(),
            ledger.edit(ada, kept, id, &draft).await.err(),
            ledger.remove(ada, kept, id).await.err(),
            ledger.remove_position(ada, kept, "AAPL").await.err(),
            ledger
                .change(ada, kept, "Mine", Method::Average)
                .await
                .err(),
            ledger.delete(ada, kept).await.err(),
            ledger
                .delete_named(ada, kept, &page.portfolio.name)
                .await
                .err(),
            ledger
                .import(ada, kept, file.as_slice().into(), Default::default())
                .await
                .err(),
        ];
        for refused in refused {
            assert_eq!(refused.unwrap().code, "portfolio-kept");
        }
        let after = ledger
            .transactions(ada, kept, None, None, 10)
            .await
            .unwrap();
        assert_eq!(after, written);
        // One of the same name of one's own, and nobody else's business.
        let name = &page.portfolio.name;
        ledger.create(ada, name, Method::Fifo).await.unwrap();
        assert_eq!(ledger.portfolios(ada).await.unwrap().len(), 1);
        let foreign = ledger.page(&home.bo, kept).await.unwrap_err();
        assert_eq!(foreign.status(), 404);

        // Erased with its account, and with it what was ordered.
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        let own = home.core.accounts.clone();
        own.leave(ada, farewell, "192.0.2.2").await.unwrap();
        own.erase_due(&CancellationToken::new()).await.unwrap();
        assert_eq!(ledger.page(ada, kept).await.unwrap_err().status(), 404);
        let board = home.paper.board(&home.bo, None, None).await.unwrap();
        assert_eq!(board.members, 0);
    })
    .await;
}

#[tokio::test]
async fn standings_at_current_prices_and_at_the_end() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let cy = home.core.person("cy").await;
        for who in [&home.ada, &home.bo, &cy] {
            home.join(who).await;
        }
        assert!(
            home.board()
                .await
                .standings
                .iter()
                .all(|one| one.rank.is_none())
        );
        home.place(&home.ada, &order("buy", "100")).await;
        home.place(&home.bo, &order("buy", "100")).await;
        home.price(1, "400").await;
        let open = home.place(&home.ada, &limited("buy", "1", "1")).await;
        let board = home.board().await;
        // Marked at the sample's last price, 430.47.
        let told: Vec<_> = board
            .standings
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
        assert!((board.standings[0].made - 0.03047).abs() < 1e-9);
        let market = board.market.unwrap();
        assert_eq!(market.symbols, ["AAPL", "IBM", "MSFT"]);
        assert_eq!(market.made, 0.0, "the sample does not move");

        // The end of the season.
        let season = board.season.id.unwrap();
        let after = time::now() + TimeDelta::days(100);
        home.paper.close_ended(after).await.unwrap();
        home.paper.close_ended(after).await.unwrap();
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
            .paper
            .board(&home.bo, None, Some(&named))
            .await
            .unwrap();
        assert_eq!(last.standings, board.standings);
        assert!(last.season.closed_at.is_some() && !last.season.running);
        let own = home
            .paper
            .account(&home.ada, None, Some(&named))
            .await
            .unwrap();
        assert_eq!(own.account.unwrap().value, exact("103047.00"));
        let refused = home
            .paper
            .board(&home.ada, None, Some(""))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "bad-season");
        let unknown = Uuid::now_v7().to_string();
        let refused = home.paper.board(&home.ada, None, Some(&unknown)).await;
        assert_eq!(refused.unwrap_err().status(), 404);
    })
    .await;
}

#[tokio::test]
async fn splits_since_the_last_trade_are_counted() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.join(&home.ada).await;
        home.place(&home.ada, &order("buy", "10")).await;
        home.price(1, "400").await;
        home.paper.count_all_splits().await.unwrap();
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("10"));
        // As if it had been bought before the split of 2005, which was not known then.
        let earlier = async move |tx: Tx| {
            for sql in [
                "UPDATE portfolio_transactions SET date = '2005-01-03' WHERE kind = 'BUY'",
                "UPDATE portfolio_holdings SET splits = '[]' WHERE symbol = 'AAPL'",
            ] {
                assert_eq!(tx.execute_unprepared(sql).await?.rows_affected(), 1);
            }
            Ok(())
        };
        db.write(Uuid::nil(), earlier).await.unwrap();
        home.paper.count_all_splits().await.unwrap();
        assert_eq!(home.held(&home.ada, "AAPL").await, exact("20"));
        let refused = home.refused(&home.ada, &order("sell", "20.1")).await;
        assert_eq!(refused, "paper-units");
        home.place(&home.ada, &order("sell", "20")).await;
        home.price(2, "215").await;
        assert_eq!(home.account(&home.ada).await.cash, exact("100300"));
    })
    .await;
}

/// Any sequence of orders and prices on the real ledger: cash and units are those of the orders that
/// were filled, and never less than nothing.
#[tokio::test]
async fn the_ledger_and_the_orders_say_the_same() {
    let fresh = TestDb::sqlite().await;
    let home = Home::new(&fresh.db).await;
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
        let draft = if dice(2) == 0 {
            order(side, &units)
        } else {
            limited(side, &units, &(300 + dice(250)).to_string())
        };
        placed += usize::from(home.paper.place(&home.ada, None, &draft).await.is_ok());
        if dice(5) == 0
            && let Some(open) = home.orders(&home.ada).await.first()
        {
            let _ended = home.paper.cancel(&home.ada, open.id).await;
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
        let page = home.paper.orders(&home.ada, &wanted).await.unwrap();
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
    fresh.stop().await;
}
