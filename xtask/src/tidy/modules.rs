//! The modules of a crate with the names they define and import, to find the file that defines a
//! name.

use std::collections::{HashMap, HashSet};

use super::lexer;
use super::source::Source;

/// Re-exports followed for one name.
const STEPS: usize = 16;

/// Words before the name of an item.
const ITEMS: [&str; 8] = [
    "fn", "struct", "enum", "trait", "const", "static", "type", "union",
];

/// The module tree of one crate.
#[derive(Debug, Default)]
pub struct Modules<'a> {
    /// By their paths from the root of the crate; also modules inside a file.
    modules: HashMap<Vec<String>, Module<'a>>,
}

/// A module: a file, or `mod name { ... }` in a file.
#[derive(Debug, Default)]
struct Module<'a> {
    /// Path of its file.
    file: &'a str,
    items: HashSet<String>,
    imports: Vec<Import>,
    /// Paths in its code outside of `use`, each with its first line.
    paths: HashMap<Vec<String>, usize>,
}

/// A name imported by `use`.
#[derive(Debug)]
struct Import {
    /// The name in this module; `*` for all names.
    name: String,
    path: Vec<String>,
    line: usize,
    /// Also a re-export, by `pub use` or `pub(...) use`.
    public: bool,
}

/// A use of a name that another file defines.
#[derive(Debug)]
pub struct Use<'a> {
    /// Path of the file that uses the name.
    pub by: &'a str,
    /// The line of the use, starting at 1.
    pub line: usize,
    /// The name.
    pub name: &'a str,
    /// Path of the file that defines the name.
    pub of: &'a str,
}

impl<'a> Modules<'a> {
    /// Adds a file; `module` is its path from the root of the crate.
    pub fn add(&mut self, file: &'a str, module: Vec<String>, source: &Source) {
        let mut reader = Reader {
            tokens: lexer::tokens(&source.code),
            file,
            modules: &mut self.modules,
        };
        reader.module(&mut 0, module);
    }

    /// Returns all uses of names that other files of the crate define.
    ///
    /// A re-export is not a use: the name leads to the file that defines it.
    pub fn uses(&self) -> Vec<Use<'_>> {
        let mut uses = Vec::new();
        for (at, module) in &self.modules {
            let named = |name| module.paths.keys().any(|path| path.first() == Some(name));
            let imports = module.imports.iter();
            let imports = imports.filter(|import| !import.public || named(&import.name));
            let imports = imports.map(|import| (&import.path, import.line));
            let paths = module.paths.iter().map(|(path, line)| (path, *line));
            for (path, line) in imports.chain(paths) {
                if let Some(name) = path.last()
                    && let Some(of) = self.resolve(at, path, None, STEPS)
                    && of != module.file
                {
                    let by = module.file;
                    uses.push(Use { by, line, name, of });
                }
            }
        }
        uses.sort_by_key(|found| (found.by, found.line));
        uses
    }

    /// Returns the file that defines what a path in the module `at` names; None for modules and
    /// for names of other crates. `import` is the import whose path this is.
    fn resolve(
        &self,
        at: &[String],
        path: &[String],
        import: Option<&Import>,
        steps: usize,
    ) -> Option<&'a str> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.find(&[], rest, import, steps),
            "self" => self.find(at, rest, import, steps),
            "super" => {
                let (_, parent) = at.split_last()?;
                let rest_is_super = rest.first().is_some_and(|name| name == "super");
                if rest_is_super {
                    self.resolve(parent, rest, import, steps)
                } else {
                    self.find(parent, rest, import, steps)
                }
            }
            _ if self.knows(at, first, import, steps) => self.find(at, path, import, steps),
            _ => None,
        }
    }

    /// Returns the file that defines `path`, seen from inside the module `at`.
    fn find(
        &self,
        at: &[String],
        path: &[String],
        except: Option<&Import>,
        steps: usize,
    ) -> Option<&'a str> {
        let module = self.modules.get(at)?;
        let (first, rest) = path.split_first()?;
        if first == "self" || first == "*" {
            return None;
        }
        let steps = steps.checked_sub(1)?;
        let child = [at, std::slice::from_ref(first)].concat();
        let is_module = self.modules.contains_key(&child);
        if is_module && !rest.is_empty() {
            return self.find(&child, rest, None, steps);
        }
        if module.items.contains(first) {
            return Some(module.file);
        }
        let is_other =
            |import: &&Import| !except.is_some_and(|except| std::ptr::eq(except, *import));
        let imports = || module.imports.iter().filter(is_other);
        for import in imports().filter(|import| import.name == *first) {
            let full = [import.path.as_slice(), rest].concat();
            if let Some(file) = self.resolve(at, &full, Some(import), steps) {
                return Some(file);
            }
        }
        if is_module || imports().any(|import| import.name == *first) {
            return None;
        }
        for import in imports().filter(|import| import.name == "*") {
            if let Some(all) = self.module_at(at, &import.path)
                && self.knows(&all, first, None, steps)
            {
                return self.find(&all, path, None, steps);
            }
        }
        // Made by a macro.
        Some(module.file)
    }

    /// True if the module `at` defines or imports `name`.
    fn knows(&self, at: &[String], name: &str, except: Option<&Import>, steps: usize) -> bool {
        let (Some(module), Some(steps)) = (self.modules.get(at), steps.checked_sub(1)) else {
            return false;
        };
        let child = [at, &[name.to_owned()]].concat();
        module.items.contains(name)
            || self.modules.contains_key(&child)
            || module.imports.iter().any(|import| {
                let same = except.is_some_and(|except| std::ptr::eq(except, import));
                !same
                    && (import.name == name
                        || import.name == "*"
                            && self
                                .module_at(at, &import.path)
                                .is_some_and(|all| self.knows(&all, name, None, steps)))
            })
    }

    /// Returns the module that a path names in the module `at`.
    fn module_at(&self, at: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut full = at.to_vec();
        for name in path {
            match name.as_str() {
                "crate" => full.clear(),
                "self" | "*" => {}
                "super" => {
                    full.pop()?;
                }
                _ => full.push(name.clone()),
            }
        }
        self.modules.contains_key(&full).then_some(full)
    }
}

/// Reads the modules of a file.
struct Reader<'a, 's> {
    tokens: Vec<(usize, &'s str)>,
    file: &'a str,
    modules: &'s mut HashMap<Vec<String>, Module<'a>>,
}

impl<'s> Reader<'_, 's> {
    fn token(&self, at: usize) -> &'s str {
        self.tokens.get(at).map_or("", |(_, token)| token)
    }

    fn line(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(1, |(line, _)| *line)
    }

    /// Reads a module from the token `at` to its closing brace or the end of the file.
    fn module(&mut self, at: &mut usize, name: Vec<String>) {
        let mut module = Module {
            file: self.file,
            ..Module::default()
        };
        let mut depth = 0_usize;
        while *at < self.tokens.len() {
            let token = self.token(*at);
            let next = self.token(*at + 1);
            let before = at.checked_sub(1).map_or("", |before| self.token(before));
            match token {
                "{" => depth += 1,
                "}" if depth == 0 => break,
                "}" => depth -= 1,
                "mod" if self.token(*at + 2) == "{" => {
                    *at += 3;
                    let inner = [name.as_slice(), &[next.to_owned()]].concat();
                    self.module(at, inner);
                }
                // The name of a module is not a use of an item with that name.
                "mod" => *at += 1,
                // Not the `use<'a>` of a return type.
                "use" if next != "<" => {
                    let public = matches!(before, "pub" | ")");
                    *at += 1;
                    self.imports(at, &mut Vec::new(), public, &mut module.imports);
                }
                "macro_rules" if depth == 0 => {
                    module.items.insert(self.token(*at + 2).to_owned());
                }
                _ if ITEMS.contains(&token) && depth == 0 => {
                    module.items.insert(next.to_owned());
                }
                _ if token.starts_with(lexer::is_name) => {
                    let (line, field) = (self.line(*at), self.is_field(*at));
                    let path = self.path(at);
                    // The `name` of `name: Type`.
                    let declared = path.len() == 1 && self.token(*at) == ":";
                    if !field && !declared {
                        module.paths.entry(path).or_insert(line);
                    }
                    continue;
                }
                _ => {}
            }
            *at += 1;
        }
        self.modules.insert(name, module);
    }

    /// True for `.name`, but not for `..name`.
    fn is_field(&self, at: usize) -> bool {
        let dot = |back: usize| at.checked_sub(back).is_some_and(|at| self.token(at) == ".");
        dot(1) && !dot(2)
    }

    /// Reads a path that starts at the token `at`.
    fn path(&self, at: &mut usize) -> Vec<String> {
        let mut segments = vec![self.token(*at).to_owned()];
        *at += 1;
        while self.token(*at) == "::" && self.token(*at + 1).starts_with(lexer::is_name) {
            segments.push(self.token(*at + 1).to_owned());
            *at += 2;
        }
        segments
    }

    /// Reads the tree of a `use` up to its `;`, or to the end of a part of it in braces.
    fn imports(
        &self,
        at: &mut usize,
        path: &mut Vec<String>,
        public: bool,
        imports: &mut Vec<Import>,
    ) {
        let line = self.line(*at);
        let depth = path.len();
        let mut alias = None;
        loop {
            match self.token(*at) {
                "{" => {
                    *at += 1;
                    while !matches!(self.token(*at), "}" | "") {
                        self.imports(at, path, public, imports);
                        *at += usize::from(self.token(*at) == ",");
                    }
                    *at += 1;
                    path.truncate(depth);
                    return;
                }
                "," | ";" | "}" | "" => break,
                "as" => {
                    alias = Some(self.token(*at + 1));
                    *at += 1;
                }
                "::" => {}
                name => path.push(name.to_owned()),
            }
            *at += 1;
        }
        let mut full = path.clone();
        // `use a::{self}` is `use a`.
        if full.len() > 1 {
            full.pop_if(|last| last == "self");
        }
        if let Some(last) = full.last() {
            imports.push(Import {
                name: alias.unwrap_or(last).to_owned(),
                path: full,
                line,
                public,
            });
        }
        path.truncate(depth);
    }
}
