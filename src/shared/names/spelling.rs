//! Correct use of marks and joiners, by their Unicode properties.
//!
//! Joiners follow the rules for identifiers (Unicode TR 31, A1, A2 and B) and for emoji sequences
//! (TR 51). The tables are large, so only the server has them.

use super::invisible::{is_invisible, is_joiner};
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, Emoji, EmojiModifier, ExtendedPictographic, GeneralCategory,
        GeneralCategoryGroup, JoiningType,
    },
};
use unicode_segmentation::UnicodeSegmentation;

/// Maximum number of marks on one letter. Tibetan stacks and cantillated Hebrew need this many.
const MARKS: usize = 8;

/// true for accents, vowel signs and other marks on a letter.
pub fn is_mark(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Mark.contains(category) && !is_invisible(c)
}

/// true if no letter carries more than eight marks. More would cover the neighboring lines.
pub fn is_legible(text: &str) -> bool {
    let marks = |text: &str| text.chars().filter(|c| is_mark(*c)).count();
    // Most texts have no more in total.
    text.is_ascii()
        || marks(text) <= MARKS
        || text.graphemes(true).all(|letter| marks(letter) <= MARKS)
}

/// true if every mark has a base letter and every joiner is where a script or emoji needs it.
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

/// true after a virama (the sign that removes a letter's vowel), where joiners choose its form.
fn follows_virama(before: &[char]) -> bool {
    let class = CodePointMapData::<CanonicalCombiningClass>::new();
    let virama = |c: &char| class.get(*c) == CanonicalCombiningClass::Virama;
    before.last().is_some_and(virama)
}

/// true between two letters that would otherwise be joined.
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

/// true between two emoji that are drawn as one.
fn joins_pictures(before: &[char], after: &[char]) -> bool {
    let pictures = CodePointSetData::new::<ExtendedPictographic>();
    let modifiers = CodePointSetData::new::<EmojiModifier>();
    let dresses = |c: &char| *c == '\u{fe0f}' || modifiers.contains(*c);
    let left = before.iter().rev().find(|c| !dresses(c));
    let picture = |c: Option<&char>| c.is_some_and(|c| pictures.contains(*c));
    picture(left) && picture(after.first())
}

/// true after characters with a text and an emoji form; after digits only before a keycap.
fn selects_a_picture(before: &[char], after: &[char]) -> bool {
    let emoji = CodePointSetData::new::<Emoji>();
    before.last().is_some_and(|c| {
        let keycap = after.first() == Some(&'\u{20e3}');
        emoji.contains(*c) && (!c.is_ascii() || keycap)
    })
}

/// true for tags that name a region after a black flag, and for the tag that ends them.
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
