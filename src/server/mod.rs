//! Creates all services, starts and stops the server.

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
    tasks::Tasks,
};
use crate::realtime::bus::{self, Publisher};
use crate::shared::sync::lock;
use crate::{
    accounts,
    feature::{Services, Setup, ToStart},
    features::FEATURES,
};
use std::{
    fs::File,
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
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

/// An instance without its web server, for the command line, the benchmarks and the tests.
pub struct House {
    /// The services.
    pub services: Services,
    /// Workers that serve members: stopped first.
    pub(crate) front: Tasks,
    /// Workers that the others need: stopped last.
    foundation: Tasks,
    /// Work and workers of the features that wait for the start.
    to_start: Mutex<ToStart>,
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
        let held = if alone {
            let lock = folder::lock(data).map_err(in_data)?;
            Some(lock.ok_or_else(|| StartError::InUse(data.clone()))?)
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
        let mut setup = Setup::new(
            db,
            bus,
            lease,
            config.clone(),
            Live::of(config),
            keys,
            front.clone(),
        );
        for feature in FEATURES {
            (feature.start)(&mut setup).await?;
        }
        let (services, to_start) = setup.finish();
        Ok(Self {
            services,
            front,
            foundation,
            to_start: Mutex::new(to_start),
            _lock: held,
        })
    }

    /// Creates what must exist before anyone connects, such as the bots' accounts, and starts the
    /// workers.
    pub async fn start_workers(&self) -> Result<(), StartError> {
        let to_start = std::mem::take(&mut *lock(&self.to_start));
        for work in to_start.before_serving {
            work.await?;
        }
        for worker in to_start.workers {
            self.front.start(worker);
        }
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
    let app = router::build(&house.services, &config, &site, address)?;
    let bounds = listen::Bounds {
        per_address: config.limits.connections_per_address,
        ..listen::Bounds::new(config.server.connections)
    };
    let accounts: accounts::Service = house.services.get()?;
    let setup = accounts.setup_link(address).await?;
    ready(Ready { address, setup });
    // `close` tells the open connections to reconnect and completes running requests.
    let front = house.front.clone();
    listen::listen(listener, app, bounds, config.server.clone(), front, stop).await;
    house.close().await;
    Ok(())
}

#[cfg(test)]
mod tests;
