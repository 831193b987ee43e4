//! How the reader of a page wants to see it, and in which language: their account says, else
//! their browser's cookie, else what the browser asks for.

use super::{Caller, set_cookies};
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

/// The reader of what is being made.
#[derive(Clone, Debug)]
pub struct Reader {
    /// What they chose.
    pub preferences: Preferences,
    /// Their language.
    pub language: Language,
    /// The clock that is usual where they are.
    pub clock: UsualClock,
}

impl Reader {
    /// The reader of a request, who may be known by their account.
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

    /// The reader of this request.
    pub fn of_request() -> Option<Self> {
        use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned())
    }

    /// Has the page that is being made be theirs.
    pub fn provide() {
        if let Some(reader) = Self::of_request() {
            provide_context(reader.preferences);
            provide_context(reader.language);
            provide_context(reader.clock);
        }
    }
}

/// Finds out how a page is to be made, and brings the browser's cookie up to date with what was
/// chosen on another device. Runs inside [`super::authenticate`].
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

/// Has the browser keep these from now on.
pub(in crate::accounts) fn keep(service: &Service, preferences: &Preferences) {
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

/// No secret, so that the page itself can read and write it.
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
        // Who leaves the language to the browser gets the browser's.
        let open = Preferences::of_line("theme=dark");
        assert_eq!(
            reader(Some(&open), Some("language=en")),
            found("es", "theme=dark")
        );
        let usual = Reader::new(&headers, None, None).clock.0;
        assert_eq!(usual, crate::ui::preferences::ClockStyle::H12);
    }
}
