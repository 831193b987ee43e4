//! Upper and lower case. In the browser this uses JavaScript's tables for all scripts, so the first
//! page does not have to load Rust's.

pub fn lowercase(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    #[cfg(feature = "hydrate")]
    let small = js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(feature = "hydrate"))]
    let small = text.to_lowercase();
    small
}

pub fn uppercase(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    #[cfg(feature = "hydrate")]
    let large = js_sys::JsString::from(text).to_upper_case().into();
    #[cfg(not(feature = "hydrate"))]
    let large = text.to_uppercase();
    large
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_all_scripts() {
        assert_eq!(lowercase("ÉMILE Straße"), "émile straße");
        assert_eq!(uppercase("ñß"), "ÑSS");
        assert_eq!(lowercase("Ada 1"), "ada 1");
        assert_eq!(uppercase("ada 1"), "ADA 1");
    }
}
