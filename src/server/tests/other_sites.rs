//! Cross-site requests of a signed-in browser have no effect. The routes are found automatically,
//! so new ones are covered.

use crate::testing::{Socket, TestHouse, texts};
use axum::{
    body::Body,
    extract::Request,
    http::{Method, header},
};
use std::{collections::BTreeSet, fs, path::Path};

/// Host of the server, as browsers send it.
const HOST: &str = "rialto.example";
const OWN: (&str, &str) = ("origin", "http://rialto.example");

/// Headers of a request from another site, with and without its origin.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "")],
    &[("origin", "http://rialto.example.evil.example")],
    &[("origin", "http://notrialto.example")],
    &[("origin", "http://rialto.example:8080")],
    &[("origin", "http://rialto.example@evil.example")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), OWN],
    &[("referer", "http://rialto.example/")],
    &[],
];

/// Bodies that a form of another site can send without a preflight, and one that it cannot.
const BODIES: &[(&str, &str)] = &[
    (
        "application/x-www-form-urlencoded",
        "name=ada&text=evil&password=x",
    ),
    ("text/plain", r#"{"text":"evil","room_name":"evil"}"#),
    (
        "multipart/form-data; boundary=b",
        "--b\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nevil\r\n--b--\r\n",
    ),
    (
        "application/json",
        r#"{"text":"evil","room_name":"evil","community":"x"}"#,
    ),
    ("", ""),
];

/// A route with one of its methods.
type Route = (Method, String);

/// All routes by method and path: server functions from their own list, the others from the lines
/// that declare them.
pub(super) fn routes() -> BTreeSet<(String, String)> {
    let functions = server_fn::axum::server_fn_paths();
    let mut routes: BTreeSet<_> = functions
        .map(|(path, method)| (method.to_string(), path.to_owned()))
        .collect();
    declared(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut routes,
    );
    routes
}

fn declared(folder: &Path, routes: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() && !name.ends_with("/tests") {
            declared(&path, routes);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            let of_api = name.ends_with("/api.rs") || name.contains("/api/");
            for declaration in source.split(".route(").skip(1) {
                add(declaration, if of_api { "/api" } else { "" }, routes);
            }
            for described in source.split("#[utoipa::path(").skip(1) {
                add_described(described, source, routes);
            }
        }
    }
}

/// Adds a declared route: the first argument is the path, the functions called in it are the
/// methods.
fn add(declaration: &str, prefix: &str, routes: &mut BTreeSet<(String, String)>) {
    let Some(path) = declaration.trim_start().strip_prefix('"') else {
        return;
    };
    let (path, rest) = path.split_once('"').unwrap();
    let mut depth = 1;
    let end = rest.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let methods = rest.get(..end.unwrap_or(rest.len())).unwrap();
    for (call, method) in [
        ("get(", "GET"),
        ("post(", "POST"),
        ("put(", "PUT"),
        ("patch(", "PATCH"),
        ("delete(", "DELETE"),
    ] {
        let is_call = |at: usize| {
            at == 0
                || !methods.as_bytes()[at - 1].is_ascii_alphanumeric()
                    && methods.as_bytes()[at - 1] != b'_'
        };
        if methods.match_indices(call).any(|(at, _)| is_call(at)) {
            routes.insert((method.to_owned(), format!("{prefix}{path}")));
        }
    }
}

/// Adds a documented handler under each of its paths.
fn add_described(described: &str, source: &str, routes: &mut BTreeSet<(String, String)>) {
    let between = |start: &str, end: &str| {
        let (_, rest) = described.split_once(start).unwrap();
        rest.split_once(end).unwrap().0
    };
    let method = described.split_once(',').unwrap().0.trim().to_uppercase();
    let own = between("path = \"", "\"");
    let handler = format!(", routes!({}))", between("async fn ", "("));
    let others = source.split("also(\"").skip(1).filter_map(|also| {
        let (path, rest) = also.split_once('"')?;
        rest.starts_with(&handler).then_some(path)
    });
    for path in others.chain([own]) {
        routes.insert((method.clone(), format!("/api{path}")));
    }
}

/// Fills the parameters of a path with an id that does not exist.
fn filled(path: &str) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        filled += before;
        filled += "01900000-0000-7000-8000-000000000000";
        rest = after.split_once('}').unwrap().1;
    }
    filled + rest
}

fn changing() -> Vec<Route> {
    let changing = routes().into_iter().filter(|(method, _)| method != "GET");
    changing
        .map(|(method, path)| (method.parse().unwrap(), path))
        .collect()
}

fn reading() -> Vec<Route> {
    let reading = routes().into_iter().filter(|(method, _)| method == "GET");
    reading
        .map(|(method, path)| (method.parse().unwrap(), path))
        .collect()
}

fn request(
    route: &Route,
    cookie: &str,
    headers: &[(&str, &str)],
    (content_type, body): (&str, &'static str),
) -> Request {
    let mut request = Request::builder()
        .method(route.0.clone())
        .uri(filled(&route.1))
        .header(header::HOST, HOST)
        .header(header::COOKIE, cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !content_type.is_empty() {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    request.body(Body::from(body)).unwrap()
}

/// A signed-in browser: returns its access cookie.
async fn browser(house: &TestHouse, name: &str) -> String {
    let token = house.user(name).await.token;
    let cookie = format!("rialto_access={token}");
    let me = (Method::GET, "/api/auth/me".to_owned());
    let reply = house.ask(request(&me, &cookie, &[], ("", ""))).await;
    assert_eq!(reply.is(200)["user"]["username"], name);
    cookie
}

/// Returns all rows of all tables, without the time at which a session was last used.
async fn everything(house: &TestHouse) -> String {
    let texts = async |sql: &str| texts(house.db(), sql).await;
    let mut all = String::new();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    for table in texts(tables).await {
        if table == "health_probes" {
            // This table changes by itself.
            continue;
        }
        let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let columns = columns.iter().filter(|name| *name != "last_used_at");
        let quoted: Vec<_> = columns.map(|name| format!("quote(\"{name}\")")).collect();
        let rows = format!(
            "SELECT {} FROM \"{table}\" ORDER BY 1",
            quoted.join(" || '|' || ")
        );
        all += &format!("{table}\n{}\n", texts(&rows).await.join("\n"));
    }
    all
}

#[test]
fn the_routes_are_found() {
    let routes = routes();
    let has = |method: &str, path: &str| routes.contains(&(method.to_owned(), path.to_owned()));
    assert!(has("POST", "/api/auth/login"));
    assert!(has("POST", "/api/login"));
    assert!(has(
        "DELETE",
        "/api/channels/{channel_id}/messages/{message_id}"
    ));
    assert!(has(
        "PATCH",
        "/api/channels/{channel_id}/messages/{message_id}"
    ));
    assert!(has("POST", "/api/rooms"));
    assert!(has("GET", "/api/rooms"));
    assert!(has("POST", "/rpc/accounts/sign_out"));
    assert!(has("GET", "/rpc/gateway"));
    assert!(changing().len() > 20, "{routes:?}");
}

#[tokio::test]
async fn nothing_is_changed_from_another_site() {
    let house = TestHouse::new().await;
    let cookie = browser(&house, "ada").await;
    let before = everything(&house).await;
    for route in changing() {
        for foreign in FOREIGN {
            for body in BODIES {
                let reply = house.ask(request(&route, &cookie, foreign, *body)).await;
                let what = format!("{route:?} {foreign:?} {body:?}: {}", reply.text);
                assert_eq!(reply.status, 403, "{what}");
                assert!(reply.text.contains("another site"), "{what}");
                assert!(!reply.headers.contains_key(header::SET_COOKIE), "{what}");
                assert!(
                    !reply
                        .headers
                        .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
                    "{what}"
                );
            }
        }
    }
    assert_eq!(everything(&house).await, before);
}

#[tokio::test]
async fn our_own_pages_reach_every_route() {
    let house = TestHouse::new().await;
    for (n, route) in changing().into_iter().enumerate() {
        // Each request with its own session, because one of them signs out.
        let cookie = browser(&house, &format!("ada{n}")).await;
        let body = ("application/json", "{}");
        let reply = house.ask(request(&route, &cookie, &[OWN], body)).await;
        assert!(!reply.text.contains("another site"), "{route:?}");
        assert_ne!(reply.status, 405, "{route:?} is no route");
        assert!(reply.status < 500, "{route:?}: {}", reply.text);
    }
}

#[tokio::test]
async fn reading_changes_nothing() {
    let house = TestHouse::new().await;
    let cookie = browser(&house, "ada").await;
    let before = everything(&house).await;
    let own: &[(&str, &str)] = &[OWN];
    // With the headers that some frameworks accept as another method.
    let overridden: &[(&str, &str)] = &[
        ("sec-fetch-site", "cross-site"),
        ("x-http-method-override", "DELETE"),
        ("x-http-method", "POST"),
        ("x-method-override", "PATCH"),
    ];
    let pages = [
        "/",
        "/sign-in",
        "/register",
        "/settings",
        "/channels/a/b",
        "/nothing",
    ];
    let pages = pages.map(|path| (Method::GET, path.to_owned()));
    let as_get = changing().into_iter().map(|(_, path)| (Method::GET, path));
    for (_, path) in reading().into_iter().chain(pages).chain(as_get) {
        for headers in [own, overridden] {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                for query in ["", "?_method=DELETE&text=evil&room_name=evil"] {
                    let route = (method.clone(), format!("{path}{query}"));
                    house.ask(request(&route, &cookie, headers, ("", ""))).await;
                }
            }
        }
    }
    assert_eq!(everything(&house).await, before);
}

#[tokio::test]
async fn sockets_open_from_our_own_pages_only() {
    let house = TestHouse::new().await;
    let address = house.serve().await;
    let cookie = browser(&house, "ada").await;
    let own = format!("http://{address}");
    let cookie = ("cookie", cookie.as_str());
    for foreign in FOREIGN {
        let headers: Vec<_> = foreign.iter().copied().chain([cookie]).collect();
        let refused = Socket::open(address, &headers).await.err();
        assert_eq!(refused, Some(403), "{foreign:?}");
    }
    let headers = [cookie, ("origin", own.as_str())];
    let mut socket = Socket::open(address, &headers).await.unwrap();
    socket.hello().await.unwrap();
}
