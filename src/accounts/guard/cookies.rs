//! The two cookies of a browser's session.

use crate::{accounts::Service, platform::config};
use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

/// What a browser is to keep, or to forget.
#[derive(Clone, Debug, Default)]
pub(super) enum Change {
    /// Everything stays as it is.
    #[default]
    None,
    /// A new access token, and a new refresh cookie unless the old one stays.
    Keep {
        /// For requests.
        access: String,
        /// `<session>.<secret>`.
        refresh: Option<String>,
    },
    /// Nobody is signed in any more.
    Forget,
}

/// The cookies as a request carries them.
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
                // The first wins, as with every other reader of cookies.
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
    /// With `__Host-` a browser takes them from this very host over an encrypted connection only.
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

/// Name of the cookie by which a browser is known.
pub(in crate::accounts) fn access_cookie(server: &config::Server) -> &'static str {
    Names::new(server).access
}

/// The `Set-Cookie` values of a change.
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

/// The `Set-Cookie` value that carries the first step of a sign-in to its second, or takes it away.
pub(super) fn challenge(server: &config::Server, challenge: Option<&str>) -> Option<HeaderValue> {
    let age = challenge.map_or(Duration::ZERO, |_| Duration::minutes(5));
    let value = challenge.unwrap_or_default().to_owned();
    set(Names::new(server).challenge, value, age, server.is_https())
}

/// The challenge that a request carries.
pub(super) fn carried_challenge(headers: &HeaderMap, server: &config::Server) -> Option<String> {
    let name = Names::new(server).challenge;
    let mut values = headers.get_all(header::COOKIE).iter();
    values.find_map(|value| {
        let mut cookies = Cookie::split_parse(value.to_str().ok()?).flatten();
        let found = cookies.find(|cookie| cookie.name() == name)?;
        Some(found.value().to_owned())
    })
}

/// Does this `Set-Cookie` value concern the session?
pub(super) fn is_ours(value: &HeaderValue) -> bool {
    let value = value.as_bytes();
    let value = value.strip_prefix(b"__Host-").unwrap_or(value);
    value.starts_with(b"rialto_access=") || value.starts_with(b"rialto_refresh=")
}
