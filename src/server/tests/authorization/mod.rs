//! Permissions: every route, server function, page and gateway command against every kind of
//! caller. The expected results are in `matrix.txt`, one line per endpoint.
//!
//! Each probe names things that belong to the owner, so the test fails if another caller succeeds
//! wrongly. It also fails for an endpoint without a line.

mod callers;
mod things;

use super::other_sites;
use crate::gateway::Answer;
use crate::realtime::Request as Frame;
use crate::server::router;
use crate::testing::{Socket, TestHouse, count, plenty, until};
use axum::{
    body::Body,
    extract::Request,
    http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use callers::{CALLERS, Callers};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Write, fs, net::SocketAddr, path::Path};
use things::{CLUB_MARK, OWN_MARK, Things};

/// Endpoints that return the caller's own data instead of the owner's, or that check the request
/// before the portfolio. The test still checks that the response contains nothing of the owner's.
const UNTELLING: [&str; 5] = [
    "/api/portfolios/{portfolio}/dividends",
    "/rpc/paper/ticket",
    "/rpc/portfolio/overview",
    "/rpc/portfolio/take_dividends",
    "/rpc/watchlists/page",
];

/// One line: the request, the result of each caller, and the body with which the owner's probe
/// succeeds.
struct Row<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    expected: &'a str,
    body: &'a str,
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Self {
        let cut = |text: &'a str| text.split_once(' ').unwrap_or((text, ""));
        let (method, rest) = cut(line.trim());
        let (path, rest) = cut(rest.trim_start());
        let (expected, body) = cut(rest.trim_start());
        let body = body.trim_start();
        assert_eq!(
            expected.len(),
            CALLERS.len(),
            "{line}: METHOD PATH and a letter for each of {CALLERS:?}"
        );
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Self {
            method,
            path,
            query,
            expected,
            body,
        }
    }

    fn endpoint(&self) -> (String, String) {
        (self.method.to_owned(), self.path.to_owned())
    }

    /// true if the row names something that only its owner can access.
    fn is_private(&self) -> bool {
        if self.method == "POST" && UNTELLING.contains(&self.path) {
            return false;
        }
        let path = |name: &str| self.path.contains(&format!("{{{name}}}"));
        let named = |name: &str| {
            let name = format!("${name}");
            self.body.contains(&name) || self.query.contains(&name)
        };
        things::PRIVATE.iter().any(|name| path(name) || named(name))
            || self.path == "/api/sessions/{id}"
    }

    /// The line with other result letters.
    fn with(&self, letters: &str) -> String {
        let query = if self.query.is_empty() {
            String::new()
        } else {
            format!("?{}", self.query)
        };
        let path = format!("{}{query}", self.path);
        let line = format!("{:<6} {path:<60} {letters} {}", self.method, self.body);
        line.trim_end().to_owned()
    }
}

/// A caller's result as one letter.
fn letter(status: u16) -> char {
    match status {
        200..=299 => '2',
        300..=399 => 'r',
        401 => 'u',
        403 => 'f',
        404 => '-',
        // Allowed, but something else is wrong with the request.
        400 | 405 | 409 | 411 | 413 | 415 | 422 | 426 => 'b',
        503 => 'x',
        _ => '?',
    }
}

/// All pages, with paths like those of the other routes: `/markets/{section}`.
fn pages() -> impl Iterator<Item = (String, String)> {
    router::ROUTES
        .iter()
        .map(|page| ("GET".to_owned(), page.path().to_owned()))
}

/// The kinds of all commands in the source.
fn commands(folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            commands(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            for implemented in source.split("impl Command for ").skip(1) {
                let (_, kind) = implemented.split_once("KIND: &'static str = \"").unwrap();
                let (kind, _) = kind.split_once('"').unwrap();
                found.insert(("WS".to_owned(), kind.to_owned()));
            }
        }
    }
}

/// Adds the prefix of routes that are declared outside of their parent.
fn nested(path: String) -> String {
    match path.as_str() {
        "/openapi.json" => "/api/openapi.json".to_owned(),
        docs if docs == "/docs" || docs.starts_with("/docs/") => format!("/api{docs}"),
        "/api/avatars/{hash}" => "/avatars/{hash}".to_owned(),
        _ => path,
    }
}

/// All endpoints that are reachable from outside.
fn endpoints() -> BTreeSet<(String, String)> {
    let declared = other_sites::routes().into_iter();
    let mut endpoints: BTreeSet<_> = declared
        .map(|(method, path)| (method, nested(path)))
        .collect();
    endpoints.extend(pages());
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    commands(Path::new(source), &mut endpoints);
    endpoints
}

/// Reads the table at run time, so changing it needs no rebuild.
fn table() -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/server/tests/authorization/matrix.txt"
    );
    fs::read_to_string(file).unwrap()
}

fn rows(table: &str) -> Vec<Row<'_>> {
    let lines = table.lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(Row::read).collect()
}

#[tokio::test]
async fn every_endpoint_has_a_row() {
    let house = TestHouse::new().await;
    // The router registers its functions.
    house.request("GET", "/health", None, None).await.is(200);
    let table = table();
    let rows: BTreeSet<_> = rows(&table).iter().map(Row::endpoint).collect();
    let endpoints = endpoints();
    let missing: Vec<_> = endpoints.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&endpoints).collect();
    let mut problems = String::new();
    for (method, path) in missing {
        writeln!(
            problems,
            "no row in src/server/tests/authorization/matrix.txt: add `{method} {path} ????????` \
             and a letter for each caller; the test of the rows says what each gets"
        )
        .unwrap();
    }
    for (method, path) in gone {
        writeln!(
            problems,
            "a row without an endpoint: remove `{method} {path}`"
        )
        .unwrap();
    }
    assert!(problems.is_empty(), "\n{problems}");
    house.close().await;
}

#[tokio::test]
async fn everybody_gets_what_the_matrix_says() {
    let house = TestHouse::with(|config| {
        // The account that is leaving stays.
        config.accounts.deletion_days = 7;
        config.limits.channels = plenty();
        config.limits.reset_address = plenty();
        config.limits.reset_account = plenty();
    })
    .await;
    let address = house.serve().await;
    let callers = Callers::new(&house).await;
    let mut problems = String::new();
    let table = table();
    for row in rows(&table) {
        if row.path == "/api/account/export/archive" {
            // The previous row requested the exports; a worker creates them.
            let preparing = "exports WHERE state = 'preparing'";
            let made = async || count(house.db(), preparing).await == 0;
            until("all copies are made", made).await;
        }
        let mut things = Things::new(&house, &callers, row.path);
        let mut letters = String::new();
        // The owner comes last, because the owner's deletions would remove what the others' probes
        // need.
        for caller in CALLERS.iter().skip(1).chain(CALLERS.first()) {
            let token = callers.token(caller).await;
            let token = token.as_deref();
            let (status, answer) = if row.method == "WS" {
                command(address, token, &row, &mut things).await
            } else {
                request(&house, token, &row, &mut things).await
            };
            let letter = letter(status);
            let place = if *caller == "owner" { 0 } else { letters.len() };
            letters.insert(place, letter);
            for leak in leaks(caller, &answer) {
                writeln!(
                    problems,
                    "{caller} sees {leak}: {} {}",
                    row.method, row.path
                )
                .unwrap();
            }
            if letter == '?' {
                writeln!(problems, "{caller} gets {status}: {}: {answer}", row.path).unwrap();
            }
            if row.is_private() {
                let owner = *caller == "owner";
                if owner && !matches!(letter, '2' | 'r') {
                    writeln!(
                        problems,
                        "the owner gets {status}, so the probe tells nothing: {} {} {answer}",
                        row.method, row.path
                    )
                    .unwrap();
                }
                // A page can ignore the owner's id and show the caller's own data.
                if !owner && letter == '2' && !is_page(&row) {
                    writeln!(problems, "{caller} gets what is the owner's: {}", row.path).unwrap();
                }
            }
        }
        things.clear().await;
        if letters != row.expected {
            writeln!(
                problems,
                "{} stands for: {}",
                row.expected,
                row.with(&letters)
            )
            .unwrap();
        }
    }
    assert!(
        problems.is_empty(),
        "matrix.txt says otherwise, or somebody gets what they should not:\n{problems}"
    );
    house.close().await;
}

fn is_page(row: &Row<'_>) -> bool {
    row.method == "GET" && !row.path.starts_with("/api") && !row.path.starts_with("/rpc")
}

/// Returns what a response contains that the caller must not see.
fn leaks(caller: &str, answer: &str) -> Vec<&'static str> {
    let mut leaks = Vec::new();
    if caller != "owner" && answer.contains(OWN_MARK) {
        leaks.push("what the owner wrote for themselves");
    }
    let in_club = matches!(caller, "owner" | "member" | "guest");
    if !in_club && answer.contains(CLUB_MARK) {
        leaks.push("what was written in another community");
    }
    if !matches!(caller, "owner" | "admin") && answer.contains("owner@example.com") {
        leaks.push("the owner's email address");
    }
    leaks
}

async fn request(
    house: &TestHouse,
    token: Option<&str>,
    row: &Row<'_>,
    things: &mut Things<'_>,
) -> (u16, String) {
    let mut path = things.path(row.path).await;
    if !row.query.is_empty() {
        path = format!("{path}?{}", things.filled(row.query).await);
    }
    let body = things.filled(row.body).await;
    let mut request = Request::builder().method(row.method).uri(path);
    if is_page(row) {
        request = request.header(ACCEPT, "text/html");
    }
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    if row.method != "GET" {
        let kind = match body.bytes().next() {
            Some(b'{') => "application/json",
            Some(b'd') if row.path.ends_with("/imports") => "text/csv",
            None if row.path.starts_with("/api") => "application/json",
            _ => "application/x-www-form-urlencoded",
        };
        request = request.header(CONTENT_TYPE, kind);
    }
    let reply = house.ask(request.body(Body::from(body)).unwrap()).await;
    (reply.status, reply.text)
}

async fn command(
    address: SocketAddr,
    token: Option<&str>,
    row: &Row<'_>,
    things: &mut Things<'_>,
) -> (u16, String) {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = bearer
        .iter()
        .map(|bearer| ("authorization", bearer.as_str()))
        .collect();
    let mut socket = match Socket::open(address, &headers).await {
        Ok(socket) => socket,
        Err(status) => return (status, String::new()),
    };
    let body: Value = match row.body {
        "" => json!({}),
        body => serde_json::from_str(&things.filled(body).await).unwrap(),
    };
    if token.is_some() && row.path != "gateway.hello" {
        socket.hello_or_end().await;
    }
    let frame = json!({ "nonce": "probe", "kind": row.path, "body": body }).to_string();
    let frame: Frame = serde_json::from_str(&frame).unwrap();
    socket.send_request(&frame).await;
    let mut heard = String::new();
    // Envelopes before the response count as well.
    while let Some(envelope) = socket.next().await {
        writeln!(heard, "{}", serde_json::to_string(&envelope).unwrap()).unwrap();
        if let Some(answer) = envelope.read::<Answer>()
            && answer.nonce == "probe"
        {
            let status = answer.error.map_or(200, |error| error.status());
            return (status, heard);
        }
        if let Some(goodbye) = envelope.read::<crate::gateway::Goodbye>() {
            return (goodbye.error.status(), heard);
        }
    }
    (401, heard)
}

/// A line of the table is parsed correctly.
#[test]
fn rows_are_read() {
    let row = Row::read("GET /portfolio?portfolio=$portfolio 2r22222u");
    assert_eq!(
        (row.path, row.query),
        ("/portfolio", "portfolio=$portfolio")
    );
    assert!(row.is_private() && is_page(&row));
    let row = Row::read("WS gateway.subscribe 2u-----u {\"topic\": \"account:$owner\"}");
    assert_eq!(row.body, "{\"topic\": \"account:$owner\"}");
}
