//! Forms that can be sent twice: after a lost answer, by a double press, by going back. A hidden field
//! carries a key under which the server does what the form asks for once.

use crate::shared::Error;
use leptos::prelude::*;
use uuid::Uuid;

/// A key that was never used before.
pub fn new_key() -> String {
    Uuid::new_v4().to_string()
}

/// The hidden field. The server draws it with a key, so that it is there without scripts too; the
/// form gets a new one when what it asked for is `settled`.
pub fn form_key(settled: Signal<bool>) -> AnyView {
    let key = RwSignal::new(new_key());
    Effect::new(move || {
        if settled.get() {
            key.set(new_key());
        }
    });
    // Browsers that fill in forms again after a reload leave it alone.
    view! { <input type="hidden" name="key" value=key autocomplete="off" /> }.into_any()
}

/// Does this answer end the use of a key? One that was lost, or a refusal, does not: the same may be
/// asked for again.
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
