//! Creates all services, starts and stops the server.

mod docs;
mod error;
mod headers;
mod health;
mod limit;
pub(crate) mod listen;
mod owner;
pub(crate) mod router;
pub(crate) mod site;

pub use error::StartError;

use crate::platform::{
    backup, config::Config, database::Database, folder, lease, presence, secrets::Keys,
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
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long stopping waits for running tasks.
const PATIENCE: Duration = Duration::from_secs(10);

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
        let limiter = Arc::new(lease::Limiter::default());
        let presence = Arc::new(presence::InProcess::default());
        let mut setup = Setup::new(
            db,
            bus,
            limiter,
            presence,
            config.clone(),
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
