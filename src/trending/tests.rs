//! Mentions on a real database: messages sent, edited and deleted.

use super::service::{Places, Reader, Wanted};
use super::*;
use crate::accounts::Viewer;
use crate::chat::{Delete, Edit, Send};
use crate::shared::{ChannelId, MessageId, time};
use crate::testing::{Home, TestHouse, until};
use serde_json::json;
use uuid::Uuid;

impl Home<'_> {
    async fn says(&self, who: &Viewer, text: &str) -> MessageId {
        self.says_in(self.general, who, text).await
    }

    async fn says_in(&self, channel_id: ChannelId, who: &Viewer, text: &str) -> MessageId {
        let nonce = Uuid::now_v7().to_string();
        let text = text.to_owned();
        let send = Send { channel_id, text };
        self.chat().send(who, &nonce, send).await.unwrap().id
    }

    async fn edits(&self, who: &Viewer, message_id: MessageId, text: &str) {
        let text = text.to_owned();
        let edit = Edit { message_id, text };
        self.chat().edit(who, edit).await.unwrap();
    }

    async fn takes_back(&self, who: &Viewer, message_id: MessageId) {
        self.chat()
            .delete(who, Delete { message_id })
            .await
            .unwrap();
    }

    fn reader(&self) -> Reader {
        Reader::new(
            self.trending().clone(),
            self.chat().clone(),
            self.bus().clone(),
            asked,
        )
    }

    /// Runs a reader with these positions until nothing is left.
    async fn read(&self, places: &mut Places) {
        let reader = self.reader();
        for channel in reader.behind(places).await.unwrap() {
            while reader.turn(places, channel).await.unwrap() {}
        }
    }

    /// Runs a reader that has just been started, then returns the counts.
    async fn read_counts(&self, wanted: Wanted) -> Vec<(String, u64, u64)> {
        self.read(&mut Places::new()).await;
        self.counts(&wanted).await
    }

    async fn counts(&self, wanted: &Wanted) -> Vec<(String, u64, u64)> {
        let trending = self.trending().trending(&self.ada, wanted).await.unwrap();
        let counts = trending.instruments.into_iter();
        counts
            .map(|one| (one.symbol, one.now.mentions, one.now.people))
            .collect()
    }

    async fn counted(&self) -> Vec<(String, u64, u64)> {
        self.read_counts(Wanted::default()).await
    }
}

/// A command, as higher modules define them.
fn asked(text: &str) -> Vec<String> {
    let code = text.strip_prefix("/stock=");
    code.map(ToOwned::to_owned).into_iter().collect()
}

fn row(symbol: &str, mentions: u64, people: u64) -> (String, u64, u64) {
    (symbol.to_owned(), mentions, people)
}

#[tokio::test]
async fn people_count_more_than_mentions() {
    Home::each(async |home| {
        assert!(home.counted().await.is_empty());
        for _ in 0..3 {
            home.says(&home.ada, "$MSFT $MSFT and $msft.us").await;
        }
        home.says(&home.ada, "long $AAPL, costs $100 or $5m").await;
        home.says(&home.bo, "`$IBM` and $AAPL.US").await;
        home.says(&home.bo, "nothing").await;
        home.says(&home.bo, "/stock=a b").await;
        let expected = [row("AAPL", 2, 2), row("MSFT", 3, 1)];
        assert_eq!(home.counted().await, expected);
        assert_eq!(
            home.counted().await,
            expected,
            "a restart counts nothing twice"
        );
        // Two readers side by side, one of which is behind.
        let (mut one, mut other) = (Places::new(), Places::new());
        home.read(&mut one).await;
        home.read(&mut other).await;
        home.says(&home.bo, "$IBM").await;
        home.read(&mut other).await;
        home.says(&home.bo, "/stock=ibm.us").await;
        home.read(&mut one).await;
        home.read(&mut other).await;
        assert_eq!(
            home.counted().await[1..],
            [row("MSFT", 3, 1), row("IBM", 2, 1)]
        );
    })
    .await;
}

#[tokio::test]
async fn edits_and_deletions_are_followed() {
    Home::each(async |home| {
        let first = home.says(&home.ada, "$AAPL and $IBM").await;
        let second = home.says(&home.bo, "$AAPL").await;
        let mut places = Places::new();
        home.read(&mut places).await;
        assert_eq!(home.counted().await, [row("AAPL", 2, 2), row("IBM", 1, 1)]);
        home.edits(&home.ada, first, "$MSFT now").await;
        home.read(&mut places).await;
        assert_eq!(home.counted().await, [row("AAPL", 1, 1), row("MSFT", 1, 1)]);
        home.edits(&home.bo, second, "none").await;
        home.read(&mut places).await;
        assert_eq!(home.counted().await, [row("MSFT", 1, 1)]);
        home.edits(&home.bo, second, "$AAPL again").await;
        home.takes_back(&home.ada, first).await;
        home.read(&mut places).await;
        assert_eq!(home.counted().await, [row("AAPL", 1, 1)]);
        // Sent, edited and deleted before it was read.
        let third = home.says(&home.ada, "$KO").await;
        home.edits(&home.ada, third, "$PEP").await;
        home.takes_back(&home.ada, third).await;
        assert_eq!(home.counted().await, [row("AAPL", 1, 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_stops_anywhere_counts_the_same() {
    Home::each(async |home| {
        let mut ids = Vec::new();
        // More than a page.
        for n in 0..520 {
            ids.push(home.says(&home.ada, &format!("{n} $AAPL")).await);
        }
        let reader = home.reader();
        let mut places = Places::new();
        assert!(reader.turn(&mut places, home.general).await.unwrap());
        // Changes behind the cursor and before it, while no reader runs.
        home.edits(&home.ada, ids[3], "$IBM").await;
        home.takes_back(&home.ada, ids[515]).await;
        drop((reader, places));
        assert_eq!(
            home.counted().await,
            [row("AAPL", 518, 1), row("IBM", 1, 1)]
        );
    })
    .await;
}

#[tokio::test]
async fn mentions_go_with_the_messages_of_an_account() {
    Home::each(async |home| {
        home.says(&home.bo, "$AAPL").await;
        home.says(&home.ada, "$IBM").await;
        assert_eq!(home.counted().await.len(), 2);
        home.erase(&home.bo, false).await;
        assert_eq!(home.counted().await, [row("IBM", 1, 1)]);
    })
    .await;
}

#[tokio::test]
async fn only_channels_that_may_be_read_count() {
    Home::each(async |home| {
        let oil = home.channel(&home.ada, "oil").await;
        home.says(&home.ada, "$AAPL").await;
        home.says_in(oil, &home.ada, "$XOM").await;
        assert_eq!(home.counted().await.len(), 2);
        let of = |channel: String| Wanted {
            channel: Some(channel),
            ..Wanted::default()
        };
        assert_eq!(
            home.read_counts(of(oil.to_string())).await,
            [row("XOM", 1, 1)]
        );
        let everywhere = Wanted::default();
        let page = home.trending().page(&home.bo, &everywhere, Some("xom.us"));
        let page = page.await.unwrap();
        assert_eq!(page.places.len(), 2);
        let chosen = page.chosen.unwrap();
        assert_eq!(chosen.instrument.symbol, "XOM");
        assert_eq!(chosen.instrument.now.mentions, 1);
        assert_eq!(chosen.days.len(), 30);
        let today = chosen.days.last().unwrap();
        assert_eq!(today.date, time::now().date_naive());
        assert_eq!(today.counts.people, 1);
        // A community with Ada alone: other members can neither read it nor learn that it exists.
        let (desk, secret) = home.community("Desk", &[home.ada.account]).await;
        home.says_in(secret, &home.ada, "$GS").await;
        let in_desk = Wanted {
            community: Some(desk.to_string()),
            ..Wanted::default()
        };
        assert_eq!(home.read_counts(in_desk.clone()).await, [row("GS", 1, 1)]);
        assert_eq!(home.counted().await.len(), 2, "the Lobby is another one");
        let elsewhere = of(secret.to_string());
        for (viewer, wanted) in [
            (&home.bo, &in_desk),
            (&home.bo, &elsewhere),
            (&home.ada, &elsewhere),
            (&home.ada, &of(ChannelId::new().to_string())),
        ] {
            let asked = home.trending().trending(viewer, wanted).await;
            assert_eq!(asked.unwrap_err().code, "not-found", "{wanted:?}");
            let asked = home.trending().trending_symbol(viewer, "GS", wanted).await;
            assert_eq!(asked.unwrap_err().code, "not-found", "{wanted:?}");
            let asked = home.trending().page(viewer, wanted, None).await;
            assert_eq!(asked.unwrap_err().code, "not-found", "{wanted:?}");
        }
        let asked = home.trending().trending_symbol(&home.bo, "GS", &everywhere);
        assert_eq!(asked.await.unwrap().instrument.now, Counts::default());
        // Bots repeat what members asked.
        let bot = home.accounts().ensure_bot("echo", "Echo").await.unwrap();
        home.says(&bot, "$KO").await;
        assert_eq!(home.counted().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_part_reads_by_itself() {
    Home::each(async |home| {
        home.says(&home.ada, "before it is there $AAPL").await;
        home.tasks().start(home.reader());
        let told = async |expected: &[(String, u64, u64)]| {
            let what = format!("{expected:?}");
            until(&what, async || {
                home.counts(&Wanted::default()).await == expected
            })
            .await;
        };
        told(&[row("AAPL", 1, 1)]).await;
        // Received as a command, without a cashtag.
        let command = home.says(&home.bo, "/stock=msft").await;
        told(&[row("AAPL", 1, 1), row("MSFT", 1, 1)]).await;
        home.takes_back(&home.bo, command).await;
        told(&[row("AAPL", 1, 1)]).await;
        let id = home.says(&home.bo, "and $AAPL $IBM").await;
        told(&[row("AAPL", 2, 2), row("IBM", 1, 1)]).await;
        home.edits(&home.bo, id, "nothing").await;
        told(&[row("AAPL", 1, 1)]).await;
    })
    .await;
}

#[tokio::test]
async fn trending_over_rest() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let empty = ada.get("/api/trending").await.is(200);
    assert_eq!(empty["instruments"], json!([]));
    let week = ada.get("/api/trending?days=7").await.is(200);
    let day =
        |text: &serde_json::Value| -> chrono::NaiveDate { text.as_str().unwrap().parse().unwrap() };
    assert_eq!((day(&week["to"]) - day(&week["from"])).num_days(), 6);
    let apple = ada.get("/api/trending/aapl.us?days=90").await.is(200);
    assert_eq!(apple["instrument"]["symbol"], "AAPL");
    assert_eq!(apple["instrument"]["name"], "Apple Inc.");
    assert_eq!(apple["days"].as_array().unwrap().len(), 90);
    assert_eq!(apple["priced_to"], "2013-03-01");
    for (path, status, code) in [
        ("/api/trending?days=", 400, "bad-days"),
        ("/api/trending?days=8", 400, "bad-days"),
        ("/api/trending?channel=", 400, "bad-channel"),
        ("/api/trending?channel=x", 400, "bad-channel"),
        ("/api/trending?community=", 400, "bad-community"),
        ("/api/trending?community=x", 400, "bad-community"),
        ("/api/trending?skip=", 400, "bad-cursor"),
        ("/api/trending?skip=-1", 400, "bad-cursor"),
        ("/api/trending?skip=100000", 400, "bad-cursor"),
        ("/api/trending/%24", 400, "bad-symbol"),
        ("/api/trending/AAPL?days=x", 400, "bad-days"),
        (
            "/api/trending?channel=01980000-0000-7000-8000-000000000000",
            404,
            "not-found",
        ),
        (
            "/api/trending/AAPL?community=01980000-0000-7000-8000-000000000000",
            404,
            "not-found",
        ),
    ] {
        ada.get(path).await.fails(status, code);
    }
    house
        .request("GET", "/api/trending", None, None)
        .await
        .fails(401, "unauthenticated");
    house.close().await;
}
