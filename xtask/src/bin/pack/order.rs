//! The order of a module's functions. Most of them are made by the compiler from the same few
//! generic ones, for other types: when those that are alike stand beside each other, the module
//! compresses by some hundredths better.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasmparser::{
    ConstExpr, ElementItems, ExternalKind, FromReader, Operator, Parser, Payload, SectionLimited,
    TypeRef,
};

use crate::unused::number;

/// Instructions in a row that are compared as one.
const RUN: usize = 3;
/// Functions are compared by so many of their rows, chosen by chance.
const SAMPLES: usize = 48;
/// Most functions that are looked at for each of these.
const LOOKED_AT: usize = 1_000;
/// What a size that differs by its whole counts against: so many of a thousand that are alike.
const SIZE: f64 = 60.0;

/// The sections whose contents are written anew.
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

/// The module with its functions in a better order. What only tools read is left out: it may call
/// functions by their numbers.
pub fn order(module: &[u8]) -> Result<Vec<u8>> {
    let parts = Parts::read(module)?;
    let order = alike(&parts.rows);
    rewrite(module, &parts, &order)
}

/// A place where a function is called by its number.
struct Place {
    at: Range<usize>,
    function: u32,
}

/// What has to be known of the module.
#[derive(Default)]
struct Parts {
    /// How many functions it imports: they are counted first.
    imported: usize,
    /// All sections but those for tools, by their ids.
    sections: Vec<(u8, Range<usize>)>,
    /// The numbers of the functions' types.
    types: Vec<u32>,
    bodies: Vec<Range<usize>>,
    /// Rows of instructions of each body, as numbers.
    rows: Vec<Vec<u64>>,
    /// In the order of the module.
    places: Vec<Place>,
}

impl Parts {
    fn read(module: &[u8]) -> Result<Self> {
        let mut parts = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            if let Some((id, range)) = payload.as_section()
                && id != 0
            {
                let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                parts.sections.push((id, range));
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if let TypeRef::Func(_) | TypeRef::FuncExact(_) = import?.ty {
                            parts.imported += 1;
                        }
                    }
                }
                Payload::FunctionSection(types) => {
                    parts.types = types.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        parts.constant(module, &global?.init_expr)?;
                    }
                }
                Payload::ExportSection(exports) => {
                    for (start, export) in offsets(exports)? {
                        if let ExternalKind::Func = export.kind {
                            // Its number is what comes last: after its name and its kind.
                            let name = leb_at(module, start)?.0.end;
                            parts.place(module, name + export.name.len() + 1, export.index)?;
                        }
                    }
                }
                Payload::StartSection { .. } => bail!("the module starts by itself"),
                Payload::ElementSection(elements) => {
                    for element in elements {
                        match element?.items {
                            ElementItems::Functions(functions) => {
                                for (start, function) in offsets(functions)? {
                                    parts.place(module, start, function)?;
                                }
                            }
                            ElementItems::Expressions(_, values) => {
                                for value in values {
                                    parts.constant(module, &value?)?;
                                }
                            }
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                    let mut starts = Vec::new();
                    for found in body.get_operators_reader()?.into_iter_with_offsets() {
                        let (operator, start) = found?;
                        let start = usize::try_from(start)?;
                        starts.push(start);
                        parts.calls(module, &operator, start)?;
                    }
                    parts.rows.push(rows(module, &starts, range.end));
                    parts.bodies.push(range);
                }
                _ => {}
            }
        }
        Ok(parts)
    }

    fn constant(&mut self, module: &[u8], value: &ConstExpr<'_>) -> Result<()> {
        for found in value.get_operators_reader().into_iter_with_offsets() {
            let (operator, start) = found?;
            self.calls(module, &operator, usize::try_from(start)?)?;
        }
        Ok(())
    }

    /// Instructions with a function's number have it after their one byte.
    fn calls(&mut self, module: &[u8], operator: &Operator<'_>, start: usize) -> Result<()> {
        match operator {
            Operator::Call { function_index } | Operator::RefFunc { function_index } => {
                self.place(module, start + 1, *function_index)
            }
            Operator::ReturnCall { .. } => bail!("the module has calls of another kind"),
            _ => Ok(()),
        }
    }

    fn place(&mut self, module: &[u8], start: usize, function: u32) -> Result<()> {
        let (at, read) = leb_at(module, start)?;
        if read != function {
            bail!("a function's number is not where it should be");
        }
        self.places.push(Place { at, function });
        Ok(())
    }
}

/// The items of a section with where they start.
fn offsets<'a, T: FromReader<'a>>(section: SectionLimited<'a, T>) -> Result<Vec<(usize, T)>> {
    let mut all = Vec::new();
    for found in section.into_iter_with_offsets() {
        let (start, item) = found?;
        all.push((usize::try_from(start)?, item));
    }
    Ok(all)
}

/// The number that is written there, in groups of seven bits.
fn leb_at(module: &[u8], start: usize) -> Result<(Range<usize>, u32)> {
    let mut value = 0;
    for (count, byte) in module.iter().skip(start).take(5).enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * count);
        if byte & 0x80 == 0 {
            return Ok((start..start + count + 1, value));
        }
    }
    bail!("a number is cut off")
}

fn hash(of: impl std::hash::Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(of)
}

/// What stands in a body in rows, each as a number.
fn rows(module: &[u8], starts: &[usize], end: usize) -> Vec<u64> {
    let ends = starts.iter().copied().skip(RUN).chain([end]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| hash(module.get(*start..end)))
        .collect()
}

/// Functions in such an order that each is like the one before it: by how many of the samples of
/// their rows they share, and by their size.
fn alike(functions: &[Vec<u64>]) -> Vec<usize> {
    let samples: Vec<Vec<u64>> = functions.iter().map(|rows| samples(rows)).collect();
    // Those that share a sample.
    let mut sharing: Vec<HashMap<u64, Vec<usize>>> = vec![HashMap::new(); SAMPLES];
    for (function, samples) in samples.iter().enumerate() {
        for (map, sample) in sharing.iter_mut().zip(samples) {
            map.entry(*sample).or_default().push(function);
        }
    }
    let mut placed = vec![false; functions.len()];
    let mut shared = vec![0_u16; functions.len()];
    let mut order = Vec::with_capacity(functions.len());
    let size = |function: usize| functions.get(function).map_or(0, Vec::len);
    let mut by_size: Vec<usize> = (0..functions.len()).collect();
    by_size.sort_by_key(|function| std::cmp::Reverse(size(*function)));
    for first in by_size {
        let mut next = Some(first);
        while let Some(function) = next.take() {
            match placed.get_mut(function) {
                Some(placed) if !*placed => *placed = true,
                _ => break,
            }
            order.push(function);
            let mut seen = Vec::new();
            let own = samples.get(function).map_or(&[][..], Vec::as_slice);
            for (map, sample) in sharing.iter_mut().zip(own) {
                let Some(others) = map.get_mut(sample) else {
                    continue;
                };
                others.retain(|other| placed.get(*other) == Some(&false));
                for other in others.iter().take(LOOKED_AT) {
                    if let Some(count) = shared.get_mut(*other) {
                        if *count == 0 {
                            seen.push(*other);
                        }
                        *count += 1;
                    }
                }
            }
            let mut best = f64::NEG_INFINITY;
            for other in seen {
                let count = shared.get_mut(other).map_or(0, std::mem::take);
                let score = score(count, size(function), size(other));
                if score > best {
                    (best, next) = (score, Some(other));
                }
            }
        }
    }
    order
}

/// For each of so many ways of mixing the rows' numbers the least of them.
fn samples(rows: &[u64]) -> Vec<u64> {
    (0..SAMPLES as u64)
        .map(|way| {
            let mixed = rows.iter().map(|row| {
                let mixed = (row ^ way.wrapping_mul(0x9e37_79b9_7f4a_7c15))
                    .wrapping_mul(0xbf58_476d_1ce4_e5b9);
                (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb)
            });
            mixed.min().unwrap_or_default()
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "functions are not that large")]
fn score(shared: u16, size: usize, other: usize) -> f64 {
    let apart = size.abs_diff(other) as f64 / (1 + size.min(other)) as f64;
    f64::from(shared) * 1_000.0 / SAMPLES as f64 - apart * SIZE
}

/// Writes the module with its functions in that order.
fn rewrite(module: &[u8], parts: &Parts, order: &[usize]) -> Result<Vec<u8>> {
    if order.len() != parts.bodies.len() || parts.types.len() != parts.bodies.len() {
        bail!("the module has functions without bodies");
    }
    let mut new = vec![0; order.len()];
    for (place, function) in order.iter().enumerate() {
        *new.get_mut(*function).context("no such function")? =
            u32::try_from(parts.imported + place)?;
    }
    let number_of = |function: u32| -> Result<u32> {
        match usize::try_from(function)?.checked_sub(parts.imported) {
            None => Ok(function),
            Some(own) => new.get(own).copied().context("no such function"),
        }
    };
    let copy = |range: Range<usize>| -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(range.len());
        let mut from = range.start;
        let first = parts
            .places
            .partition_point(|place| place.at.start < range.start);
        let places = parts.places.iter().skip(first);
        for place in places.take_while(|place| place.at.start < range.end) {
            out.extend(module.get(from..place.at.start).context("out of order")?);
            number(&mut out, number_of(place.function)?);
            from = place.at.end;
        }
        out.extend(module.get(from..range.end).context("out of order")?);
        Ok(out)
    };
    let count = u32::try_from(order.len())?;
    let mut out = module.get(..8).context("no module")?.to_vec();
    for (id, range) in &parts.sections {
        let contents = match *id {
            FUNCTIONS => {
                let mut types = Vec::new();
                number(&mut types, count);
                for function in order {
                    number(&mut types, *parts.types.get(*function).context("no type")?);
                }
                types
            }
            CODE => {
                let mut code = Vec::new();
                number(&mut code, count);
                for function in order {
                    let body = parts.bodies.get(*function).context("no body")?;
                    let body = copy(body.clone())?;
                    number(&mut code, u32::try_from(body.len())?);
                    code.extend(body);
                }
                code
            }
            _ => copy(range.clone())?,
        };
        out.push(*id);
        number(&mut out, u32::try_from(contents.len())?);
        out.extend(contents);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four functions: 0 is imported, 1 and 3 call each other, 2 is exported and in the table.
    const MODULE: &[u8] = &[
        0, b'a', b's', b'm', 1, 0, 0, 0, // types: nothing, and a number
        1, 8, 2, 0x60, 0, 0, 0x60, 0, 1, 0x7f, // an import of the first type
        2, 7, 1, 1, b'a', 1, b'b', 0, 0, // functions
        3, 4, 3, 0, 1, 0, // a table
        4, 4, 1, 0x70, 0, 2, // exports
        7, 5, 1, 1, b'c', 0, 2, // elements: 2 and 1
        9, 8, 1, 0, 0x41, 0, 0x0b, 2, 2, 1, // code
        10, 18, 3, 4, 0, 0x10, 3, 0x0b, 4, 0, 0x41, 7, 0x0b, 6, 0, 0x10, 1, 0x10, 0, 0x0b,
        // for tools
        0, 2, 1, b'x',
    ];

    #[test]
    fn whoever_was_called_still_is() {
        let parts = Parts::read(MODULE).unwrap();
        assert_eq!(parts.imported, 1);
        let moved = rewrite(MODULE, &parts, &[2, 0, 1]).unwrap();
        walrus::Module::from_buffer(&moved).unwrap();
        let again = Parts::read(&moved).unwrap();
        // 3 is 1 now, 1 is 2, and 2 is 3.
        assert_eq!(again.types, [0, 0, 1]);
        let called =
            |parts: &Parts| -> Vec<_> { parts.places.iter().map(|place| place.function).collect() };
        assert_eq!(called(&parts), [2, 2, 1, 3, 1, 0]);
        assert_eq!(called(&again), [3, 3, 2, 2, 0, 1]);
        // And back.
        let back = rewrite(&moved, &again, &[1, 2, 0]).unwrap();
        assert_eq!(Some(back.as_slice()), MODULE.get(..MODULE.len() - 4));
    }

    #[test]
    fn every_function_has_a_place_beside_its_like() {
        let functions: Vec<Vec<u64>> = vec![
            (0..100).collect(),
            (500..540).collect(),
            (1..101).collect(),
            (500..541).collect(),
            Vec::new(),
        ];
        assert_eq!(alike(&functions), [0, 2, 3, 1, 4]);
    }
}
