//! How marks and joiners are used in writing, by the properties of Unicode.
//!
//! Joiners follow the rules that identifiers have for them (Unicode TR 31, A1, A2 and B) and those of
//! emoji sequences (TR 51). The tables are large, so that only the server has them.

use super::{is_invisible, is_joiner};
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, Emoji, EmojiModifier, ExtendedPictographic, GeneralCategory,
        GeneralCategoryGroup, JoiningType,
    },
};
use unicode_segmentation::UnicodeSegmentation;

/// Most marks on one letter. Tibetan stacks and cantillated Hebrew need as many.
const MARKS: usize = 8;

/// Is this an accent, a vowel sign or another mark that stands on a letter?
pub fn is_mark(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Mark.contains(category) && !is_invisible(c)
}

/// Does no letter carry more than eight marks? More would cover the lines around it.
pub fn is_legible(text: &str) -> bool {
    let marks = |text: &str| text.chars().filter(|c| is_mark(*c)).count();
    // Most texts do not have as many in all.
    text.is_ascii()
        || marks(text) <= MARKS
        || text.graphemes(true).all(|letter| marks(letter) <= MARKS)
}

/// Does every mark stand on a letter, and every joiner where writing needs it?
pub fn is_well_spelled(name: &str) -> bool {
    if name.is_ascii() {
        return true;
    }
    let chars: Vec<char> = name.chars().collect();
    (0..chars.len()).all(|at| {
        let (before, rest) = chars.split_at(at);
        match rest {
            [c, after @ ..] if is_joiner(*c) => joins(*c, before, after),
            [c, ..] if is_mark(*c) => before.last().is_some_and(|base| !base.is_whitespace()),
            _ => true,
        }
    })
}

fn joins(joiner: char, before: &[char], after: &[char]) -> bool {
    match joiner {
        '\u{200c}' => follows_virama(before) || breaks_a_join(before, after),
        '\u{200d}' => follows_virama(before) || joins_pictures(before, after),
        '\u{fe0e}' | '\u{fe0f}' => selects_a_picture(before, after),
        _ => is_in_a_flag(joiner, before, after),
    }
}

/// After the sign that takes a letter's vowel away, joiners choose its form.
fn follows_virama(before: &[char]) -> bool {
    let class = CodePointMapData::<CanonicalCombiningClass>::new();
    let virama = |c: &char| class.get(*c) == CanonicalCombiningClass::Virama;
    before.last().is_some_and(virama)
}

/// Between two letters that would be written as one.
fn breaks_a_join(before: &[char], after: &[char]) -> bool {
    let types = CodePointMapData::<JoiningType>::new();
    let joining = |c: &char| types.get(*c);
    let letter = |kind: &JoiningType| *kind != JoiningType::Transparent;
    let left = before.iter().rev().map(joining).find(letter);
    let right = after.iter().map(joining).find(letter);
    matches!(
        left,
        Some(JoiningType::DualJoining | JoiningType::LeftJoining)
    ) && matches!(
        right,
        Some(JoiningType::DualJoining | JoiningType::RightJoining)
    )
}

/// Between two emoji that are drawn as one.
fn joins_pictures(before: &[char], after: &[char]) -> bool {
    let pictures = CodePointSetData::new::<ExtendedPictographic>();
    let modifiers = CodePointSetData::new::<EmojiModifier>();
    let dresses = |c: &char| *c == '\u{fe0f}' || modifiers.contains(*c);
    let left = before.iter().rev().find(|c| !dresses(c));
    let picture = |c: Option<&char>| c.is_some_and(|c| pictures.contains(*c));
    picture(left) && picture(after.first())
}

/// After what can be drawn as a text and as a picture; digits only under a keycap.
fn selects_a_picture(before: &[char], after: &[char]) -> bool {
    let emoji = CodePointSetData::new::<Emoji>();
    before.last().is_some_and(|c| {
        let keycap = after.first() == Some(&'\u{20e3}');
        emoji.contains(*c) && (!c.is_ascii() || keycap)
    })
}

/// Tags name a region behind a black flag, up to the tag that ends them.
fn is_in_a_flag(tag: char, before: &[char], after: &[char]) -> bool {
    let names = |c: &char| matches!(c, '\u{e0020}'..='\u{e007e}');
    let ends = |c: &char| *c == '\u{e007f}';
    let begun = before.last().is_some_and(|c| *c == '\u{1f3f4}' || names(c));
    if ends(&tag) {
        before.last().is_some_and(names)
    } else {
        begun && after.first().is_some_and(|c| names(c) || ends(c))
    }
}
