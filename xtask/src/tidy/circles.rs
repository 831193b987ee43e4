//! Finds files of a crate that use each other in a circle.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque, hash_map::Entry};

use super::file::{File, Problem};
use super::modules::{Modules, Use};
use super::source::Source;

/// The uses of a crate: by file, then by the used file.
type Graph<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Use<'a>>>;

/// Reports the shortest circle through each file that is not on a reported one.
pub fn circles(files: &[(&File, Source)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for modules in crates(files).values() {
        let mut graph = Graph::new();
        for one in modules.uses() {
            let of_file = graph.entry(one.by).or_default();
            of_file.entry(one.of).or_insert(one);
        }
        let mut reported: HashSet<&str> = HashSet::new();
        for file in graph.keys() {
            if reported.contains(file) {
                continue;
            }
            if let Some(circle) = shortest(&graph, file) {
                problems.push(problem(&circle));
                reported.extend(circle.iter().map(|one| one.by));
            }
        }
    }
    problems
}

/// Returns the shortest circle through a file.
fn shortest<'g, 'a>(graph: &'g Graph<'a>, file: &str) -> Option<Vec<&'g Use<'a>>> {
    // The use by which a file was reached.
    let mut reached: HashMap<&str, &Use> = HashMap::new();
    let mut open = VecDeque::from([file]);
    while let Some(at) = open.pop_front()
        && !reached.contains_key(file)
    {
        for (of, one) in graph.get(at).into_iter().flatten() {
            if let Entry::Vacant(entry) = reached.entry(of) {
                entry.insert(one);
                open.push_back(of);
            }
        }
    }
    let mut circle = vec![*reached.get(file)?];
    while let Some(last) = circle.last()
        && last.by != file
    {
        circle.push(reached.get(last.by)?);
    }
    circle.reverse();
    Some(circle)
}

fn problem(circle: &[&Use]) -> Problem {
    let steps: Vec<String> = circle
        .iter()
        .map(|one| format!("{} uses `{}` of {}", one.by, one.name, one.of))
        .collect();
    let first = circle.first();
    Problem {
        path: first.map_or_else(String::new, |one| one.by.to_owned()),
        line: first.map_or(1, |one| one.line),
        what: format!("a circle of files: {}", steps.join(", ")),
    }
}

/// Reads the modules of each crate: a folder with `lib.rs` or `main.rs`.
fn crates<'a>(files: &'a [(&File, Source)]) -> BTreeMap<&'a str, Modules<'a>> {
    let paths = || files.iter().map(|(file, _)| file.path.as_str());
    let libraries: HashSet<&str> = paths()
        .filter_map(|path| path.strip_suffix("/lib.rs"))
        .collect();
    let programs = paths().filter_map(|path| path.strip_suffix("/main.rs"));
    let roots: HashSet<&str> = programs.chain(libraries.iter().copied()).collect();
    let mut crates: BTreeMap<&str, Modules> = BTreeMap::new();
    for (file, source) in files {
        let mut folders = file
            .path
            .rmatch_indices('/')
            .map(|(at, _)| file.path.split_at(at).0);
        let Some(root) = folders.find(|folder| roots.contains(folder)) else {
            continue;
        };
        let inside = file.path.get(root.len() + 1..).unwrap_or_default();
        let inside = inside.strip_suffix(".rs").unwrap_or(inside);
        let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
        module.pop_if(|last| last == "mod");
        // With a library beside it, a program is a crate of its own without further files.
        let top = if libraries.contains(root) {
            "lib"
        } else {
            "main"
        };
        if inside == top {
            module.clear();
        }
        let modules = crates.entry(root).or_default();
        modules.add(&file.path, module, source);
    }
    crates
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the circles among files with that code in the folder `src/chat`.
    fn found(code: &[(&str, &str)]) -> Vec<String> {
        let parent = [("mod.rs", "")];
        let has_parent = code.iter().any(|(name, _)| *name == "mod.rs");
        let code = code.iter().chain(parent.iter().filter(|_| !has_parent));
        let mut files: Vec<(File, &str)> = code
            .map(|(name, code)| (File::new(&format!("src/chat/{name}")), *code))
            .collect();
        files.push((File::new("src/lib.rs"), "pub mod chat;"));
        let files: Vec<(&File, Source)> = files
            .iter()
            .map(|(file, code)| (file, Source::read(code).without_tests()))
            .collect();
        circles(&files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn files_that_use_each_other() {
        let both = [
            ("a.rs", "use super::b::g;\npub fn f() { g() }"),
            ("b.rs", "pub fn g() { crate::chat::a::f() }"),
        ];
        assert_eq!(
            found(&both),
            [
                "src/chat/a.rs:1: a circle of files: src/chat/a.rs uses `g` of src/chat/b.rs, \
              src/chat/b.rs uses `f` of src/chat/a.rs"
            ]
        );
        let one = [
            ("a.rs", "use super::b::g;\npub fn f() { g() }"),
            ("b.rs", "pub fn g() {}"),
        ];
        assert!(found(&one).is_empty());
    }

    #[test]
    fn a_longer_circle_is_reported_once() {
        let files = [
            (
                "a.rs",
                "use super::{b::{self}, c}; fn f() { b::g(); c::h() }",
            ),
            ("b.rs", "use super::c::h as other; pub fn g() { other() }"),
            ("c.rs", "pub fn h() { super::d::i() }"),
            ("d.rs", "pub fn i() { super::b::g() }"),
        ];
        let found = found(&files);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("src/chat/b.rs:1: "), "{found:?}");
    }

    #[test]
    fn re_exports_lead_to_the_file_that_defines_the_name() {
        let parent = (
            "mod.rs",
            "mod a; mod b; mod c; pub use a::*; pub(super) use b::B; use c::c;",
        );
        let files = [
            parent,
            ("a.rs", "use super::B; pub struct A(B);"),
            ("b.rs", "pub struct B;"),
            ("c.rs", "pub fn c() -> super::A { super::A(super::B) }"),
        ];
        assert!(found(&files).is_empty());
        let files = [
            parent,
            ("a.rs", "use super::B; pub struct A(B);"),
            (
                "b.rs",
                "pub struct B; fn f() -> crate::chat::A { super::c() }",
            ),
            ("c.rs", "pub fn c() {}"),
        ];
        assert_eq!(found(&files).len(), 1);
    }

    #[test]
    fn a_parent_with_items_of_its_own() {
        let child = (
            "a.rs",
            "pub struct A; impl super::Service { fn f(&self) {} }",
        );
        let uses = "mod a; use a::A; pub struct Service { a: A }";
        assert_eq!(found(&[("mod.rs", uses), child]).len(), 1);
        let also_exported = "mod a; pub use a::A; pub struct Service { a: A }";
        assert_eq!(found(&[("mod.rs", also_exported), child]).len(), 1);
        let only_exported = "mod a; pub use a::A; pub struct Service;";
        assert!(found(&[("mod.rs", only_exported), child]).is_empty());
        let same_name = "mod a; pub use a::a; pub struct Service;";
        let named = ("a.rs", "pub fn a(service: super::Service) {}");
        assert!(found(&[("mod.rs", same_name), named]).is_empty());
        let local_path = "mod a; pub struct Service { a: a::A }";
        assert_eq!(found(&[("mod.rs", local_path), child]).len(), 1);
    }

    #[test]
    fn modules_inside_a_file_belong_to_it() {
        let files = [
            (
                "a.rs",
                "mod row { pub struct Row; use super::super::b::B; }",
            ),
            (
                "b.rs",
                "pub struct B; fn f() -> super::a::row::Row { loop {} }",
            ),
        ];
        assert_eq!(found(&files).len(), 1);
        let files = [
            ("a.rs", "mod row { use super::B; } use super::b::B;"),
            ("b.rs", "pub struct B;"),
        ];
        assert!(found(&files).is_empty());
    }

    #[test]
    fn names_of_others_do_not_count() {
        let files = [
            ("a.rs", "use super::b::B; pub fn text() {}"),
            // A field, a module of another crate, a capture, a test.
            (
                "b.rs",
                "use other::a::text; pub struct B; fn f(b: &B) -> impl Sized + use<'_> { b.a.text; a::text }\n\
                 #[cfg(test)]\nmod tests { use super::super::a::text; }",
            ),
        ];
        assert!(found(&files).is_empty());
    }
}
