//! The HTML document of a 429 response to a page request. It is cheap: no data, no scripts.

use super::shell::{Assets, rooted};
use crate::shared::Error;
use crate::ui::{Language, NoticeDrawing, error_text, t};
use leptos::prelude::*;

/// Builds the document.
pub fn refused_page(assets: &Assets, error: &Error, again: String) -> impl IntoView + use<> {
    let (language, css) = (Language::current(), rooted(&assets.css));
    let text = error_text(error);
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="dark light" />
                <title>{format!("{} · {}", t("refused-title"), t("app-name"))}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=css />
            </head>
            <body>
                <main class="notice-page">
                    <section class="notice">
                        <NoticeDrawing />
                        <h1>{t("refused-title")}</h1>
                        <p>{text}</p>
                        <a class="button" href=again>
                            {t("refused-retry")}
                        </a>
                    </section>
                </main>
            </body>
        </html>
    }
}
