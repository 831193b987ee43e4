//! Creates all services, starts and stops the server.

mod answers;
mod docs;
mod headers;
mod health;
mod limit;
pub(crate) mod listen;
mod owner;
pub(crate) mod router;
pub(crate) mod site;

use crate::platform::{
    backup,
    config::Config,
    database::{Database, is_damaged},
    folder, lease,
    live::Live,
    secrets::Keys,
    smtp::{Post, Smtp},
    tasks::Tasks,
};
use crate::realtime::bus::{self, Publisher, SharedBus};
use crate::{
    accounts, admin, alerts, bots, chat, communities, gateway, mail, markets, paper, portfolio,
    predictions, trending,
};
use std::{fs::File, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long stopping waits for running tasks.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the server cannot start. The message tells the admin what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error(
        "the data folder {path} cannot be used: {error}; whoever runs Rialto must be able to \
         write there, or choose another with --data"
    )]
    Data {
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// Another server uses the data folder.
    #[error(
        "the data folder {0} is in use by another Rialto; stop it or choose another with --data"
    )]
    InUse(PathBuf),
    /// An interrupted restore must be completed first.
    #[error(
        "a restore of the data folder {0} was interrupted; start the server, which finishes it"
    )]
    Unfinished(PathBuf),
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}: {error}; choose another address with --addr")]
    Listen {
        address: SocketAddr,
        /// The system's error.
        error: io::Error,
    },
    /// The database file is damaged.
    #[error(
        "the database is damaged: {0}; nothing was changed. Put a backup in its place, or keep the \
         file and start with an empty data folder"
    )]
    Damaged(String),
    /// The database cannot be used.
    #[error("the database: {0}")]
    Database(String),
    /// The built site is missing.
    #[error(
        "the built site in {path}: {error}; build it with `cargo xtask build` or name it with --site"
    )]
    Site {
        /// Where it was searched.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl StartError {
    fn of_database(error: &sea_orm::DbErr) -> Self {
        let said = error.to_string();
        if is_damaged(error) {
            Self::Damaged(said)
        } else {
            Self::Database(said)
        }
    }
}

impl From<crate::shared::Error> for StartError {
    fn from(error: crate::shared::Error) -> Self {
        Self::Other(error.to_string())
    }
}

/// All services of a running instance. Clones share them.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Database,
    /// Accounts, sessions and tokens.
    pub accounts: accounts::Service,
    /// Channels and members.
    pub communities: communities::Service,
    /// Messages.
    pub chat: chat::Service,
    /// Quotes, price history and other market data.
    pub markets: markets::Service,
    /// Watchlists of members.
    pub watchlists: markets::Watchlists,
    /// Drawings of members on charts.
    pub drawings: markets::Drawings,
    /// Portfolios.
    pub portfolio: portfolio::Service,
    /// Portfolio and trade cards in channels.
    pub sharing: portfolio::Sharing,
    /// Price alerts and notifications.
    pub alerts: alerts::Service,
    /// Predictions of members.
    pub predictions: predictions::Service,
    /// Trending symbols.
    pub trending: trending::Service,
    /// Paper trading.
    pub paper: paper::Service,
    /// Websocket gateway.
    pub gateway: gateway::Service,
    /// Email queue.
    pub mail: mail::Service,
    /// Admin actions and settings.
    pub admin: admin::Service,
    /// Background workers.
    pub background: Tasks,
}

/// An instance without its web server, for the command line, the benchmarks and the tests.
pub struct House {
    /// The services.
    pub services: Services,
    /// Workers that serve members: stopped first.
    pub(crate) front: Tasks,
    /// Workers that the others need: stopped last.
    foundation: Tasks,
    pub(crate) bus: SharedBus,
    /// How often alerts and paper orders check prices.
    alert_interval: Duration,
    /// Lock on the data folder while this instance serves.
    _lock: Option<File>,
}

impl House {
    /// Locks the data folder and creates all services.
    pub async fn open(config: &Config) -> Result<Self, StartError> {
        Self::build(config, true).await
    }

    /// Creates all services without the lock, beside a server that may be running on the same data
    /// folder: for commands that make one change and exit.
    pub async fn visit(config: &Config) -> Result<Self, StartError> {
        Self::build(config, false).await
    }

    async fn build(config: &Config, alone: bool) -> Result<Self, StartError> {
        let data = &config.server.data;
        let in_data = |error| StartError::Data {
            path: data.clone(),
            error,
        };
        folder::prepare(data).map_err(in_data)?;
        let lock = if alone {
            let held = folder::lock(data).map_err(in_data)?;
            Some(held.ok_or_else(|| StartError::InUse(data.clone()))?)
        } else {
            None
        };
        if backup::is_unfinished(data) {
            if !alone {
                return Err(StartError::Unfinished(data.clone()));
            }
            backup::finish(data).map_err(in_data)?;
        }
        let given = config.secrets.signing_key.as_deref();
        let keys = Keys::load(given, data).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => StartError::Other(error.to_string()),
            _ => in_data(error),
        })?;
        let opened = Database::open(&config.database.url, data).await;
        let (db, writer) = opened.map_err(|error| StartError::of_database(&error))?;
        let foundation = Tasks::default();
        foundation.start(writer);
        if alone {
            let mut probe = db.probe();
            // Sets the health before the first request.
            probe.look().await;
            foundation.start(probe);
        }
        let front = foundation.beside();

        let bus = Arc::new(Publisher::new(bus::InProcess::default()));
        let lease: Arc<dyn lease::Lease> = Arc::new(lease::InProcess::default());
        let live = Live::of(config);
        let post = Smtp::of(config)?.map(|smtp| Box::new(smtp) as Box<dyn Post>);
        let mail = mail::Service::new(db.clone(), post);
        let accounts = accounts::Service::new(
            db.clone(),
            Arc::clone(&bus),
            Arc::clone(&lease),
            keys,
            config,
            live.clone(),
            mail.clone(),
        );
        let communities = communities::Service::start(
            db.clone(),
            Arc::clone(&bus),
            Arc::clone(&lease),
            accounts.clone(),
            &config.limits,
        )
        .await?;
        let chat = chat::Service::start(
            db.clone(),
            Arc::clone(&bus),
            lease,
            accounts.clone(),
            communities.clone(),
            &config.limits,
            live.clone(),
        );
        let markets = markets::Service::new(config, &db, &front)?;
        let watchlists = markets::Watchlists::start(db.clone(), &accounts, markets.clone());
        let drawings = markets::Drawings::start(db.clone(), Arc::clone(&bus), &accounts);
        let portfolio = portfolio::Service::start(db.clone(), &accounts, markets.clone());
        let sharing = portfolio::Sharing::new(portfolio.clone(), chat.clone(), communities.clone());
        let alerts = alerts::Service::start(alerts::Dependencies {
            db: db.clone(),
            bus: Arc::clone(&bus),
            accounts: accounts.clone(),
            communities: communities.clone(),
            chat: chat.clone(),
            markets: markets.clone(),
            watchlists: watchlists.clone(),
        });
        let predictions = predictions::Service::start(
            db.clone(),
            &accounts,
            communities.clone(),
            markets.clone(),
        );
        let trending = trending::Service::new(db.clone(), communities.clone(), markets.clone());
        let paper = paper::Service::start(paper::Dependencies {
            db: db.clone(),
            accounts: accounts.clone(),
            communities: communities.clone(),
            markets: markets.clone(),
            watchlists: watchlists.clone(),
            portfolio: portfolio.clone(),
            alerts: alerts.clone(),
        });
        let gateway = gateway::Service::new(
            &bus,
            front.clone(),
            accounts.clone(),
            communities.clone(),
            chat.clone(),
            &config.limits,
        );
        let admin = admin::Service::start(admin::Dependencies {
            db: db.clone(),
            accounts: accounts.clone(),
            mail: mail.clone(),
            gateway: gateway.clone(),
            live,
            data: data.clone(),
            background: front.clone(),
        })
        .await?;
        let services = Services {
            db,
            mail,
            admin,
            accounts,
            communities,
            chat,
            markets,
            watchlists,
            drawings,
            portfolio,
            sharing,
            alerts,
            predictions,
            trending,
            paper,
            gateway,
            background: front.clone(),
        };
        Ok(Self {
            services,
            front,
            foundation,
            bus,
            alert_interval: Duration::from_secs(config.market.alert_seconds.into()),
            _lock: lock,
        })
    }

    /// Creates the bots' accounts and starts the workers.
    pub async fn start_workers(&self) -> Result<(), StartError> {
        let services = self.services.clone();
        // Before anyone can connect and take the bots' names.
        services.alerts.bot().await?;
        bots::StockBot::account(&services.accounts).await?;
        self.front.start(gateway::Heartbeats(services.gateway));
        self.front
            .start(communities::PresencePublisher(services.communities));
        self.front
            .start(chat::ChannelRemover(services.chat.clone()));
        self.front
            .start(accounts::Sweeper(services.accounts.clone()));
        self.front
            .start(accounts::Eraser(services.accounts.clone()));
        self.front
            .start(accounts::Exporter(services.accounts.clone()));
        self.front.start(mail::Postman(services.mail));
        self.front
            .start(portfolio::Sweeper(services.portfolio.clone()));
        self.front.start(alerts::Watcher::new(
            services.alerts.clone(),
            self.alert_interval,
        ));
        self.front
            .start(predictions::Scorer(services.predictions.clone()));
        self.front.start(trending::Reader::new(
            services.trending,
            services.chat.clone(),
            Arc::clone(&self.bus),
            bots::asked_for,
        ));
        self.front
            .start(paper::Filler::new(services.paper, self.alert_interval));
        self.front.start(bots::StockBot::new(
            services.db,
            Arc::clone(&self.bus),
            services.chat,
            services.accounts,
            services.markets,
            services.predictions,
            services.alerts,
        ));
        Ok(())
    }

    /// Stops the workers that serve members, then the workers that they need.
    pub async fn close(self) {
        self.front.stop(PATIENCE).await;
        self.foundation.stop(PATIENCE).await;
    }
}

/// Reported when an instance is ready.
pub struct Ready {
    /// Address that the server listens on.
    pub address: SocketAddr,
    /// Link for registering the first admin, as long as there is no admin.
    pub setup: Option<String>,
}

/// Serves an instance until `stop` is canceled.
pub async fn serve(
    config: Config,
    stop: CancellationToken,
    ready: impl FnOnce(Ready) + Send,
) -> Result<(), StartError> {
    let site = site::Site::find(config.site())?;
    let address = config.site().site_addr;
    let listen = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let house = House::open(&config).await?;
    house.start_workers().await?;
    let app = router::build(&house.services, &config, &site, address);
    let bounds = listen::Bounds {
        per_address: config.limits.connections_per_address,
        ..listen::Bounds::new(config.server.connections)
    };
    let setup = house.services.accounts.setup_link(address).await?;
    ready(Ready { address, setup });
    // `close` tells the open connections to reconnect and completes running requests.
    let front = house.front.clone();
    listen::listen(listener, app, bounds, config.server.clone(), front, stop).await;
    house.close().await;
    Ok(())
}

#[cfg(test)]
mod tests;
