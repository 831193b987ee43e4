//! The HTML document: head, start script, Content-Security-Policy. Built on the server only.

use super::{App, part_of};
use crate::offline;
use crate::ui::preferences::{Preferences, Theme};
use crate::ui::time::UsualClock;
use crate::ui::{CHARTS, Language, Sprite, t, theme::page_color};
use axum::http::{HeaderValue, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use std::collections::BTreeMap;

/// Paths of the built files, with a hash of their content in the name, from the site's
/// `manifest.json`. With or without a leading `/`.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Assets {
    /// JavaScript module that loads the WebAssembly.
    pub js: String,
    /// WebAssembly module.
    pub wasm: String,
    /// Style sheet.
    pub css: String,
    /// Texts that every page needs, by language tag.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// Files of the split parts of the app, which load when needed.
    #[serde(default)]
    pub parts: BTreeMap<String, Vec<String>>,
    /// Texts of the split parts, by part and language tag.
    #[serde(default)]
    pub texts_of_parts: BTreeMap<String, BTreeMap<String, String>>,
    /// Folder of the scripts of `src/offline`.
    pub scripts: String,
    /// Hash that identifies this build.
    #[serde(skip)]
    pub build: String,
}

impl Assets {
    /// Files of the split part that the current page needs; empty if it is in the first part.
    fn part(&self, language: Language) -> Vec<String> {
        let request = use_context::<Parts>();
        let Some(part) = request.and_then(|request| part_of(request.uri.path())) else {
            return Vec::new();
        };
        let texts = self.texts_of_parts.get(part.name);
        let texts = texts.and_then(|texts| texts.get(language.tag()));
        let files = self.parts.get(part.name).into_iter().flatten();
        files.chain(texts).map(|file| rooted(file)).collect()
    }

    /// true if the current page has a chart: the chart library then loads together with the rest.
    fn has_chart() -> bool {
        let request = use_context::<Parts>();
        request.is_some_and(|request| {
            part_of(request.uri.path()).is_some_and(|part| part.name == "instrument")
        })
    }

    /// Path of a script of `src/offline`.
    fn script(&self, name: &str) -> String {
        format!("{}/{name}", rooted(&self.scripts))
    }
}

/// Builds the document of the offline page.
pub fn offline_page(assets: &Assets) -> impl IntoView + use<> {
    let (build, css) = (assets.build.clone(), rooted(&assets.css));
    let script = assets.script("page.js");
    view! { <offline::Page of_build=build css=css script=script /> }
}

/// Builds the document around the app.
pub fn shell(options: LeptosOptions, assets: &Assets) -> impl IntoView + use<> {
    let language = Language::current();
    let preferences = Preferences::current();
    let [theme, density, motion, prices] = preferences.attributes().map(|(_, value)| value);
    let [js, wasm, css] = [&assets.js, &assets.wasm, &assets.css].map(|path| rooted(path));
    let app = assets.script("app.js");
    let texts = assets.texts.get(language.tag());
    let texts = rooted(texts.map_or("", String::as_str));
    let nonce = use_nonce();
    if let Some(nonce) = &nonce {
        send_policy(nonce);
    }
    let start = start_script(&js, &wasm, &texts, &app, &assets.build);
    let bars = match preferences.theme {
        Theme::Dark | Theme::Light => vec![(preferences.theme, None)],
        Theme::System => vec![
            (Theme::Dark, Some("(prefers-color-scheme: dark)")),
            (Theme::Light, Some("(prefers-color-scheme: light)")),
        ],
    }
    .into_iter()
    .map(|(theme, media)| {
        // The macro does not support `media` on this element.
        leptos::html::meta()
            .name("theme-color")
            .content(page_color(theme))
            .attr("media", media)
    })
    .collect_view();
    view! {
        <!DOCTYPE html>
        <html
            lang=language.tag()
            data-theme=theme
            data-density=density
            data-motion=motion
            data-prices=prices
            data-clock=UsualClock::current().0.as_str()
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="dark light" />
                {bars}
                <meta name="description" content=t("app-description") />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=css />
                <link rel="modulepreload" href=js nonce=nonce.clone() />
                {["store.js", "outbox.js", "app.js"]
                    .into_iter()
                    .map(|name| {
                        let href = assets.script(name);
                        view! { <link rel="modulepreload" href=href nonce=nonce.clone() /> }
                    })
                    .collect_view()}
                {Assets::has_chart()
                    .then(|| view! { <link rel="modulepreload" href=CHARTS nonce=nonce.clone() /> })}
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
                {assets
                    .part(language)
                    .into_iter()
                    .chain([texts])
                    .map(|href| view! { <link rel="preload" href=href r#as="fetch" crossorigin="" /> })
                    .collect_view()}
                <script type="module" nonce=nonce.clone()>
                    {start}
                </script>
                // Browsers without support for modules cannot run the app.
                <script nomodule nonce=nonce.clone()>
                    {SHOW_FAILURE_LATER}
                </script>
                <AutoReload options=options />
                <MetaTags />
            </head>
            <body>
                <App />
                // After the app, because hydration walks the body from its first child.
                <script nonce=nonce>{TO_WHAT_IS_NEW}</script>
                <Sprite />
                <div id="start-failed" class="start-failed" role="alert" hidden>
                    <p>{t("app-start-failed")}</p>
                    <a class="button quiet" href="" rel="external">
                        {t("app-reload")}
                    </a>
                </div>
                <div id="new-build" class="new-build" role="status" hidden>
                    <p>{t("new-build")}</p>
                    <a class="button quiet" href="" rel="external">
                        {t("app-reload")}
                    </a>
                    <button type="button" class="button quiet" id="new-build-later">
                        {t("later")}
                    </button>
                </div>
            </body>
        </html>
    }
}

/// Replaces `<HydrationScripts>`: no broken preload, and a failure is shown.
fn start_script(js: &str, wasm: &str, texts: &str, app: &str, build: &str) -> String {
    let [js, wasm, texts, app, build] = [js, wasm, texts, app, build].map(script_text);
    format!(
        "Promise.all([import({js}), import({app}), fetch({texts})]).then(async ([rust, app, texts]) => {{ \
         app.start({build}); \
         if (!texts.ok) throw new Error(texts.url); \
         const [text] = await Promise.all([texts.text(), rust.default({{ module_or_path: {wasm} }})]); \
         await rust.hydrate(text); \
         }}).catch((error) => {{ console.error(error); {SHOW_FAILURE} }});"
    )
}

/// Scrolls the timeline like `chat::view::scroll`: to the unread line, else to the end. It runs
/// before the first paint, so nothing jumps on hydration.
const TO_WHAT_IS_NEW: &str = "{ const list = document.querySelector('.timeline'); \
    if (list) { list.scrollTop = list.scrollHeight; \
    document.getElementById('unread-line')?.scrollIntoView({ block: 'center' }); } }";

/// Shows that the app could not start.
const SHOW_FAILURE: &str = "document.getElementById('start-failed').removeAttribute('hidden');";

/// Like [`SHOW_FAILURE`], for the head: waits until the document is loaded.
const SHOW_FAILURE_LATER: &str = "addEventListener('DOMContentLoaded', function () { \
    document.getElementById('start-failed').removeAttribute('hidden'); });";

/// Escapes a text as a JavaScript string that cannot end the script element.
fn script_text(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('<', "\\u003c")
}

pub(super) fn rooted(path: &str) -> String {
    format!("/{}", path.trim_start_matches('/'))
}

/// Sends the Content-Security-Policy: scripts and styles with the nonce or from this server only.
fn send_policy(nonce: &str) {
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
         connect-src 'self'; manifest-src 'self'; \
         worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
         object-src 'none'"
    );
    if let (Some(response), Ok(policy)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&policy),
    ) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_the_script() {
        assert_eq!(
            script_text("/pkg/a.js</script>'\""),
            r#""/pkg/a.js\u003c/script>'\"""#
        );
        assert_eq!(rooted("pkg/a.js"), "/pkg/a.js");
        assert_eq!(rooted("/pkg/a.js"), "/pkg/a.js");
    }
}
