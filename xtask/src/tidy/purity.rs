//! Checks that some files do not use server crates or access the outside world.

use super::file::{File, Problem};
use super::source::Source;

/// Crates that only the server has; `model`, `rules` and `view` also compile for the browser.
const ENGINES: [&str; 4] = ["sea_orm", "tokio", "reqwest", "axum"];

/// Access to the outside world that only `platform` has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    Environment,
    Tasks,
    Http,
}

/// Exceptions, by path prefix, and their reasons.
const EXCEPTIONS: [(&str, Power); 3] = [
    // The arguments of the command line.
    ("src/cli.rs", Power::Environment),
    // The upgrade of a request to a websocket, which outlives the request.
    ("src/gateway", Power::Tasks),
    ("src/realtime/websocket.rs", Power::Tasks),
];

/// Reports server crates in `model`, `rules` and `view`.
pub fn engines(file: &File, source: &Source) -> Vec<Problem> {
    let Some(kind) = ["model", "rules", "view"]
        .into_iter()
        .find(|name| file.is(name))
    else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for engine in ENGINES {
        for line in source.lines_with(engine) {
            problems.push(file.problem(line, format!("a `{kind}` knows no {engine}")));
        }
    }
    problems
}

/// Reports uses of the environment, tasks and HTTP outside of `platform`.
pub fn powers(file: &File, source: &Source) -> Vec<Problem> {
    if file
        .module
        .first()
        .is_some_and(|module| module == "platform")
    {
        return Vec::new();
    }
    let mut used = Vec::new();
    for path in source.paths("std") {
        if path.segments.get(1).is_some_and(|name| name == "env") {
            used.push((path.line, Power::Environment));
        }
    }
    for path in source.paths("tokio") {
        let segments: Vec<&str> = path.segments.iter().skip(1).map(String::as_str).collect();
        // `tokio::task` alone imports the module, which gives access to all of these.
        let spawns = ["spawn", "spawn_blocking", "spawn_local", "JoinSet"];
        match segments.as_slice() {
            [name, ..] | ["task", name, ..] if spawns.contains(name) => {
                used.push((path.line, Power::Tasks))
            }
            ["task"] | ["task", "self" | "*"] => used.push((path.line, Power::Tasks)),
            _ => {}
        }
    }
    used.extend(
        source
            .lines_with("reqwest")
            .into_iter()
            .map(|line| (line, Power::Http)),
    );
    used.retain(|(_, power)| {
        !EXCEPTIONS
            .iter()
            .any(|(path, excepted)| excepted == power && file.path.starts_with(path))
    });
    used.into_iter()
        .map(|(line, power)| {
            let what = match power {
                Power::Environment => "reads the environment",
                Power::Tasks => "spawns tasks",
                Power::Http => "calls other systems",
            };
            file.problem(line, format!("only `platform` {what}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::file::problems_of;
    use super::*;

    #[test]
    fn shared_files_know_no_engine() {
        assert_eq!(
            problems_of(engines, "src/chat/model.rs", "use sea_orm::Value;").len(),
            1
        );
        assert_eq!(
            problems_of(engines, "src/chat/rules/deep.rs", "tokio::time::sleep()").len(),
            1
        );
        assert_eq!(
            problems_of(engines, "src/chat/view/mod.rs", "use axum::Json;").len(),
            1
        );
        assert!(
            problems_of(
                engines,
                "src/chat/view/mod.rs",
                "use leptos_axum::x; // axum"
            )
            .is_empty()
        );
        assert!(problems_of(engines, "src/chat/service.rs", "use tokio::sync::mpsc;").is_empty());
    }

    #[test]
    fn only_platform_has_powers() {
        assert_eq!(
            problems_of(powers, "src/chat/service.rs", "use std::{env, fs};").len(),
            1
        );
        assert_eq!(
            problems_of(
                powers,
                "src/chat/service.rs",
                "tokio::spawn(async {}); tokio::task::spawn_blocking(f)"
            )
            .len(),
            2
        );
        assert_eq!(
            problems_of(
                powers,
                "src/chat/service.rs",
                "use tokio::{task, sync::mpsc};"
            )
            .len(),
            1
        );
        assert_eq!(
            problems_of(powers, "src/markets/stooq.rs", "use reqwest::Client;").len(),
            1
        );
        assert!(
            problems_of(
                powers,
                "src/platform/http.rs",
                "use reqwest::Client; tokio::spawn(x)"
            )
            .is_empty()
        );
        assert!(
            problems_of(
                powers,
                "src/chat/service.rs",
                "env!(\"X\"); tokio::task::JoinHandle::<()>::x"
            )
            .is_empty()
        );
    }

    #[test]
    fn exceptions_are_named() {
        assert!(problems_of(powers, "src/cli.rs", "std::env::args_os()").is_empty());
        assert!(problems_of(powers, "src/gateway/socket.rs", "tokio::spawn(f)").is_empty());
        assert_eq!(
            problems_of(powers, "src/gateway/socket.rs", "std::env::var(x)").len(),
            1
        );
    }
}
