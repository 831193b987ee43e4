//! Loads prices and cards with the first cashtag.

use super::{Cashtags, live};
use crate::ui::later::NotLoaded;
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};

/// Entry point of the part that is loaded later.
#[wasm_split(cashtags, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_cashtags))]
fn cashtags(tags: Cashtags) -> Result<AnyView, NotLoaded> {
    Ok(live::live(tags))
}

/// Is once on every page, and loads the part when it is needed. If that fails, cashtags are only
/// links.
#[component]
pub fn CashtagDoor() -> impl IntoView {
    let tags = expect_context::<Cashtags>();
    let needed = Memo::new(move |before: Option<&bool>| {
        before == Some(&true)
            || tags.wanted.with(|wanted| !wanted.is_empty())
            || tags.typed.with(Option::is_some)
    });
    let there = RwSignal::new(false);
    Effect::new(move || {
        if needed.get() {
            spawn_local(async move {
                if load_cashtags().await.is_ok() {
                    let _gone = there.try_set(true);
                }
            });
        }
    });
    move || {
        use futures_util::FutureExt;
        // Loaded already, so this is ready at once.
        there
            .get()
            .then(|| cashtags(tags).now_or_never().and_then(Result::ok))
    }
}
