//! Pages as the server renders them, with different preferences and headers.

use crate::testing::{Reply, TestHouse};
use axum::http::header;
use std::time::Duration;

async fn page(house: &TestHouse, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut headers = headers.to_vec();
    headers.push(("accept", "text/html"));
    house.send(&format!("GET {path}"), &headers, "").await
}

#[tokio::test]
async fn the_language_is_chosen_by_cookie_and_browser() {
    let house = TestHouse::new().await;
    for (headers, lang, title) in [
        (&[][..], "en", "Sign in"),
        (
            &[("accept-language", "es-MX,es;q=0.9")][..],
            "es",
            "Iniciar sesión",
        ),
        (
            &[("accept-language", "fr,en;q=0.5,es;q=0.4")][..],
            "en",
            "Sign in",
        ),
        (
            &[("cookie", "prefs=language=es")][..],
            "es",
            "Iniciar sesión",
        ),
        (
            &[("cookie", "prefs=language=en"), ("accept-language", "es")][..],
            "en",
            "Sign in",
        ),
        (&[("cookie", "prefs=language=tlh")][..], "en", "Sign in"),
    ] {
        let reply = page(&house, "/sign-in", headers).await;
        assert_eq!(reply.status, 200);
        let html = &reply.text;
        assert!(
            html.contains(&format!("<html lang=\"{lang}\"")),
            "{headers:?}"
        );
        assert!(html.contains(&format!("<h1>{title}")), "{headers:?}");
    }
}

#[tokio::test]
async fn the_first_paint_is_as_it_was_chosen() {
    let house = TestHouse::new().await;
    let chosen = "prefs=theme=light&density=compact&motion=reduced&prices=blue-orange";
    let headers = [("cookie", chosen), ("accept-language", "en-US")];
    let html = page(&house, "/sign-in", &headers).await.text;
    for attribute in [
        "data-theme=\"light\"",
        "data-density=\"compact\"",
        "data-motion=\"reduced\"",
        "data-prices=\"blue-orange\"",
        "data-clock=\"12\"",
    ] {
        assert!(html.contains(attribute), "{attribute}");
    }
    let html = page(&house, "/sign-in", &[("cookie", "prefs=theme=<b>")])
        .await
        .text;
    assert!(!html.contains("data-theme") && !html.contains("<b>"));
}

#[tokio::test]
async fn members_pages_are_for_those_who_are_signed_in() {
    let house = TestHouse::new().await;
    for path in [
        "/settings/appearance",
        "/portfolio/performance",
        "/markets/alerts",
    ] {
        let reply = page(&house, path, &[]).await;
        assert_eq!(reply.status, 302, "{path}");
        let place = reply.headers[header::LOCATION].to_str().unwrap();
        assert_eq!(place, format!("/sign-in?next={path}"));
    }
    let bearer = house.user("ada").await.bearer();
    let signed_in = [("authorization", bearer.as_str())];
    for (path, status) in [
        ("/settings", 200),
        ("/settings/profile", 200),
        ("/settings/language", 200),
        ("/settings/nothing", 404),
    ] {
        assert_eq!(
            page(&house, path, &signed_in).await.status,
            status,
            "{path}"
        );
    }
}

/// Leptos stores the owner of the page being rendered on the thread, where other requests could
/// find it.
#[tokio::test]
async fn what_is_made_at_the_same_time_does_not_mix() {
    let house = TestHouse::new().await;
    let house = &house;
    let asked = (0..120).map(|number| async move {
        let path = ["/admin", "/favicon.svg", "/sign-in", "/offline", "/sw.js"][number % 5];
        let reply = page(house, path, &[]);
        // With a time limit, so that a hanging request is reported with its path.
        let reply = tokio::time::timeout(Duration::from_secs(60), reply).await;
        let reply = reply.unwrap_or_else(|_| panic!("request {number}, {path}: no answer"));
        (path, reply)
    });
    for (path, reply) in futures::future::join_all(asked).await {
        let status = if path == "/admin" { 404 } else { 200 };
        assert_eq!(reply.status, status, "{path}");
        let policy = reply.headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        let page = ["/admin", "/sign-in"].contains(&path);
        assert_eq!(policy.contains("'nonce-"), page, "{path}: {policy}");
        if let Some((_, rest)) = policy.split_once("'nonce-") {
            let nonce = rest.split_once('\'').unwrap().0;
            assert!(reply.text.contains(&format!("nonce=\"{nonce}\"")), "{path}");
        }
    }
}

/// A picture never changes under its URL, and browsers treat it only as a picture.
#[tokio::test]
async fn pictures_are_served_for_ever() {
    let house = TestHouse::new().await;
    let ada = house.user("ada").await;
    let picture = image::RgbaImage::from_pixel(8, 8, image::Rgba([1, 2, 3, 255]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgba8(picture)
        .write_to(&mut bytes, image::ImageFormat::Gif)
        .unwrap();
    let put = ada.send("PUT /api/me/avatar", "image/gif", bytes.into_inner());
    let body = put.await.is(200);
    let url = body["user"]["avatar_url"].as_str().unwrap();
    let reply = page(&house, url, &[]).await;
    assert_eq!(reply.status, 200);
    let header = |name: &str| reply.headers[name].to_str().unwrap();
    assert!(["image/webp", "image/jpeg"].contains(&header("content-type")));
    assert_eq!(
        header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("default-src 'none'"));
    page(&house, "/avatars/00", &[])
        .await
        .fails(404, "not-found");
}

/// Without scripts a link loads company data of a symbol; the chart does not wait for it.
#[tokio::test]
async fn what_is_told_of_an_instrument_comes_when_it_is_asked_for() {
    let house = TestHouse::new().await;
    let bearer = house.user("ada").await.bearer();
    let page = async |path: &str| {
        let reply = page(&house, path, &[("authorization", &bearer)]).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.text
    };
    let (ask, told) = ("href=\"?section=about#about\"", "Source: the company list");
    let news = "Massive and Alpha Vantage have news";
    let chart = page("/instruments/AAPL").await;
    assert!(chart.contains("id=\"about\""));
    assert_eq!(chart.matches(ask).count(), 2, "for each part");
    assert!(!chart.contains(told) && !chart.contains(news));
    let with_both = page("/instruments/AAPL?section=about").await;
    assert!(with_both.contains(told) && with_both.contains(news));
    assert!(!with_both.contains(ask));
    let other = page("/instruments/AAPL?section=other").await;
    assert!(other.contains(ask) && !other.contains(told));
    house.close().await;
}

/// For members who are not admins the admin pages look like any unknown path.
#[tokio::test]
async fn what_is_not_there_says_so() {
    let house = TestHouse::new().await;
    // The first account is the admin.
    let [_, bo] = house.users(["ada", "bo"]).await;
    let bearer = bo.bearer();
    let member = [("authorization", bearer.as_str())];
    for path in [
        "/admin",
        "/admin/accounts",
        "/admin/settings",
        "/admin/health",
        "/admin/audit-log",
        "/nothing/here",
    ] {
        for visitor in [&member[..], &[]] {
            let reply = page(&house, path, visitor).await;
            assert_eq!(reply.status, 404, "{path}");
            assert!(reply.text.contains("<h1>Page not found"), "{path}");
        }
    }
    let long = "x".repeat(200);
    for symbol in ["NOPE", "a%20b", "%E2%82%AC", &long, "AAPL%2FMSFT"] {
        let reply = page(&house, &format!("/instruments/{symbol}"), &member).await;
        assert!([400, 404].contains(&reply.status), "{symbol}");
        assert!(reply.text.contains("<h1"), "{symbol}");
    }
    house.close().await;
}

#[tokio::test]
async fn the_shell_shows_the_community_in_the_address() {
    let house = TestHouse::new().await;
    let [ada, _bo] = house.users(["ada", "bo"]).await;
    let general = house.general(&ada).await;
    let lobby = house.communities().lobby();
    let (club, tea) = house.community("Tea club", &[ada.account]).await;
    let bearer = ada.bearer();
    for (path, title, links, others) in [
        (format!("/channels/{club}/{tea}"), "Tea club", 1, 0),
        (format!("/channels/{lobby}/{general}"), "Lobby", 1, 1),
    ] {
        let shown = page(&house, &path, &[("authorization", &bearer)]).await;
        assert_eq!(shown.status, 200);
        let html = shown.text;
        assert!(html.contains(&format!("pane-title\">{title}")), "{path}");
        let count = |part: &str| html.matches(part).count();
        // Its channels and members, and the way to each community.
        assert_eq!(count("class=\"channel-link"), links);
        assert_eq!(count("title=\"@ada\""), 1);
        assert_eq!(count("title=\"@bo\""), others);
        assert_eq!(
            (count("title=\"Lobby\""), count("title=\"Tea club\"")),
            (1, 1)
        );
    }
}
