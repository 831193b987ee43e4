//! Cards of features under messages, in a split part of the WebAssembly module, because most
//! conversations have no card.

use crate::alerts::Notified;
use crate::alerts::view::{NotificationRenderers, NotificationText, Words};
use crate::chat::{Card, registry::Cards};
use crate::realtime::Envelope;
use crate::ui::later::NotLoaded;
use crate::{alerts, bots, paper, portfolio};
use futures_util::FutureExt;
use leptos::{prelude::*, wasm_split::wasm_split};
#[cfg(feature = "hydrate")]
use std::sync::atomic::{AtomicBool, Ordering};

/// true if the part was loaded before hydration.
#[cfg(feature = "hydrate")]
static THERE: AtomicBool = AtomicBool::new(false);

/// Returns how cards are loaded and drawn.
pub fn cards() -> Cards {
    #[cfg(feature = "hydrate")]
    let there = THERE.load(Ordering::Relaxed);
    #[cfg(not(feature = "hydrate"))]
    let there = true;
    Cards {
        // Once the part is loaded, this completes without waiting.
        draw: |part| card(part).now_or_never()?.ok()?,
        load: || Box::pin(load_cards()),
        there: RwSignal::new(there),
    }
}

/// Loads the part if the server's page contains a card: the first render in the browser must equal
/// the server's.
#[cfg(feature = "hydrate")]
pub async fn load_those_of_page() -> Result<(), NotLoaded> {
    let drawn = document().query_selector(".message-card");
    if drawn.is_ok_and(|drawn| drawn.is_some()) {
        load_cards().await?;
        THERE.store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// Texts of the notifications of all features.
pub const NOTIFICATION_RENDERERS: NotificationRenderers =
    NotificationRenderers(&[paper::view::NOTIFICATION_RENDERER]);

/// Returns the text of a notification.
pub fn words(event: Envelope) -> Words {
    Box::pin(told(event))
}

/// Split point of the notification texts, because notifications are rare.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible)]
fn told(event: Envelope) -> Result<Option<NotificationText>, NotLoaded> {
    Ok(event
        .read::<Notified>()
        .and_then(|told| NOTIFICATION_RENDERERS.said(&told.notification)))
}

/// Split point of the cards.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_cards))]
fn card(part: Card) -> Result<Option<AnyView>, NotLoaded> {
    let mut renderers = bots::view::renderers();
    renderers.extend(alerts::view::renderers());
    renderers.extend(portfolio::view::renderers());
    let of_kind = renderers.into_iter().find(|(kind, _)| *kind == part.kind);
    Ok(of_kind.and_then(|(_, draw)| draw(&part.body)))
}
