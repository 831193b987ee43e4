//! Preferences and language of a page's reader: from the account, else from the browser's cookie,
//! else from the browser's request headers.

use super::{caller::Caller, rpc::set_cookies};
use crate::{
    accounts::Service,
    platform::config,
    ui::{
        Language,
        preferences::{COOKIE, Preferences},
        time::UsualClock,
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::Response,
};
use cookie::{Cookie, SameSite, time::Duration};
use leptos::prelude::{provide_context, use_context};

/// The reader of the page that is being rendered.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The chosen preferences.
    pub preferences: Preferences,
    /// The language of the page.
    pub language: Language,
    /// The usual clock (12 or 24 hours) of the reader's region.
    pub clock: UsualClock,
}

impl Reader {
    /// Reads the preferences from the account if it has some, else from the cookie `carried`.
    fn new(headers: &HeaderMap, account: Option<&Preferences>, carried: Option<&str>) -> Self {
        let preferences = match (account, carried) {
            (Some(chosen), _) => chosen.clone(),
            (None, Some(line)) => Preferences::of_line(line),
            (None, None) => Preferences::default(),
        };
        let accepted = headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        let accepted = accepted.unwrap_or_default();
        Self {
            language: preferences
                .language
                .or_else(|| Language::accepted(accepted))
                .unwrap_or_default(),
            clock: UsualClock::accepted(accepted),
            preferences,
        }
    }

    /// Returns the reader of the current request.
    pub fn of_request() -> Option<Self> {
        use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned())
    }

    /// Provides the reader's preferences to the page that is being rendered.
    pub fn provide() {
        if let Some(reader) = Self::of_request() {
            provide_context(reader.preferences);
            provide_context(reader.language);
            provide_context(reader.clock);
        }
    }
}

/// Inserts the [`Reader`] into a request, and updates the browser's preferences cookie if they were
/// changed on another device. Runs inside [`super::authenticate`].
pub async fn know_reader(State(service): State<Service>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let carried = carried(&parts.headers);
    let account = parts.extensions.get::<Caller>();
    let account = account.and_then(|caller| caller.viewer.as_ref().ok()?.as_ref());
    let account = account.and_then(|viewer| viewer.preferences.clone());
    let reader = Reader::new(&parts.headers, account.as_ref(), carried.as_deref());
    let stale = account
        .filter(|chosen| carried.as_deref().unwrap_or_default() != chosen.line())
        .filter(|_| asks_for_page(&parts));
    parts.extensions.insert(reader);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(cookie) = stale.and_then(|chosen| cookie(&chosen, service.server())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Stores the preferences in a cookie.
pub(in crate::accounts) fn remember(service: &Service, preferences: &Preferences) {
    set_cookies(cookie(preferences, service.server()).into_iter().collect());
}

fn asks_for_page(parts: &Parts) -> bool {
    let accept = parts.headers.get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok());
    parts.method == Method::GET && accept.is_some_and(|accept| accept.contains("text/html"))
}

fn carried(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == COOKIE)
        .map(|cookie| cookie.value().to_owned())
}

/// Not `HttpOnly`, so that the page's scripts can read and write it.
fn cookie(preferences: &Preferences, server: &config::Server) -> Option<HeaderValue> {
    let cookie = Cookie::build((COOKIE, preferences.line()))
        .path("/")
        .same_site(SameSite::Lax)
        .secure(server.is_https())
        .max_age(Duration::days(365));
    HeaderValue::from_str(&cookie.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_comes_before_the_cookie_and_that_before_the_browser() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_static("es-US,es;q=0.9"),
        );
        let english = Preferences::of_line("language=en&theme=dark");
        let spanish = "language=es&theme=light";
        let reader = |account, carried| {
            let reader = Reader::new(&headers, account, carried);
            (reader.language.tag(), reader.preferences.line())
        };
        let found = |language, line: &str| (language, line.to_owned());
        assert_eq!(reader(None, None), found("es", ""));
        assert_eq!(
            reader(None, Some(spanish)),
            found("es", "theme=light&language=es")
        );
        assert_eq!(
            reader(Some(&english), Some(spanish)),
            found("en", "theme=dark&language=en")
        );
        // Without a chosen language, the browser's applies.
        let open = Preferences::of_line("theme=dark");
        assert_eq!(
            reader(Some(&open), Some("language=en")),
            found("es", "theme=dark")
        );
        let usual = Reader::new(&headers, None, None).clock.0;
        assert_eq!(usual, crate::ui::preferences::ClockStyle::H12);
    }
}
