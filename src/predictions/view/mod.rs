//! The predictions section: leaderboard, list and form.

mod form;
mod list;
mod records;

use super::PredictionsPage;
use super::rpc::load_predictions;
use crate::ui::change::{self, dash};
use crate::ui::table::when_loaded;
use crate::ui::{address, query_param, t};
use form::PredictionForm;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// Path of the section.
const PLACE: &str = "/markets/predictions";

/// Query parameters of the list.
#[derive(Clone, Debug, Default, PartialEq)]
struct Wanted {
    symbol: Option<String>,
    state: Option<String>,
    before: Option<String>,
}

impl Wanted {
    fn of(query: &ParamsMap) -> Self {
        Self {
            symbol: query_param(query, "symbol"),
            state: query_param(query, "state"),
            before: query_param(query, "before"),
        }
    }

    /// Path with these query parameters.
    fn address(&self) -> String {
        let wanted = [
            ("symbol", self.symbol.as_deref()),
            ("state", self.state.as_deref()),
            ("before", self.before.as_deref()),
        ];
        address(PLACE, &wanted)
    }
}

/// Counts changes made here; each one reloads the section.
#[derive(Clone, Copy)]
struct Changes(RwSignal<usize>);

/// The section, for the market pages.
pub fn predictions_section() -> AnyView {
    view! { <Predictions /> }.into_any()
}

/// Form, leaderboard and list.
#[component]
fn Predictions() -> impl IntoView {
    let changes = Changes(RwSignal::new(0));
    provide_context(changes);
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let loaded = Resource::new_blocking(
        move || (changes.0.get(), wanted.get()),
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

/// A fraction as a percentage with one decimal; a dash if it is not defined.
fn percentage(of_one: Option<f64>, plus: bool) -> String {
    change::percentage(of_one, 1, plus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_what_is_wanted() {
        assert_eq!(Wanted::default().address(), "/markets/predictions");
        let wanted = Wanted {
            symbol: Some("AAPL".into()),
            state: Some("open".into()),
            before: None,
        };
        assert_eq!(
            wanted.address(),
            "/markets/predictions?symbol=AAPL&state=open"
        );
    }
}
