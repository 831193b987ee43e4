//! Toasts: short messages for results that have no place on the page, with `Undo` where possible.

use super::{Icon, IconName, t};
use leptos::prelude::*;
use std::time::Duration;

/// How long a toast stays.
const STAYS: Duration = Duration::from_secs(8);

#[derive(Clone, Debug)]
struct Toast {
    number: u32,
    text: String,
    error: bool,
    action: Option<(String, Callback<()>)>,
    link: Option<(String, String)>,
}

/// The toasts of the page, from the context. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Puts the toasts into the context.
    pub fn provide() -> Self {
        let toasts = Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        provide_context(toasts);
        toasts
    }

    /// The toasts of the context; without one, toasts are never shown.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(|| Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        })
    }

    /// Shows a success message.
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), false, None, None);
    }

    /// Shows an error; screen readers announce it at once.
    pub fn error(self, text: impl Into<String>) {
        self.push(text.into(), true, None, None);
    }

    /// Shows what was done, with a button such as `Undo`.
    pub fn with_action(self, text: impl Into<String>, label: impl Into<String>, act: Callback<()>) {
        self.push(text.into(), false, Some((label.into(), act)), None);
    }

    /// Shows a message with a link.
    pub fn with_link(
        self,
        text: impl Into<String>,
        label: impl Into<String>,
        place: impl Into<String>,
    ) {
        self.push(text.into(), false, None, Some((label.into(), place.into())));
    }

    fn push(
        self,
        text: String,
        error: bool,
        action: Option<(String, Callback<()>)>,
        link: Option<(String, String)>,
    ) {
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        let toast = Toast {
            number,
            text,
            error,
            action,
            link,
        };
        self.shown.update(|shown| shown.push(toast));
        set_timeout(move || self.close(number), STAYS);
    }

    fn close(self, number: u32) {
        // The page may be disposed by now.
        self.shown
            .try_update(|shown| shown.retain(|toast| toast.number != number));
    }
}

/// Where toasts appear. Screen readers announce errors at once, other toasts at the next pause.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = Toasts::of_context();
    let of_kind = move |error: bool| {
        move || {
            let mut shown = toasts.shown.get();
            shown.retain(|toast| toast.error == error);
            shown
        }
    };
    view! {
        <section class="toasts" aria-label=t("notices-label")>
            <div role="status" aria-live="polite">
                <For each=of_kind(false) key=|toast| toast.number let:toast>
                    <ToastCard toast />
                </For>
            </div>
            <div role="alert" aria-live="assertive">
                <For each=of_kind(true) key=|toast| toast.number let:toast>
                    <ToastCard toast />
                </For>
            </div>
        </section>
    }
}

#[component]
fn ToastCard(toast: Toast) -> impl IntoView {
    let toasts = Toasts::of_context();
    let number = toast.number;
    let action = toast.action.map(|(label, act)| {
        let run = move |_| {
            // The page that offered the action may be disposed.
            let _gone = act.try_run(());
            toasts.close(number);
        };
        view! {
            <button type="button" class="button quiet" on:click=run>
                {label}
            </button>
        }
    });
    let link = toast.link.map(|(label, place)| {
        view! {
            <a class="button quiet" href=place>
                {label}
            </a>
        }
    });
    view! {
        <div class="toast" class:error=toast.error>
            <Icon name=if toast.error { IconName::Alert } else { IconName::Check } />
            <p>{toast.text}</p>
            {action}
            {link}
            <button
                type="button"
                class="button icon-button"
                aria-label=t("close")
                title=t("close")
                on:click=move |_| toasts.close(number)
            >
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}
