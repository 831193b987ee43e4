//! Dialog for sharing a portfolio or a trade: what to show, preview, channel.

use super::shown::{Shown, Target};
use crate::chat::registry::Registry;
use crate::portfolio::rpc::{preview_share, share};
use crate::portfolio::{SharePreview, Shared, Showing};
use crate::realtime::nonce;
use crate::shared::{ChannelId, Error};
use crate::ui::form::{labeled, options};
use crate::ui::loaded::failure;
use crate::ui::{
    Button, ButtonKind, Dialog, Icon, IconName, TextField, Toasts, error_text, t, t_with,
};
use leptos::{html, prelude::*, task::spawn_local};

/// A request to share: sending an equal one again is a retry with the same nonce.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sending {
    target: Target,
    showing: Showing,
    channel: ChannelId,
    comment: String,
}

/// State of the dialog; copies share it.
#[derive(Clone, Copy)]
struct Work {
    target: RwSignal<Option<Target>>,
    showing: RwSignal<Showing>,
    comment: RwSignal<String>,
    channel: RwSignal<Option<ChannelId>>,
    preview: RwSignal<Option<SharePreview>>,
    failure: RwSignal<Option<Error>>,
    busy: RwSignal<bool>,
    /// true while the preview loads: nothing is sent before the viewer has seen it.
    looking: RwSignal<bool>,
    done: RwSignal<Option<(Shared, String)>>,
    /// Counts preview requests, so that outdated responses are ignored.
    asked: StoredValue<usize>,
    sent: StoredValue<Option<(Sending, String)>>,
    toasts: Toasts,
}

impl Work {
    /// Loads the preview.
    fn look(self, (portfolio, transaction): Target, showing: Showing) {
        self.asked.update_value(|count| *count += 1);
        let asked = self.asked.get_value();
        self.looking.set(true);
        spawn_local(async move {
            let Showing {
                name,
                quantities,
                amounts,
            } = showing;
            let found = preview_share(portfolio, transaction, name, quantities, amounts).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            self.looking.set(false);
            match found {
                Ok(preview) => {
                    let first = preview.channels.first().map(|(id, _)| *id);
                    if self.channel.get_untracked().is_none() {
                        self.channel.set(first);
                    }
                    self.failure.set(None);
                    self.preview.set(Some(preview));
                }
                Err(error) => {
                    self.preview.set(None);
                    self.failure.set(Some(error));
                }
            }
        });
    }

    /// Shares the card.
    fn send(self) {
        let (Some(target), Some(channel)) =
            (self.target.get_untracked(), self.channel.get_untracked())
        else {
            return;
        };
        if self.busy.get_untracked() || self.looking.get_untracked() {
            return;
        }
        let sending = Sending {
            target,
            showing: self.showing.get_untracked(),
            channel,
            comment: self.comment.get_untracked(),
        };
        let before = self.sent.get_value();
        let mark = match before {
            Some((before, mark)) if before == sending => mark,
            _ => nonce(),
        };
        self.sent.set_value(Some((sending.clone(), mark.clone())));
        self.busy.set(true);
        let name = self.preview.with_untracked(|preview| {
            let channels = preview.as_ref().map(|preview| preview.channels.as_slice());
            let found = channels?.iter().find(|(id, _)| *id == channel);
            found.map(|(_, name)| name.clone())
        });
        spawn_local(async move {
            let Showing {
                name: named,
                quantities,
                amounts,
            } = sending.showing;
            let ((portfolio, transaction), comment) = (sending.target, sending.comment);
            let shared = share(
                portfolio,
                transaction,
                named,
                quantities,
                amounts,
                channel,
                comment,
                mark,
            );
            let shared = shared.await;
            self.busy.try_set(false);
            // The dialog may be closed or show something else by now.
            let here = self.target.try_get_untracked() == Some(Some(target));
            match shared {
                Ok(shared) => {
                    // Sharing the same again posts another message.
                    self.sent.try_set_value(None);
                    let name = name.unwrap_or_default();
                    if here {
                        self.failure.set(None);
                        self.done.set(Some((shared, name)));
                    } else {
                        self.toasts.say(done_text(&name));
                    }
                }
                Err(error) if here => self.failure.set(Some(error)),
                Err(error) => self.toasts.error(error_text(&error)),
            }
        });
    }
}

/// Opens the dialog; hidden without scripts.
#[component]
pub fn ShareButton(
    target: Target,
    /// Accessible name, for readers that do not see the button's position.
    #[prop(optional_no_strip, into)]
    label: Option<String>,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    view! {
        <button
            type="button"
            class="button quiet small needs-script"
            aria-label=label
            aria-haspopup="dialog"
            on:click=move |_| shown.sharing.set(Some(target))
        >
            <Icon name=IconName::Send />
            {t("share")}
        </button>
    }
    .into_any()
}

/// The dialog, once for all pages.
#[component]
pub fn ShareDialog() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let open = RwSignal::new(false);
    let work = Work {
        target: shown.sharing,
        showing: RwSignal::new(Showing::default()),
        comment: RwSignal::new(String::new()),
        channel: RwSignal::new(None),
        preview: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        looking: RwSignal::new(false),
        done: RwSignal::new(None),
        asked: StoredValue::new(0),
        sent: StoredValue::new(None),
        toasts: Toasts::of_context(),
    };
    // Each time it opens, nothing is selected: only percentages are shown.
    Effect::new(move || {
        if work.target.get().is_some() {
            work.showing.set(Showing::default());
            work.comment.set(String::new());
            work.preview.set(None);
            work.failure.set(None);
            work.done.set(None);
            open.set(true);
        }
    });
    Effect::new(move || {
        if let Some(target) = work.target.get() {
            work.look(target, work.showing.get());
        }
    });
    Effect::new(move || {
        if !open.get() && work.target.get_untracked().is_some() {
            work.target.set(None);
        }
    });
    let title = Signal::derive(move || match work.target.get() {
        Some((_, Some(_))) => t("share-trade-title"),
        _ => t("share-portfolio-title"),
    });
    view! {
        <Dialog open=open title=title id="share-title">
            {move || match (work.done.get(), work.target.get()) {
                (Some((shared, name)), _) => shared_well(&shared, &name, open),
                (None, target) => form(work, open, target),
            }}
        </Dialog>
    }
    .into_any()
}

fn form(work: Work, open: RwSignal<bool>, target: Option<Target>) -> AnyView {
    let is_trade = target.is_some_and(|(_, transaction)| transaction.is_some());
    let busy = Signal::derive(move || work.busy.get() || work.looking.get());
    let check = move |id: &'static str, label: String, pick: fn(&mut Showing) -> &mut bool| {
        view! {
            <label class="check" for=id>
                <input
                    type="checkbox"
                    id=id
                    on:change=move |event| {
                        let chosen = event_target_checked(&event);
                        work.showing.update(|showing| *pick(showing) = chosen);
                    }
                />
                <span>{label}</span>
            </label>
        }
        .into_any()
    };
    let name = (!is_trade).then(|| {
        check("share-name", t("share-show-name"), |showing| {
            &mut showing.name
        })
    });
    let said = move || {
        let comment = work.comment.get();
        (!comment.trim().is_empty()).then(|| view! { <p class="share-said">{comment}</p> })
    };
    let channels = move || {
        let preview = work.preview.get();
        let channels = preview.map(|preview| preview.channels).unwrap_or_default();
        let chosen = work.channel.get_untracked();
        let option = |(id, name): (ChannelId, String)| {
            (id.to_string(), format!("#{name}"), Some(id) == chosen)
        };
        options(channels.into_iter().map(option))
    };
    let select = view! {
        <select
            class="input"
            id="share-channel"
            required=true
            on:change=move |event| work.channel.set(event_target_value(&event).parse().ok())
        >
            {channels}
        </select>
    };
    view! {
        <form on:submit=move |event| {
            event.prevent_default();
            work.send();
        }>
            <p class="section-note">{t("share-lead")}</p>
            <fieldset class="share-choice">
                <legend>{t("share-more")}</legend>
                {name}
                {check("share-quantities", t("share-show-quantities"), |showing| &mut showing.quantities)}
                {check("share-amounts", t("share-show-amounts"), |showing| &mut showing.amounts)}
            </fieldset>
            {labeled("share-channel", t("share-channel"), select)}
            <TextField
                name="comment"
                id="share-comment"
                label=t("share-comment")
                most=500_usize
                on:input=move |event| work.comment.set(event_target_value(&event))
            />
            <section class="share-preview" aria-labelledby="share-preview-title">
                <h3 id="share-preview-title">{t("share-preview")}</h3>
                {said}
                <div aria-live="polite">{move || preview(work)}</div>
            </section>
            <div>{move || work.failure.get().map(|error| failure(&error))}</div>
            <div class="dialog-actions">
                <Button press=move |_| open.set(false)>{t("cancel")}</Button>
                <Button kind=ButtonKind::Primary submit=true busy=busy>
                    {t("share-send")}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// Shows the card as others will see it.
fn preview(work: Work) -> AnyView {
    let Some(found) = work.preview.get() else {
        if work.failure.with(Option::is_some) {
            return ().into_any();
        }
        return view! { <p class="section-note">{t("loading")}</p> }.into_any();
    };
    Registry::of_context()
        .draw(&found.part)
        .unwrap_or_else(|| ().into_any())
}

fn done_text(channel: &str) -> String {
    t_with("share-done", &[("channel", channel.into())])
}

/// Shown after the card was posted.
fn shared_well(shared: &Shared, channel: &str, open: RwSignal<bool>) -> AnyView {
    let address = format!("/channels/{}/{}", shared.community_id, shared.channel_id);
    let done = done_text(channel);
    let way = NodeRef::<html::A>::new();
    // The element that had the focus is gone.
    Effect::new(move || {
        if let Some(way) = way.get() {
            let _focused = way.focus();
        }
    });
    view! {
        <p role="status">{done}</p>
        <div class="dialog-actions">
            <Button press=move |_| open.set(false)>{t("close")}</Button>
            <a class="button primary" href=address node_ref=way>
                {t("share-see")}
            </a>
        </div>
    }
    .into_any()
}
