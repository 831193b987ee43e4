//! Inputs for fuzzing: valid ones with random damage, so they pass the first checks.

use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::Value;

/// A change to some bytes.
#[derive(Clone, Debug)]
enum Edit {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    /// Copies a range to another position.
    Repeat(Index, Index, Index),
}

/// Values that often break parsers.
const TOKENS: &[&str] = &[
    "",
    "0",
    "-1",
    "1e309",
    "-0.0",
    "NaN",
    "18446744073709551616",
    "-9223372036854775808",
    "79228162514264337593543950335",
    "0.0000000000000000000000000001",
    "9999-12-31",
    "0000-00-00",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{10ffff}",
    "\"",
    "\"\"",
    "\r",
    "\n\n",
    ",",
    ";",
    "\t",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "*",
    "**",
    "`",
    "```",
    "~~",
    "> ",
    "- ",
    "1. ",
    "$A",
    "https://",
    "\\",
    "null",
    "true",
];

fn edit() -> impl Strategy<Value = Edit> {
    let token = prop::sample::select(TOKENS).prop_map(|token| token.as_bytes().to_vec());
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (any::<Index>(), token).prop_map(|(at, token)| Edit::Insert(at, token)),
        (any::<Index>(), vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Remove(from, to)),
        (any::<Index>(), any::<Index>(), any::<Index>())
            .prop_map(|(from, to, at)| Edit::Repeat(from, to, at)),
    ]
}

fn apply(bytes: &mut Vec<u8>, edit: Edit) {
    let place = |at: Index, bytes: &[u8]| at.index(bytes.len() + 1);
    let stretch = |one: Index, other: Index, bytes: &[u8]| {
        let (one, other) = (place(one, bytes), place(other, bytes));
        one.min(other)..one.max(other)
    };
    match edit {
        Edit::Set(at, byte) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        Edit::Set(..) => {}
        Edit::Insert(at, new) => {
            let at = place(at, bytes);
            bytes.splice(at..at, new);
        }
        Edit::Remove(from, to) => drop(bytes.drain(stretch(from, to, bytes))),
        Edit::Repeat(from, to, at) => {
            let copy = bytes[stretch(from, to, bytes)].to_vec();
            let at = place(at, bytes);
            bytes.splice(at..at, copy);
        }
    }
}

/// Returns one of the seeds with up to seven edits.
pub fn damaged(seeds: &[impl AsRef<[u8]>]) -> BoxedStrategy<Vec<u8>> {
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.as_ref().to_vec()).collect();
    let edited = |(mut bytes, edits): (Vec<u8>, Vec<Edit>)| {
        for edit in edits {
            apply(&mut bytes, edit);
        }
        bytes
    };
    (prop::sample::select(seeds), vec(edit(), 0..8))
        .prop_map(edited)
        .boxed()
}

/// Like [`damaged`], as text; invalid UTF-8 is replaced.
pub fn damaged_text(seeds: &[impl AsRef<[u8]>]) -> BoxedStrategy<String> {
    damaged(seeds)
        .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .boxed()
}

fn strange() -> impl Strategy<Value = Value> {
    let tokens = prop::sample::select(TOKENS).prop_map(Value::from);
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        tokens,
        ".{0,20}".prop_map(Value::from),
        "x{4000,9000}".prop_map(Value::from),
        vec(any::<i64>(), 0..4).prop_map(Value::from),
        Just(serde_json::json!({ "": {} })),
    ]
}

/// Well-formed JSON with up to four changed values.
pub fn damaged_json(seeds: &[&str]) -> BoxedStrategy<Value> {
    let seeds: Vec<Value> = seeds
        .iter()
        .map(|seed| serde_json::from_str(seed).unwrap())
        .collect();
    let change = (any::<Index>(), strange(), any::<bool>());
    let changed = |(mut value, changes): (Value, Vec<(Index, Value, bool)>)| {
        for (at, new, repeat) in changes {
            let mut at = at.index(places(&value));
            replace(&mut value, &mut at, &new, repeat);
        }
        value
    };
    (prop::sample::select(seeds), vec(change, 0..5))
        .prop_map(changed)
        .boxed()
}

/// Number of values within a value, including itself.
fn places(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Object(fields) => fields.values().map(places).sum(),
        _ => 0_usize,
    }
}

/// Replaces value number `at` by `new`, or repeats its items if it is an array.
fn replace(value: &mut Value, at: &mut usize, new: &Value, repeat: bool) {
    if *at == 0 {
        *at = usize::MAX;
        match value {
            Value::Array(items) if repeat => items.extend(items.clone()),
            place => *place = new.clone(),
        }
        return;
    }
    *at -= 1;
    let inner: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(fields) => fields.values_mut().collect(),
        _ => Vec::new(),
    };
    for value in inner {
        replace(value, at, new, repeat);
        if *at == usize::MAX {
            return;
        }
    }
}
