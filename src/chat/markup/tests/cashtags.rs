//! Cashtags in messages.

use super::*;

/// All shown text, in order.
fn shown(blocks: &[Block]) -> String {
    let mut out = String::new();
    collect(blocks, &mut out);
    out
}

#[test]
fn cashtags_stand_in_text_and_nowhere_else() {
    let tag = |symbol: &str, shown: &str| Inline::Cashtag {
        symbol: symbol.into(),
        shown: shown.into(),
    };
    assert_eq!(
        parse("long $aapl, **$BRK.B**."),
        paragraph(vec![
            text("long "),
            tag("AAPL", "$aapl"),
            text(", "),
            Inline::Strong(vec![tag("BRK-B", "$BRK.B")]),
            text("."),
        ])
    );
    for (typed, found) in [
        ("$AAPL ($MSFT) $AAPL/$IBM", vec!["AAPL", "MSFT", "IBM"]),
        ("- $AAPL\n- *$IBM*", vec!["AAPL", "IBM"]),
        ("$100 and $5m and US$AAPL", vec![]),
        ("`$AAPL`", vec![]),
        ("```\n$AAPL\n```", vec![]),
        ("[$AAPL](https://a.example)", vec![]),
        ("https://a.example/$AAPL?b=$IBM", vec![]),
        ("<https://a.example/,$AAPL>", vec![]),
        ("\\$AAPL", vec![]),
        ("> $AAPL\n\nno", vec![]),
        ("$<script>alert(1)</script>", vec![]),
        ("$AAPL<script>", vec!["AAPL"]),
    ] {
        assert_eq!(cashtags(typed), found, "{typed}");
    }
    assert_eq!(
        parse("$<b>x</b>"),
        paragraph(vec![text("$<b>x</b>")]),
        "no markup of the writer's"
    );
}

proptest! {
    /// A cashtag changes how a word is rendered, never the text.
    #[test]
    fn cashtags_change_nothing_of_what_is_shown(
        typed in "([ \\n*_~`>(),.$]|\\$[A-Za-z]{1,4}|[a-z]{1,3}|- ){0,24}",
    ) {
        let plain = typed.replace('$', "§");
        prop_assert_eq!(shown(&parse(&typed)).replace('$', "§"), shown(&parse(&plain)));
    }

    #[test]
    fn what_is_written_as_a_cashtag_is_found(
        before in "[a-z ]{0,8}",
        codes in prop::collection::vec("[A-Z]{1,5}(-[A-Z])?(\\.US)?", 1..6),
    ) {
        let written: Vec<_> = codes.iter().map(|code| format!("${code}")).collect();
        let found = cashtags(&format!("{before} {}", written.join(" ")));
        let mut once: Vec<String> = Vec::new();
        for code in codes {
            if !once.contains(&code) {
                once.push(code);
            }
        }
        prop_assert_eq!(found, once);
    }
}
