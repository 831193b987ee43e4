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
    platform::{config::Config, database::Database},
    realtime::bus::{InProcess, Publisher, SharedBus},
    testing::{App, PASSWORD, Reply, TestDb, accounts_on, code, device, request},
};
use axum::{
    Router,
    body::Body,
    http::{Request, header},
    middleware::from_fn,
    routing::{get, post},
};
use leptos::prelude::provide_context;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tower_http::normalize_path::NormalizePath;

/// A small server: the accounts alone with their routes and layers, on a fresh database.
struct Home {
    db: Database,
    service: Service,
    app: App,
    /// Topics of published events.
    published: Arc<Mutex<Vec<String>>>,
}

impl Home {
    /// Runs a test on each kind of database.
    async fn each(test: impl AsyncFn(&Self)) {
        Self::each_with(|_| {}, test).await;
    }

    /// Like [`Self::each`], with a changed configuration.
    async fn each_with(configure: impl Fn(&mut Config), test: impl AsyncFn(&Self)) {
        let (configure, test) = (&configure, &test);
        TestDb::each(move |db| async move { test(&Self::on(&db, configure)).await }).await;
    }

    /// Another server on the same database.
    fn another(&self, configure: impl Fn(&mut Config)) -> Self {
        Self::on(&self.db, configure)
    }

    fn on(db: &Database, configure: impl Fn(&mut Config)) -> Self {
        let mut config = Config::default();
        configure(&mut config);
        let bus: SharedBus = Arc::new(Publisher::new(InProcess::default()));
        let published = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&published);
        bus.attach(Box::new(move |event| {
            seen.lock().unwrap().push(event.topic.to_string());
        }));
        let service = accounts_on(db, &config, bus);
        let of_app = service.clone();
        let app = App::new(move || NormalizePath::trim_trailing_slash(router(&of_app)));
        Self {
            db: db.clone(),
            service,
            app,
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
        self.app.ask(request(what, headers, body)).await
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
