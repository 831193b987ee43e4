//! The document: head, start script, content security policy. Made on the server only.

use super::App;
use crate::ui::{Language, Sprite, Theme, t};
use axum::http::{HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

/// Addresses of the built files, with the hash of their content in the name, as in the site's
/// `manifest.json`. With or without a leading `/`.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Assets {
    /// The module that loads the WebAssembly.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
}

/// The whole document around the app.
pub fn shell(options: LeptosOptions, assets: Assets) -> impl IntoView {
    let language = Language::current();
    let theme = Theme::chosen();
    let Assets { js, wasm, css } = assets;
    let (js, wasm, css) = (rooted(&js), rooted(&wasm), rooted(&css));
    let nonce = use_nonce();
    if let Some(nonce) = &nonce {
        send_policy(nonce);
    }
    let start = start_script(&js, &wasm);
    let bars = match theme {
        Some(theme) => vec![(theme, None)],
        None => vec![
            (Theme::Dark, Some("(prefers-color-scheme: dark)")),
            (Theme::Light, Some("(prefers-color-scheme: light)")),
        ],
    }
    .into_iter()
    .map(|(theme, media)| {
        // The macro knows no `media` on this element.
        leptos::html::meta()
            .name("theme-color")
            .content(theme.page_colour())
            .attr("media", media)
    })
    .collect_view();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() data-theme=theme.map(Theme::as_str)>
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
                <link rel="stylesheet" href=css />
                <link rel="modulepreload" href=js nonce=nonce.clone() />
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
                <script type="module" nonce=nonce>
                    {start}
                </script>
                <AutoReload options=options />
                <MetaTags />
            </head>
            <body>
                <App />
                // After the app: hydration walks the body from its first child.
                <Sprite />
                <div id="start-failed" class="start-failed" role="alert" hidden>
                    <p>{t("app-start-failed")}</p>
                    <a class="button quiet" href="">
                        {t("app-reload")}
                    </a>
                </div>
            </body>
        </html>
    }
}

/// Our own start instead of `<HydrationScripts>`: no broken preload, and a failure is shown.
fn start_script(js: &str, wasm: &str) -> String {
    let (js, wasm) = (script_text(js), script_text(wasm));
    format!(
        "import({js}).then(async (app) => {{ \
         await app.default({{ module_or_path: {wasm} }}); app.hydrate(); \
         }}).catch((error) => {{ console.error(error); \
         document.getElementById('start-failed')?.removeAttribute('hidden'); }});"
    )
}

/// A text as a script's string that cannot end the script element.
fn script_text(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('<', "\\u003c")
}

fn rooted(path: &str) -> String {
    format!("/{}", path.trim_start_matches('/'))
}

/// Scripts and styles by nonce or own files, nothing from elsewhere.
fn send_policy(nonce: &str) {
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
         connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
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
