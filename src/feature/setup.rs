//! How features start on the server.

use crate::platform::{
    config::Config,
    database::Database,
    lease::Limiter,
    live::Live,
    presence::Presence,
    secrets::Keys,
    tasks::{Tasks, Worker},
};
use crate::realtime::bus::SharedBus;
use crate::shared::{Error, Result};
use axum::Router;
use futures::future::BoxFuture;
use leptos::prelude::provide_context;
use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    sync::Arc,
    time::Duration,
};
use utoipa_axum::router::OpenApiRouter;

/// A feature that starts.
pub type Starting<'a> = BoxFuture<'a, Result<()>>;

type Provide = Box<dyn Fn() + Send + Sync>;

/// The server while it starts: what features build on, and what they have added.
pub struct Setup {
    pub db: Database,
    pub bus: SharedBus,
    pub limiter: Arc<Limiter>,
    pub presence: Arc<dyn Presence>,
    pub config: Config,
    /// Settings that can change while the server runs.
    pub live: Live,
    pub keys: Keys,
    /// Tasks that serve members.
    pub tasks: Tasks,
    services: Inner,
    to_start: ToStart,
}

/// What waits until the server serves.
#[derive(Default)]
pub struct ToStart {
    /// Must be complete before anyone can connect.
    pub before_serving: Vec<Starting<'static>>,
    pub workers: Vec<Box<dyn Worker>>,
}

impl Setup {
    /// Starts without features.
    pub fn new(
        db: Database,
        bus: SharedBus,
        limiter: Arc<Limiter>,
        presence: Arc<dyn Presence>,
        config: Config,
        keys: Keys,
        tasks: Tasks,
    ) -> Self {
        let mut services = Inner::default();
        services.insert(db.clone());
        services.insert(bus.clone());
        services.insert(tasks.clone());
        Self {
            db,
            bus,
            limiter,
            presence,
            live: Live::of(&config),
            config,
            keys,
            tasks,
            services,
            to_start: ToStart::default(),
        }
    }

    /// Returns the service of a lower feature.
    ///
    /// # Errors
    /// No feature before this one has added it, which is a bug.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Result<T> {
        self.services.get()
    }

    /// Adds a service: for features above, and for server functions as context.
    pub fn service<T: Clone + Send + Sync + 'static>(&mut self, service: T) {
        self.services.insert(service.clone());
        let provide = move || provide_context(service.clone());
        self.services.context.push(Box::new(provide));
    }

    /// Adds REST routes, below `/api`.
    pub fn api(&mut self, routes: OpenApiRouter) {
        let before = std::mem::take(&mut self.services.api);
        self.services.api = before.merge(routes);
    }

    /// Adds routes outside of `/api`.
    pub fn routes(&mut self, routes: Router) {
        let before = std::mem::take(&mut self.services.routes);
        self.services.routes = before.merge(routes);
    }

    /// Adds a worker, which starts when the server serves.
    pub fn worker(&mut self, worker: impl Worker) {
        self.to_start.workers.push(Box::new(worker));
    }

    /// Adds work that must be complete before anyone can connect.
    pub fn before_serving(&mut self, work: impl Future<Output = Result<()>> + Send + 'static) {
        self.to_start.before_serving.push(Box::pin(work));
    }

    /// How often workers look for new prices.
    pub fn price_interval(&self) -> Duration {
        Duration::from_secs(self.config.market.alert_seconds.into())
    }

    /// Ends the setup.
    pub fn finish(self) -> (Services, ToStart) {
        (Services(Arc::new(self.services)), self.to_start)
    }
}

/// All services of a running instance by their type, and what they serve. Clones share them.
#[derive(Clone)]
pub struct Services(Arc<Inner>);

#[derive(Default)]
struct Inner {
    by_type: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    context: Vec<Provide>,
    api: OpenApiRouter,
    routes: Router,
}

impl Inner {
    fn insert<T: Clone + Send + Sync + 'static>(&mut self, service: T) {
        self.by_type.insert(TypeId::of::<T>(), Box::new(service));
    }

    fn find<T: 'static>(&self) -> Option<&T> {
        self.by_type.get(&TypeId::of::<T>())?.downcast_ref()
    }

    fn get<T: Clone + 'static>(&self) -> Result<T> {
        let found = self.find().cloned();
        found.ok_or_else(|| Error::internal(format!("no {}", type_name::<T>())))
    }
}

impl Services {
    /// Returns a service.
    ///
    /// # Errors
    /// No feature has added it, which is a bug.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Result<T> {
        self.0.get()
    }

    /// Returns a service by reference. None: no feature has added it.
    #[cfg(test)]
    pub fn find<T: 'static>(&self) -> Option<&T> {
        self.0.find()
    }

    /// Puts all services into the Leptos context.
    pub fn provide(&self) {
        self.0.context.iter().for_each(|provide| provide());
    }

    /// The REST routes.
    pub fn api(&self) -> OpenApiRouter {
        self.0.api.clone()
    }

    /// The routes outside of `/api`.
    pub fn routes(&self) -> Router {
        self.0.routes.clone()
    }
}
