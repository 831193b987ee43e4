//! The section of calls: who did how well, what was called, and a form for one more.

mod form;
mod list;
mod records;

use super::CallsPage;
use super::rpc::load_calls;
use crate::ui::figures::percent;
use crate::ui::t;
use crate::ui::table::{TableSkeleton, failure};
use form::CallForm;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// Where the section is.
const PLACE: &str = "/markets/calls";

/// What of the list is wanted, as the address says it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Wanted {
    symbol: Option<String>,
    state: Option<String>,
    before: Option<String>,
}

impl Wanted {
    fn of(query: &ParamsMap) -> Self {
        let said = |name: &str| query.get(name).filter(|text| !text.trim().is_empty());
        Self {
            symbol: said("symbol"),
            state: said("state"),
            before: said("before"),
        }
    }

    /// The address of this.
    fn address(&self) -> String {
        let mut query = ParamsMap::new();
        let parts = [
            ("symbol", &self.symbol),
            ("state", &self.state),
            ("before", &self.before),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                query.insert(name, value.clone());
            }
        }
        format!("{PLACE}{}", query.to_query_string())
    }
}

/// Counts what was changed here: all is read again then.
#[derive(Clone, Copy)]
struct Changes(RwSignal<usize>);

/// The section, for the pages of the markets.
#[must_use]
pub fn calls_section() -> AnyView {
    view! { <Calls /> }.into_any()
}

/// The form, the records and the list.
#[component]
fn Calls() -> impl IntoView {
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
            load_calls(None, symbol, state, before).await
        },
    );
    view! {
        <Transition fallback=TableSkeleton>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(page) => whole(page, &wanted.get_untracked()),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn whole(found: CallsPage, wanted: &Wanted) -> AnyView {
    let CallsPage {
        leaderboard,
        page,
        retractable,
    } = found;
    view! {
        <p class="section-note">{t("calls-about")}</p>
        <div class="setting">
            <h3>{t("calls-add-title")}</h3>
            <CallForm symbol=wanted.symbol.clone() />
        </div>
        <div class="setting">
            <h3>{t("calls-records")}</h3>
            {records::table(leaderboard)}
        </div>
        <div class="setting">
            <h3>{t("calls-list")}</h3>
            {list::list(page, &retractable, wanted)}
        </div>
    }
    .into_any()
}

/// Stands for what is not defined.
fn dash() -> String {
    "\u{2013}".into()
}

/// A part of one in per cent with one digit; a dash where it is not defined.
fn part(of_one: Option<f64>, plus: bool) -> String {
    let Some(shown) = of_one.filter(|part| part.is_finite()) else {
        return dash();
    };
    let text = format!("{:.1}", (shown * 100.0).abs());
    let nothing = text == "0.0";
    let sign = match shown {
        _ if nothing => "",
        below if below < 0.0 => "\u{2212}",
        _ if plus => "+",
        _ => "",
    };
    percent(&format!("{sign}{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_with_their_signs() {
        assert_eq!(part(Some(0.1234), true), "+12.3%");
        assert_eq!(part(Some(-0.5), false), "\u{2212}50.0%");
        assert_eq!(part(Some(-0.0001), true), "0.0%");
        assert_eq!(part(None, true), "\u{2013}");
        assert_eq!(part(Some(f64::NAN), true), "\u{2013}");
    }

    #[test]
    fn addresses_say_what_is_wanted() {
        assert_eq!(Wanted::default().address(), "/markets/calls");
        let wanted = Wanted {
            symbol: Some("AAPL".into()),
            state: Some("open".into()),
            before: None,
        };
        assert_eq!(wanted.address(), "/markets/calls?symbol=AAPL&state=open");
    }
}
