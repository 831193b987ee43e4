//! Parsing of one-time codes and recovery codes.

/// Unambiguous letters and digits: without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of a recovery code without its dash: 50 random bits.
pub const RECOVERY: usize = 10;

/// A code that a user entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// Six digits from the app.
    Code(String),
    /// A recovery code, in normal form.
    Recovery(String),
}

/// Parses a code; ignores spaces, dashes and case. None: neither kind.
pub fn offered(text: &str) -> Option<Offered> {
    let signs = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let signs: String = signs.take(RECOVERY + 1).collect();
    if signs.len() == 6 && signs.chars().all(|c| c.is_ascii_digit()) {
        return Some(Offered::Code(signs));
    }
    let code: Option<String> = signs.chars().map(recovery_sign).collect();
    let code = code.filter(|code| code.len() == RECOVERY)?;
    let (first, second) = code.split_at(RECOVERY / 2);
    Some(Offered::Recovery(format!("{first}-{second}")))
}

/// Normalizes a character of a recovery code: letters that look like digits become digits.
fn recovery_sign(c: char) -> Option<char> {
    let c = match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    };
    ALPHABET.contains(&u8::try_from(c).ok()?).then_some(c)
}

/// Makes a recovery code of random bytes.
pub fn recovery_code(random: [u8; RECOVERY]) -> String {
    let signs = random.iter().filter_map(|byte| {
        let at = usize::from(byte % 32);
        ALPHABET.get(at).copied().map(char::from)
    });
    let code: String = signs.collect();
    let (first, second) = code.split_at(RECOVERY / 2);
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let code = Some(Offered::Code("012345".into()));
        for text in ["012345", " 012 345 ", "012-345"] {
            assert_eq!(offered(text), code, "{text}");
        }
        let recovery = Some(Offered::Recovery("01abc-1xyz0".into()));
        for text in ["01abc-1xyz0", "OIABCLXYZO", " 01abc 1xyz0 "] {
            assert_eq!(offered(text), recovery, "{text}");
        }
        for text in [
            "",
            "12345",
            "1234567",
            "01abc-1xyz",
            "01abc-1xyz00",
            "uuuuu-uuuuu",
            "１２３４５６",
        ] {
            assert_eq!(offered(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_made_is_read(random in any::<[u8; RECOVERY]>()) {
            let code = recovery_code(random);
            prop_assert_eq!(offered(&code.to_uppercase()), Some(Offered::Recovery(code)));
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in ".{0,40}") {
            let _ = offered(&text);
        }
    }
}
