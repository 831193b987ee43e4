//! Parts of the app that the browser loads when they are needed.
//!
//! A part is what can be reached through its door alone: a function marked `wasm_split`, which
//! `pack` cuts out of the module. On the server a door is an ordinary function. One door to a part,
//! as each has to be asked for by itself.

use super::{Broken, Toasts, error_text};
use crate::shared::{Error, Kind};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::ChooseView;

/// A part could not be loaded: no network, or the server is another one by now.
pub use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// A route whose page is behind a door.
#[derive(Clone, Copy, Debug)]
pub struct Behind<F>(pub F);

impl<F, Page> ChooseView for Behind<F>
where
    F: Fn() -> Page + Send + Clone + 'static,
    Page: Future<Output = Result<AnyView, NotLoaded>>,
{
    async fn choose(self) -> AnyView {
        (self.0)()
            .await
            .unwrap_or_else(|_| view! { <Broken status=503 /> }.into_any())
    }

    async fn preload(&self) {}
}

/// What is shown once the part is there; until then nothing, and a notice when it cannot be had:
/// then `not_loaded` is called.
pub fn once_loaded<Loading, Drawn>(
    load: impl FnOnce() -> Loading,
    draw: impl Fn() -> Drawn + Send + 'static,
    not_loaded: impl Fn() + 'static,
) -> AnyView
where
    Loading: Future<Output = Result<(), NotLoaded>> + 'static,
    Drawn: Future<Output = Result<AnyView, NotLoaded>> + 'static,
{
    let loaded = RwSignal::new(false);
    let toasts = Toasts::of_context();
    let loading = load();
    spawn_local(async move {
        if loading.await.is_ok() {
            let _gone = loaded.try_set(true);
        } else {
            toasts.error(error_text(&Error::new(
                Kind::Unavailable,
                "unavailable",
                "",
            )));
            not_loaded();
        }
    });
    let drawn = move || {
        use futures_util::FutureExt;
        // There already: this takes no second look.
        loaded
            .get()
            .then(|| draw().now_or_never().and_then(Result::ok))
    };
    drawn.into_any()
}
