//! Code that the module carries though nothing in the product can reach it, or nobody hears it.
//!
//! Leptos keeps a table of functions for every erased view. One of them takes over a page piece by
//! piece while parts of the code are still loading; only `hydrate_lazy` calls it, and we start with
//! `hydrate_body`. The compiler cannot see that, and it is a tenth of the module.
//!
//! What a panic says has no place in a release (the compiler is told to leave places out), and the
//! module ends with it: it may as well end at once, without the words. The browser's console still
//! has the error and the way to it.

use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// The functions that take over a page in that way: those of this name in this trait.
const OF_TRAIT: &str = " as tachys::view::any_view::IntoAny>::into_any::";
const UNUSED: &str = "hydrate_async";
/// Only what runs later, not what prepares it: the linker gives functions of the same code one
/// name, and a short one may also stand for something that is needed.
const LATER: &str = "{closure";
/// Whoever calls this one reaches them after all.
const REACHES: &str = "hydrate_lazy";

/// How the functions are called that end a panic in the standard library: none of them returns.
const PANICS: [&str; 12] = [
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "console_error_panic_hook::hook",
    "core::cell::panic_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::index::slice_",
    "core::str::slice_error_fail",
    "std::thread::local::panic_access_error",
];

/// What JavaScript would call if anything of ours streamed the body of a request: the library for
/// that exports it in any case.
const STREAMS: &str = "intounderlying";
/// Who streams would make one of these.
const STREAMED: [&str; 2] = ["::from_stream", "::from_sink"];

/// Words of errors that only people who write programs would read: what was found in JSON instead of
/// what was expected. It brings all that writes figures with a point. They write nothing.
const SILENT: [&str; 2] = [
    "<serde_core::de::Unexpected as core::fmt::Display>::fmt",
    "<serde_json::error::JsonUnexpected as core::fmt::Display>::fmt",
];

/// What reads dates as letters have them: the library for dates has all that it can read in one
/// function, and ours are written in another way.
const UNREAD: &str = "chrono::format::parse::parse_rfc2822";

const UNREACHABLE: u8 = 0x00;
const I32_CONST: u8 = 0x41;
const NOP: u8 = 0x01;
const END: u8 = 0x0b;

/// Replaces the bodies by a trap, and forgets what they referred to. The module is one that the
/// linker left with relocations: from these the splitter learns who needs whom.
pub fn empty(module: &[u8]) -> Result<Vec<u8>> {
    let parts = Parts::read(module)?;
    let (mut unused, mut silent, mut found) = (Vec::new(), Vec::new(), false);
    for (index, name) in &parts.names {
        if name.contains(REACHES) {
            bail!("the module starts with {REACHES}, which needs what `pack` takes out");
        }
        let name = format!("{:#}", rustc_demangle::demangle(name));
        let later = is_unused(&name);
        found |= later;
        if name.contains("wasm_streams::") && STREAMED.iter().any(|make| name.contains(make)) {
            bail!("{name} needs what `pack` takes out");
        }
        let Some(body) = index
            .checked_sub(parts.imported)
            .and_then(|index| parts.bodies.get(index))
        else {
            continue;
        };
        if SILENT.contains(&name.as_str()) {
            silent.push(body.clone());
        } else if later
            || name == UNREAD
            || name.starts_with(STREAMS)
            || PANICS.iter().any(|panic| name.starts_with(panic))
        {
            unused.push(body.clone());
        }
    }
    if !found {
        bail!("no function is called {UNUSED}: are there names, has Leptos changed?");
    }
    let mut out = module.to_vec();
    for body in &silent {
        // The answer of who writes words: it went well.
        if let Some([locals, first, second, rest @ .., end]) = out.get_mut(body.clone()) {
            (*locals, *first, *second, *end) = (0, I32_CONST, 0, END);
            rest.fill(NOP);
        }
    }
    for body in &unused {
        // No local variables, a trap, and the end, in the place that the body had.
        if let Some([locals, first, rest @ .., end]) = out.get_mut(body.clone()) {
            (*locals, *first, *end) = (0, UNREACHABLE, END);
            rest.fill(NOP);
        }
    }
    unused.append(&mut silent);
    unused.sort_by_key(|body| body.start);
    without_relocations(&out, &parts, &unused)
}

fn is_unused(name: &str) -> bool {
    let Some((_, of_trait)) = name.split_once(OF_TRAIT) else {
        return false;
    };
    let own = of_trait.strip_prefix(UNUSED).unwrap_or_default();
    // The type that is erased stands between the two names.
    let last = own.rsplit("::").next().unwrap_or_default();
    name.starts_with("<_") && (last.starts_with(LATER) || own.starts_with("::{{closure"))
}

/// What has to be known of the module.
struct Parts {
    /// How many functions it imports: they are counted first.
    imported: usize,
    /// The names of functions by their numbers.
    names: Vec<(usize, String)>,
    /// Where the code section's contents begin, and the bodies in it.
    code: usize,
    bodies: Vec<Range<usize>>,
    /// The whole section of the code's relocations, and what is in it after its name.
    section: Range<usize>,
    relocations: Range<usize>,
}

impl Parts {
    fn read(module: &[u8]) -> Result<Self> {
        let mut parts = Self {
            imported: 0,
            names: Vec::new(),
            code: 0,
            bodies: Vec::new(),
            section: 0..0,
            relocations: 0..0,
        };
        let mut end = 0;
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            let start = end;
            if let Some((_, range)) = payload.as_section() {
                end = usize::try_from(range.end)?;
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if let TypeRef::Func(_) | TypeRef::FuncExact(_) = import?.ty {
                            parts.imported += 1;
                        }
                    }
                }
                Payload::CodeSectionStart { range, .. } => {
                    parts.code = usize::try_from(range.start)?;
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    parts
                        .bodies
                        .push(usize::try_from(range.start)?..usize::try_from(range.end)?);
                }
                Payload::CustomSection(custom) if custom.name() == "reloc.CODE" => {
                    let data = usize::try_from(custom.data_offset())?;
                    parts.section = start..end;
                    parts.relocations = data..data + custom.data().len();
                }
                Payload::CustomSection(custom) => {
                    if let KnownCustom::Name(subsections) = custom.as_known() {
                        for subsection in subsections {
                            let Name::Function(map) = subsection? else {
                                continue;
                            };
                            for naming in map {
                                let naming = naming?;
                                let index = usize::try_from(naming.index)?;
                                parts.names.push((index, naming.name.to_owned()));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        if parts.section.is_empty() {
            bail!("the module has no relocations: it was linked without --emit-relocs");
        }
        Ok(parts)
    }
}

/// The module without the relocations of these bodies.
fn without_relocations(module: &[u8], parts: &Parts, bodies: &[Range<usize>]) -> Result<Vec<u8>> {
    let bytes = module
        .get(parts.relocations.clone())
        .context("the relocations are cut off")?;
    let reader = wasmparser::BinaryReader::new(bytes, 0);
    let section = wasmparser::RelocSectionReader::new(reader)?;
    let mut entries = Vec::new();
    for entry in section.entries().into_iter_with_offsets() {
        let (offset, entry) = entry?;
        entries.push((
            usize::try_from(offset)?,
            parts.code + usize::try_from(entry.offset)?,
        ));
    }
    let (mut count, mut kept) = (0, Vec::new());
    for (number, (from, place)) in entries.iter().enumerate() {
        let to = entries.get(number + 1).map_or(bytes.len(), |next| next.0);
        let after = bodies.partition_point(|body| body.start <= *place);
        let inside = after
            .checked_sub(1)
            .and_then(|before| bodies.get(before))
            .is_some_and(|body| body.contains(place));
        if !inside {
            count += 1;
            kept.extend_from_slice(bytes.get(*from..to).unwrap_or_default());
        }
    }
    let mut contents = Vec::new();
    text(&mut contents, "reloc.CODE")?;
    number(&mut contents, section.section_index());
    number(&mut contents, count);
    contents.extend(kept);
    let mut out = module
        .get(..parts.section.start)
        .unwrap_or_default()
        .to_vec();
    out.push(0);
    number(&mut out, u32::try_from(contents.len())?);
    out.extend(contents);
    out.extend_from_slice(module.get(parts.section.end..).unwrap_or_default());
    Ok(out)
}

fn text(out: &mut Vec<u8>, text: &str) -> Result<()> {
    number(out, u32::try_from(text.len())?);
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Writes a number in groups of seven bits, the lowest first.
pub fn number(out: &mut Vec<u8>, mut number: u32) {
    loop {
        let group = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(group);
            return;
        }
        out.push(group | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::is_unused;

    #[test]
    fn only_what_runs_later_is_unused() {
        let into = "<_ as tachys::view::any_view::IntoAny>::into_any::";
        assert!(is_unused(&format!(
            "{into}hydrate_async::<a::B>::{{closure#0}}"
        )));
        assert!(!is_unused(&format!("{into}hydrate_async::<a::B>")));
        assert!(!is_unused(&format!(
            "{into}hydrate_from_server::<a::hydrate_async::{{closure#0}}>"
        )));
        assert!(!is_unused("<a::B as c::D>::hydrate_async::{closure#0}"));
    }
}
