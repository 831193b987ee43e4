//! Finds cashtags in a text: `$AAPL`, a mention of an instrument.
//!
//! The page draws chips by this rule, and the server counts by it. After the sign comes a symbol
//! that starts with a letter, or an index (`^` and a letter): ten letters and digits at most, then
//! optionally a share class (`.B`, `-B`) and a market (`.US`). So `$100` and `$5m` are not
//! cashtags, and neither are variables or paths of programs.

use super::symbol::Symbol;

/// Maximum number of letters and digits before a point.
const MAX_BASE: usize = 10;

/// true if a cashtag can follow this character: part of a word, an amount or an address is not one.
pub fn may_follow(before: Option<char>) -> bool {
    before.is_none_or(|c| {
        !c.is_alphanumeric()
            && !matches!(
                c,
                '$' | '_' | '=' | '&' | '?' | '%' | '@' | '#' | '.' | '\\'
            )
    })
}

/// Returns the cashtag at the start of a text: its symbol, and its length in bytes.
pub fn cashtag(text: &str) -> Option<(Symbol, usize)> {
    let rest = text.strip_prefix('$')?;
    let index = rest.starts_with('^');
    let code = rest.strip_prefix('^').unwrap_or(rest);
    let base = run(code);
    let first = code.chars().next()?;
    if !first.is_ascii_alphabetic() || base > MAX_BASE {
        return None;
    }
    let mut length = base;
    let mut class = None;
    if !index {
        if let Some(taken) = suffix(code.get(length..)?, &['.', '-'], 1) {
            class = code.get(length + 1..length + taken);
            length += taken;
        }
        if let Some(taken) = suffix(code.get(length..)?, &['.'], 2) {
            length += taken;
        }
    }
    let mut after = code.get(length..)?.chars();
    let (next, then) = (after.next(), after.next());
    let goes_on = match next {
        None => false,
        Some('/') => then.is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || matches!(c, '_' | '$' | '=' | '\\'),
    };
    if goes_on {
        return None;
    }
    let market = code.get(base + class.map_or(0, |class| class.len() + 1)..length)?;
    let sign = if index { "^" } else { "" };
    let base = code.get(..base)?;
    // Data sources write a share class with a hyphen.
    let class = class.map(|class| format!("-{class}")).unwrap_or_default();
    let symbol = format!("{sign}{base}{class}{market}").parse().ok()?;
    let taken = 1 + usize::from(index) + length;
    Some((symbol, taken))
}

/// Returns the number of letters and digits at the start of a text.
fn run(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_alphanumeric).count()
}

/// Matches this many letters after one of the signs; returns the length.
fn suffix(text: &str, signs: &[char], letters: usize) -> Option<usize> {
    let after = text.strip_prefix(signs)?;
    let all = run(after) == letters && after.chars().take(letters).all(|c| c.is_ascii_alphabetic());
    // Text that continues in another script is a word.
    let ends = after
        .get(letters..)?
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric() && c != '_');
    (all && ends).then_some(1 + letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<(String, &str)> {
        let (symbol, taken) = cashtag(text)?;
        Some((symbol.to_string(), &text[..taken]))
    }

    #[test]
    fn what_a_cashtag_is() {
        for (text, symbol, shown) in [
            ("$AAPL", "AAPL", "$AAPL"),
            ("$aapl is up", "AAPL", "$aapl"),
            ("$AAPL.", "AAPL", "$AAPL"),
            ("$AAPL.US, and", "AAPL.US", "$AAPL.US"),
            ("$BRK.B", "BRK-B", "$BRK.B"),
            ("$brk-b.us", "BRK-B.US", "$brk-b.us"),
            ("$^GSPC!", "^GSPC", "$^GSPC"),
            ("$AAPL/$MSFT", "AAPL", "$AAPL"),
            ("$AAPL-based", "AAPL", "$AAPL"),
            ("$AAPL.com", "AAPL", "$AAPL"),
            ("$AAPL's", "AAPL", "$AAPL"),
            ("$F", "F", "$F"),
            ("$AAPL<script>", "AAPL", "$AAPL"),
        ] {
            assert_eq!(read(text), Some((symbol.to_owned(), shown)), "{text}");
        }
    }

    #[test]
    fn what_none_is() {
        for text in [
            "",
            "$",
            "$$",
            "$100",
            "$5m",
            "$1.50",
            "$ AAPL",
            "AAPL",
            "$-B",
            "$.US",
            "$^",
            "$^1",
            "$a_b",
            "$HOME/bin",
            "$x=1",
            "$AAPLä",
            "$ABCDEFGHIJK",
            "$AAPL$",
            "$<script>",
            "$é",
            "$(ls)",
            "$\u{202e}A",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        for before in ['a', '9', '$', '=', 'ß', '_', '\\'] {
            assert!(!may_follow(Some(before)), "{before}");
        }
        for before in [' ', '(', '\n', '"', '/', ',', '*', '—'] {
            assert!(may_follow(Some(before)), "{before}");
        }
        assert!(may_follow(None));
    }

    proptest! {
        #[test]
        fn whatever_is_written_a_cashtag_is_a_symbol_that_stands_there(text in "\\$?\\PC{0,24}") {
            if let Some((symbol, taken)) = cashtag(&text) {
                prop_assert_eq!(symbol.as_str().parse::<Symbol>().unwrap(), symbol.clone());
                let shown = &text[..taken];
                prop_assert!(shown.is_ascii() && shown.starts_with('$'));
                let bare = shown[1..].to_ascii_uppercase();
                prop_assert_eq!(bare.replace(['.', '-'], ""), symbol.as_str().replace(['.', '-'], ""));
            }
        }

        #[test]
        fn what_is_made_of_a_symbol_is_read_as_it(
            code in "(\\^[A-Z][A-Z0-9]{0,6}|[A-Z][A-Z0-9]{0,6}(-[A-Z])?(\\.[A-Z]{2})?)",
            after in "([ ,.!?:;)]| is.*)?",
        ) {
            let text = format!("${code}{after}");
            let (symbol, taken) = cashtag(&text).unwrap();
            prop_assert_eq!(symbol.as_str(), code.as_str());
            prop_assert_eq!(taken, code.len() + 1);
        }
    }
}
