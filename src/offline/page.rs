//! The offline page, shown when the server is unreachable. Rendered once per build and language and
//! cached by the service worker; `page.js` fills in the data stored in the browser.

use crate::ui::{Icon, IconName, Language, Logo, NoticeDrawing, Sprite, t, t_with};
use axum::http::{HeaderName, header};
use leptos::prelude::*;

/// Headers of the page. Its policy allows only our own script and style files: the page is cached,
/// so it has no nonce.
pub const PAGE_HEADERS: [(HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The whole document.
#[component]
pub fn Page(
    /// Id of the build.
    of_build: String,
    /// URL of the style sheet.
    css: String,
    /// URL of `page.js`.
    script: String,
) -> impl IntoView {
    let language = Language::current();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() data-build=of_build>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="dark light" />
                <title>{format!("{} · {}", t("offline-title"), t("app-name"))}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=css />
                <script type="module" src=script></script>
            </head>
            <body>
                <main class="offline-page">
                    <header class="offline-top">
                        <Logo named=true />
                        <p class="offline-state" role="status">
                            <strong id="offline-reason">{t("offline-reason")}</strong>
                            " "
                            <span id="offline-updated"></span>
                        </p>
                        <p class="offline-back" id="offline-back" role="status" hidden>
                            {t("offline-back")}
                            " "
                            <button type="button" class="link-button" id="offline-on">
                                {t("offline-on")}
                            </button>
                        </p>
                    </header>
                    <div class="offline-reader" id="offline-reader" hidden>
                        <nav
                            class="offline-channels"
                            id="offline-channels"
                            aria-label=t("channels-title")
                        ></nav>
                        <section class="offline-conversation" aria-labelledby="offline-title">
                            <h1 id="offline-title">{t("offline-title")}</h1>
                            <ol class="offline-messages" id="offline-messages" tabindex="0"></ol>
                            <form class="composer" id="offline-composer">
                                <div class="composer-box">
                                    <textarea
                                        id="composer"
                                        rows="1"
                                        autocomplete="off"
                                        maxlength="4000"
                                        aria-describedby="offline-writing"
                                    ></textarea>
                                    <button
                                        type="submit"
                                        class="button icon-button composer-send"
                                        aria-label=t("composer-send")
                                        title=t("composer-send")
                                    >
                                        <Icon name=IconName::Send />
                                    </button>
                                </div>
                                <p class="composer-foot" id="offline-writing">
                                    <span>
                                        {t("offline-writing")} " " <bdi id="offline-account"></bdi>
                                    </span>
                                </p>
                            </form>
                        </section>
                    </div>
                    <section class="notice" id="offline-nothing" hidden>
                        <NoticeDrawing />
                        <h1>{t("offline-nothing-title")}</h1>
                        <p>{t("offline-nothing-text")}</p>
                    </section>
                </main>
                <Sprite />
                <div
                    id="offline-texts"
                    hidden
                    data-offline=t("offline-reason")
                    data-away=t("offline-away")
                    data-updated=t_with("offline-updated", &[("time", "%TIME%".into())])
                    data-write=t_with("composer-placeholder", &[("channel", "%CHANNEL%".into())])
                    data-waiting=t("offline-waiting")
                    data-refused=t("message-failed")
                    data-discard=t("message-discard")
                ></div>
            </body>
        </html>
    }
}
