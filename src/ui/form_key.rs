//! Idempotency keys of forms, which may be sent twice: after a lost response, by a double click, by
//! going back. A hidden field contains a key, and the server runs the request once per key.

use crate::shared::Error;
use leptos::prelude::*;
use uuid::Uuid;

/// A new unique key.
pub fn new_key() -> String {
    Uuid::new_v4().to_string()
}

/// The hidden field. The server renders it with a key, so it works without scripts; the form gets a
/// new key when its request is `settled`.
pub fn form_key(settled: Signal<bool>) -> AnyView {
    let key = RwSignal::new(new_key());
    Effect::new(move || {
        if settled.get() {
            key.set(new_key());
        }
    });
    // Keeps browsers from restoring the old key after a reload.
    view! { <input type="hidden" name="key" value=key autocomplete="off" /> }.into_any()
}

/// true if this response ends the use of a key. A lost response or an error does not: the same
/// request may be retried.
pub fn settled<T>(answer: &Option<Result<T, Error>>) -> bool {
    match answer {
        Some(Ok(_)) => true,
        Some(Err(error)) => error.code == "idempotency-key-reused",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_lasts_until_the_server_did_it() {
        assert!(!settled::<()>(&None));
        assert!(settled(&Some(Ok(1))));
        for (error, ends) in [
            (Error::unavailable(), false),
            (Error::not_found(), false),
            (Error::conflict("idempotency-key-reused", ""), true),
        ] {
            assert_eq!(settled::<()>(&Some(Err(error))), ends);
        }
    }
}
