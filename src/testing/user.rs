//! Members, and requests to the router.

use crate::accounts::Viewer;
use crate::server::router::Server;
use axum::{
    body::{self, Body},
    extract::{ConnectInfo, Request},
    http::{HeaderMap, header},
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    ops::Deref,
    sync::{Arc, LazyLock},
};
use tower::ServiceExt;

/// The router of a server. It is built at the first request, because most tests send none.
#[derive(Clone)]
pub struct App(Arc<LazyLock<Server, Build>>);

type Build = Box<dyn FnOnce() -> Server + Send>;

impl App {
    pub fn new(build: impl FnOnce() -> Server + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(build))))
    }

    /// Sends a request from a fixed client address.
    pub async fn ask(&self, mut request: Request) -> Reply {
        let asked = format!("{} {}", request.method(), request.uri());
        let peer = SocketAddr::from(([192, 0, 2, 1], 4_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let server = Server::clone(&self.0);
        reply(asked, server.oneshot(request).await.unwrap()).await
    }

    /// Sends a request, optionally with a Bearer token and a JSON body.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        json: Option<Value>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let Some(json) = json else {
            return self.ask(request.body(Body::empty()).unwrap()).await;
        };
        let body = json.to_string();
        let short: String = body.chars().take(500).collect();
        request = request.header(header::CONTENT_TYPE, "application/json");
        let mut reply = self.ask(request.body(Body::from(body)).unwrap()).await;
        reply.asked += &format!(" {short}");
        reply
    }
}

/// Reads a response to the end.
pub async fn reply(asked: String, response: axum::response::Response) -> Reply {
    let (parts, body) = response.into_parts();
    let bytes = body::to_bytes(body, 8 << 20).await.unwrap();
    Reply {
        asked,
        status: parts.status.as_u16(),
        headers: parts.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Builds a request, given as `METHOD /path`, with headers and a body.
pub fn request(what: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request {
    let (method, path) = what.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

/// A response.
#[derive(Debug)]
pub struct Reply {
    /// The request, for messages of failed checks.
    pub asked: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Reply {
    /// Returns the body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// Checks the status and returns the body as JSON.
    #[track_caller]
    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self.json()
    }

    /// Checks a response without a body: 204.
    #[track_caller]
    pub fn is_no_content(&self) {
        let found = (self.status, self.text.as_str());
        assert_eq!(found, (204, ""), "{}", self.asked);
    }

    /// Checks status and code of an error.
    #[track_caller]
    pub fn code(&self, status: u16, code: &str) {
        let body = self.is(status);
        assert_eq!(body["code"], code, "{}: {body}", self.asked);
    }

    /// Checks an error of the REST API: its status and code, that it has a sentence, and that no
    /// internal detail leaks.
    #[track_caller]
    pub fn fails(&self, status: u16, code: &str) {
        self.code(status, code);
        let body = self.json();
        let sentence = body["error"].as_str().unwrap();
        assert!(!sentence.is_empty());
        for inside in ["SQL", "sqlx", "src/", "panicked", "DbErr"] {
            assert!(!self.text.contains(inside), "{}: {body}", self.asked);
        }
    }

    /// Like [`Self::fails`], with the sentence.
    #[track_caller]
    pub fn fails_with(&self, status: u16, sentence: &str, code: &str) {
        self.fails(status, code);
        assert_eq!(self.json()["error"], sentence, "{}", self.asked);
    }

    /// Returns the `Set-Cookie` values.
    pub fn cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(header::SET_COOKIE).iter();
        values.map(|v| v.to_str().unwrap().to_owned()).collect()
    }
}

/// A member: a viewer for the services, and a client of the REST API.
#[derive(Clone)]
pub struct User {
    pub viewer: Viewer,
    /// A program's access token.
    pub token: String,
    pub(super) app: App,
}

impl Deref for User {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.viewer
    }
}

impl User {
    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.ask("POST", path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.ask("PUT", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.ask("PATCH", path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.ask("DELETE", path, None).await
    }

    /// Sends a request, optionally with a JSON body.
    pub async fn ask(&self, method: &str, path: &str, json: Option<Value>) -> Reply {
        let token = Some(self.token.as_str());
        self.app.request(method, path, token, json).await
    }

    /// Sends any body, under the user's token.
    pub async fn send(&self, what: &str, content_type: &str, body: impl Into<Body>) -> Reply {
        let bearer = self.bearer();
        let headers = [("authorization", &*bearer), ("content-type", content_type)];
        self.app.ask(request(what, &headers, body)).await
    }

    /// Returns a page as the server draws it.
    pub async fn page(&self, path: &str) -> String {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.text
    }

    /// Creates a portfolio and returns its path in the REST API.
    pub async fn portfolio(&self, name: &str) -> String {
        let made = self.post("/api/portfolios", json!({ "name": name })).await;
        format!("/api/portfolios/{}", made.is(201)["id"].as_str().unwrap())
    }

    /// Posts `good` with each of these changes, which make it wrong: with the fields of an object
    /// in place of its own. Checks the status and the code of each response.
    pub async fn refused<const N: usize>(
        &self,
        path: &str,
        good: &Value,
        changes: [(Value, u16, &str); N],
    ) {
        for (change, status, code) in changes {
            let body = changed(good, &change);
            self.post(path, body).await.fails(status, code);
        }
    }

    /// Value of the `Authorization` header.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

/// Returns an object with some fields changed.
pub fn changed(object: &Value, fields: &Value) -> Value {
    let mut object = object.clone();
    for (name, value) in fields.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}
