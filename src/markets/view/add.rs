//! Form that adds a symbol to a watchlist.

use super::watchlist::Shown;
use crate::markets::Instrument;
use crate::markets::rpc::{AddToWatchlist, search_instruments};
use crate::shared::WatchlistId;
use crate::ui::table::failure;
use crate::ui::{Button, ButtonKind, Toasts, t, t_with};
use leptos::{prelude::*, task::spawn_local};

/// Adds an instrument by its symbol or name; suggests names while the viewer types.
#[component]
pub fn AddForm(
    /// `None`: the first list, which is created.
    list: Option<WatchlistId>,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<AddToWatchlist>::new();
    let (value, pending) = (action.value(), action.pending());
    Effect::new(move || {
        if let Some(Ok(symbol)) = value.get() {
            shown.changed_at("watch-symbol".into());
            toasts.say(t_with("watchlist-added", &[("symbol", symbol.into())]));
        }
    });
    let wrong = move || value.with(|value| matches!(value, Some(Err(_))));
    let offered = RwSignal::new(Vec::<Instrument>::new());
    let written = StoredValue::new(String::new());
    let search = move |event| {
        let text: String = event_target_value(&event);
        written.set_value(text.clone());
        spawn_local(async move {
            let found = search_instruments(text.clone()).await.unwrap_or_default();
            // Responses to earlier input come too late.
            if written.try_with_value(|now| *now == text) == Some(true) {
                offered.try_set(found);
            }
        });
    };
    let options = move || {
        let option = |one: Instrument| view! { <option value=one.symbol>{one.name}</option> };
        offered.get().into_iter().map(option).collect_view()
    };
    view! {
        <ActionForm action=action attr:class="watch-add">
            {list.map(|id| view! { <input type="hidden" name="list" value=id.to_string() /> })}
            <div class="field" class:has-error=wrong>
                <label for="watch-symbol">{t("watchlist-add-label")}</label>
                <input
                    class="input"
                    id="watch-symbol"
                    name="symbol"
                    list="watch-offered"
                    autocomplete="off"
                    required=true
                    maxlength="80"
                    aria-invalid=move || wrong().then_some("true")
                    aria-describedby="watch-error"
                    on:input=search
                />
                <datalist id="watch-offered">{options}</datalist>
            </div>
            <Button kind=ButtonKind::Primary submit=true busy=pending>
                {t("watchlist-add")}
            </Button>
            <div id="watch-error" role="alert" class="form-error-place">
                {move || value.get().and_then(Result::err).map(|error| failure(&error))}
            </div>
        </ActionForm>
    }
    .into_any()
}
