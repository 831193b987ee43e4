//! Parts of the module that the browser loads on demand.
//!
//! A part is the code that is reachable only through functions marked `wasm_split` with its name;
//! `pack` splits it from the module. On the server they are ordinary functions.

use super::{Broken, Toasts, error_text};
use crate::shared::{Error, Kind};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::ChooseView;
use std::{pin::Pin, time::Duration};

/// A part failed to load: no network, or the server has a newer build.
pub use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// A load in progress.
pub type Loading = Pin<Box<dyn Future<Output = Result<(), NotLoaded>>>>;

/// The result of a function of a part, which completes at once if the part is loaded.
pub type Later<T> = Pin<Box<dyn Future<Output = Result<T, NotLoaded>>>>;

/// Loads split functions, each by itself: those of one part share one download.
///
/// # Errors
/// One cannot be loaded.
pub async fn load_each(loads: impl IntoIterator<Item = fn() -> Loading>) -> Result<(), NotLoaded> {
    for load in loads {
        load().await?;
    }
    Ok(())
}

/// A part.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name in `wasm_split`.
    pub name: &'static str,
    pub load: fn() -> Loading,
}

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

/// Pause before a failed request is repeated.
const AGAIN: Duration = Duration::from_secs(3);

/// Loads data, also when the server does not answer at first. Does nothing if it refuses for good.
pub fn load_until_done<T, F>(load: impl Fn() -> F + 'static, done: impl FnOnce(T) + 'static)
where
    T: 'static,
    F: Future<Output = Result<T, Error>> + 'static,
{
    spawn_local(async move {
        match load().await {
            Ok(data) => done(data),
            Err(error) if error.may_pass() => {
                set_timeout(move || load_until_done(load, done), AGAIN);
            }
            Err(_) => {}
        }
    });
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
