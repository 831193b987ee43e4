//! Personal settings, on every database.

use super::*;
use crate::{accounts::Profile, ui::preferences::Preferences};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use serde_json::json;
use std::io::Cursor;

/// A picture of one color, as PNG.
fn png(red: u8) -> Vec<u8> {
    let picture = RgbaImage::from_pixel(40, 30, Rgba([red, 20, 30, 255]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(picture)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn token(home: &Home, username: &str) -> (String, String) {
    let account = home.person(username).await;
    (
        account.profile.id.to_string(),
        home.open(&account).await.access,
    )
}

async fn put_picture(home: &Home, token: &str, bytes: Vec<u8>) -> Reply {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    home.ask("PUT /api/me/avatar", &headers, bytes).await
}

/// Collects the published profiles in order.
fn told(home: &Home) -> Arc<Mutex<Vec<Profile>>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&told);
    home.service.on_changed(move |_, profile| {
        into.lock().unwrap().push(profile);
        Box::pin(async { Ok(()) })
    });
    told
}

#[tokio::test]
async fn preferences_are_kept_with_the_account() {
    Home::each(async |home| {
        let (_, ada) = token(home, "ada").await;
        let before = home.with_token("GET /api/me/preferences", &ada).await;
        assert_eq!(before.json()["theme"], Value::Null);
        let change = json!({ "theme": "light", "zone": "Europe/Madrid", "language": "es" });
        let patch = "PATCH /api/me/preferences";
        let after = home.ask_json(patch, &ada, change).await;
        assert_eq!(after.status, 200, "{}", after.text);
        let change = json!({ "theme": null, "clock": "12" });
        home.ask_json(patch, &ada, change).await;
        for (bad, code) in [
            (json!({ "theme": "dark", "clock": "25" }), "bad-preference"),
            (json!({ "color": "red" }), "bad-preference"),
            (json!({ "zone": "Mars; Path=/" }), "bad-zone"),
            (json!({ "theme": 1 }), "malformed"),
        ] {
            home.ask_json(patch, &ada, bad).await.code(400, code);
        }
        let after = home.with_token("GET /api/me/preferences", &ada).await;
        assert_eq!(
            after.json(),
            json!({
                "theme": null, "density": null, "motion": null, "prices": null,
                "clock": "12", "zone": "Europe/Madrid", "language": "es",
            })
        );
        let (_, bo) = token(home, "bo").await;
        let other = home.with_token("GET /api/me/preferences", &bo).await;
        assert_eq!(other.json()["language"], Value::Null);
        home.ask("GET /api/me/preferences", &[], "")
            .await
            .code(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn a_page_is_the_accounts_on_every_device() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let chosen = Preferences::of_line("theme=dark&language=es");
        home.service
            .set_preferences(ada.profile.id, chosen)
            .await
            .unwrap();
        let browser = Device {
            kind: DeviceKind::Browser,
            ..device()
        };
        let session = home.service.open_session(ada, &browser).await.unwrap();
        let access = format!("rialto_access={}", session.access);
        let stale = format!("{access}; prefs=theme=light");
        let fresh = format!("{access}; prefs=theme=dark&language=es");
        let prefs = |reply: &Reply| {
            let cookies = reply.headers.get_all(header::SET_COOKIE).iter();
            let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
            cookies
                .find(|cookie| cookie.starts_with("prefs="))
                .map(ToOwned::to_owned)
        };
        let page = ("accept", "text/html,*/*");
        for cookies in [&access, &stale] {
            let reply = home.ask("GET /", &[page, ("cookie", cookies)], "").await;
            let cookie = prefs(&reply).unwrap();
            assert!(
                cookie.starts_with("prefs=theme=dark&language=es;"),
                "{cookie}"
            );
            assert!(!cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        }
        let reply = home.ask("GET /", &[page, ("cookie", &fresh)], "").await;
        assert_eq!(prefs(&reply), None);
        // Requests that do not ask for a page get no cookie.
        let reply = home.ask("GET /", &[("cookie", &stale)], "").await;
        assert_eq!(prefs(&reply), None);
    })
    .await;
}

#[tokio::test]
async fn profiles_are_read_by_all_and_changed_by_their_owner() {
    Home::each(async |home| {
        let told = told(home);
        let (ada_id, ada) = token(home, "ada").await;
        let (_, bo) = token(home, "bo").await;
        let path = format!("/api/users/{ada_id}/profile");
        let change = json!({ "display_name": " Ada  Lovelace ", "preferred_language": "es" });
        let put = format!("PUT {path}");
        let changed = home.ask_json(&put, &ada, change).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let user = &changed.json()["user"];
        assert_eq!(user["display_name"], "Ada Lovelace");
        assert_eq!(user["username"], "ada");
        assert_eq!(user["preferred_language"], "es");
        assert_eq!(told.lock().unwrap().len(), 1);

        let seen = home.with_token(&format!("GET {path}"), &bo).await.json();
        assert_eq!(seen["user"]["name"], "Ada Lovelace");
        assert_eq!(seen["user"]["avatar_url"], Value::Null);
        assert_eq!(seen["user"].get("preferred_language"), None);
        assert_eq!(seen["user"].get("email"), None);

        let name = |name: &str| json!({ "name": name });
        home.ask_json(&put, &bo, name("Bo"))
            .await
            .code(403, "forbidden");
        for (bad, code) in [
            (name(""), "name-empty"),
            (name(&"x".repeat(65)), "name-too-long"),
            (name("Riаlto"), "name-reserved"),
            (
                json!({ "name": "Fine", "preferred_language": "tlh" }),
                "bad-preference",
            ),
        ] {
            home.ask_json(&put, &ada, bad).await.code(400, code);
        }
        let nobody = format!("GET /api/users/{}/profile", uuid::Uuid::nil());
        home.with_token(&nobody, &ada).await.code(404, "not-found");
        home.with_token("GET /api/users/x/profile", &ada)
            .await
            .code(404, "not-found");
        let after = home.with_token(&format!("GET {path}"), &ada).await.json();
        assert_eq!(after["user"]["name"], "Ada Lovelace");
        assert_eq!(told.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn pictures_come_go_and_come_back() {
    Home::each(async |home| {
        let told = told(home);
        let (_, ada) = token(home, "ada").await;
        let reply = put_picture(home, &ada, png(200)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let url = reply.json()["user"]["avatar_url"]
            .as_str()
            .unwrap()
            .to_owned();
        let hash = url.strip_prefix("/avatars/").unwrap().to_owned();
        let kept = home.service.picture(&hash).await.unwrap();
        let shown = image::load_from_memory(&kept.bytes).unwrap();
        assert_eq!((shown.width(), shown.height()), (256, 256));

        let viewer = home.service.viewer_of_access_token(&ada).await.unwrap();
        assert_eq!(viewer.avatar.as_deref(), Some(hash.as_str()));
        let profile = home.service.remove_avatar(&viewer).await.unwrap();
        assert_eq!(profile.avatar, None);
        let back = home.service.restore_avatar(&viewer, hash.clone()).await;
        assert_eq!(back.unwrap().avatar.as_deref(), Some(hash.as_str()));
        let other = home.service.restore_avatar(&viewer, "0".repeat(64)).await;
        assert_eq!(code(other), "not-found");

        // A longer connection gets the current profile.
        let before = home.service.as_of_now(&viewer);
        assert_eq!(before.avatar.as_deref(), Some(hash.as_str()));
        let gone = home.with_token("DELETE /api/me/avatar", &ada).await;
        assert_eq!(gone.status, 204);
        assert_eq!(home.service.as_of_now(&viewer).avatar, None);
        assert_eq!(told.lock().unwrap().len(), 4);

        // An unused picture stays for a while, then it is deleted.
        home.service.sweep().await.unwrap();
        assert!(home.service.picture(&hash).await.is_ok());
        let (_, bo) = token(home, "bo").await;
        let kept = put_picture(home, &bo, png(90)).await.json();
        let kept = kept["user"]["avatar_url"].as_str().unwrap().to_owned();
        home.sql("UPDATE avatars SET created_at = '2020-01-01 00:00:00+00:00'")
            .await;
        home.service.sweep().await.unwrap();
        assert!(home.service.picture(&hash).await.is_err());
        let kept = kept.strip_prefix("/avatars/").unwrap();
        assert!(home.service.picture(kept).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn what_is_no_picture_changes_nothing() {
    let configure = |config: &mut Config| config.accounts.guests = true;
    Home::each_with(configure, async |home| {
        let told = told(home);
        let (_, ada) = token(home, "ada").await;
        for (bytes, status, code) in [
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
                415,
                "picture-unknown",
            ),
            (png(1)[..40].to_vec(), 400, "picture-broken"),
            (Vec::new(), 415, "picture-unknown"),
            (vec![0; 4 * 1024 * 1024 + 1], 413, "picture-too-large"),
            (vec![0; 5 * 1024 * 1024], 413, "picture-too-large"),
        ] {
            put_picture(home, &ada, bytes).await.code(status, code);
        }
        let guest = home
            .service
            .register_guest("gast", &device())
            .await
            .unwrap();
        let guest = home.open(&guest).await.access;
        put_picture(home, &guest, png(1))
            .await
            .code(403, "forbidden");
        let nobody = home.ask("PUT /api/me/avatar", &[], png(1)).await;
        nobody.code(401, "unauthenticated");
        assert!(told.lock().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_form_leads_back_to_its_page() {
    Home::each(async |home| {
        let (_, ada) = token(home, "ada").await;
        let bearer = format!("Bearer {ada}");
        let send = async |file: &[u8]| {
            let mut body = b"--x\r\ncontent-disposition: form-data; name=\"picture\"; \
                filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\n"
                .to_vec();
            body.extend(file);
            body.extend(b"\r\n--x--\r\n");
            let headers = [
                ("authorization", bearer.as_str()),
                ("accept", "text/html"),
                ("content-type", "multipart/form-data; boundary=x"),
            ];
            let reply = home.ask("POST /api/me/avatar", &headers, body).await;
            assert_eq!(reply.status, 303, "{}", reply.text);
            reply.headers[header::LOCATION].to_str().unwrap().to_owned()
        };
        assert_eq!(send(&png(7)).await, "/settings/profile");
        for (file, code) in [
            (b"hello".to_vec(), "picture-unknown"),
            (Vec::new(), "picture-missing"),
            (vec![1; 4 * 1024 * 1024 + 100], "picture-too-large"),
        ] {
            let place = format!("/settings/profile?refused={code}");
            assert_eq!(send(&file).await, place);
        }
    })
    .await;
}

#[tokio::test]
async fn guests_are_told_their_language() {
    let configure = |config: &mut Config| config.accounts.guests = true;
    Home::each_with(configure, async |home| {
        let login = json!({ "username": "gast" });
        let body = home.post("/api/auth/login", login).await.json();
        assert_eq!(body["preferred_language"], "en");
        let token = body["token"].as_str().unwrap();
        let put = format!(
            "PUT /api/users/{}/profile",
            body["user_id"].as_str().unwrap()
        );
        let change = json!({ "preferred_language": "es" });
        let changed = home.ask_json(&put, token, change).await;
        assert_eq!(changed.json()["user"]["preferred_language"], "es");
        let rename = json!({ "name": "Someone" });
        home.ask_json(&put, token, rename)
            .await
            .code(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn an_account_has_few_pictures_under_way() {
    Home::each(async |home| {
        let mut viewers = Vec::new();
        for name in ["ada", "bo"] {
            viewers.push(home.open(&home.person(name).await).await.viewer);
        }
        let (ada, bo) = (&viewers[0], &viewers[1]);
        let put = |viewer, red| home.service.set_avatar(viewer, png(red).into());
        let (one, two, three, other) =
            futures::join!(put(ada, 1), put(ada, 2), put(ada, 3), put(bo, 4));
        assert!(one.is_ok() && two.is_ok() && other.is_ok());
        assert_eq!(code(three), "busy");
        assert!(put(ada, 3).await.is_ok());
    })
    .await;
}
