//! Fuzzy matching of names.

/// Score of a match: higher is better. `None`: no match. The name must contain each word of the
/// query, at least as letters in order: `erng` matches `earnings`.
pub fn score(query: &str, name: &str) -> Option<i32> {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let mut total = 0;
    for word in query.split_whitespace() {
        let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        total += word_score(&word, &name)?;
    }
    // Of two equal matches, the shorter name ranks higher.
    Some(total * 64 - i32::try_from(name.len().min(63)).unwrap_or(63))
}

/// Best as a substring at the start, then at the start of a word, then anywhere; else letter by
/// letter.
fn word_score(word: &[char], name: &[char]) -> Option<i32> {
    if word.is_empty() {
        return Some(0);
    }
    let whole = name
        .windows(word.len())
        .enumerate()
        .filter(|(_, window)| *window == word)
        .map(|(at, _)| match at {
            0 if name.len() == word.len() => 100,
            0 => 80,
            _ if starts_word(name, at) => 60,
            _ => 40,
        })
        .max();
    whole.or_else(|| scattered(word, name))
}

/// Letters in order; those at the start of a word and adjacent ones score more.
fn scattered(word: &[char], name: &[char]) -> Option<i32> {
    let (mut points, mut from, mut before) = (0, 0, None);
    for letter in word {
        let at = from + name.get(from..)?.iter().position(|found| found == letter)?;
        if starts_word(name, at) {
            points += 4;
        } else if before.is_some_and(|before| before + 1 == at) {
            points += 3;
        } else {
            points += 1;
        }
        before = Some(at);
        from = at + 1;
    }
    // Letters scattered across a long text match by chance.
    let most = i32::try_from(word.len()).ok()? * 4;
    (points * 2 >= most).then(|| points * 30 / most)
}

fn starts_word(name: &[char], at: usize) -> bool {
    at == 0
        || at
            .checked_sub(1)
            .and_then(|before| name.get(before))
            .is_some_and(|before| !before.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn best<'a>(query: &str, names: &[&'a str]) -> Vec<&'a str> {
        let mut found: Vec<_> = names
            .iter()
            .filter_map(|name| Some((score(query, name)?, *name)))
            .collect();
        found.sort_by_key(|(score, _)| -score);
        found.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn what_is_meant_comes_first() {
        let names = ["general", "earnings", "macro-earnings", "learning", "bonds"];
        assert_eq!(
            best("earn", &names),
            ["earnings", "macro-earnings", "learning"]
        );
        assert_eq!(best("ernngs", &["earnings", "general"]), ["earnings"]);
        assert_eq!(best("me", &names), ["macro-earnings"]);
        assert_eq!(best("GEN", &names), ["general"]);
        assert_eq!(best("light theme", &["Use the light theme"]).len(), 1);
        assert_eq!(best("zz", &names), Vec::<&str>::new());
        assert_eq!(best("straße", &["STRAẞE"]).len(), 1);
    }

    #[test]
    fn letters_all_over_the_place_are_no_match() {
        assert_eq!(score("gnl", "the signalling channel of all"), None);
    }

    proptest! {
        #[test]
        fn every_part_of_a_name_finds_it(name in "[a-z äöüßÆ-]{1,24}", from in 0_usize..24, len in 1_usize..24) {
            let letters: Vec<char> = name.chars().collect();
            let part: String = letters.iter().skip(from).take(len).collect();
            prop_assert!(score(&part, &name).is_some());
        }

        #[test]
        fn nothing_is_too_odd_to_ask(query in ".{0,40}", name in ".{0,40}") {
            let _any = score(&query, &name);
        }

        #[test]
        fn the_whole_name_wins(name in "[a-z]{2,12}", other in "[a-z]{2,24}") {
            prop_assert!(score(&name, &name) >= score(&name, &other));
        }
    }
}
