//! Parts of the module that the browser loads on demand.
//!
//! A part is the code that is reachable only through one function marked `wasm_split`; `pack`
//! splits it from the module. On the server this is an ordinary function. Each part has exactly one
//! such function, since each function is loaded by its own request.

use super::{Broken, Toasts, error_text};
use crate::shared::{Error, Kind};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::ChooseView;

/// A part failed to load: no network, or the server has a newer build.
pub use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// A route whose page is a separate part.
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

/// Renders the part once it is loaded, nothing until then. If loading fails, shows a toast and
/// calls `not_loaded`.
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
        // Already loaded: renders at once.
        loaded
            .get()
            .then(|| draw().now_or_never().and_then(Result::ok))
    };
    drawn.into_any()
}
