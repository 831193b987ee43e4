//! Access and refresh tokens: JSON Web Tokens signed with this instance's key.

use super::device::DeviceKind;
use crate::{
    platform::{config, secrets::SigningKey},
    shared::{AccountId, Error, Kind, Result, SessionId, Timestamp, time::now},
};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

/// Purpose of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// Authenticates requests.
    Access,
    /// Gets new access tokens.
    Refresh,
}

/// Claims of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    pub sub: AccountId,
    /// The session.
    pub sid: SessionId,
    /// Purpose.
    pub typ: Use,
    /// Time of issue, in seconds since 1970.
    pub iat: i64,
    /// Expiry, in seconds since 1970.
    pub exp: i64,
}

/// Signs and verifies tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Tokens {
    pub(super) fn new(key: &SigningKey) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Expiry is checked with our own clock, as everywhere else.
        validation.validate_exp = false;
        Self {
            encoding: EncodingKey::from_secret(key.bytes()),
            decoding: DecodingKey::from_secret(key.bytes()),
            validation,
        }
    }

    pub(in crate::accounts) fn sign(&self, claims: &Claims) -> Result<String> {
        encode(&Header::new(Algorithm::HS256), claims, &self.encoding).map_err(Error::internal)
    }

    /// Verifies a token and its purpose. Returns its claims.
    ///
    /// # Errors
    /// `token-expired`, `token-invalid`.
    pub(super) fn read(&self, token: &str, good_for: Use) -> Result<Claims> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|_| invalid())?
            .claims;
        if claims.exp <= now().timestamp() {
            return Err(Error::new(
                Kind::Unauthenticated,
                "token-expired",
                "The token has expired",
            ));
        }
        if claims.typ == good_for {
            Ok(claims)
        } else {
            Err(invalid())
        }
    }
}

pub(super) fn invalid() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "token-invalid",
        "The token is not valid",
    )
}

/// Lifetime of access tokens.
pub(super) fn access_lifetime(config: &config::Accounts, kind: DeviceKind) -> TimeDelta {
    match kind {
        DeviceKind::Browser => TimeDelta::minutes(config.browser_access_minutes.into()),
        DeviceKind::Program => TimeDelta::hours(config.program_access_hours.into()),
    }
}

/// Lifetime of a session, counted from its last renewal.
pub(super) fn session_lifetime(config: &config::Accounts, kind: DeviceKind) -> TimeDelta {
    match kind {
        DeviceKind::Browser => TimeDelta::days(config.browser_refresh_days.into()),
        DeviceKind::Program => TimeDelta::days(config.program_refresh_days.into()),
    }
}

/// Returns when a lifetime that starts now ends, at most when the account expires.
pub(super) fn end(
    now: Timestamp,
    lifetime: TimeDelta,
    account_end: Option<Timestamp>,
) -> Timestamp {
    let end = now + lifetime;
    account_end.map_or(end, |account_end| end.min(account_end))
}
