//! The whole server as the binary runs it, with its own data folder.

use super::{person, plenty, template};
use crate::accounts::Viewer;
use crate::feature::Services;
use crate::platform::config::Config;
use crate::server::{
    House,
    listen::{self, Bounds},
    router::{self, Server},
    site::Site,
};
use crate::shared::ChannelId;
use axum::{
    body::{self, Body},
    extract::{ConnectInfo, Request},
    http::{HeaderMap, header},
};
use serde_json::Value;
use std::{fs, net::SocketAddr, path::Path};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// All services behind the real router.
pub struct TestHouse {
    /// The services.
    pub services: Services,
    house: House,
    config: Config,
    site: Site,
    app: Server,
    /// Temporary folders, deleted on drop.
    _folders: Vec<TempDir>,
}

/// A response.
#[derive(Debug)]
pub struct Reply {
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
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// Checks an error: its status and code, that it has a sentence, and that no internal detail
    /// leaks.
    #[track_caller]
    pub fn fails(&self, status: u16, code: &str) {
        let body = self.is(status);
        assert_eq!(body["code"], code, "{body}");
        let sentence = body["error"].as_str().unwrap();
        assert!(!sentence.is_empty());
        for inside in ["SQL", "sqlx", "src/", "panicked", "DbErr"] {
            assert!(!self.text.contains(inside), "{body}");
        }
    }
}

impl TestHouse {
    /// Starts a server with limits that no test reaches.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Like [`Self::new`], with a changed configuration.
    pub async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut house = Self::open(data.path(), configure).await;
        house._folders.push(data);
        house
    }

    /// A configuration with limits that no test reaches, and with its own site.
    pub fn configured(data: &Path, configure: impl FnOnce(&mut Config)) -> (Config, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let manifest = r#"{ "js": "pkg/r.js", "wasm": "pkg/r.wasm", "css": "pkg/r.css",
            "scripts": "pkg/offline.1" }"#;
        fs::write(folder.path().join("manifest.json"), manifest).unwrap();
        fs::create_dir(folder.path().join("pkg")).unwrap();
        fs::write(folder.path().join("pkg/r.js"), "export {};").unwrap();
        fs::write(folder.path().join("favicon.svg"), "<svg/>").unwrap();
        let mut config = Config::default();
        config.server.data = data.to_owned();
        config.accounts.guests = true;
        let limits = &mut config.limits;
        for limit in [
            &mut limits.messages,
            &mut limits.bot_messages,
            &mut limits.commands,
            &mut limits.registrations,
            &mut limits.sign_in_address,
            &mut limits.sign_in_account,
            &mut limits.requests,
            &mut limits.network_requests,
            &mut limits.pages,
            &mut limits.network_pages,
            &mut limits.subscriptions,
        ] {
            *limit = plenty();
        }
        config.site_mut().site_root = folder.path().to_string_lossy().into_owned();
        configure(&mut config);
        (config, folder)
    }

    /// Opens a data folder, which can be used already.
    pub async fn open(data: &Path, configure: impl FnOnce(&mut Config)) -> Self {
        let (config, folder) = Self::configured(data, configure);
        if config.database.url.is_empty() {
            template::sqlite(&config.server.data).await;
        }
        let site = Site::find(config.site()).unwrap();
        let house = House::open(&config).await.unwrap();
        let address = config.site().site_addr;
        let app = router::build(&house.services, &config, &site, address).unwrap();
        Self {
            services: house.services.clone(),
            house,
            config,
            site,
            app,
            _folders: vec![folder],
        }
    }

    /// Registers a member; returns a program's access token too.
    pub async fn person(&self, username: &str) -> (Viewer, String) {
        person(
            &self.services.get::<crate::accounts::Service>().unwrap(),
            username,
        )
        .await
    }

    /// Returns the Lobby's first channel.
    pub async fn general(&self, viewer: &Viewer) -> ChannelId {
        let overview = self
            .services
            .get::<crate::communities::Service>()
            .unwrap()
            .overview(viewer)
            .await
            .unwrap();
        overview.channels[0].id
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
        let body = match json {
            Some(json) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.ask(request.body(body).unwrap()).await
    }

    /// Sends any request from a fixed client address.
    pub async fn ask(&self, mut request: Request) -> Reply {
        let peer = SocketAddr::from(([192, 0, 2, 1], 4_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body::to_bytes(body, 8 << 20).await.unwrap();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Listens on a free port with all workers running, until the test ends.
    pub async fn serve(&self) -> SocketAddr {
        self.serve_within(Bounds::new(1_000)).await
    }

    /// Like [`Self::serve`], with limits for connections.
    pub async fn serve_within(&self, bounds: Bounds) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        self.house.start_workers().await.unwrap();
        let app = router::build(&self.services, &self.config, &self.site, address).unwrap();
        let front = self.house.front.clone();
        let stop = front.cancelled();
        let server = self.config.server.clone();
        tokio::spawn(listen::listen(listener, app, bounds, server, front, stop));
        address
    }

    /// Number of listeners on the bus.
    pub fn listeners(&self) -> usize {
        self.services
            .get::<crate::realtime::bus::SharedBus>()
            .unwrap()
            .listeners()
    }

    /// Stops like the binary on SIGTERM.
    pub async fn close(self) {
        self.house.close().await;
    }
}
