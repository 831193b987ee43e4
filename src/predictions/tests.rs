//! Predictions on a real database with the sample's prices, which end on 2013-03-01.

use super::service::{Filter, Scorer};
use super::*;
use crate::accounts::Viewer;
use crate::markets;
use crate::platform::config::Config;
use crate::shared::{CommunityId, Timestamp, time};
use crate::testing::{Home, TestHouse, code, until};
use chrono::TimeDelta;
use serde_json::json;
use tokio_util::sync::CancellationToken;

impl Home<'_> {
    /// Creates a prediction of a member in the past.
    async fn called(&self, who: &Viewer, text: &str, at: &str) -> Prediction {
        let at: Timestamp = at.parse().unwrap();
        let mark = format!("test:{}:{text}:{at}", who.username);
        let input = rules::read(text).unwrap();
        let profile = who.profile();
        let made = self
            .predictions()
            .make_in(self.general, &profile, &mark, &input, at);
        let Created { prediction, moves } = made.await.unwrap();
        assert!(moves, "prices came later");
        prediction
    }

    async fn score(&self, now: Timestamp) -> usize {
        let cancel = CancellationToken::new();
        self.predictions().score_due(now, &cancel).await.unwrap()
    }

    async fn listed(&self, filter: Filter) -> Vec<Prediction> {
        self.predictions()
            .page(&self.ada, &filter)
            .await
            .unwrap()
            .predictions
    }
}

#[tokio::test]
async fn a_prediction_is_scored_once_by_the_prices_that_came() {
    Home::each(async |home| {
        let text = "aapl short 3m because it has risen enough";
        let made = home.called(&home.ada, text, "2012-09-20T15:00:00Z").await;
        assert_eq!(made.state, State::Open);
        assert_eq!(made.known.date.to_string(), "2012-09-20");
        assert_eq!(made.due.to_string(), "2012-12-20");
        let again = home.called(&home.ada, text, "2012-09-20T15:00:00Z").await;
        assert_eq!(again.id, made.id, "a repeat is the same prediction");

        let history = home.markets().history("AAPL").await.unwrap().unwrap();
        let on = |day: &str| {
            let day = day.parse().unwrap();
            history.bars.iter().find(|bar| bar.date == day).unwrap()
        };
        assert_eq!(home.score(time::now()).await, 1);
        let filter = Filter {
            state: Some("scored".into()),
            symbol: Some("aapl".into()),
            ..Filter::default()
        };
        let scored = home.listed(filter).await;
        let [prediction] = &scored[..] else {
            panic!("{scored:?}")
        };
        let (entry, exit) = (prediction.entry.unwrap(), prediction.exit.unwrap());
        assert_eq!(
            (entry.date, entry.price),
            (on("2012-09-21").date, on("2012-09-21").open)
        );
        assert_eq!(
            (exit.date, exit.price),
            (on("2012-12-20").date, on("2012-12-20").close)
        );
        let score = prediction.score.unwrap();
        let expected = 1.0 - f64::try_from(exit.price / entry.price).unwrap();
        assert!((score.made - expected).abs() < 1e-9 && score.hit());
        // The examples in docs/methods/prediction-score.md and base-rate.md.
        assert_eq!(entry.price, "702.41".parse().unwrap());
        assert_eq!(exit.price.round_dp(2), "521.73".parse().unwrap());
        assert!((score.made - 0.2572).abs() < 5e-5);
        assert!((score.base_rate.unwrap() - 991.0 / 3_097.0).abs() < 1e-9);
        // On average, Apple rose over three months.
        assert!((score.base_mean.unwrap() + 0.0971).abs() < 5e-5);

        let told = home.notified(&home.ada).await;
        let [notification] = &told[..] else {
            panic!("{told:?}")
        };
        assert_eq!(notification.kind, Settled::KIND);
        let settled: Settled = serde_json::from_value(notification.body.clone()).unwrap();
        assert_eq!(
            (settled.symbol.as_str(), settled.score),
            ("AAPL", Some(score))
        );
        assert!(home.notified(&home.bo).await.is_empty());
        let all = Filter::default();
        let page = home.predictions().whole_page(&home.ada, &all).await;
        assert_eq!(page.unwrap().told, Some(notification.id));

        assert_eq!(home.score(time::now()).await, 0, "nothing is left to do");
        assert_eq!(home.notified(&home.ada).await.len(), 1);
        let late = home.predictions().take_back(&home.ada, prediction.id).await;
        assert_eq!(code(late), "withdrawal-too-late");
    })
    .await;
}

#[tokio::test]
async fn a_prediction_that_no_price_follows_is_void() {
    Home::each(async |home| {
        let input = rules::read("ibm long 1w").unwrap();
        let made = home.predictions().make(&home.ada, None, &input).await;
        let Created { prediction, moves } = made.unwrap();
        assert!(!moves, "the prices of the sample have ended");
        assert_eq!(prediction.known.date.to_string(), "2013-03-01");
        assert_eq!(home.score(time::now()).await, 0, "it is not due yet");
        let now = time::now();
        assert_eq!(home.score(now + TimeDelta::days(2)).await, 1);
        assert_eq!(home.listed(Filter::default()).await[0].state, State::Open);
        // The source may only be late.
        assert_eq!(home.score(now + TimeDelta::days(30)).await, 1);
        assert_eq!(home.listed(Filter::default()).await[0].state, State::Open);
        assert!(home.notified(&home.ada).await.is_empty());
        assert_eq!(home.score(now + TimeDelta::days(40)).await, 1);
        assert_eq!(home.listed(Filter::default()).await[0].state, State::Void);
        let told = home.notified(&home.ada).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].body["score"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn a_prediction_can_be_taken_back_by_its_author_at_once() {
    Home::each(async |home| {
        let input = rules::read("ibm long 1w").unwrap();
        let made = home.predictions().make(&home.ada, None, &input).await;
        let prediction = made.unwrap().prediction;
        let foreign = home.predictions().take_back(&home.bo, prediction.id).await;
        assert_eq!(code(foreign), "not-found");
        home.predictions()
            .take_back(&home.ada, prediction.id)
            .await
            .unwrap();
        assert!(home.listed(Filter::default()).await.is_empty());
        let gone = home.predictions().take_back(&home.ada, prediction.id).await;
        assert_eq!(code(gone), "not-found");
        let elsewhere = CommunityId::new().to_string();
        for (asked, expected) in [(elsewhere.as_str(), "not-found"), ("x", "bad-community")] {
            let made = home
                .predictions()
                .make(&home.ada, Some(asked), &input)
                .await;
            assert_eq!(code(made), expected);
            let table = home.predictions().leaderboard(&home.ada, Some(asked)).await;
            assert_eq!(code(table), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_rating_that_was_given_is_a_prediction_once_a_day() {
    let last_day = |config: &mut Config| {
        config.market.replay = 3_600;
        config.market.replay_from = "2013-03-01".parse().unwrap();
    };
    Home::each_with(last_day, async |home| {
        let rated = home.markets().rating("AAPL").await.unwrap().unwrap();
        let verdict = rated.rating.as_ref().unwrap().verdict();
        assert_eq!(verdict, Some(markets::ratings::Verdict::StrongSell));
        for (requester, code) in [
            (&home.ada, "aapl"),
            (&home.bo, "AAPL"),
            (&home.bo, "aapl.us"),
        ] {
            let requester = requester.profile();
            let close = "430.47".parse().unwrap();
            let noted =
                home.predictions()
                    .note_rating(home.general, &requester, code, &rated, close);
            noted.await.unwrap();
        }
        let engine = Filter {
            author: Some("engine".into()),
            ..Filter::default()
        };
        let predictions = home.listed(engine).await;
        let [prediction] = &predictions[..] else {
            panic!("{predictions:?}")
        };
        assert_eq!(
            (prediction.direction, &prediction.author),
            (Direction::Short, &None)
        );
        assert_eq!(
            (prediction.symbol.as_str(), prediction.horizon.as_str()),
            ("AAPL", "4w")
        );
        let ada = Filter {
            author: Some(home.ada.account.to_string()),
            ..Filter::default()
        };
        assert!(home.listed(ada).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn records_are_told_by_intervals() {
    Home::each(async |home| {
        for year in 2001..2013 {
            let at = format!("{year}-06-01T12:00:00Z");
            home.called(&home.ada, "ibm long 2m", &at).await;
            // Repeating a prediction is no better than making it once.
            for n in 0..3 {
                let text = format!("msft long 2m because of {n}");
                home.called(&home.bo, &text, "2012-01-10T12:00:00Z").await;
            }
        }
        // Scoring in pages, with a restart in between, changes nothing.
        let mut scored = 0;
        while scored < 15 {
            let done = home.score(time::now()).await;
            assert!(done > 0, "{scored}");
            scored += done;
        }
        let table = home
            .predictions()
            .leaderboard(&home.ada, None)
            .await
            .unwrap();
        let [ada, bo] = &table.ranking[..] else {
            panic!("{table:?}")
        };
        assert_eq!(ada.author.as_ref().unwrap().username, "ada");
        assert_eq!((ada.rank, ada.tally.scored), (Some(1), 12));
        assert_eq!((bo.rank, bo.tally.scored), (None, 3));
        assert!(bo.tally.counted < 1.001);
        let tally = ada.tally;
        assert!(tally.low < tally.rate && tally.rate <= tally.high);
        assert!((tally.edge.unwrap() - (tally.low.unwrap() - tally.base.unwrap())).abs() < 1e-12);
    })
    .await;
}

#[tokio::test]
async fn one_instrument_by_any_name_is_one() {
    Home::each(async |home| {
        for text in ["aapl long 2m", "AAPL.US long 2m", "$aapl.us short 2m"] {
            home.called(&home.ada, text, "2012-01-10T12:00:00Z").await;
        }
        // One from before codes were canonical.
        let old = "UPDATE predictions SET symbol = 'AAPL.US' WHERE direction = 'short'";
        assert_eq!(home.sql(old).await, 1);
        home.score(time::now()).await;
        for symbol in ["AAPL", "aapl.us"] {
            let filter = Filter {
                symbol: Some(symbol.into()),
                state: Some("scored".into()),
                ..Filter::default()
            };
            assert_eq!(home.listed(filter).await.len(), 3, "{symbol}");
        }
        let table = home
            .predictions()
            .leaderboard(&home.ada, None)
            .await
            .unwrap();
        let [ada] = &table.ranking[..] else {
            panic!("{table:?}")
        };
        assert_eq!(ada.tally.scored, 3);
        assert!((ada.tally.counted - 1.0).abs() < 1e-9, "{ada:?}");
    })
    .await;
}

#[tokio::test]
async fn records_are_made_once_for_all_who_look() {
    Home::each(async |home| {
        for year in 2001..2004 {
            let at = format!("{year}-06-01T12:00:00Z");
            home.called(&home.ada, "ibm long 2m", &at).await;
        }
        let board = || home.predictions().leaderboard(&home.ada, None);
        assert!(board().await.unwrap().ranking.is_empty());
        assert_eq!(home.score(time::now()).await, 3);
        let table = board().await.unwrap();
        assert_eq!((table.ranking[0].tally.scored, table.latest), (3, None));
        // For some seconds the leaderboard comes from the cache.
        let lobby = home.communities().lobby();
        let latest = home.predictions().records(lobby, 2).await.unwrap();
        assert_eq!(latest.latest, Some(2), "and who reads is told so");
        assert_eq!(latest.ranked[0].1.scored, 2);
        assert_eq!(
            home.predictions().records(lobby, 3).await.unwrap().latest,
            None
        );
        home.sql("DELETE FROM predictions").await;
        assert_eq!(board().await.unwrap(), table);
        assert!(
            home.predictions()
                .records(lobby, 2)
                .await
                .unwrap()
                .ranked
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn predictions_go_with_their_author() {
    Home::each(async |home| {
        home.called(&home.bo, "ibm long 2m", "2012-01-10T12:00:00Z")
            .await;
        home.called(&home.ada, "ibm long 2m", "2012-01-10T12:00:00Z")
            .await;
        home.erase(&home.bo, true).await;
        let left = home.listed(Filter::default()).await;
        let [prediction] = &left[..] else {
            panic!("{left:?}")
        };
        assert_eq!(prediction.author.as_ref().unwrap().username, "ada");
    })
    .await;
}

#[tokio::test]
async fn the_part_scores_by_itself_and_stops() {
    Home::each(async |home| {
        home.called(&home.ada, "ibm long 2m", "2012-01-10T12:00:00Z")
            .await;
        home.tasks().start(Scorer(home.predictions().clone()));
        home.tasks().start(Scorer(home.predictions().clone()));
        until("it is scored", async || {
            home.listed(Filter::default()).await[0].state == State::Scored
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn predictions_over_rest() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let all = "/api/predictions";
    let empty = ada.get(all).await.is(200);
    assert_eq!(empty, json!({ "predictions": [], "next": null }));
    let new =
        json!({ "symbol": "aapl", "direction": "long", "horizon": "3m", "reason": "why not" });
    let made = ada.post(all, new.clone()).await.is(201);
    assert_eq!(made["symbol"], "AAPL");
    assert_eq!(
        made["known"],
        json!({ "date": "2013-03-01", "price": "430.47" })
    );
    assert_eq!(made["state"], "open");
    // The sample's prices have ended, and the response says so.
    let mut made = made;
    let moves = made.as_object_mut().unwrap().remove("moves");
    assert_eq!(moves, Some(json!(false)));
    let listed = ada.get("/api/predictions?state=open&symbol=AAPL").await;
    assert_eq!(listed.is(200)["predictions"][0], made);
    let table = ada.get("/api/predictions/leaderboard").await.is(200);
    assert_eq!(table, json!({ "ranking": [], "latest": null }));
    let changes = [
        (json!({ "symbol": "none" }), 404, "unknown-symbol"),
        (json!({ "symbol": "$$" }), 400, "bad-symbol"),
        (json!({ "direction": "up" }), 400, "bad-direction"),
        (json!({ "horizon": "9y" }), 400, "bad-horizon"),
        (json!({ "community": CommunityId::new() }), 404, "not-found"),
    ];
    ada.refused(all, &new, changes).await;
    for (query, status, code) in [
        ("author=x", 400, "bad-author"),
        ("state=x", 400, "bad-state"),
        ("before=x", 400, "bad-cursor"),
        ("community=x", 400, "bad-community"),
    ] {
        let path = format!("{all}?{query}");
        ada.get(&path).await.fails(status, code);
    }
    let path = format!("{all}/{}", made["id"].as_str().unwrap());
    let nobody = house.request("DELETE", &path, None, None).await;
    nobody.fails(401, "unauthenticated");
    ada.delete(&path).await.is_no_content();
    ada.delete(&path).await.fails(404, "not-found");
    house.close().await;
}

/// A replay has its own days, which horizons count.
#[tokio::test]
async fn under_replay_a_horizon_counts_the_days_of_the_market() {
    let replay = |config: &mut Config| {
        config.market.replay = 60;
        config.market.replay_from = "2012-09-20".parse().unwrap();
    };
    Home::each_with(replay, async |home| {
        let input = rules::read("AAPL short 1w").unwrap();
        let made = home.predictions().make(&home.ada, None, &input).await;
        let Created { prediction, moves } = made.unwrap();
        assert!(moves);
        let days = [prediction.made_on(), prediction.known.date, prediction.due];
        assert_eq!(
            days.map(|day| day.to_string()),
            ["2012-09-20", "2012-09-20", "2012-09-27"]
        );
        let history = home.markets().history("AAPL").await.unwrap().unwrap();
        let rated = home.markets().rating("AAPL").await.unwrap().unwrap();
        let profile = home.ada.profile();
        let close = history.bars.last().unwrap().close;
        let note = home.predictions();
        let note = note.note_rating(home.general, &profile, "AAPL", &rated, close);
        note.await.unwrap();

        assert_eq!(home.score(time::now()).await, 0);
        let _next_day = time::testing::jump(TimeDelta::minutes(1));
        assert!(home.score(time::now()).await >= 1);
        let own = |one: &&Prediction| one.author.is_some();
        let listed = home.listed(Filter::default()).await;
        let begun = listed.iter().find(own).unwrap();
        assert_eq!(begun.state, State::Open);
        assert_eq!(begun.entry.unwrap().date.to_string(), "2012-09-21");
        // Rialto's own prediction counts from the same day.
        for one in listed.iter().filter(|one| one.author.is_none()) {
            assert_eq!(one.due.to_string(), "2012-10-18");
        }

        // On the last day the close is not certain yet.
        let _last_day = time::testing::jump(TimeDelta::minutes(4));
        home.score(time::now()).await;
        let listed = home.listed(Filter::default()).await;
        assert_eq!(listed.iter().find(own).unwrap().state, State::Open);
        let _after = time::testing::jump(TimeDelta::minutes(1));
        home.score(time::now()).await;
        let listed = home.listed(Filter::default()).await;
        let scored = listed.iter().find(own).unwrap();
        assert_eq!(scored.state, State::Scored);
        assert_eq!(scored.exit.unwrap().date.to_string(), "2012-09-27");
    })
    .await;
}

#[tokio::test]
async fn an_author_has_so_many_open_predictions() {
    Home::each(async |home| {
        let text = "aapl short 3m because it has risen enough";
        let at = |n: i64| -> Timestamp {
            let first: Timestamp = "2012-09-20T15:00:00Z".parse().unwrap();
            first + TimeDelta::seconds(n)
        };
        for n in 0..200 {
            home.called(&home.ada, text, &at(n).to_rfc3339()).await;
        }
        let input = rules::read(text).unwrap();
        let profile = home.ada.profile();
        let more = home
            .predictions()
            .make_in(home.general, &profile, "more", &input, at(200));
        let refused = more.await.unwrap_err();
        assert_eq!(
            (refused.code.as_ref(), refused.status()),
            ("too-many-predictions", 409)
        );
        // The limit is per author, and scored predictions do not count.
        home.called(&home.bo, text, &at(0).to_rfc3339()).await;
        home.score(time::now()).await;
        home.called(&home.ada, text, &at(201).to_rfc3339()).await;
    })
    .await;
}
