//! The section of calls: who did how well, what was called, and a form for one more.

mod form;
mod list;
mod records;

use super::CallsPage;
use super::rpc::load_calls;
use crate::ui::change::{self, dash};
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::{address, said, t};
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
        Self {
            symbol: said(query, "symbol"),
            state: said(query, "state"),
            before: said(query, "before"),
        }
    }

    /// The address of this.
    fn address(&self) -> String {
        let wanted = [
            ("symbol", self.symbol.as_deref()),
            ("state", self.state.as_deref()),
            ("before", self.before.as_deref()),
        ];
        address(PLACE, &wanted)
    }
}

/// Counts what was changed here: all is read again then.
#[derive(Clone, Copy)]
struct Changes(RwSignal<usize>);

/// The section, for the pages of the markets.
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

/// A part of one in per cent with one digit; a dash where it is not defined.
fn part(of_one: Option<f64>, plus: bool) -> String {
    change::part(of_one, 1, plus)
}

#[cfg(test)]
mod tests {
    use super::*;

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
