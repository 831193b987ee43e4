//! The whole server as the binary runs it, with its own data folder.

use super::{
    PASSWORD, PostgresDb, device, plenty, register, template,
    user::{App, Reply, User, request},
};
use crate::accounts::{self, Farewell, SignedIn, Viewer};
use crate::notifications::Notification;
use crate::platform::{
    config::Config,
    database::{Database, Tx},
    tasks::Tasks,
};
use crate::realtime::{
    Envelope, Event, Scope, Topic,
    bus::{Published, SharedBus},
};
use crate::server::{
    House,
    listen::{self, Bounds},
    router,
    site::Site,
};
use crate::shared::{AccountId, ChannelId, CommunityId, time};
use crate::{
    alerts, chat, communities, gateway, mail, markets, notifications, paper, portfolio,
    predictions, trending,
};
use axum::{body::Body, extract::Request};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, Query},
};
use serde_json::Value;
use std::{
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// All services behind the real router.
pub struct TestHouse {
    house: House,
    config: Config,
    app: App,
    /// Published events, also of other nodes.
    published: Arc<Mutex<Vec<Published>>>,
    /// Temporary folders, deleted on drop.
    _folders: Vec<TempDir>,
}

/// How tests reach the services.
impl TestHouse {
    fn get<T: 'static>(&self) -> &T {
        self.house.services.find().unwrap()
    }

    pub fn db(&self) -> &Database {
        self.get()
    }

    pub fn bus(&self) -> &SharedBus {
        self.get()
    }

    pub fn accounts(&self) -> &accounts::Service {
        self.get()
    }

    pub fn communities(&self) -> &communities::Service {
        self.get()
    }

    pub fn chat(&self) -> &chat::Service {
        self.get()
    }

    pub fn markets(&self) -> &markets::Service {
        self.get()
    }

    pub fn watchlists(&self) -> &markets::Watchlists {
        self.get()
    }

    pub fn drawings(&self) -> &markets::Drawings {
        self.get()
    }

    pub fn portfolio(&self) -> &portfolio::Service {
        self.get()
    }

    pub fn sharing(&self) -> &portfolio::Sharing {
        self.get()
    }

    pub fn notifications(&self) -> &notifications::Service {
        self.get()
    }

    pub fn alerts(&self) -> &alerts::Service {
        self.get()
    }

    pub fn predictions(&self) -> &predictions::Service {
        self.get()
    }

    pub fn trending(&self) -> &trending::Service {
        self.get()
    }

    pub fn paper(&self) -> &paper::Service {
        self.get()
    }

    pub fn gateway(&self) -> &gateway::Service {
        self.get()
    }

    pub fn mail(&self) -> &mail::Service {
        self.get()
    }

    pub fn tasks(&self) -> &Tasks {
        self.get()
    }

    /// The routes of the REST API and their OpenAPI document.
    pub fn api(&self) -> (axum::Router, Value) {
        router::api(&self.house.services).unwrap()
    }
}

/// Starting and stopping.
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

    /// Starts a server with one user, who is its admin.
    pub async fn with_user(username: &str) -> (Self, User) {
        let house = Self::new().await;
        let user = house.user(username).await;
        (house, user)
    }

    /// Starts a server with some users; the first is its admin.
    pub async fn with_users<const N: usize>(usernames: [&str; N]) -> (Self, [User; N]) {
        let house = Self::new().await;
        let users = house.users(usernames).await;
        (house, users)
    }

    /// Runs a test on SQLite, and on Postgres if there is a cluster.
    pub async fn each(test: impl AsyncFn(&Self)) {
        Self::each_with(|_| {}, test).await;
    }

    /// Like [`Self::each`], with a changed configuration.
    pub async fn each_with(configure: impl Fn(&mut Config), test: impl AsyncFn(&Self)) {
        let mut databases = vec![None];
        databases.extend(PostgresDb::create().await.map(Some));
        for postgres in databases {
            let house = Self::with(|config| {
                if let Some(postgres) = &postgres {
                    config.database.url.clone_from(&postgres.url);
                }
                configure(config);
            });
            let house = Box::pin(house).await;
            eprintln!("on {}", house.db().kind());
            Box::pin(test(&house)).await;
            house.close().await;
            if let Some(postgres) = postgres {
                postgres.drop().await;
            }
        }
    }

    /// A configuration with limits that no test reaches, without a grace period for deleted
    /// accounts, and with its own site.
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
        config.accounts.deletion_days = 0;
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
        let house = House::open(&config).await.unwrap();
        let mut house = Self::around(house, config, Arc::default());
        house._folders.push(folder);
        house
    }

    /// Starts another node on the same database and data folder. [`Self::published`] returns the
    /// events of both.
    pub async fn another(&self, configure: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        configure(&mut config);
        let house = House::visit(&config).await.unwrap();
        Self::around(house, config, Arc::clone(&self.published))
    }

    fn around(house: House, config: Config, published: Arc<Mutex<Vec<Published>>>) -> Self {
        let log = Arc::clone(&published);
        let bus: SharedBus = house.services.get().unwrap();
        bus.attach(Box::new(move |event| {
            log.lock().unwrap().push(event.clone());
        }));
        let (services, of_app) = (house.services.clone(), config.clone());
        let app = App::new(move || {
            let site = Site::find(of_app.site()).unwrap();
            router::build(&services, &of_app, &site, of_app.site().site_addr).unwrap()
        });
        Self {
            house,
            config,
            app,
            published,
            _folders: Vec::new(),
        }
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.config.server.data
    }

    /// Returns market data with another configuration.
    pub fn markets_with(&self, configure: impl FnOnce(&mut Config)) -> markets::Service {
        let mut config = self.config.clone();
        configure(&mut config);
        markets::Service::new(&config, self.db(), &Tasks::default()).unwrap()
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
        let site = Site::find(self.config.site()).unwrap();
        let app = router::build(&self.house.services, &self.config, &site, address).unwrap();
        let front = self.house.front.clone();
        let stop = front.cancelled();
        let server = self.config.server.clone();
        tokio::spawn(listen::listen(listener, app, bounds, server, front, stop));
        address
    }

    /// Stops like the binary on SIGTERM.
    pub async fn close(self) {
        self.house.close().await;
    }
}

/// What tests begin with.
impl TestHouse {
    /// Registers a user. The first is the admin.
    pub async fn user(&self, username: &str) -> User {
        self.signed_in(register(self.accounts(), username).await)
    }

    /// Registers some users.
    pub async fn users<const N: usize>(&self, usernames: [&str; N]) -> [User; N] {
        let mut users = Vec::new();
        for username in usernames {
            users.push(self.user(username).await);
        }
        users.try_into().ok().unwrap()
    }

    /// Registers a guest, which is faster: no password is hashed.
    pub async fn guest(&self, username: &str) -> User {
        let accounts = self.accounts();
        let account = accounts.register_guest(username, &device()).await.unwrap();
        let session = accounts.open_session(account, &device()).await.unwrap();
        self.signed_in(session)
    }

    fn signed_in(&self, session: SignedIn) -> User {
        User {
            viewer: session.viewer,
            token: session.access,
            app: self.app.clone(),
        }
    }

    /// Returns the Lobby's first channel.
    pub async fn general(&self, viewer: &Viewer) -> ChannelId {
        let overview = self.communities().overview(viewer).await.unwrap();
        overview.channels[0].id
    }

    /// Creates a channel in the Lobby.
    pub async fn channel(&self, viewer: &Viewer, name: &str) -> ChannelId {
        let lobby = self.communities().lobby();
        let made = self.communities().create_channel(viewer, lobby, name).await;
        made.unwrap().id
    }

    /// Creates a community with one channel, which the services cannot yet.
    pub async fn community(&self, name: &str, members: &[AccountId]) -> (CommunityId, ChannelId) {
        let (community, channel) = (CommunityId::new(), ChannelId::new());
        let (key, now) = (name.to_lowercase(), time::now());
        let mut rows = vec![
            Query::insert()
                .into_table("communities")
                .columns(["id", "name", "created_at"])
                .values_panic([community.0.into(), name.into(), now.into()])
                .to_owned(),
            Query::insert()
                .into_table("channels")
                .columns(["id", "community_id", "name", "name_key", "created_at"])
                .values_panic([
                    channel.0.into(),
                    community.0.into(),
                    (&*key).into(),
                    (&*key).into(),
                    now.into(),
                ])
                .to_owned(),
        ];
        rows.extend(members.iter().map(|member| {
            Query::insert()
                .into_table("memberships")
                .columns(["community_id", "account_id", "joined_at"])
                .values_panic([community.0.into(), member.0.into(), now.into()])
                .to_owned()
        }));
        let job = move |tx: Tx| async move {
            for row in &rows {
                tx.execute(row).await?;
            }
            Ok(())
        };
        self.db().write(community.0, job).await.unwrap();
        (community, channel)
    }
}

/// What tests do and see.
impl TestHouse {
    /// Removes a member from all communities.
    pub async fn leave_all(&self, viewer: &Viewer) {
        let mut query = Query::delete();
        query
            .from_table("memberships")
            .and_where(Expr::col("account_id").eq(viewer.account.0));
        self.db().execute(&query).await.unwrap();
    }

    /// Requests the deletion of an account.
    pub async fn leave(&self, viewer: &Viewer, keep_messages: bool) {
        let farewell = Farewell {
            password: PASSWORD,
            keep_messages,
            ..Farewell::default()
        };
        let left = self.accounts().leave(viewer, farewell, "192.0.2.2").await;
        left.unwrap();
    }

    /// Deletes an account and its data.
    pub async fn erase(&self, viewer: &Viewer, keep_messages: bool) {
        self.leave(viewer, keep_messages).await;
        let never = CancellationToken::new();
        self.accounts().erase_due(&never).await.unwrap();
    }

    /// Returns the newest notifications of an account.
    pub async fn notified(&self, viewer: &Viewer) -> Vec<Notification> {
        let page = self.notifications().page(viewer, None).await;
        page.unwrap().notifications
    }

    /// Returns the number of an account's unseen notifications.
    pub async fn unseen(&self, viewer: &Viewer) -> u32 {
        self.notifications().unseen(viewer).await.unwrap().unseen
    }

    /// Runs raw SQL, for states that the services cannot create. Returns the number of rows.
    pub async fn sql(&self, sql: impl Into<String>) -> u64 {
        let sql = sql.into();
        let job = async move |tx: Tx| Ok(tx.execute_unprepared(&sql).await?.rows_affected());
        self.db().write(Uuid::nil(), job).await.unwrap()
    }

    /// Returns all published events.
    pub fn published(&self) -> Vec<Published> {
        self.published.lock().unwrap().clone()
    }

    /// Forgets the published events.
    pub fn forget_published(&self) {
        self.published.lock().unwrap().clear();
    }

    /// Returns the events of one type that an account's pages received.
    pub fn heard<E: Event>(&self, account: AccountId) -> Vec<E> {
        let topic = Topic::new(Scope::Account, account.0);
        let events = self.published().into_iter();
        let of_it = events.filter(|event| event.topic == topic);
        of_it.filter_map(|event| read(&event).read()).collect()
    }

    /// Sends a request, optionally with a Bearer token and a JSON body.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        json: Option<Value>,
    ) -> Reply {
        self.app.request(method, path, token, json).await
    }

    /// Sends a request, given as `METHOD /path`, with headers and a body.
    pub async fn send(&self, what: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        self.ask(request(what, headers, body)).await
    }

    /// Sends any request from a fixed client address.
    pub async fn ask(&self, request: Request) -> Reply {
        self.app.ask(request).await
    }

    /// Number of listeners on the bus.
    pub fn listeners(&self) -> usize {
        self.bus().listeners()
    }
}

/// Reads a published event.
pub fn read(event: &Published) -> Envelope {
    serde_json::from_slice(&event.frame[1..]).unwrap()
}
