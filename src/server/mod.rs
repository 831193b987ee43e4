//! Builds every part once and puts the house together.

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
use crate::realtime::bus::{self, SharedBus};
use crate::{
    accounts, alerts, bots, calls, chat, communities, gateway, mail, markets, operator, paper,
    portfolio, pulse,
};
use std::{fs::File, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long stopping waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the server cannot start: said to the operator, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error(
        "the data folder {path} cannot be used: {error}; whoever runs Rialto must be able to \
         write there, or choose another with --data"
    )]
    Data {
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another server uses the data folder.
    #[error(
        "the data folder {0} is in use by another Rialto; stop it or choose another with --data"
    )]
    InUse(PathBuf),
    /// A restore has to come to its end first.
    #[error(
        "a restore of the data folder {0} was interrupted; start the server, which finishes it"
    )]
    Unfinished(PathBuf),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}; choose another address with --addr")]
    Listen {
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The database's file is no longer what was written.
    #[error(
        "the database is damaged: {0}; nothing was changed. Put a backup in its place, or keep the \
         file and start with an empty data folder"
    )]
    Damaged(String),
    /// The database cannot be used.
    #[error("the database: {0}")]
    Database(String),
    /// The built site is not there.
    #[error(
        "the built site in {path}: {error}; build it with `cargo xtask build` or name it with --site"
    )]
    Site {
        /// Where it was looked for.
        path: PathBuf,
        /// What is wrong.
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

/// All services of a running instance; a clone is the same ones.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Database,
    /// Who somebody is.
    pub accounts: accounts::Service,
    /// Channels and members.
    pub communities: communities::Service,
    /// Messages.
    pub chat: chat::Service,
    /// Quotes.
    pub markets: markets::Service,
    /// What members watch.
    pub watchlists: markets::Watchlists,
    /// What members draw on charts.
    pub drawings: markets::Drawings,
    /// What members hold.
    pub portfolio: portfolio::Service,
    /// What they show of it in channels.
    pub sharing: portfolio::Sharing,
    /// What members wait for.
    pub alerts: alerts::Service,
    /// What members expect.
    pub calls: calls::Service,
    /// What members speak of.
    pub pulse: pulse::Service,
    /// What members trade with money that is none.
    pub paper: paper::Service,
    /// The typed channel.
    pub gateway: gateway::Service,
    /// Letters.
    pub mail: mail::Service,
    /// What operators do.
    pub operator: operator::Service,
    /// What runs in the background.
    pub background: Tasks,
}

/// The parts of an instance without its web server: what the command line, the benchmarks and the
/// tests need of it.
pub struct House {
    /// The services.
    pub services: Services,
    /// Parts that serve people: stopped first.
    pub(crate) front: Tasks,
    /// Parts that everything stands on: stopped last.
    foundation: Tasks,
    pub(crate) bus: SharedBus,
    /// How often alerts and orders look at prices.
    alert_interval: Duration,
    /// Held for as long as this instance serves from its data folder.
    _lock: Option<File>,
}

impl House {
    /// Opens the data folder for this process alone and builds every service.
    pub async fn open(config: &Config) -> Result<Self, StartError> {
        Self::build(config, true).await
    }

    /// Builds every service beside a server that may be running on the same data folder: for
    /// commands that make one change and go.
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
            // Health is known from the start.
            probe.look().await;
            foundation.start(probe);
        }
        let front = foundation.beside();

        let bus: SharedBus = Arc::new(bus::InProcess::default());
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
        let alerts = alerts::Service::start(alerts::Parts {
            db: db.clone(),
            bus: Arc::clone(&bus),
            accounts: accounts.clone(),
            communities: communities.clone(),
            chat: chat.clone(),
            markets: markets.clone(),
            watchlists: watchlists.clone(),
        });
        let calls =
            calls::Service::start(db.clone(), &accounts, communities.clone(), markets.clone());
        let pulse = pulse::Service::new(db.clone(), communities.clone(), markets.clone());
        let paper = paper::Service::start(paper::Parts {
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
        let operator = operator::Service::start(operator::Parts {
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
            operator,
            accounts,
            communities,
            chat,
            markets,
            watchlists,
            drawings,
            portfolio,
            sharing,
            alerts,
            calls,
            pulse,
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

    /// Starts the workers.
    pub async fn start_workers(&self) -> Result<(), StartError> {
        let services = self.services.clone();
        // Before anybody can connect and take their names.
        services.alerts.bot().await?;
        bots::StockBot::account(&services.accounts).await?;
        self.front.start(gateway::Heartbeats(services.gateway));
        self.front
            .start(communities::PresenceTeller(services.communities));
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
        self.front.start(calls::Scorer(services.calls.clone()));
        self.front.start(pulse::Reader::new(
            services.pulse,
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
            services.calls,
            services.alerts,
        ));
        Ok(())
    }

    /// Stops everything: first who serves people, then what it stands on.
    pub async fn close(self) {
        self.front.stop(PATIENCE).await;
        self.foundation.stop(PATIENCE).await;
    }
}

/// What is told when an instance is ready.
pub struct Ready {
    /// The address that is listened on.
    pub address: SocketAddr,
    /// The link by which the first admin registers, while there is none.
    pub setup: Option<String>,
}

/// Serves an instance until `stop` is cancelled.
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
    // Its connections are told to come back, and open requests finished, by `close`.
    let front = house.front.clone();
    listen::listen(listener, app, bounds, config.server.clone(), front, stop).await;
    house.close().await;
    Ok(())
}

#[cfg(test)]
mod tests;
