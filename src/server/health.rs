//! Whether an instance can serve.

use super::Services;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// How an instance is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    status: Status,
    #[schema(example = "rialto")]
    service: &'static str,
    message: &'static str,
    version: &'static str,
    parts: Parts,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    Healthy,
    Unhealthy,
}

/// What it is made of.
#[derive(Serialize, ToSchema)]
struct Parts {
    database: DatabaseHealth,
    background: Background,
    gateway: GatewayHealth,
    market: MarketHealth,
}

#[derive(Serialize, ToSchema)]
struct DatabaseHealth {
    /// `sqlite` or `postgres`.
    kind: &'static str,
    /// Can be read.
    ok: bool,
    /// Can be written.
    writable: bool,
}

#[derive(Serialize, ToSchema)]
struct Background {
    /// What is running.
    parts: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
struct GatewayHealth {
    connections: usize,
}

#[derive(Serialize, ToSchema)]
struct MarketHealth {
    /// `sample` or `stooq`.
    source: &'static str,
}

/// Whether the instance can serve.
#[utoipa::path(
    get,
    path = "/health",
    tag = "Instance",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "Its database cannot be read or written", body = Health),
    )
)]
pub(super) async fn health(State(services): State<Services>) -> (StatusCode, Json<Health>) {
    let database = services.db.is_alive().await;
    let writable = database && services.db.is_writable().await;
    let (code, status, message) = if writable {
        (StatusCode::OK, Status::Healthy, "Rialto is running")
    } else {
        let gone = "The database cannot be reached or written";
        (StatusCode::SERVICE_UNAVAILABLE, Status::Unhealthy, gone)
    };
    let parts = Parts {
        database: DatabaseHealth {
            kind: services.db.kind(),
            ok: database,
            writable,
        },
        background: Background {
            parts: services.background.running(),
        },
        gateway: GatewayHealth {
            connections: services.gateway.connection_count(),
        },
        market: MarketHealth {
            source: services.markets.source().as_str(),
        },
    };
    let health = Health {
        status,
        service: "rialto",
        message,
        version: env!("CARGO_PKG_VERSION"),
        parts,
    };
    (code, Json(health))
}
