use super::{fixture::Home, *};
use crate::platform::config::{Config, Limit, MarketSource};
use crate::testing::{code, until};

fn texts(answers: &[Message]) -> Vec<&str> {
    answers
        .iter()
        .map(|message| message.body.as_str())
        .collect()
}

/// Waits until the bot's cursor of a channel is stored.
async fn cursor_at(home: &Home, channel: ChannelId, seq: i64) {
    until("the cursor", async || {
        let cursors = store::cursors(home.db(), NAME).await.unwrap();
        cursors.get(&channel) == Some(&seq)
    })
    .await;
}

#[tokio::test]
async fn answers_commands_and_nothing_else() {
    let home = Home::new(1).await;
    let channel = home.channels[0];
    home.start_bot();
    for text in [
        "/stock=aapl.us",
        "hello",
        "/STOCK xxxx",
        "/stock",
        "/help",
        "/stock=$$$",
        "what about /stock=ibm",
    ] {
        home.say(channel, text).await;
    }
    home.say_as_bot(channel, "/stock=aapl.us").await;
    let answers = home.answers(channel, 5).await;
    assert_eq!(
        texts(&answers),
        [
            "AAPL.US quote is $430.47 per share",
            "No quote for XXXX. Try a code such as AAPL.US or MSFT.US.",
            "Say which one: /stock=AAPL.US",
            "You can ask: /stock=SYMBOL, /chart SYMBOL 6m, /compare SYMBOL SYMBOL 1y, \
             /predict SYMBOL long 3m because …, /alert SYMBOL > 200, /help",
            "No quote for that. Try a code such as AAPL.US or MSFT.US.",
        ]
    );
    let kinds: Vec<_> = answers.iter().map(|m| m.cards[0].kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "bots.quote",
            "bots.no_quote",
            "bots.which_one",
            "bots.help",
            "bots.no_quote"
        ]
    );
    let asked = &home.messages(channel).await[0];
    assert_eq!(answers[0].nonce, format!("bot:{}", asked.id));
    cursor_at(&home, channel, 13).await;
    home.close().await;
}

#[tokio::test]
async fn charts_comparisons_and_predictions() {
    let home = Home::new(1).await;
    let channel = home.channels[0];
    home.start_bot();
    for text in [
        "/chart aapl 6m",
        "/compare aapl.us msft 1y",
        "/predict aapl long 3m because earnings look strong",
        "/chart nope",
        "/compare aapl nope",
        "/predict nope long 3m",
        "/predict aapl up 3m",
        "/predict aapl",
    ] {
        home.say(channel, text).await;
    }
    let answers = home.answers(channel, 8).await;
    let today = chrono::Utc::now().date_naive();
    let texts = texts(&answers);
    assert_eq!(
        texts[0],
        "AAPL from 2012-09-04 to 2013-03-01: 674.97 to 430.47 (-36.22%), sample. \
         /api/stocks/AAPL/chart.png?period=122&to=2013-03-01"
    );
    assert!(
        texts[1].starts_with("From 2012-03-01 to 2013-03-01: AAPL.US -2"),
        "{texts:?}"
    );
    let due = today.checked_add_months(chrono::Months::new(3)).unwrap();
    assert_eq!(
        texts[2],
        format!(
            "Prediction created: AAPL long until {due}. Last close 430.47 on 2013-03-01 (sample); its \
             prices have ended, so it cannot be scored."
        )
    );
    assert!(texts[3].starts_with("No quote for NOPE."));
    assert!(texts[4].starts_with("No quote for NOPE."));
    assert!(texts[5].starts_with("No quote for NOPE."));
    assert!(texts[6].starts_with("Invalid direction: use long or short. Usage: /predict AAPL"));
    assert!(texts[7].starts_with("Usage: /predict AAPL long 3m"));
    let kinds: Vec<_> = answers.iter().map(|m| m.cards[0].kind.as_str()).collect();
    assert_eq!(
        kinds[..3],
        ["bots.chart", "bots.compare", "bots.prediction"]
    );
    let chart = &answers[0].cards[0].body;
    assert_eq!(chart["rating"]["verdict"], "strong_sell");
    let lines = answers[1].cards[0].body["lines"].as_array().unwrap();
    assert!(
        lines
            .iter()
            .all(|line| line["points"].as_array().unwrap().len() == 60)
    );
    let size = answers[1].cards[0].body.to_string().len();
    assert!(size < 2_000, "a part is small: {size}");

    // The member's prediction was created once. The published rating of a price that has ended is
    // no prediction of Rialto's.
    let predictions = home.predictions();
    let made = predictions
        .page(&home.ada, &predictions::Filter::default())
        .await
        .unwrap();
    let made: Vec<_> = made
        .predictions
        .iter()
        .map(|call| {
            (
                call.author.is_some(),
                call.symbol.as_str(),
                call.direction.as_str(),
            )
        })
        .collect();
    assert_eq!(made, [(true, "AAPL", "long")]);
    home.sql("DELETE FROM listener_cursors").await;
    home.stop_bot().await;
    home.start_bot();
    home.say(channel, "/help").await;
    home.answers(channel, 9).await;
    let again = predictions
        .page(&home.ada, &predictions::Filter::default())
        .await
        .unwrap();
    assert_eq!(again.predictions.len(), 1, "a repeat makes nothing");
    home.close().await;
}

#[tokio::test]
async fn catches_up_after_a_stop_and_says_nothing_twice() {
    let home = Home::new(2).await;
    let [first, second] = home.channels[..] else {
        panic!("two channels")
    };
    home.say(first, "/stock=ibm").await;
    home.start_bot();
    home.answers(first, 1).await;
    cursor_at(&home, first, 2).await;
    home.stop_bot().await;
    futures::future::join_all((0..250).map(async |_| {
        home.say(first, "/stock=goog.us").await;
        home.say(second, "/stock=msft.us").await;
    }))
    .await;
    home.start_bot();
    home.answers(first, 251).await;
    let answers = home.answers(second, 250).await;
    assert!(
        answers
            .iter()
            .all(|m| m.body == "MSFT.US quote is $27.95 per share")
    );
    cursor_at(&home, first, 502).await;
    home.stop_bot().await;

    // Like after a crash between the replies and the cursors.
    home.sql("DELETE FROM listener_cursors").await;
    home.start_bot();
    home.say(second, "/help").await;
    let answers = home.answers(second, 251).await;
    let nonces: HashSet<_> = answers.iter().map(|m| &m.nonce).collect();
    assert_eq!(nonces.len(), 251);
    cursor_at(&home, first, 502).await;
    home.answers(first, 251).await;
    home.close().await;
}

#[tokio::test]
async fn who_is_too_quick_tries_again() {
    let configure = |config: &mut Config| {
        config.limits.bot_messages = Limit {
            count: 1,
            seconds: 1,
        };
    };
    let home = Home::with(1, configure).await;
    let channel = home.channels[0];
    home.start_bot();
    for text in ["/stock=aapl.us", "/stock=ibm.us", "/help"] {
        home.say(channel, text).await;
    }
    let answers = home.answers(channel, 3).await;
    assert_eq!(
        texts(&answers),
        [
            "AAPL.US quote is $430.47 per share",
            "IBM.US quote is $202.91 per share",
            "You can ask: /stock=SYMBOL, /chart SYMBOL 6m, /compare SYMBOL SYMBOL 1y, \
             /predict SYMBOL long 3m because …, /alert SYMBOL > 200, /help",
        ],
        "in order all the same"
    );
    home.close().await;
}

#[tokio::test]
async fn a_source_that_does_not_answer_holds_up_nobody() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let configure = |config: &mut Config| {
        config.market.source = MarketSource::Stooq;
        config.market.stooq_url = format!("http://{}", listener.local_addr().unwrap());
        // The server never accepts: every request waits for its time limit.
        config.market.timeout_seconds = 600;
    };
    let home = Home::with(3, configure).await;
    home.start_bot();
    home.say(home.channels[0], "/stock=aapl.us").await;
    home.say(home.channels[1], "/stock=ibm.us").await;
    home.say(home.channels[2], "/help").await;
    home.answers(home.channels[2], 1).await;
    home.answers(home.channels[0], 0).await;
    home.close().await;
}

#[tokio::test]
async fn says_so_when_the_source_is_away() {
    let configure = |config: &mut Config| {
        config.market.source = MarketSource::Stooq;
        config.market.stooq_url = "http://127.0.0.1:1".into();
    };
    let home = Home::with(1, configure).await;
    home.start_bot();
    home.say(home.channels[0], "/stock=aapl.us").await;
    let answers = home.answers(home.channels[0], 1).await;
    assert_eq!(
        texts(&answers),
        ["Prices are not available right now. Ask for AAPL.US again in a few minutes."]
    );
    assert_eq!(answers[0].cards[0].kind, "bots.market_unavailable");
    home.close().await;
}

#[test]
fn pauses_grow_and_stay_bounded() {
    let error = Error::unavailable();
    let seconds: Vec<_> = (1..9).map(|n| pause(&error, n).as_secs()).collect();
    assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(pause(&error, u32::MAX), LONGEST_PAUSE);
    assert_eq!(pause(&Error::rate_limited("x", "x", 7), 5).as_secs(), 7);
    assert_eq!(
        pause(&Error::rate_limited("x", "x", 9_999), 1),
        LONGEST_PAUSE
    );
}

#[tokio::test]
async fn alerts_are_asked_for_in_a_channel() {
    let home = Home::new(1).await;
    let channel = home.channels[0];
    home.start_bot();
    for text in [
        "/alert aapl > 500",
        "/alert $AAPL < 1000",
        "/alert msft -3% here",
        "/alert",
        "/alert aapl when it is cheap",
        "/alert aapl > -5",
        "/alert nope > 5",
    ] {
        home.say(channel, text).await;
    }
    let answers = home.answers(channel, 7).await;
    let said = texts(&answers);
    let tail = "It can be taken back at /markets/alerts";
    assert_eq!(
        said[0],
        format!(
            "I will tell you when AAPL rises above 500; now 430.47 on 2013-03-01 (sample). {tail}"
        )
    );
    assert_eq!(
        said[1],
        format!(
            "I will tell you when AAPL falls below 1000; now 430.47 on 2013-03-01 (sample). It is \
             there already and has to come back first. {tail}"
        )
    );
    assert!(
        said[2].starts_with("I will say it here when MSFT falls by 3% or more in a day; now 27.95")
    );
    assert_eq!(said[3], "Usage: /alert AAPL > 200");
    assert!(said[4].starts_with("Use a form such as AAPL > 200, AAPL -3%"));
    assert!(said[5].starts_with("Invalid number: above 0"));
    assert!(said[6].starts_with("No quote for NOPE."));
    assert_eq!(answers[0].cards[0].kind, "bots.alert");
    assert_eq!(answers[4].cards[0].kind, "bots.how_to");

    // They belong to Ada, as if created in the form; only the posted one has a channel.
    let alerts = home.alerts();
    let made = alerts.alerts(&home.ada).await.unwrap();
    let of: Vec<_> = made
        .iter()
        .map(|one| (one.symbol.as_str(), one.channel_id))
        .collect();
    assert_eq!(
        of,
        [("MSFT", Some(channel)), ("AAPL", None), ("AAPL", None)]
    );
    assert_eq!(made[2].seen_price, Some("430.47".parse().unwrap()));

    // Like after a crash before the cursor was stored: nothing is created again, not even a deleted
    // alert.
    alerts.delete(&home.ada, made[0].id).await.unwrap();
    home.sql("DELETE FROM listener_cursors").await;
    home.stop_bot().await;
    home.start_bot();
    home.say(channel, "/help").await;
    home.answers(channel, 8).await;
    let again = alerts.alerts(&home.ada).await.unwrap();
    assert_eq!(again, made[1..]);

    // Like after a crash between the alert and its reply.
    let asked = &home.messages(channel).await[0];
    let ada = &asked.author;
    let made = alerts
        .create_in(channel, ada, asked.id, "aapl > 500")
        .await
        .unwrap();
    assert_eq!(made, again[1]);
    assert_eq!(alerts.alerts(&home.ada).await.unwrap().len(), 2);
    home.close().await;
}

#[tokio::test]
async fn too_many_alerts_and_strangers_get_none() {
    let home = Home::new(1).await;
    let channel = home.channels[0];
    let alerts = home.alerts();
    let input = alerts::AlertInput {
        symbol: "AAPL".into(),
        kind: "price_above".into(),
        value: "500".into(),
        ..Default::default()
    };
    for _ in 0..200 {
        alerts.create(&home.ada, &input).await.unwrap();
    }
    home.start_bot();
    home.say(channel, "/alert aapl > 500").await;
    let answers = home.answers(channel, 1).await;
    assert!(texts(&answers)[0].starts_with("Too many alerts: at most 200. Usage: "));
    let asked = home.messages(channel).await.remove(0);
    let elsewhere = ChannelId(Uuid::now_v7());
    let refused = alerts
        .create_in(elsewhere, &asked.author, asked.id, "aapl > 5 here")
        .await;
    assert_eq!(code(refused), "not-found");
    home.close().await;
}

#[tokio::test]
async fn nothing_is_done_for_who_was_shown_out() {
    let home = Home::new(1).await;
    let channel = home.channels[0];
    let predictions = home.predictions();
    let alerts = home.alerts();
    // Sent while the bot was stopped.
    home.say(channel, "/predict aapl long 3m").await;
    home.say(channel, "/alert aapl > 500 here").await;
    home.say(channel, "/stock=aapl").await;
    let (own, ada) = (home.accounts().clone(), home.ada.account);
    let bo = home.user("bo").await.account;
    let job = async move |tx| {
        accounts::Service::set_admin(&tx, bo, true).await?;
        own.suspend(&tx, ada).await
    };
    assert!(home.db().write(ada.0, job).await.unwrap());
    home.start_bot();
    cursor_at(&home, channel, 3).await;
    assert_eq!(home.messages(channel).await.len(), 3);
    let made = predictions
        .page(&home.ada, &predictions::Filter::default())
        .await;
    assert!(made.unwrap().predictions.is_empty());
    assert!(alerts.alerts(&home.ada).await.unwrap().is_empty());
    home.close().await;
}
