//! Page layout: rail, channels, conversation and context on a desktop; one pane at a time with a
//! bottom bar on a phone. CSS decides by the width; this stores which pane is shown.

use super::{Icon, IconName, cookies, t};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The pane that a phone shows; `Context` is also the sheet on a tablet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// Communities and their channels.
    Channels,
    #[default]
    Conversation,
    /// Members, later threads and symbols.
    Context,
}

impl Pane {
    /// Its name in `data-pane`.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Channels => "channels",
            Self::Conversation => "conversation",
            Self::Context => "context",
        }
    }
}

/// State of the layout, in the context of everything inside [`Frame`].
#[derive(Clone, Copy, Debug)]
pub struct FrameState {
    /// The pane that a phone shows.
    pub pane: RwSignal<Pane>,
    /// true if the context pane is open on a desktop.
    pub context_open: RwSignal<bool>,
    /// true if there is room for the context pane beside the conversation. true until measured.
    desk: RwSignal<bool>,
}

impl FrameState {
    /// Puts the state into the context, unless it is there already.
    pub fn provide() -> Self {
        if let Some(known) = use_context() {
            return known;
        }
        let state = Self {
            pane: RwSignal::new(Pane::default()),
            context_open: RwSignal::new(cookies::read("context").as_deref() != Some("closed")),
            desk: RwSignal::new(true),
        };
        provide_context(state);
        Effect::new(move || {
            state.measure();
            let listener = window_event_listener(leptos::ev::resize, move |_| state.measure());
            on_cleanup(move || listener.remove());
        });
        state
    }

    /// Shows a pane on a phone; a desktop shows all of them.
    pub fn show(self, pane: Pane) {
        if self.pane.get_untracked() != pane {
            self.pane.set(pane);
        }
    }

    /// true if the context pane is visible.
    pub fn context_shown(self) -> bool {
        if self.desk.get() {
            self.context_open.get()
        } else {
            self.pane.get() == Pane::Context
        }
    }

    /// Shows or hides the context pane as a pane (desktop) or a sheet.
    pub fn toggle_context(self) {
        if self.desk.get_untracked() {
            let open = !self.context_open.get_untracked();
            cookies::write("context", if open { "open" } else { "closed" });
            self.context_open.set(open);
        } else if self.pane.get_untracked() == Pane::Context {
            self.show(Pane::Conversation);
        } else {
            self.show(Pane::Context);
        }
    }

    fn measure(self) {
        let wide = has_room();
        if self.desk.get_untracked() != wide {
            self.desk.set(wide);
        }
    }
}

/// true if the window is as wide as a desktop. The same width as in `style/frame.css`.
fn has_room() -> bool {
    #[cfg(feature = "hydrate")]
    {
        window()
            .match_media("(min-width: 68.75rem)")
            .ok()
            .flatten()
            .is_none_or(|query| query.matches())
    }
    #[cfg(not(feature = "hydrate"))]
    true
}

/// Rail, channels, conversation and context. Each slot is rendered inside its landmark.
#[component]
pub fn Frame(
    /// Links to communities and to the parts of the product: `a.rail-link`.
    #[prop(into)]
    rail: ViewFnOnce,
    /// Head, list and foot of the channels pane.
    #[prop(into)]
    channels: ViewFnOnce,
    /// The page's first heading, for screen readers only.
    #[prop(into)]
    title: Signal<String>,
    /// Head and content of the context pane.
    #[prop(into)]
    context: ViewFnOnce,
    /// The bar above the conversation: the current place, and [`ContextToggle`].
    #[prop(into)]
    top: ViewFnOnce,
    /// State of the connection: `lost` or empty.
    #[prop(optional, into)]
    connection: Signal<&'static str>,
    /// The conversation.
    children: Children,
) -> impl IntoView {
    let state = FrameState::provide();
    let place = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = place.get();
        if before.is_some_and(|before| before != now) {
            state.show(Pane::Conversation);
        }
        now
    });
    super::panes::walk_by_keys();
    let leave_sheet = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && state.pane.get_untracked() == Pane::Context {
            event.prevent_default();
            state.show(Pane::Conversation);
        }
    };
    view! {
        <main
            class="frame"
            data-pane=move || state.pane.get().as_str()
            data-connection=move || connection.get()
            data-context=move || if state.context_open.get() { "open" } else { "closed" }
            on:keydown=leave_sheet
        >
            <a class="skip-link" href="#conversation" rel="external">
                {t("skip-to-conversation")}
            </a>
            <h1 class="visually-hidden">{move || title.get()}</h1>
            <nav class="rail" aria-label=t("rail-label")>
                {rail.run()}
            </nav>
            <nav class="channels" aria-label=t("channels-title")>
                {channels.run()}
            </nav>
            <section class="conversation" id="conversation" tabindex="-1">
                <header class="top-line">
                    <button
                        type="button"
                        class="button icon-button to-channels needs-script"
                        aria-label=t("pane-show-channels")
                        title=t("pane-show-channels")
                        on:click=move |_| state.show(Pane::Channels)
                    >
                        <Icon name=IconName::ChevronLeft />
                    </button>
                    {top.run()}
                </header>
                {children()}
            </section>
            <div
                class="scrim"
                aria-hidden="true"
                on:click=move |_| state.show(Pane::Conversation)
            ></div>
            <aside class="context" aria-label=t("members-title")>
                {context.run()}
            </aside>
            <nav class="bottom-bar needs-script" aria-label=t("views-label")>
                <PaneButton pane=Pane::Channels icon=IconName::Hash label="pane-channels" />
                <PaneButton pane=Pane::Conversation icon=IconName::Chat label="pane-conversation" />
                <PaneButton pane=Pane::Context icon=IconName::Users label="pane-members" />
                <a
                    class="bottom-button"
                    href="/markets/watchlist"
                    on:click=|_| super::sections::leave_from_here()
                >
                    <Icon name=IconName::Chart />
                    <span>{t("markets-title")}</span>
                </a>
                <a
                    class="bottom-button"
                    href="/portfolio/holdings"
                    on:click=|_| super::sections::leave_from_here()
                >
                    <Icon name=IconName::Briefcase />
                    <span>{t("portfolio-title")}</span>
                </a>
            </nav>
        </main>
    }
}

/// An entry of the bottom bar on a phone.
#[component]
fn PaneButton(
    /// The pane that it shows.
    pane: Pane,
    icon: IconName,
    /// Message key of its label.
    label: &'static str,
) -> impl IntoView {
    let state = FrameState::provide();
    let current = move || (state.pane.get() == pane).then_some("true");
    view! {
        <button
            type="button"
            class="bottom-button"
            aria-current=current
            on:click=move |_| state.show(pane)
        >
            <Icon name=icon />
            <span>{t(label)}</span>
        </button>
    }
}

/// Shows and hides the context pane; at the end of the top bar.
#[component]
pub fn ContextToggle() -> impl IntoView {
    let state = FrameState::provide();
    let label = move || {
        if state.context_shown() {
            t("pane-hide-members")
        } else {
            t("pane-show-members")
        }
    };
    view! {
        <button
            type="button"
            class="button icon-button to-context needs-script"
            aria-expanded=move || state.context_shown().to_string()
            aria-label=label
            title=label
            on:click=move |_| state.toggle_context()
        >
            <Icon name=IconName::Users />
        </button>
    }
}
