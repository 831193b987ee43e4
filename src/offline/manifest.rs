//! The web app manifest and the service worker.

use crate::shared::instance::SignUpPolicy;
use crate::ui::preferences::Theme;
use crate::ui::theme::page_color;
use crate::ui::{Language, t};
use axum::http::{HeaderName, header};
use serde_json::{Value, json};

/// Headers of the manifest.
pub const MANIFEST_HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "application/manifest+json"),
    (header::CACHE_CONTROL, "no-cache"),
    (header::VARY, "accept-language, cookie"),
];

/// Headers of the service worker. Its own policy applies to its requests, not that of a page.
pub const WORKER_HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
    (header::CACHE_CONTROL, "no-cache"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
    ),
];

/// The web app manifest of an instance, in the language of the context.
pub fn manifest(instance: &SignUpPolicy) -> Value {
    let description = match &*instance.description {
        "" => t("app-description"),
        own => own.to_owned(),
    };
    json!({
        "id": "/",
        "name": instance.name,
        "short_name": instance.name,
        "description": description,
        "lang": Language::current().tag(),
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": page_color(Theme::Dark),
        "background_color": page_color(Theme::Dark),
        "categories": ["finance", "social"],
        "icons": [
            icon("/icons/icon.svg", "any", "image/svg+xml", "any"),
            icon("/icons/icon-192.png", "192x192", "image/png", "any"),
            icon("/icons/icon-512.png", "512x512", "image/png", "any"),
            icon("/icons/maskable-192.png", "192x192", "image/png", "maskable"),
            icon("/icons/maskable-512.png", "512x512", "image/png", "maskable"),
        ],
        "shortcuts": [
            shortcut(&t("channels-title"), "/", "/icons/shortcut-channels.png"),
            shortcut(&t("settings-title"), "/settings", "/icons/shortcut-settings.png"),
        ],
        "screenshots": [
            screenshot("/screenshots/wide.png", "1280x800", "wide"),
            screenshot("/screenshots/narrow.png", "780x1688", "narrow"),
        ],
    })
}

fn icon(src: &str, sizes: &str, kind: &str, purpose: &str) -> Value {
    json!({ "src": src, "sizes": sizes, "type": kind, "purpose": purpose })
}

fn shortcut(name: &str, url: &str, icon: &str) -> Value {
    let icons = [json!({ "src": icon, "sizes": "96x96", "type": "image/png" })];
    json!({ "name": name, "url": url, "icons": icons })
}

fn screenshot(src: &str, sizes: &str, form: &str) -> Value {
    json!({
        "src": src,
        "sizes": sizes,
        "type": "image/png",
        "form_factor": form,
        "label": t("screenshot-label"),
    })
}

/// The service worker's script.
const WORKER: &str = include_str!("worker.js");

/// The service worker of one build, which caches these files.
pub fn worker(build: &str, files: &[String]) -> String {
    let build = json!({ "id": build, "files": files });
    format!("const BUILD = {build};\n{WORKER}")
}
