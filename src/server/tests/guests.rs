//! Guests as clients of the oldest API use them: a name, a token, rooms.

use crate::testing::{Reply, TestHouse};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A client that sends HTTP requests to a listening server.
struct Client(SocketAddr);

impl Client {
    async fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Value,
    ) -> (u16, Value) {
        let mut stream = TcpStream::connect(self.0).await.unwrap();
        let bearer = token.map_or_else(String::new, |token| {
            format!("Authorization: Bearer {token}\r\n")
        });
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{bearer}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    async fn login(&self, username: &str, token: Option<&str>) -> (u16, Value) {
        let body = json!({ "username": username });
        self.ask("POST", "/api/auth/login", token, body).await
    }

    async fn create_room(&self, token: &str, name: &str) -> (u16, Value) {
        let body = json!({ "room_name": name });
        self.ask("POST", "/api/rooms", Some(token), body).await
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_guest_creates_a_room_and_comes_back() {
    let house = TestHouse::new().await;
    let client = Client(house.serve().await);
    let (status, visitor) = client.login("visitor", None).await;
    assert_eq!(status, 200, "{visitor}");
    let fields: Vec<_> = visitor.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["preferred_language", "token", "user_id", "username"]
    );
    let token = text(&visitor["token"]);

    let (status, made) = client.create_room(&token, "options").await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["room"]["room_name"], "options");
    let (_, rooms) = client
        .ask("GET", "/api/rooms", Some(&token), Value::Null)
        .await;
    assert!(rooms["rooms"].as_array().unwrap().contains(&made["room"]));
    let path = format!("/api/messages/{}?limit=50", text(&made["room"]["room_id"]));
    let (status, messages) = client.ask("GET", &path, Some(&token), Value::Null).await;
    assert_eq!((status, &messages["count"]), (200, &json!(0)));

    // Without the guest's token the name is taken, also with another account's token.
    let (_, other) = client.login("other", None).await;
    let other = text(&other["token"]);
    let ada = house.user("ada").await.token;
    for wrong in [None, Some(other.as_str()), Some(&ada), Some("x.y.z")] {
        let (status, body) = client.login("visitor", wrong).await;
        assert_eq!((status, &body["code"]), (409, &json!("username-taken")));
    }
    // With it the same guest signs in any number of times.
    for name in ["visitor", " Visitor "] {
        let (status, again) = client.login(name, Some(&token)).await;
        assert_eq!(status, 200, "{again}");
        assert_eq!(again["user_id"], visitor["user_id"]);
        let fresh = text(&again["token"]);
        let (_, me) = client
            .ask("GET", "/api/auth/me", Some(&fresh), Value::Null)
            .await;
        assert_eq!(me["user"]["id"], visitor["user_id"]);
        let (_, sessions) = client
            .ask("GET", "/api/sessions", Some(&fresh), Value::Null)
            .await;
        assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
    }
    // A guest's token does not open a member's account.
    let (status, _) = client.login("ada", Some(&token)).await;
    assert_eq!(status, 409);
    // After signing out the token is invalid.
    client
        .ask("POST", "/api/auth/logout", Some(&token), Value::Null)
        .await;
    let (status, _) = client.login("visitor", Some(&token)).await;
    assert_eq!(status, 409);
    house.close().await;
}

#[tokio::test]
async fn guests_create_few_rooms() {
    let house = TestHouse::new().await;
    let login = async |name: &str| -> String {
        let body = json!({ "username": name });
        let reply = house
            .request("POST", "/api/auth/login", None, Some(body))
            .await;
        text(&reply.is(200)["token"])
    };
    let create = async |token: &str, name: String| -> Reply {
        let body = json!({ "room_name": name });
        house
            .request("POST", "/api/rooms", Some(token), Some(body))
            .await
    };
    let visitor = login("visitor").await;
    for n in 0..3 {
        create(&visitor, format!("room {n}")).await.is(201);
    }
    create(&visitor, "one more".into())
        .await
        .fails(429, "rate-limited");
    // Other names do not get around the limit.
    let mut made = 3;
    let refused = 'all: loop {
        let guest = login(&format!("guest{made}")).await;
        for n in 0..3 {
            let reply = create(&guest, format!("{made} {n}")).await;
            if reply.status != 201 {
                break 'all reply;
            }
        }
        made += 3;
        assert!(made < 60, "guests create as many as they like");
    };
    refused.fails(429, "rate-limited");
    // The limit does not affect members.
    let ada = house.user("ada").await.token;
    create(&ada, "of a member".into()).await.is(201);
}
