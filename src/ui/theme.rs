//! Color of the browser's own bars around the page.

use super::preferences::Theme;

/// Background color of the page in a theme, as in `style/tokens.css`. None: the system decides.
pub const fn page_color(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::System => None,
        Theme::Dark => Some("#0d1317"),
        Theme::Light => Some("#f6f4ee"),
    }
}
