//! Deleting channels over REST, and the nonces of messages.

use crate::testing::TestHouse;
use serde_json::json;

#[tokio::test]
async fn channels_are_deleted_by_their_creators() {
    let (house, [ada, bo]) = TestHouse::with_users(["ada", "bo"]).await;
    let general = house.general(&ada).await;
    let create = async |name: &str| {
        let made = bo.post("/api/rooms", json!({ "room_name": name })).await;
        let id = made.is(201)["room"]["room_id"].clone();
        format!("/api/channels/{}", id.as_str().unwrap())
    };
    let oil = create("oil").await;
    let messages = format!("{oil}/messages");
    let said = ada.post(&messages, json!({ "text": "mine" })).await;
    said.is(201);
    bo.delete(&oil).await.fails(409, "channel-in-use");
    let of_nobody = format!("/api/channels/{general}");
    bo.delete(&of_nobody).await.fails(403, "forbidden");
    let gas = create("gas").await;
    let messages = format!("{gas}/messages");
    let said = bo.post(&messages, json!({ "text": "only mine" })).await;
    said.is(201);
    bo.delete(&gas).await.is_no_content();
    bo.delete(&gas).await.fails(404, "not-found");
    bo.get(&messages).await.fails(404, "not-found");
    let rooms = bo.get("/api/rooms").await;
    assert_eq!(rooms.is(200)["rooms"].as_array().unwrap().len(), 2);

    // A nonce belongs to one text in one channel.
    let path = format!("{of_nobody}/messages");
    let post = async |text: &str| {
        let body = json!({ "text": text, "nonce": "n-1" });
        bo.post(&path, body).await
    };
    let first = post("one").await.is(201);
    let again = post("one").await.is(201);
    assert_eq!(again["message_id"], first["message_id"]);
    post("two").await.fails(409, "nonce-used");
}
