//! Checks the order of the modules: a module uses only lower ones.

use super::file::{File, Problem};
use super::source::Source;
use std::sync::LazyLock;

/// The list of the features, in their order.
const FEATURES: &str = include_str!("../../../src/features.rs");

/// Modules below the features, lowest first.
const BELOW: [&str; 7] = [
    "shared", "ui", "platform", "offline", "realtime", "feature", "audit",
];

/// Modules above the features, lowest first.
const ABOVE: [&str; 5] = ["features", "app", "server", "cli", "main"];

/// The modules of `src`, lowest first.
static ORDER: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let features = FEATURES.lines().filter_map(|line| {
        let line = line.trim().strip_prefix("crate::")?;
        line.strip_suffix("::FEATURE,")
    });
    BELOW.into_iter().chain(features).chain(ABOVE).collect()
});

/// Reports imports against the order, and modules that are missing from it.
pub fn imports(file: &File, source: &Source) -> Vec<Problem> {
    let Some(own) = file.module.first() else {
        return Vec::new();
    };
    if own == "lib" {
        return Vec::new();
    }
    let Some(place) = position(own) else {
        return vec![file.problem(1, format!("`{own}` has no place in the order of layers"))];
    };
    let mut problems = Vec::new();
    for (line, path) in file.own_paths(source) {
        let Some(used) = path.first() else { continue };
        if position(used).is_some_and(|used| used > place) {
            problems.push(file.problem(
                line,
                format!("`{own}` must not use `{used}`, which stands above it"),
            ));
        }
    }
    problems
}

/// Reports uses of a store outside its own feature, and uses of a store or service in a wrong
/// layer.
pub fn stores(file: &File, source: &Source) -> Vec<Problem> {
    let thin = file.is("rpc") || file.is("api");
    let mut problems = Vec::new();
    for (line, path) in file.own_paths(source) {
        let [feature, part, ..] = path.as_slice() else {
            continue;
        };
        let own = file.module.first() == Some(feature);
        if part == "store" && !own {
            problems.push(file.problem(line, format!("only `{feature}` itself uses its store")));
        } else if part == "store" && (thin || file.is("view")) {
            problems.push(file.problem(
                line,
                "rpc, api and view know no store, only the service does".into(),
            ));
        } else if part == "service" && file.is("view") {
            problems.push(file.problem(
                line,
                "a view knows no service, only rpc, feeds and the send queue".into(),
            ));
        }
    }
    problems
}

fn position(module: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == module)
}

#[cfg(test)]
mod tests {
    use super::super::file::problems_of;
    use super::*;

    #[test]
    fn arrows_point_down() {
        assert!(
            problems_of(
                imports,
                "src/chat/service.rs",
                "use crate::{accounts::Viewer, shared, chat::rules};"
            )
            .is_empty()
        );
        let found = problems_of(
            imports,
            "src/chat/service.rs",
            "\nuse crate::{accounts::Viewer, bots};",
        );
        assert_eq!(
            found,
            ["src/chat/service.rs:2: `chat` must not use `bots`, which stands above it"]
        );
        assert_eq!(
            problems_of(imports, "src/shared/ids.rs", "fn f() -> crate::ui::Icon {}").len(),
            1
        );
        assert_eq!(
            problems_of(imports, "src/server.rs", "use crate::app::App;").len(),
            0
        );
        assert_eq!(
            problems_of(imports, "src/app/mod.rs", "use crate::server;").len(),
            1
        );
        assert_eq!(
            problems_of(imports, "src/main.rs", "use rialto::server;").len(),
            0
        );
    }

    #[test]
    fn super_is_followed_to_its_place() {
        assert_eq!(
            problems_of(
                imports,
                "src/markets/service/mod.rs",
                "use super::super::bots::model::Bot;"
            )
            .len(),
            1
        );
        assert!(
            problems_of(
                imports,
                "src/markets/service/mod.rs",
                "use super::rules::bars;"
            )
            .is_empty()
        );
        assert_eq!(
            problems_of(
                imports,
                "src/markets/view/mod.rs",
                "use super::super::chat::x;"
            )
            .len(),
            1
        );
    }

    #[test]
    fn unknown_modules_have_no_place() {
        assert_eq!(problems_of(imports, "src/utils/mod.rs", "").len(), 1);
        assert!(problems_of(imports, "src/lib.rs", "use crate::app;").is_empty());
    }

    #[test]
    fn stores_belong_to_their_service() {
        assert_eq!(
            problems_of(
                stores,
                "src/chat/service.rs",
                "use crate::accounts::store::find;"
            )
            .len(),
            1
        );
        assert!(
            problems_of(stores, "src/accounts/service.rs", "use super::store::find;").is_empty()
        );
        assert_eq!(
            problems_of(stores, "src/accounts/rpc/mod.rs", "use super::store;").len(),
            1
        );
        assert_eq!(
            problems_of(
                stores,
                "src/accounts/api/login.rs",
                "use crate::accounts::store;"
            )
            .len(),
            1
        );
        assert!(
            problems_of(
                stores,
                "src/accounts/rpc/mod.rs",
                "use super::service::Service;"
            )
            .is_empty()
        );
        assert_eq!(
            problems_of(
                stores,
                "src/chat/view/timeline.rs",
                "use crate::chat::service::Service;"
            )
            .len(),
            1
        );
        assert_eq!(
            problems_of(stores, "src/chat/view.rs", "use super::store::Row;").len(),
            1
        );
    }
}
