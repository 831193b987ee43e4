//! Links to other sites, and the names of those that news and company data come from.

use crate::markets::Source;
use crate::ui::t;
use leptos::prelude::*;

/// Returns the display name of a data source. Only those with more than prices have one.
pub const fn name_of(source: Source) -> &'static str {
    match source {
        Source::AlphaVantage => "Alpha Vantage",
        Source::Massive => "Massive",
        _ => source.as_str(),
    }
}

/// true for web addresses: addresses come from data sources, and no others become links.
pub fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

pub fn outside(url: String, text: impl IntoView + 'static) -> AnyView {
    view! {
        <a href=url target="_blank" rel="noopener noreferrer nofollow">
            {text}
            <span class="visually-hidden">" " {t("opens-in-new-tab")}</span>
        </a>
    }
    .into_any()
}
