//! The predictions section: leaderboard, list and form.

mod form;
mod list;
mod place;
mod records;

use super::PredictionsPage;
use super::rpc::load_predictions;
use crate::ui::later::NotLoaded;
use crate::ui::loaded::when_loaded;
use crate::ui::{Changes, t};
use form::PredictionForm;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;
use place::Wanted;

/// The section of the market pages.
#[wasm_split(markets, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_predictions_section))]
pub fn predictions_section() -> Result<AnyView, NotLoaded> {
    Ok(view! { <Predictions /> }.into_any())
}

/// Form, leaderboard and list.
#[component]
fn Predictions() -> impl IntoView {
    let changes = Changes::provide();
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let loaded = Resource::new_blocking(
        move || (changes.count(), wanted.get()),
        |(_, wanted)| async move {
            let Wanted {
                symbol,
                state,
                before,
            } = wanted;
            load_predictions(None, symbol, state, before).await
        },
    );
    view! {
        {when_loaded(loaded, move |page| whole(page, &wanted.get_untracked()))}
    }
    .into_any()
}

fn whole(found: PredictionsPage, wanted: &Wanted) -> AnyView {
    let PredictionsPage {
        leaderboard,
        page,
        retractable,
    } = found;
    view! {
        <p class="section-note">{t("predictions-about")}</p>
        <div class="setting">
            <h3>{t("predictions-add-title")}</h3>
            <PredictionForm symbol=wanted.symbol.clone() />
        </div>
        <div class="setting">
            <h3>{t("predictions-leaderboard")}</h3>
            {records::table(leaderboard)}
        </div>
        <div class="setting">
            <h3>{t("predictions-list")}</h3>
            {list::list(page, &retractable, wanted)}
        </div>
    }
    .into_any()
}
