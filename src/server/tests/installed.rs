//! The files of the installable app, as browsers get them.

use crate::testing::{Reply, TestHouse};

async fn get(house: &TestHouse, path: &str, language: &str) -> Reply {
    let headers = [("accept-language", language)];
    house.send(&format!("GET {path}"), &headers, "").await
}

#[tokio::test]
async fn the_manifest_names_files_that_are_there() {
    let house = TestHouse::new().await;
    let reply = get(&house, "/manifest.webmanifest", "en").await;
    assert_eq!(reply.headers["content-type"], "application/manifest+json");
    let manifest = reply.is(200);
    assert_eq!(manifest["start_url"], "/");
    let public = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public");
    let mut pictures = Vec::new();
    for list in ["icons", "screenshots"] {
        pictures.extend(manifest[list].as_array().unwrap().clone());
    }
    for shortcut in manifest["shortcuts"].as_array().unwrap() {
        pictures.extend(shortcut["icons"].as_array().unwrap().clone());
    }
    assert!(pictures.len() > 5);
    for picture in pictures {
        let src = picture["src"].as_str().unwrap();
        assert!(public.join(src.trim_start_matches('/')).is_file(), "{src}");
    }
}

#[tokio::test]
async fn the_worker_is_asked_for_anew_and_knows_its_build() {
    let house = TestHouse::new().await;
    let reply = get(&house, "/sw.js", "en").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["cache-control"], "no-cache");
    let policy = reply.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    let first = reply.text.lines().next().unwrap();
    let build = first.strip_prefix("const BUILD = ").unwrap();
    let build: serde_json::Value = serde_json::from_str(build.trim_end_matches(';')).unwrap();
    assert_eq!(build["id"].as_str().unwrap().len(), 16);

    let page = get(&house, "/sign-in", "en").await;
    let starts = format!("app.start({});", build["id"]);
    assert!(page.text.contains(&starts), "the page says the same");
}

#[tokio::test]
async fn the_offline_page_is_nobodys_and_holds_no_script_of_its_own() {
    let house = TestHouse::new().await;
    let reply = get(&house, "/offline", "en").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.headers["content-language"], "en");
    let policy = reply.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    assert!(!reply.text.contains("nonce"), "{}", reply.text);
    assert!(reply.text.contains("You are offline."));

    let spanish = get(&house, "/offline", "es").await;
    assert_eq!(spanish.headers["content-language"], "es");
    assert!(spanish.text.contains("No tienes conexión."));
    let manifest = get(&house, "/manifest.webmanifest", "es").await.is(200);
    assert_eq!(manifest["lang"], "es");
}

#[tokio::test]
async fn the_app_is_called_as_its_instance() {
    let house = TestHouse::with(|config| {
        config.instance.name = "Lagoon & \"Sons\"".into();
        config.instance.description = "Who trades by the sea.".into();
    })
    .await;
    let manifest = get(&house, "/manifest.webmanifest", "en").await.is(200);
    for key in ["name", "short_name"] {
        assert_eq!(manifest[key], "Lagoon & \"Sons\"");
    }
    assert_eq!(manifest["description"], "Who trades by the sea.");
}
