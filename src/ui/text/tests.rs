use super::*;
use std::{fs, path::Path};

#[test]
fn catalogues_parse_and_repeat_no_key() {
    for (tag, source) in CATALOGUES {
        let resource = FluentResource::try_new((*source).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{tag}: {errors:?}"));
        let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().unwrap()]);
        assert!(bundle.add_resource(resource).is_ok(), "{tag} repeats a key");
    }
}

#[test]
fn plural_follows_the_number() {
    assert_eq!(
        t_with("jump-latest-count", &[("count", 1.into())]),
        "1 new message"
    );
    assert_eq!(
        t_with("jump-latest-count", &[("count", 12_u64.into())]),
        "12 new messages"
    );
    assert_eq!(
        t_with(
            "typing-two",
            &[("a", "Ada".into()), ("b", String::from("Bob").into())]
        ),
        "Ada and Bob are writing"
    );
}

#[test]
fn errors_speak_by_code_then_by_kind() {
    let wait = Error::rate_limited("message-rate", "", 12);
    assert_eq!(error_text(&wait), "You can send again in 12 seconds.");
    let one = Error::rate_limited("message-rate", "", 1);
    assert_eq!(error_text(&one), "You can send again in 1 second.");
    // A detail is missing, or the code is not known: never a raw code or a placeholder.
    let bare = Error::new(Kind::RateLimited, "message-rate", "x");
    assert_eq!(error_text(&bare), t("error-rate-limited-soon"));
    let unknown = Error::conflict("no-such-code", "x");
    assert_eq!(error_text(&unknown), t("error-conflict"));
}

#[test]
fn every_error_formats_with_its_details() {
    for key in keys("en").filter(|key| key.starts_with("error-")) {
        let values = ["seconds", "min", "max", "symbol"].map(|name| (name, Value::Number(7)));
        let text = lookup(Language::default(), &key, &values);
        assert!(text.is_some_and(|text| !text.contains('{')), "{key}");
    }
}

#[test]
fn languages_are_found_by_their_primary_tag() {
    assert_eq!(Language::parse("en-GB"), Some(Language::default()));
    assert_eq!(Language::parse("EN_us"), Some(Language::default()));
    assert_eq!(Language::parse("tlh"), None);
    assert_eq!(Language::default().tag(), "en");
}

/// Every key that the code names literally has a text.
#[test]
fn every_named_key_exists() {
    let known: Vec<String> = keys("en").collect();
    let mut missing = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    visit(&root, &mut |source| {
        for call in ["t(\"", "t_with(\"", "t_with(\n"] {
            for (at, _) in source.match_indices(call) {
                let before = source.get(..at).and_then(|text| text.chars().last());
                if before.is_some_and(|c| c.is_alphanumeric() || "_.:".contains(c)) {
                    continue;
                }
                let rest = source.get(at + call.len()..).unwrap_or_default();
                let rest = rest.trim_start().trim_start_matches('"');
                let key = rest.split('"').next().unwrap_or_default();
                if !known.iter().any(|name| name == key) {
                    missing.push(key.to_owned());
                }
            }
        }
    });
    missing.retain(|key| key != "key" && !key.is_empty());
    assert!(missing.is_empty(), "no text for {missing:?}");
}

fn keys(tag: &str) -> impl Iterator<Item = String> {
    let (_, source) = CATALOGUES.iter().find(|(known, _)| *known == tag).unwrap();
    source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
}

fn visit(folder: &Path, each: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|end| end == "rs")
            && !path.ends_with("text/tests.rs")
        {
            each(&fs::read_to_string(&path).unwrap());
        }
    }
}
