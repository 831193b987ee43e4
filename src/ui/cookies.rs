//! Cookies with preferences that both sides read before they render: theme, zone, panes.
//!
//! They contain no secrets, so scripts may read and write them. The server reads the request's
//! cookies and the browser the document's, so both render the same.

/// The value of a cookie, if it is set.
pub fn read(name: &str) -> Option<String> {
    find(&all()?, name).map(ToOwned::to_owned)
}

/// Stores a value for a year. Does nothing on the server: preferences change in the browser.
pub fn write(name: &str, value: &str) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::{prelude::*, wasm_bindgen::JsCast};
        let secure = if location().protocol().is_ok_and(|scheme| scheme == "https:") {
            "; Secure"
        } else {
            ""
        };
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
        // If the browser rejects cookies, the choice lasts until the page closes.
        let _refused = document()
            .unchecked_into::<web_sys::HtmlDocument>()
            .set_cookie(&cookie);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, value);
}

#[cfg(feature = "hydrate")]
fn all() -> Option<String> {
    use leptos::{prelude::*, wasm_bindgen::JsCast};
    document()
        .unchecked_into::<web_sys::HtmlDocument>()
        .cookie()
        .ok()
}

#[cfg(all(feature = "ssr", not(feature = "hydrate")))]
fn all() -> Option<String> {
    let parts = leptos::prelude::use_context::<http::request::Parts>()?;
    let lines: Vec<&str> = parts
        .headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    Some(lines.join("; "))
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
const fn all() -> Option<String> {
    None
}

fn find<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn finds_the_cookie_of_exactly_this_name() {
        let cookies = "xtheme=no; theme=dark; tz=-120; empty=";
        assert_eq!(find(cookies, "theme"), Some("dark"));
        assert_eq!(find(cookies, "tz"), Some("-120"));
        assert_eq!(find(cookies, "empty"), Some(""));
        assert_eq!(find(cookies, "heme"), None);
        assert_eq!(find("", "theme"), None);
    }
}
