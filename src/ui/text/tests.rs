use super::*;
use crate::shared::{Error, Kind};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

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
        "Ada and Bob are typing"
    );
}

#[test]
fn errors_speak_by_code_then_by_kind() {
    let wait = Error::rate_limited("message-rate", "", 12);
    assert_eq!(error_text(&wait), "You can send again in 12 seconds.");
    let one = Error::rate_limited("message-rate", "", 1);
    assert_eq!(error_text(&one), "You can send again in 1 second.");
    // A detail is missing, or the code is unknown: never shows a raw code or a placeholder.
    let bare = Error::new(Kind::RateLimited, "message-rate", "x");
    assert_eq!(error_text(&bare), t("error-rate-limited-soon"));
    let unknown = Error::conflict("no-such-code", "x");
    assert_eq!(error_text(&unknown), t("error-conflict"));
}

#[test]
fn every_error_formats_with_its_details() {
    for (index, (tag, _)) in CATALOGUES.iter().enumerate() {
        for key in keys(tag).filter(|key| key.starts_with("error-")) {
            let values = [
                "seconds", "min", "max", "symbol", "symbols", "digits", "date", "held", "asked",
                "name", "currency",
            ]
            .map(|name| (name, Value::Number(7)));
            let bundle = bundles().get(index).unwrap();
            let text = format(bundle, &key, &values);
            assert!(text.is_some_and(|text| !text.contains('{')), "{tag} {key}");
        }
    }
}

/// A translation that mentions fewer values loses information; one that mentions others lacks a
/// value.
#[test]
fn all_languages_have_the_same_keys_with_the_same_values() {
    let (first, english) = CATALOGUES.first().unwrap();
    let english = values_by_key(english);
    for (tag, source) in CATALOGUES {
        let own = values_by_key(source);
        for (key, values) in &english {
            assert_eq!(own.get(key), Some(values), "{key}: {first} and {tag}");
        }
        for key in own.keys() {
            assert!(
                english.contains_key(key),
                "{tag} has {key}, {first} has not"
            );
        }
    }
}

/// Texts that are equal in both languages were often forgotten.
#[test]
fn no_text_was_left_in_english() {
    let [english, spanish] = ["en", "es"].map(|tag| sources_by_key(source_of(tag)));
    // Names, symbols, and words that both languages share.
    let same = [
        "alert-fired",
        "app-name",
        "bot-badge",
        "cap-ctrl",
        "cap-escape",
        "cap-tab",
        "channel-unread-many",
        "component-adx",
        "component-cci",
        "component-ichimoku",
        "component-macd",
        "component-rsi",
        "component-vwma",
        "date-short",
        "date-time",
        "formula-simple",
        "instance-language-en",
        "instance-language-es",
        "month-short-2",
        "month-short-3",
        "admin-has-factor",
        "admin-no",
        "pane-conversation",
        "performance-beta",
        "label-sector",
        "quote-source-stooq",
        "range-1m",
        "range-3m",
        "range-6m",
        "rating-neutral",
        "study-adx",
        "study-atr",
        "study-cci",
        "study-ichimoku",
        "study-line-adx",
        "study-line-d",
        "study-line-k",
        "study-line-minus",
        "study-line-plus",
        "study-macd",
        "study-mfi",
        "study-obv",
        "study-roc",
        "study-rsi",
        "transactions-total",
        "uptime-days",
        "uptime-hours",
        "verdict-neutral",
        "vote-neither",
        "with-key",
    ];
    for (key, text) in english {
        let translated = spanish.get(&key).is_some_and(|other| *other != text);
        assert!(translated || same.contains(&key.as_str()), "{key}: {text}");
    }
}

/// The browser's formatter returns the same texts as the library on the server.
#[test]
fn browser_and_server_say_the_same() {
    for (index, (tag, source)) in CATALOGUES.iter().enumerate() {
        // As `pack` writes it: without comments and empty lines.
        let lines = source
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let sent: String = lines.map(|line| format!("{line}\n")).collect();
        let page = pattern::Catalogue::read(&sent);
        let category = |n: i64| match (*tag, n) {
            (_, 1) => "one".to_owned(),
            ("es", n) if n != 0 && n % 1_000_000 == 0 => "many".to_owned(),
            _ => "other".to_owned(),
        };
        let figure = |n: i64| figures::figure_in(Language(index), &n.to_string());
        let bundle = bundles().get(index).unwrap();
        for (key, names) in values_by_key(source) {
            let numbers = [0, 1, 2, 5, 11, 21, 1_234, 12_345, 1_000_000, 1_000_001];
            let numbers = numbers.map(Value::Number);
            for value in numbers.into_iter().chain([Value::from("$a } [b]")]) {
                let values: Vec<_> = names
                    .iter()
                    .map(|name| (name.as_str(), value.clone()))
                    .collect();
                let expected = format(bundle, &key, &values);
                assert!(expected.is_some(), "{tag} {key}");
                let filled = page.format(&key, &values, category, figure);
                assert_eq!(filled, expected, "{tag} {key}");
            }
            let nothing = page.format(&key, &[], category, figure);
            assert_eq!(nothing.is_none(), !names.is_empty(), "{tag} {key}");
        }
    }
}

fn source_of(tag: &str) -> &'static str {
    CATALOGUES
        .iter()
        .find(|(known, _)| *known == tag)
        .unwrap()
        .1
}

/// The source of each text.
fn sources_by_key(catalogue: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::<String, String>::new();
    let mut key = None;
    for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let (name, text) = line.split_once(" =").unwrap();
            texts.insert(name.to_owned(), text.trim().to_owned());
            key = Some(name.to_owned());
        } else if let Some(text) = key.as_ref().and_then(|key| texts.get_mut(key)) {
            text.push('\n');
            text.push_str(line);
        }
    }
    texts
}

/// The names of the values that each text mentions.
fn values_by_key(catalogue: &str) -> BTreeMap<String, BTreeSet<String>> {
    let name = |text: &str| {
        let end = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
        text.split(end).next().unwrap_or_default().to_owned()
    };
    sources_by_key(catalogue)
        .into_iter()
        .map(|(key, text)| (key, text.split('$').skip(1).map(name).collect()))
        .collect()
}

#[test]
fn languages_are_found_by_their_primary_tag() {
    assert_eq!(Language::parse("en-GB"), Some(Language::default()));
    assert_eq!(Language::parse("EN_us"), Some(Language::default()));
    assert_eq!(Language::parse("es-419").map(Language::tag), Some("es"));
    assert_eq!(Language::parse("tlh"), None);
    assert_eq!(Language::default().tag(), "en");
}

#[test]
fn the_language_is_the_best_of_those_that_are_accepted() {
    let accepted = |header| Language::accepted(header).map(Language::tag);
    for (header, tag) in [
        ("es", Some("es")),
        ("es-MX,es;q=0.9,en;q=0.8", Some("es")),
        ("en-GB, es;q=0.9", Some("en")),
        ("fr, es;q=0.7, en;q=0.3", Some("es")),
        ("en;q=0.2, es;q=0.25", Some("es")),
        ("es;q=0, en", Some("en")),
        ("es;q=0", None),
        ("fr;q=1, *;q=0.1", Some("en")),
        ("es ; q=0.5 , en ; q=0.4", Some("es")),
        ("es;q=7, en;q=0.1", Some("en")),
        ("es;q=x", None),
        ("fr,de", None),
        ("", None),
        (";;,,;q=1", None),
    ] {
        assert_eq!(accepted(header), tag, "{header}");
    }
}

#[test]
fn figures_in_texts_follow_the_language() {
    let text = |tag, count: u64| {
        let language = Language::parse(tag).unwrap();
        lookup(language, "jump-latest-count", &[("count", count.into())]).unwrap()
    };
    assert_eq!(text("en", 1), "1 new message");
    assert_eq!(text("en", 1_234), "1,234 new messages");
    assert_eq!(text("es", 0), "0 mensajes nuevos");
    assert_eq!(text("es", 1), "1 mensaje nuevo");
    assert_eq!(text("es", 1_234), "1234 mensajes nuevos");
    assert_eq!(text("es", 12_345), "12.345 mensajes nuevos");
    assert!(Language::all().all(|language| !language.name().is_empty()));
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
    source_of(tag)
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
