//! Bindings to the JavaScript in this folder. `app.js` puts the functions into the page's `rialto`
//! before the app starts; none of them throws.

use super::Change;
use crate::shared::{Error, Result};
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen(js_namespace = rialto)]
extern "C" {
    pub fn enter(account: &str, name: &str);
    pub fn leaving();
    pub fn nobody();
    #[wasm_bindgen(js_name = saveChannel)]
    pub fn save_channel(channel: &str, name: &str, path: &str, at: f64, messages: &str);
    pub fn drop(channel: &str);
    pub fn disconnected();
    pub fn list(channel: &str);
    pub fn send(channel: &str, nonce: &str, text: &str);
    pub fn retry(nonce: &str);
    pub fn discard(nonce: &str);
    pub fn look();
    pub fn install();

    #[wasm_bindgen(js_name = connected)]
    fn connected_by(account: &str, deliver: &JsValue);
    #[wasm_bindgen(js_name = watch)]
    fn watch_by(listener: &JsValue);
    #[wasm_bindgen(js_name = answered)]
    fn answered_with(nonce: &str, rev: f64, refused: Option<String>);
}

pub fn connected(account: &str, deliver: impl Fn(String, String, String) + 'static) {
    let deliver: Closure<dyn Fn(String, String, String)> = Closure::new(deliver);
    connected_by(account, deliver.as_ref().unchecked_ref());
    // One per connection, as long as the page is open.
    deliver.forget();
}

pub fn answered(nonce: &str, answer: Result<i64>) {
    match answer {
        Ok(rev) => answered_with(nonce, rev as f64, None),
        Err(error) => answered_with(nonce, 0.0, serde_json::to_string(&error).ok()),
    }
}

pub fn watch(listener: impl Fn(String, String, Change) + 'static) {
    type Hear = dyn Fn(String, String, Option<String>, Option<String>, Option<f64>);
    let hear: Closure<Hear> = Closure::new(
        move |channel, nonce, text: Option<String>, refused: Option<String>, rev: Option<f64>| {
            listener(channel, nonce, change(text, refused, rev));
        },
    );
    watch_by(hear.as_ref().unchecked_ref());
    hear.forget();
}

fn change(text: Option<String>, refused: Option<String>, rev: Option<f64>) -> Change {
    match (text, refused, rev) {
        (Some(text), Some(refused), _) => Change::Refused {
            text,
            error: serde_json::from_str(&refused).unwrap_or_else(|_| Error::unavailable()),
        },
        (Some(text), None, _) => Change::Waits { text },
        (None, _, Some(rev)) => Change::Stored { rev: rev as i64 },
        (None, _, None) => Change::Discarded,
    }
}
