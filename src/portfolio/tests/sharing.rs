//! Cards in channels: who can share them, where, and that they cannot be forged.

use super::{Owner, cash, input};
use crate::accounts::Viewer;
use crate::chat::{Delete, Message, Send};
use crate::portfolio::Showing;
use crate::portfolio::rules::ledger::Method;
use crate::portfolio::service::What;
use crate::shared::{ChannelId, PortfolioId, TransactionId};
use crate::testing::{self, TestHouse};
use serde_json::{Value, json};
use std::ops::Deref;

/// Ada has a portfolio.
struct Home<'a> {
    home: &'a testing::Home<'a>,
    id: PortfolioId,
    bought: TransactionId,
    paid: TransactionId,
}

impl<'a> Deref for Home<'a> {
    type Target = testing::Home<'a>;

    fn deref(&self) -> &testing::Home<'a> {
        self.home
    }
}

impl Home<'_> {
    async fn each(test: impl AsyncFn(&Home<'_>)) {
        testing::Home::each(async |home| {
            let owner = Owner::with(home.portfolio(), &home.ada, "Rainy days").await;
            let paid = owner.add(cash("DEPOSIT", "2012-02-29", "10000")).await;
            let bought = input("BUY", "IBM", "2012-02-29", "40", "196.73");
            let bought = owner.add(bought).await;
            let home = Home {
                home,
                id: owner.id,
                bought: bought.unwrap(),
                paid: paid.unwrap(),
            };
            test(&home).await;
        })
        .await;
    }

    fn what(&self, transaction: Option<TransactionId>) -> What {
        What {
            portfolio: self.id,
            transaction,
            showing: Showing::default(),
        }
    }

    async fn said(&self) -> Vec<Message> {
        let said = self.chat().messages_after(self.general, 0, 100).await;
        said.unwrap()
    }

    /// Returns the error code and the field of a failed share, and checks that no message was
    /// posted.
    async fn refused(
        &self,
        viewer: &Viewer,
        what: What,
        channel: ChannelId,
        comment: &str,
    ) -> (String, Option<String>) {
        let before = self.said().await.len();
        let shared = self
            .sharing()
            .share(viewer, what, channel, comment, "again");
        let error = shared.await.unwrap_err();
        assert_eq!(self.said().await.len(), before);
        (error.code.to_string(), error.details.get("field").cloned())
    }
}

#[tokio::test]
async fn a_card_is_its_owners_message_and_stays_as_it_was() {
    Home::each(async |home| {
        let preview = home.sharing().preview(&home.ada, home.what(None)).await;
        let preview = preview.unwrap();
        assert_eq!(preview.channels[0].0, home.general);
        let share = || async {
            home.sharing()
                .share(
                    &home.ada,
                    home.what(None),
                    home.general,
                    " Slow and steady \n",
                    "one",
                )
                .await
                .unwrap()
        };
        let shared = share().await;
        assert_eq!(share().await, shared, "a repeat says nothing again");
        let said = home.said().await;
        assert_eq!(said.len(), 1);
        let message = &said[0];
        assert_eq!(message.author.username, "ada");
        assert_eq!(message.id, shared.message_id);
        assert_eq!(message.cards, [preview.part], "what was seen before");
        let part = &message.cards[0];
        assert_eq!(part.kind, "portfolio.share");
        let words = part.body["text"].as_str().unwrap();
        assert_eq!(message.body, format!("Slow and steady\n\n{words}"));
        assert_eq!(part.rest_of(&message.body), "Slow and steady");
        let mut keys: Vec<_> = part.body.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(
            keys,
            [
                "as_of",
                "best",
                "cash",
                "from",
                "lines",
                "simple",
                "source",
                "text",
                "time_weighted",
                "to"
            ]
        );
        // 40 at 202.91 of 2130.80 + 8116.40.
        assert_eq!(part.body["lines"][0]["percent"], "79.2");
        let all = format!("{message:?}");
        for amount in ["8116", "7869", "2130", "10000", "10247", "Rainy"] {
            assert!(!all.contains(amount), "{amount} in {all}");
        }

        // The portfolio is changed and deleted; the card stays.
        let owner = Owner {
            service: home.portfolio(),
            viewer: &home.ada,
            id: home.id,
        };
        let more = input("BUY", "AAPL", "2012-03-01", "3", "544.47");
        owner.add(more).await.unwrap();
        home.portfolio().delete(&home.ada, home.id).await.unwrap();
        assert_eq!(home.said().await, said);
        // Until its owner deletes the message.
        let delete = Delete {
            message_id: shared.message_id,
        };
        let chat = home.chat();
        assert!(chat.delete(&home.bo, delete.clone()).await.is_err());
        chat.delete(&home.ada, delete).await.unwrap();
        assert!(home.said().await[0].cards.is_empty());
    })
    .await;
}

#[tokio::test]
async fn more_is_shown_only_where_it_was_chosen() {
    Home::each(async |home| {
        let part = async |showing, transaction| {
            let what = What {
                showing,
                ..home.what(transaction)
            };
            home.sharing().preview(&home.ada, what).await.unwrap().part
        };
        let none = Showing::default();
        let named = part(Showing { name: true, ..none }, None).await.body;
        assert_eq!(named["name"], "Rainy days");
        let amounts = Showing {
            amounts: true,
            ..none
        };
        let body = part(amounts, None).await.body;
        assert_eq!(body["value"], "10247.20");
        assert_eq!(body["lines"][0]["value"], "8116.40");
        assert_eq!(body["lines"][0]["quantity"], Value::Null);
        let quantities = Showing {
            quantities: true,
            ..none
        };
        let body = part(quantities, None).await.body;
        assert_eq!(body["lines"][0]["quantity"], "40");
        assert!(!body.to_string().contains("8116"));

        let trade = part(none, Some(home.bought)).await;
        assert_eq!(trade.kind, "portfolio.trade");
        assert_eq!(
            trade.body,
            json!({
                "text": "Bought IBM at 196.73 on 2012-02-29. +3.14% since, now 202.91 on \
                         2013-03-01 (sample).",
                "bought": true, "symbol": "IBM", "date": "2012-02-29", "price": "196.73",
                "change": "3.14", "now": "202.91", "as_of": "2013-03-01", "source": "sample",
            })
        );
        let body = part(amounts, Some(home.bought)).await.body;
        assert_eq!(
            (&body["amount"], &body["quantity"]),
            (&json!("7869.20"), &Value::Null)
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_shares_what_is_not_theirs_or_where_they_may_not() {
    Home::each(async |home| {
        let (ada, bo, general) = (&home.ada, &home.bo, home.general);
        let not_found = ("not-found".to_owned(), None);
        let in_field = |code: &str, field: &str| (code.to_owned(), Some(field.to_owned()));
        let (whole, trade) = (home.what(None), home.what(Some(home.bought)));
        assert_eq!(home.refused(bo, whole, general, "").await, not_found);
        assert_eq!(home.refused(bo, trade, general, "").await, not_found);
        assert!(home.sharing().preview(bo, trade).await.is_err());
        let unknown = home.what(Some(TransactionId::new()));
        assert_eq!(home.refused(ada, unknown, general, "").await, not_found);
        // A transaction of another portfolio does not belong to this one.
        let other = home.portfolio().create(ada, "Other", Method::Fifo).await;
        let other = What {
            portfolio: other.unwrap().id,
            ..trade
        };
        assert_eq!(home.refused(ada, other, general, "").await, not_found);
        let empty = What {
            transaction: None,
            ..other
        };
        assert_eq!(
            home.refused(ada, empty, general, "").await.0,
            "nothing-to-share"
        );
        let paid = home.what(Some(home.paid));
        assert_eq!(home.refused(ada, paid, general, "").await.0, "not-a-trade");
        assert_eq!(
            home.refused(ada, whole, general, &"x".repeat(501)).await,
            in_field("comment-too-long", "comment")
        );
        assert_eq!(
            home.refused(ada, whole, general, "a\0b").await.0,
            "message-characters"
        );
        assert_eq!(
            home.refused(ada, whole, ChannelId::new(), "").await,
            in_field("not-found", "channel")
        );
        // A removed transaction cannot be shared.
        let taken = home.portfolio().remove_position(ada, home.id, "IBM").await;
        taken.unwrap();
        assert_eq!(home.refused(ada, trade, general, "").await.0, "not-a-trade");
        home.portfolio()
            .restore_position(ada, home.id, "IBM")
            .await
            .unwrap();
        // A former member cannot post there, and is offered no channel.
        home.sql("DELETE FROM memberships").await;
        assert_eq!(
            home.refused(ada, whole, general, "").await,
            in_field("not-found", "channel")
        );
        let preview = home.sharing().preview(ada, whole).await.unwrap();
        assert!(preview.channels.is_empty());
    })
    .await;
}

#[tokio::test]
async fn programs_share_and_nobody_forges() {
    let (house, [ada, bo]) = TestHouse::with_users(["ada", "bo"]).await;
    let general = house.general(&ada).await;
    let base = ada.portfolio("Mine").await;
    let buy = json!({ "kind": "BUY", "symbol": "IBM", "date": "2012-02-29", "quantity": 40, "price": 196.73 });
    let bought = ada.post(&format!("{base}/transactions"), buy).await.is(201);
    let share = &format!("{base}/share");
    let card = json!({ "channel": general, "comment": "Look", "include": ["quantities"], "nonce": "mine" });
    let shared = ada.post(share, card.clone()).await.is(201);
    assert_eq!(shared["seq"], 1);
    assert_eq!(ada.post(share, card).await.is(201), shared);
    let trade = json!({ "channel": general, "transaction": bought["id"] });
    assert_eq!(ada.post(share, trade).await.is(201)["seq"], 2);
    let foreign = json!({ "channel": general });
    let unknown = json!({ "transaction": TransactionId::new() });
    let changes = [
        (json!({ "channel": "general" }), 404, "not-found"),
        (json!({ "channel": ChannelId::new() }), 404, "not-found"),
        (json!({ "include": ["all"] }), 400, "bad-include"),
        (json!({ "nonce": "a b" }), 400, "bad-nonce"),
        (unknown, 404, "not-found"),
    ];
    ada.refused(share, &foreign, changes).await;
    bo.post(share, foreign.clone())
        .await
        .fails(404, "not-found");
    let nobody = house.request("POST", share, None, Some(foreign)).await;
    assert_eq!(nobody.status, 401);

    // Cards sent by clients are ignored, over REST and the socket.
    let part = json!({ "kind": "portfolio.share", "body": { "text": "", "lines": [] } });
    let messages = format!("/api/channels/{general}/messages");
    let forged = json!({ "text": "I have it all", "cards": [part] });
    let posted = ada.post(&messages, forged).await;
    assert_eq!(posted.is(201)["cards"], json!([]));
    let send = json!({ "channel_id": general, "text": "x", "cards": [part] });
    let send: Send = serde_json::from_value(send).unwrap();
    assert_eq!(
        serde_json::to_value(send).unwrap(),
        json!({ "channel_id": general, "text": "x" })
    );
    let said = ada.get(&messages).await.is(200);
    let cards: Vec<_> = said["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|said| said["cards"].as_array().unwrap().len())
        .collect();
    assert_eq!(cards, [1, 1, 0]);
    assert_eq!(said["messages"][0]["user_kind"], "person");
    // The text of the message can be edited, the card cannot.
    let at = format!("{messages}/{}", shared["message_id"].as_str().unwrap());
    let edit = json!({ "text": "Changed", "cards": [] });
    let edited = ada.patch(&at, edit).await.is(200);
    assert_eq!(edited["cards"], said["messages"][0]["cards"]);
    house.close().await;
}
