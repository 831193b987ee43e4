//! The cards that features hang on messages, behind a door: most conversations have none.

use crate::alerts::Told;
use crate::alerts::view::{Said, Tellers, Words};
use crate::chat::{Part, registry::Cards};
use crate::realtime::Envelope;
use crate::ui::later::NotLoaded;
use crate::{alerts, bots, paper, portfolio};
use futures_util::FutureExt;
use leptos::{prelude::*, wasm_split::wasm_split};
#[cfg(feature = "hydrate")]
use std::sync::atomic::{AtomicBool, Ordering};

/// They were there before the page was taken over.
#[cfg(feature = "hydrate")]
static THERE: AtomicBool = AtomicBool::new(false);

/// The way to them.
pub fn cards() -> Cards {
    #[cfg(feature = "hydrate")]
    let there = THERE.load(Ordering::Relaxed);
    #[cfg(not(feature = "hydrate"))]
    let there = true;
    Cards {
        // There already: this takes no second look.
        draw: |part| card(part).now_or_never()?.ok()?,
        load: || Box::pin(load_cards()),
        there: RwSignal::new(there),
    }
}

/// Loads what draws them when the page that the server made has one: the first render in the
/// browser is to be the same.
#[cfg(feature = "hydrate")]
pub async fn load_those_of_page() -> Result<(), NotLoaded> {
    let drawn = document().query_selector(".message-part");
    if drawn.is_ok_and(|drawn| drawn.is_some()) {
        load_cards().await?;
        THERE.store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// Who puts what features tell into words.
pub const TELLERS: Tellers = Tellers(&[paper::view::TELLER]);

/// What a member is told, in words.
pub fn words(event: Envelope) -> Words {
    Box::pin(told(event))
}

/// The door to the words: it is told rarely.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible)]
fn told(event: Envelope) -> Result<Option<Said>, NotLoaded> {
    Ok(event
        .read::<Told>()
        .and_then(|told| TELLERS.said(&told.tiding)))
}

/// The door to them.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_cards))]
fn card(part: Part) -> Result<Option<AnyView>, NotLoaded> {
    let mut renderers = bots::view::renderers();
    renderers.extend(alerts::view::renderers());
    renderers.extend(portfolio::view::renderers());
    let of_kind = renderers.into_iter().find(|(kind, _)| *kind == part.kind);
    Ok(of_kind.and_then(|(_, draw)| draw(&part.body)))
}
