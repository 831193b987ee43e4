//! Links to the alternatives of a page in a row.

use leptos::prelude::*;

/// An alternative.
pub struct Chip {
    pub name: String,
    pub address: String,
    /// The page shows it.
    pub current: bool,
}

/// The alternatives; nothing if there are less than two. `rel` is that of the links: `external`
/// loads a whole page.
pub fn chips(label: String, rel: Option<&'static str>, chips: Vec<Chip>) -> AnyView {
    if chips.len() < 2 {
        return ().into_any();
    }
    let link = |chip: Chip| {
        view! {
            <li>
                <a
                    class="chip"
                    href=chip.address
                    rel=rel
                    aria-current=chip.current.then_some("true")
                >
                    {chip.name}
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label=label>
            <ul class="chips">{chips.into_iter().map(link).collect_view()}</ul>
        </nav>
    }
    .into_any()
}
