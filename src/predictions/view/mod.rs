//! The predictions section: leaderboard, list and form.

mod form;
mod list;
mod notification;
mod place;
mod records;

use super::rpc::load_predictions;
use super::{PredictionsPage, Settled};
use crate::notifications::view::{Unseen, see_when_shown};
use crate::ui::later::NotLoaded;
use crate::ui::loaded::when_loaded;
use crate::ui::{Changes, t};
use form::PredictionForm;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;
use place::Wanted;

pub use notification::{load_notification_text, notification_text};

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
    // A notification that arrives while this page is open may be about a prediction of the viewer.
    let heard = Unseen::of_context().heard;
    let loaded = Resource::new_blocking(
        move || (changes.count(), heard.get(), wanted.get()),
        |(.., wanted)| async move {
            let Wanted {
                symbol,
                state,
                before,
            } = wanted;
            load_predictions(None, symbol, state, before).await
        },
    );
    see_when_shown(Settled::KIND, move || loaded.get()?.ok()?.told);
    // What is typed stays when a notification arrives.
    let form = move || {
        changes.count();
        view! { <PredictionForm symbol=wanted.get().symbol /> }
    };
    view! {
        <p class="section-note">{t("predictions-about")}</p>
        <div class="setting">
            <h3>{t("predictions-add-title")}</h3>
            {form}
        </div>
        {when_loaded(loaded, move |page| lists(page, &wanted.get_untracked()))}
    }
    .into_any()
}

fn lists(found: PredictionsPage, wanted: &Wanted) -> AnyView {
    let PredictionsPage {
        leaderboard,
        page,
        retractable,
        ended,
        ..
    } = found;
    let ended =
        ended.then(|| view! { <p class="section-note sample">{t("predictions-ended")}</p> });
    view! {
        {ended}
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
