//! Form that adds a symbol to a watchlist, and the field of a symbol.

use super::watchlist_state::Shown;
use crate::markets::Instrument;
use crate::markets::rpc::{AddToWatchlist, search_instruments};
use crate::shared::WatchlistId;
use crate::ui::form::{Form, FormErrors, on_success};
use crate::ui::{TextField, t, t_with};
use leptos::{prelude::*, task::spawn_local};

/// Adds an instrument by its symbol or name; suggests names while the viewer types.
#[component]
pub fn AddForm(
    /// `None`: the first list, which is created.
    list: Option<WatchlistId>,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let action = ServerAction::<AddToWatchlist>::new();
    on_success(action, move |symbol| {
        shown.focus_later("watch-symbol".into());
        shown
            .changes
            .say(t_with("watchlist-added", &[("symbol", symbol.into())]));
    });
    let errors = FormErrors::by(action, |_| Some("symbol"));
    view! {
        <Form action=action submit=t("watchlist-add") class="watch-add">
            {list.map(|id| view! { <input type="hidden" name="list" value=id.to_string() /> })}
            <SymbolField id="watch-symbol" label=t("watchlist-add-label") errors=errors />
        </Form>
    }
    .into_any()
}

/// A field for a symbol or a name, with suggestions while the viewer types. A listener for `input`
/// goes to its group.
#[component]
pub fn SymbolField(
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(optional_no_strip)] value: Option<String>,
    #[prop(optional)] capitals: bool,
    errors: FormErrors,
) -> impl IntoView {
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
    let list = format!("{id}-offered");
    view! {
        <TextField
            name="symbol"
            id=id
            label=label
            value=value
            most=80_usize
            required=true
            capitals=capitals
            errors=errors
            list=list.clone()
            on:input=search
        />
        <datalist id=list>{options}</datalist>
    }
    .into_any()
}
