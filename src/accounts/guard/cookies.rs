//! The two cookies of a browser's session.

use crate::accounts::{Service, SignedIn};
use crate::platform::config;
use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

/// The change of cookies that a response makes.
#[derive(Clone, Debug, Default)]
pub(super) enum Change {
    /// Leaves the cookies as they are.
    #[default]
    None,
    /// A new access token. `refresh: None` leaves the refresh cookie as it is.
    Keep {
        /// Access token for requests.
        access: String,
        /// `<session>.<secret>.<tag>`.
        refresh: Option<String>,
    },
    /// Deletes the cookies: the browser is signed out.
    Forget,
}

/// The session cookies of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried {
    pub(super) access: Option<String>,
    pub(super) refresh: Option<String>,
}

impl Carried {
    pub(super) fn read(headers: &HeaderMap, server: &config::Server) -> Self {
        let names = Names::new(server);
        let mut carried = Self::default();
        let values = headers.get_all(header::COOKIE).iter();
        for text in values.filter_map(|value| value.to_str().ok()) {
            for cookie in Cookie::split_parse(text).flatten() {
                // The first cookie of a name wins, as in other cookie parsers.
                if cookie.name() == names.access {
                    carried.access.get_or_insert(cookie.value().to_owned());
                } else if cookie.name() == names.refresh {
                    carried.refresh.get_or_insert(cookie.value().to_owned());
                }
            }
        }
        carried
    }

    pub(super) fn any(&self) -> bool {
        self.access.is_some() || self.refresh.is_some()
    }
}

struct Names {
    access: &'static str,
    refresh: &'static str,
    challenge: &'static str,
}

impl Names {
    /// Browsers accept a cookie with the prefix `__Host-` only from this exact host over HTTPS.
    fn new(server: &config::Server) -> Self {
        if server.is_https() {
            Self {
                access: "__Host-rialto_access",
                refresh: "__Host-rialto_refresh",
                challenge: "__Host-rialto_challenge",
            }
        } else {
            Self {
                access: "rialto_access",
                refresh: "rialto_refresh",
                challenge: "rialto_challenge",
            }
        }
    }
}

impl Service {
    /// Name of the cookie with a browser's access token.
    pub fn access_cookie(&self) -> &'static str {
        Names::new(self.server()).access
    }
}

/// Returns the `Set-Cookie` values of a change.
pub(super) fn headers(service: &Service, change: Change) -> Vec<HeaderValue> {
    let server = service.server();
    let config = service.config();
    let names = Names::new(server);
    let secure = server.is_https();
    let kept = match change {
        Change::None => return Vec::new(),
        Change::Keep { access, refresh } => {
            let minutes = Duration::minutes(config.browser_access_minutes.into());
            let days = Duration::days(config.browser_refresh_days.into());
            let refresh = refresh.map(|refresh| (names.refresh, refresh, days));
            [Some((names.access, access, minutes)), refresh]
        }
        Change::Forget => [
            Some((names.access, String::new(), Duration::ZERO)),
            Some((names.refresh, String::new(), Duration::ZERO)),
        ],
    };
    let cookies = kept.into_iter().flatten();
    cookies
        .filter_map(|(name, value, age)| set(name, value, age, secure))
        .collect()
}

fn set(name: &'static str, value: String, age: Duration, secure: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(age);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// Returns the `Set-Cookie` value that stores a sign-in challenge for five minutes, or deletes it.
pub(super) fn challenge(server: &config::Server, challenge: Option<&str>) -> Option<HeaderValue> {
    let age = challenge.map_or(Duration::ZERO, |_| Duration::minutes(5));
    let value = challenge.unwrap_or_default().to_owned();
    set(Names::new(server).challenge, value, age, server.is_https())
}

/// Returns the challenge in a request's cookies.
pub(super) fn carried_challenge(headers: &HeaderMap, server: &config::Server) -> Option<String> {
    let name = Names::new(server).challenge;
    let mut values = headers.get_all(header::COOKIE).iter();
    values.find_map(|value| {
        let mut cookies = Cookie::split_parse(value.to_str().ok()?).flatten();
        let found = cookies.find(|cookie| cookie.name() == name)?;
        Some(found.value().to_owned())
    })
}

/// true if this `Set-Cookie` value is one of the session cookies.
pub(super) fn is_ours(value: &HeaderValue) -> bool {
    let value = value.as_bytes();
    let value = value.strip_prefix(b"__Host-").unwrap_or(value);
    value.starts_with(b"rialto_access=") || value.starts_with(b"rialto_refresh=")
}

/// Returns the `Set-Cookie` values of a new session.
pub(super) fn cookies_of(service: &Service, session: SignedIn) -> Vec<HeaderValue> {
    let change = Change::Keep {
        access: session.access,
        refresh: Some(session.refresh),
    };
    headers(service, change)
}

/// Returns the `Set-Cookie` values that delete the session cookies.
pub(super) fn no_cookies(service: &Service) -> Vec<HeaderValue> {
    headers(service, Change::Forget)
}
