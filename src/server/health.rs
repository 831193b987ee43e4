//! The health check: whether an instance can serve requests. The result is public and cheap to
//! compute; details are on the admin pages.

use crate::platform::database::{self, Database};
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// Health of an instance.
#[derive(Serialize, ToSchema)]
pub struct Health {
    status: Status,
    #[schema(example = "rialto")]
    service: &'static str,
    message: &'static str,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    Healthy,
    Unhealthy,
}

/// Returns whether the instance can serve: whether the database was read and written recently.
#[utoipa::path(
    get,
    path = "/health",
    security(()),
    tag = "Instance",
    responses(
        (status = 200, description = "Healthy", body = Health),
        (status = 503, description = "The database does not answer reads or writes", body = Health),
    )
)]
pub(super) async fn health(State(db): State<Database>) -> (StatusCode, Json<Health>) {
    told(db.health())
}

fn told(database: database::Health) -> (StatusCode, Json<Health>) {
    let (code, status, message) = if database.readable && database.writable {
        (StatusCode::OK, Status::Healthy, "Rialto is running")
    } else {
        let gone = "The database cannot be reached or written";
        (StatusCode::SERVICE_UNAVAILABLE, Status::Unhealthy, gone)
    };
    let health = Health {
        status,
        service: "rialto",
        message,
    };
    (code, Json(health))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cannot_read_or_write_is_not_healthy() {
        for (readable, writable) in [(true, true), (true, false), (false, true), (false, false)] {
            let age = None;
            let (code, Json(health)) = told(database::Health {
                readable,
                writable,
                age,
            });
            let (expected, status) = if readable && writable {
                (200, "healthy")
            } else {
                (503, "unhealthy")
            };
            assert_eq!(code, expected);
            let health = serde_json::to_value(health).unwrap();
            assert_eq!(health["status"], status);
            assert_eq!(health.as_object().unwrap().len(), 3, "nothing else is told");
        }
    }
}
