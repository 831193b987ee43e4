//! Builds every part once and puts the house together.

pub(crate) mod router;
pub(crate) mod site;

use crate::platform::{
    config::Config, database::Database, lease, secrets::SigningKey, tasks::Tasks,
};
use crate::realtime::bus::{self, SharedBus};
use crate::{accounts, bots, chat, communities, gateway, markets};
use axum::serve::ListenerExt;
use std::{
    fs::{self, File},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long stopping waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the server cannot start: said to the operator, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("the data folder {path}: {error}")]
    Data {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another server uses the data folder.
    #[error(
        "the data folder {0} is in use by another Rialto; stop it or choose another with --data"
    )]
    InUse(PathBuf),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}; choose another address with --addr")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
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
    /// The typed channel.
    pub gateway: gateway::Service,
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
    bus: SharedBus,
    /// Held for as long as this instance serves from its data folder.
    _lock: Option<File>,
}

impl House {
    /// Opens the data folder for this process alone and builds every service.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn open(config: &Config) -> Result<Self, StartError> {
        Self::build(config, true).await
    }

    /// Builds every service beside a server that may be running on the same data folder: for
    /// commands that make one change and go.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn visit(config: &Config) -> Result<Self, StartError> {
        Self::build(config, false).await
    }

    async fn build(config: &Config, alone: bool) -> Result<Self, StartError> {
        let data = &config.server.data;
        let in_data = |error| StartError::Data {
            path: data.clone(),
            error,
        };
        make_private_folder(data).map_err(in_data)?;
        let lock = if alone {
            Some(lock_data_folder(data)?)
        } else {
            None
        };
        let given = config.secrets.signing_key.as_deref();
        let key = SigningKey::load(given, data).map_err(in_data)?;
        let opened = Database::open(&config.database.url, data).await;
        let (db, writer) = opened.map_err(|error| StartError::Database(error.to_string()))?;
        let foundation = Tasks::default();
        foundation.start(writer);
        let front = Tasks::default();

        let bus: SharedBus = Arc::new(bus::InProcess::default());
        let lease: Arc<dyn lease::Lease> = Arc::new(lease::InProcess::default());
        let accounts = accounts::Service::new(
            db.clone(),
            Arc::clone(&bus),
            Arc::clone(&lease),
            key,
            config,
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
        );
        let markets = markets::Service::new(config)?;
        let gateway = gateway::Service::new(
            &bus,
            front.clone(),
            accounts.clone(),
            communities.clone(),
            chat.clone(),
            &config.limits,
        );
        let services = Services {
            db,
            accounts,
            communities,
            chat,
            markets,
            gateway,
            background: front.clone(),
        };
        Ok(Self {
            services,
            front,
            foundation,
            bus,
            _lock: lock,
        })
    }

    /// Starts the parts that run by themselves.
    ///
    /// # Errors
    /// When the bots' accounts cannot be made.
    pub async fn start_parts(&self) -> Result<(), StartError> {
        let services = self.services.clone();
        self.front.start(gateway::Heartbeats(services.gateway));
        self.front
            .start(accounts::Sweeper(services.accounts.clone()));
        self.front.start(bots::StockBot::new(
            services.db,
            Arc::clone(&self.bus),
            services.chat,
            services.accounts,
            services.markets,
        ));
        Ok(())
    }

    /// Stops everything: first who serves people, then what it stands on.
    pub async fn close(self) {
        self.front.stop(PATIENCE).await;
        self.foundation.stop(PATIENCE).await;
    }
}

/// Serves an instance until `stop` is cancelled. `ready` is told the address that is listened on.
///
/// # Errors
/// See [`StartError`].
pub async fn serve(
    config: Config,
    stop: CancellationToken,
    ready: impl FnOnce(SocketAddr) + Send,
) -> Result<(), StartError> {
    let site = site::Site::find(config.site())?;
    let address = config.site().site_addr;
    let listen = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let house = House::open(&config).await?;
    house.start_parts().await?;
    let app = router::build(&house.services, &config, &site, address);
    ready(address);
    let front = house.front.clone();
    let stopping = stop.clone();
    let graceful = async move {
        stopping.cancelled().await;
        // Sockets are told to come back while open requests are finished.
        front.stop(PATIENCE).await;
    };
    // A frame goes out when it is written, not when the one before is confirmed.
    let listener = listener.tap_io(|socket| drop(socket.set_nodelay(true)));
    let served = axum::serve(listener, app).with_graceful_shutdown(graceful);
    let result = tokio::select! {
        result = served => result,
        // Somebody who has sent half a request does not hold the end up.
        () = async {
            stop.cancelled().await;
            tokio::time::sleep(2 * PATIENCE).await;
        } => Ok(()),
    };
    house.close().await;
    result.map_err(|error| StartError::Other(error.to_string()))
}

fn make_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes the data folder for this process; the system gives it back when the process ends,
/// however it ends.
fn lock_data_folder(data: &Path) -> Result<File, StartError> {
    let in_data = |error| StartError::Data {
        path: data.to_owned(),
        error,
    };
    let file = File::create(data.join("rialto.lock")).map_err(in_data)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StartError::InUse(data.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(in_data(error)),
    }
}

#[cfg(test)]
mod tests;
