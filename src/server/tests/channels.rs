//! Deleting channels over REST, and the nonces of messages.

use crate::testing::TestHouse;
use serde_json::json;

#[tokio::test]
async fn channels_are_deleted_by_their_creators() {
    let house = TestHouse::new().await;
    let (ada, token) = house.person("ada").await;
    let general = house.general(&ada).await;
    let (_, bo) = house.person("bo").await;
    let made = house.request(
        "POST",
        "/api/rooms",
        Some(&bo),
        Some(json!({ "room_name": "oil" })),
    );
    let made = made.await.is(201);
    let id = made["room"]["room_id"].as_str().unwrap();
    let path = format!("/api/channels/{id}");
    let messages = format!("{path}/messages");
    let said = Some(json!({ "text": "mine" }));
    let said = house.request("POST", &messages, Some(&token), said).await;
    said.is(201);
    let reply = house.request("DELETE", &path, Some(&bo), None).await;
    reply.fails(409, "channel-in-use");
    let of_nobody = format!("/api/channels/{general}");
    let reply = house.request("DELETE", &of_nobody, Some(&bo), None).await;
    reply.fails(403, "forbidden");
    let made = house.request(
        "POST",
        "/api/rooms",
        Some(&bo),
        Some(json!({ "room_name": "gas" })),
    );
    let made = made.await.is(201);
    let id = made["room"]["room_id"].as_str().unwrap();
    let path = format!("/api/channels/{id}");
    let messages = format!("{path}/messages");
    let said = Some(json!({ "text": "only mine" }));
    let said = house.request("POST", &messages, Some(&bo), said).await;
    said.is(201);
    let reply = house.request("DELETE", &path, Some(&bo), None).await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    let reply = house.request("DELETE", &path, Some(&bo), None).await;
    reply.fails(404, "not-found");
    let reply = house.request("GET", &messages, Some(&bo), None).await;
    reply.fails(404, "not-found");
    let rooms = house.request("GET", "/api/rooms", Some(&bo), None).await;
    assert_eq!(rooms.is(200)["rooms"].as_array().unwrap().len(), 2);

    // A nonce belongs to one text in one channel.
    let path = format!("/api/channels/{general}/messages");
    let text = |text: &str| Some(json!({ "text": text, "nonce": "n-1" }));
    let first = house.request("POST", &path, Some(&bo), text("one")).await;
    let first = first.is(201);
    let again = house.request("POST", &path, Some(&bo), text("one")).await;
    assert_eq!(again.is(201)["message_id"], first["message_id"]);
    let other = house.request("POST", &path, Some(&bo), text("two")).await;
    other.fails(409, "nonce-used");
}
