//! The document around every page, the routes, and what every page finds in its context.

use crate::accounts::view::{Register, SignIn};
use crate::chat::registry::{Registry, SlashCommand};
use crate::chat::view::{ChannelPage, Home};
use crate::realtime::Client;
use crate::ui::{NotFound, ToastRegion, Toasts, Zone, t};
use crate::{bots, gateway};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};

/// Every page: providers, routes, notices.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Zone::provide();
    Toasts::provide();
    provide_context(registry());
    let client = Client::provide();
    Effect::new(move || {
        if client.wanted.get() {
            gateway::keep_connected(client);
        }
    });
    let name = t("app-name");
    let titled = move |text: String| {
        if text.is_empty() || text == name {
            name.clone()
        } else {
            format!("{text} · {name}")
        }
    };
    // Pages are sent whole: out-of-order streaming needs scripts to put them together.
    view! {
        <Title formatter=titled />
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                <Route path=path!("/register") view=Register ssr=SsrMode::Async />
                <Route
                    path=path!("/channels/:community/:channel")
                    view=ChannelPage
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
        </Router>
        <ToastRegion />
    }
}

/// What features above `chat` offer to the conversation.
fn registry() -> Registry {
    let commands = bots::commands().into_iter().map(|command| SlashCommand {
        name: command.name,
        usage: command.usage,
        description_key: command.description_key,
    });
    Registry {
        renderers: bots::view::renderers(),
        commands: commands.collect(),
    }
}
