//! Tests through the service and through the real router.

mod admin;
mod browser;
mod clock;
mod departure;
mod guessing;
mod profile;
mod races;
mod renewal;
mod rest;
mod second_factor;
mod security;
mod service;
mod setup;

use super::{Account, Device, DeviceKind, NewPerson, Service, SignedIn, api, guard};
use crate::{
    mail,
    platform::{
        config::Config,
        database::Database,
        lease,
        live::Live,
        secrets::{Keys, SigningKey, Vault},
    },
    realtime::bus::{InProcess, Publisher},
};
use axum::{
    Router,
    body::{self, Body},
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
    middleware::from_fn,
    routing::{get, post},
};
use leptos::prelude::provide_context;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tower::ServiceExt;

const PASSWORD: &str = "correct horse";

/// A small server: the real service, routes and layers with a fresh database.
struct Home {
    db: Database,
    service: Service,
    router: Router,
    /// Topics of published events.
    published: Arc<Mutex<Vec<String>>>,
}

impl Home {
    fn new(db: &Database) -> Self {
        Self::with(db, |_| {})
    }

    fn with(db: &Database, configure: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        configure(&mut config);
        let key =
            SigningKey::load(Some("a key for these tests, 32 bytes or more"), "".as_ref()).unwrap();
        let vault = Vault::new(&[7; 32]).unwrap();
        let bus = Arc::new(Publisher::new(InProcess::default()));
        let published = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&published);
        bus.attach(Box::new(move |event| {
            seen.lock().unwrap().push(event.topic.to_string());
        }));
        let lease = Arc::new(lease::InProcess::default());
        let keys = Keys { key, vault };
        let live = Live::of(&config);
        let mail = mail::Service::new(db.clone(), None);
        let service = Service::new(db.clone(), bus, lease, keys, &config, live, mail);
        Self {
            db: db.clone(),
            router: router(&service),
            service,
            published,
        }
    }

    /// Registers a member.
    async fn person(&self, username: &str) -> Account {
        self.service
            .register(person(username), &device())
            .await
            .unwrap()
    }

    /// Opens a program's session for an account.
    async fn open(&self, account: &Account) -> SignedIn {
        let device = device();
        let session = self.service.open_session(account.clone(), &device);
        session.await.unwrap()
    }

    /// Sends a request, given as `METHOD /path`, with headers and a body.
    async fn ask(&self, what: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let (method, path) = what.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body.into()).unwrap();
        let peer = SocketAddr::from(([192, 0, 2, 1], 4000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body::to_bytes(body, 1 << 20).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Posts a JSON body to the REST API.
    async fn post(&self, path: &str, body: Value) -> Reply {
        let json = (header::CONTENT_TYPE.as_str(), "application/json");
        self.ask(&format!("POST {path}"), &[json], body.to_string())
            .await
    }

    /// Sends a request with a Bearer token and no body.
    async fn with_token(&self, what: &str, token: &str) -> Reply {
        let bearer = format!("Bearer {token}");
        self.ask(what, &[("authorization", &bearer)], "").await
    }

    /// Sends a JSON body with a Bearer token.
    async fn ask_json(&self, what: &str, token: &str, body: Value) -> Reply {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        self.ask(what, &headers, body.to_string()).await
    }

    /// Changes rows directly, e.g. to simulate passing time.
    async fn sql(&self, sql: &str) {
        self.db.execute_unprepared(sql).await.unwrap();
    }

    fn published(&self) -> Vec<String> {
        std::mem::take(&mut *self.published.lock().unwrap())
    }
}

fn router(service: &Service) -> Router {
    let for_functions = service.clone();
    let functions = move |request: Request<Body>| {
        let service = for_functions.clone();
        leptos_axum::handle_server_fns_with_context(
            move || provide_context(service.clone()),
            request,
        )
    };
    // A page with the username of its viewer.
    let page = |caller: guard::Caller| async move {
        let viewer = caller.viewer.unwrap();
        viewer.map_or("nobody".to_owned(), |viewer| viewer.username)
    };
    let api = Router::from(api::routes(service.clone()))
        .method_not_allowed_fallback(crate::platform::web::method_not_allowed);
    let router = Router::new()
        .nest("/api", api)
        .route("/rpc/{*name}", post(functions))
        .route("/", get(page))
        .layer(from_fn(crate::platform::answers::map_rpc_status));
    guard::protect(router, service)
}

fn person(username: &str) -> NewPerson {
    NewPerson {
        username: Some(username.into()),
        display_name: None,
        email: format!("{username}@example.com"),
        password: PASSWORD.into(),
        invite: None,
        setup_token: None,
    }
}

fn device() -> Device {
    Device {
        kind: DeviceKind::Program,
        address: "192.0.2.2".into(),
        user_agent: "a test".into(),
        forwarded: false,
    }
}

/// A response.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}", self.text))
    }

    /// Checks an error: status, message, code.
    #[track_caller]
    fn is(&self, status: u16, error: &str, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let body = self.json();
        assert_eq!(body["error"], error);
        assert_eq!(body["code"], code);
    }

    #[track_caller]
    fn code(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.json()["code"], code);
    }

    /// Returns the `Set-Cookie` values.
    fn cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(header::SET_COOKIE).iter();
        values.map(|v| v.to_str().unwrap().to_owned()).collect()
    }
}
