//! Temporary: replaced by the chat view.

use leptos::prelude::*;

/// Sends everybody to where they belong.
#[component]
pub fn Home() -> impl IntoView {}

/// A channel.
#[component]
pub fn ChannelPage() -> impl IntoView {}
