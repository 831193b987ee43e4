//! CSV files of tables.

use crate::ui::t;
use leptos::prelude::*;

/// Button that saves a text as a file.
pub fn save_button(file: String, text: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let save = move |_| {
        #[cfg(feature = "hydrate")]
        crate::ui::browser::save_text("text/csv", &text(), &file);
        #[cfg(not(feature = "hydrate"))]
        let _ = (&text, &file);
    };
    view! {
        <button type="button" class="button quiet small table-save needs-script" on:click=save>
            {t("table-csv")}
        </button>
    }
    .into_any()
}

/// A line of CSV. A text that a spreadsheet would run as a formula begins with an apostrophe.
pub fn line(fields: impl Iterator<Item = String>) -> String {
    let field = |text: String| {
        let number = text.parse::<rust_decimal::Decimal>().is_ok();
        let formula = !number && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let text = if formula { format!("'{text}") } else { text };
        if text.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    fields.map(field).collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_file_is_safe_to_open() {
        let line = |text: &str| super::line([text.to_owned()].into_iter());
        assert_eq!(line("-1.5"), "-1.5\r\n");
        assert_eq!(line("-1+2"), "'-1+2\r\n");
        assert_eq!(line("a \"b\", c"), "\"a \"\"b\"\", c\"\r\n");
    }
}
