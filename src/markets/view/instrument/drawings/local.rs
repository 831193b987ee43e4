//! Drawings stored in the browser until the server has them.

use super::Drawing;
#[cfg(feature = "hydrate")]
use {
    crate::markets::Shape,
    serde::{Serialize, de::DeserializeOwned},
};

/// Returns the drawings stored under a key.
#[cfg(feature = "hydrate")]
pub fn waiting(place: &str) -> Vec<Drawing> {
    read(place)
}

/// Takes the drawings that the browser stored before accounts had drawings.
#[cfg(feature = "hydrate")]
pub fn old(symbol: &str) -> Vec<Shape> {
    let key = format!("drawings:{symbol}");
    let shapes = read(&key);
    write::<Shape>(&key, &[]);
    shapes
}

/// Stores drawings under a key.
pub fn add(place: &str, drawings: &[Drawing]) {
    change(place, |all| {
        all.retain(|one| !drawings.iter().any(|new| new.id == one.id));
        all.extend_from_slice(drawings);
    });
}

/// Removes drawings from a key.
pub fn forget(place: &str, drawings: &[Drawing]) {
    change(place, |all| {
        all.retain(|one| !drawings.iter().any(|gone| gone.id == one.id));
    });
}

#[cfg(feature = "hydrate")]
fn change(place: &str, how: impl FnOnce(&mut Vec<Drawing>)) {
    if place.is_empty() {
        return;
    }
    let mut all = read(place);
    how(&mut all);
    write(place, &all);
}

#[cfg(not(feature = "hydrate"))]
fn change(_: &str, _: impl FnOnce(&mut Vec<Drawing>)) {}

#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

#[cfg(feature = "hydrate")]
fn read<T: DeserializeOwned>(key: &str) -> Vec<T> {
    let text = storage().and_then(|storage| storage.get_item(key).ok().flatten());
    let all = text.and_then(|text| serde_json::from_str(&text).ok());
    all.unwrap_or_default()
}

/// A browser without storage shows drawings until the reader leaves the page.
#[cfg(feature = "hydrate")]
fn write<T: Serialize>(key: &str, all: &[T]) {
    let Some(storage) = storage() else { return };
    let _refused = match serde_json::to_string(all) {
        Ok(text) if !all.is_empty() => storage.set_item(key, &text),
        _ => storage.remove_item(key),
    };
}
