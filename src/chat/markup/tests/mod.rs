mod cashtags;

use super::*;
use crate::testing::mutation::damaged_text;
use inlines::safe_url;
use pairs::Pairs;
use proptest::prelude::*;
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;
use tree::MAX_DEPTH;

fn text(text: &str) -> Inline {
    Inline::Text(text.into())
}

fn paragraph(inlines: Vec<Inline>) -> Vec<Block> {
    vec![Block::Paragraph(inlines)]
}

#[test]
fn emphasis_code_and_breaks() {
    assert_eq!(
        parse("a **b** *c* ~~d~~ `e`\nf"),
        paragraph(vec![
            text("a "),
            Inline::Strong(vec![text("b")]),
            text(" "),
            Inline::Emphasis(vec![text("c")]),
            text(" "),
            Inline::Strike(vec![text("d")]),
            text(" "),
            Inline::Code("e".into()),
            Inline::Break,
            text("f"),
        ])
    );
}

#[test]
fn addresses_become_links_and_tricks_do_not() {
    let link = |url: &str, shown: &str| Inline::Link {
        url: url.into(),
        children: vec![text(shown)],
    };
    assert_eq!(
        parse("see https://a.example/b."),
        paragraph(vec![
            text("see "),
            link("https://a.example/b", "https://a.example/b"),
            text("."),
        ])
    );
    assert_eq!(
        parse("[x](https://a.example)"),
        paragraph(vec![link("https://a.example", "x")])
    );
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//a.example",
        "https:a.example",
        "http:/a.example",
    ] {
        assert_eq!(
            parse(&format!("[x]({bad})")),
            paragraph(vec![text("x")]),
            "{bad}"
        );
    }
}

#[test]
fn html_and_headings_stay_text() {
    assert_eq!(
        parse("<script>alert(1)</script>"),
        paragraph(vec![text("<script>alert(1)</script>")])
    );
    assert_eq!(parse("#general"), paragraph(vec![text("#general")]));
    assert_eq!(
        parse("# not a title"),
        paragraph(vec![text("# not a title")])
    );
    assert_eq!(
        parse("a <b onclick=x>c</b>"),
        paragraph(vec![text("a <b onclick=x>c</b>")])
    );
}

#[test]
fn blocks() {
    assert_eq!(
        parse("```rust\nlet a = 1;\n```"),
        [Block::Code {
            language: "rust".into(),
            code: "let a = 1;\n".into()
        }]
    );
    assert_eq!(
        parse("> said\n\nyes"),
        [
            Block::Quote(paragraph(vec![text("said")])),
            Block::Paragraph(vec![text("yes")])
        ]
    );
    let Some(Block::List { start, items }) = parse("1. a\n2. b").pop() else {
        panic!("a list");
    };
    assert_eq!((start, items.len()), (Some(1), 2));
}

#[test]
fn emphasis_is_where_signs_stand_by_words() {
    let strong = |inner| Inline::Strong(inner);
    let emphasis = |inner| Inline::Emphasis(inner);
    for (typed, read) in [
        ("snake_case_word", vec![text("snake_case_word")]),
        ("2 * 3 * 4", vec![text("2 * 3 * 4")]),
        ("***x***", vec![emphasis(vec![strong(vec![text("x")])])]),
        (
            "**a *b***",
            vec![strong(vec![text("a "), emphasis(vec![text("b")])])],
        ),
        (
            "*a **b***",
            vec![emphasis(vec![text("a "), strong(vec![text("b")])])],
        ),
        (
            "**bold**text",
            vec![strong(vec![text("bold")]), text("text")],
        ),
        ("\\*a\\*", vec![text("*a*")]),
        ("**a", vec![text("**a")]),
        ("``a`b``", vec![Inline::Code("a`b".into())]),
    ] {
        assert_eq!(parse(typed), paragraph(read), "{typed}");
    }
}

#[test]
fn what_means_nothing_here_stays_text() {
    for typed in [
        "-",
        "* ",
        "1.",
        "---",
        "* * *",
        "&amp; &copy;",
        "a\n=",
        "[x]: y",
        "| a |",
    ] {
        let mut shown = String::new();
        collect(&parse(typed), &mut shown);
        assert_eq!(shown.trim(), typed.trim(), "{typed}");
    }
}

#[test]
fn lists_hold_lists_code_and_the_rest_of_a_sentence() {
    let list = |items| Block::List { start: None, items };
    assert_eq!(
        parse("- a\n  - b\nc\n- d"),
        [list(vec![
            vec![
                Block::Paragraph(vec![text("a")]),
                list(vec![vec![Block::Paragraph(vec![
                    text("b"),
                    Inline::Break,
                    text("c")
                ])]]),
            ],
            paragraph(vec![text("d")]),
        ])]
    );
    let code = Block::Code {
        language: String::new(),
        code: "x\n".into(),
    };
    assert_eq!(parse("- ```\n  x\n  ```"), [list(vec![vec![code]])]);
    assert_eq!(
        parse("born in\n1984. A year."),
        paragraph(vec![text("born in"), Inline::Break, text("1984. A year.")])
    );
}

/// Minimum CPU time of parsing: other tests run at the same time.
fn time(text: &str) -> Duration {
    let now = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        Duration::try_from(now).unwrap()
    };
    let read = || {
        let started = now();
        let _read = parse(text);
        now() - started
    };
    (0..5).map(|_| read()).min().unwrap()
}

/// 64 times the text takes about 64 times as long, not 4,096 times: the bound is well between both.
#[test]
fn reading_takes_as_long_as_the_text_is() {
    let repeated = [
        ">",
        "- ",
        "[",
        "]",
        "[]",
        "*a ",
        "_a ",
        "`",
        "`a",
        "<",
        "<a",
        "![",
        "[a](",
        "[a](b ",
        "[a](b \"",
        "[(](",
        "![a](",
        "~~a ",
        "\\",
        ",$a",
        "http://a.b/$A",
        "a:",
        "[\\]",
        "> a\n",
        "- a\n",
        "((",
        "<https://a>",
        "[a](https://b)",
    ];
    let of = |count: usize| {
        let mut all: Vec<String> = repeated.iter().map(|sign| sign.repeat(count)).collect();
        all.push(["[".repeat(count), "](".repeat(count)].concat());
        all.push(["[a](".repeat(count), " ".repeat(count)].concat());
        all.push(["[a](".repeat(count), ")".repeat(count)].concat());
        all
    };
    for (short, long) in of(100).into_iter().zip(of(6_400)) {
        // Plus one millisecond for jitter of clock and allocator.
        let most = time(&short) * 64 * 8 + Duration::from_millis(1);
        let took = time(&long);
        assert!(took < most, "{:?}…: {took:?} of {most:?}", &short[..12]);
    }
}

fn collect(blocks: &[Block], out: &mut String) {
    fn inline(pieces: &[Inline], out: &mut String) {
        for piece in pieces {
            match piece {
                Inline::Text(text) | Inline::Code(text) => out.push_str(text),
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                    inline(inner, out);
                }
                Inline::Link { children, url } => {
                    assert!(safe_url(url).is_some());
                    inline(children, out);
                }
                Inline::Cashtag { shown, .. } => out.push_str(shown),
                Inline::Break => out.push('\n'),
            }
        }
    }
    for block in blocks {
        match block {
            Block::Paragraph(pieces) => inline(pieces, out),
            Block::Code { code, .. } => out.push_str(code),
            Block::Quote(blocks) => collect(blocks, out),
            Block::List { items, .. } => items.iter().for_each(|item| collect(item, out)),
        }
    }
}

/// Finds a bracket's end by scanning from it.
fn naive_end(rest: &str, open: char, close: char, escapes: bool) -> Option<usize> {
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, c) in rest.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' && escapes {
            escaped = true;
        } else if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

proptest! {
    /// One pass over all brackets finds the same as a search from each of them.
    #[test]
    fn brackets_end_where_a_search_from_them_ends(
        before in r"[\[\]() aé\\]{0,40}",
        after in r"[\[\]() aé\\]{0,40}",
    ) {
        let typed = format!("{before}]({after}");
        let pairs = Pairs::of(&typed);
        let mut escaped = false;
        for (at, c) in typed.char_indices() {
            let rest = &typed[at..];
            if c == '[' && !escaped {
                let end = naive_end(rest, '[', ']', true).map(|end| at + end);
                prop_assert_eq!(pairs.square(at), end);
                if let Some(end) = end {
                    prop_assert_eq!(pairs.has_joint(at, end), typed[at..end].contains("]("));
                }
            }
            if c == '(' {
                let end = naive_end(rest, '(', ')', false).map(|end| at + end);
                prop_assert_eq!(pairs.round(at), end);
            }
            prop_assert_eq!(pairs.space(at), rest.find(' ').map(|space| at + space));
            escaped = c == '\\' && !escaped;
        }
    }
}

proptest! {
    /// For any input: no panic, every link is safe, and letters are not lost.
    #[test]
    fn letters_survive(typed in "[a-z*_~`<>#\\[\\]()!\n -]{0,80}") {
        let mut shown = String::new();
        collect(&parse(&typed), &mut shown);
        let letters = |s: &str| s.chars().filter(char::is_ascii_lowercase).count();
        prop_assert!(letters(&shown) <= letters(&typed));
    }

    #[test]
    fn anything_goes(typed in "\\PC{0,200}") {
        let mut shown = String::new();
        collect(&parse(&typed), &mut shown);
    }
}

#[test]
fn links_in_all_their_forms() {
    let link = |url: &str, shown: &str| Inline::Link {
        url: url.into(),
        children: vec![text(shown)],
    };
    for (typed, read) in [
        (r"[a\]b](https://c)", vec![link("https://c", "a]b")]),
        ("[a](  https://c  )", vec![link("https://c", "a")]),
        ("[a](<https://c>)", vec![link("https://c", "a")]),
        ("[a](https://c \"d) e\")", vec![link("https://c", "a")]),
        (
            "[a](https://c(d)e)f",
            vec![link("https://c(d)e", "a"), text("f")],
        ),
        (
            "[[a](https://c)](https://d)",
            vec![
                text("["),
                link("https://c", "a"),
                text("]("),
                link("https://d", "https://d"),
                text(")"),
            ],
        ),
        (
            "[a](https://c",
            vec![text("[a]("), link("https://c", "https://c")],
        ),
        (
            "![a](https://c)",
            vec![text("![a]("), link("https://c", "https://c"), text(")")],
        ),
        (r"\[a](b)", vec![text("[a](b)")]),
        (
            r"\\[a](https://c)",
            vec![text("\\"), link("https://c", "a")],
        ),
    ] {
        assert_eq!(parse(typed), paragraph(read), "{typed}");
    }
}

const MESSAGES: [&str; 4] = [
    "**Strong _and_ ~~struck~~** `code` [text](https://a.example/b?c=(d)) $AAPL $brk.b.",
    "> quoted\n> > twice\n\n- one\n  1. two\n     - three\n\n```rust\nfn x() {}\n```\nend",
    "see https://a.example/x, mailto:a@b.example and <script>alert(1)</script> &amp; # no heading",
    "* a\n* b\n***c***\n1. d\n2. e\n[a](javascript:alert(1)) [b](data:x) ![c](https://d.example)",
];

/// Number of nodes of a tree, and its depth.
fn size(blocks: &[Block], depth: usize) -> (usize, usize) {
    fn inlines(pieces: &[Inline], depth: usize) -> (usize, usize) {
        let of = |piece: &Inline| match piece {
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                inlines(inner, depth + 1)
            }
            Inline::Link { children, .. } => inlines(children, depth + 1),
            _ => (0, depth),
        };
        sum(pieces.iter().map(of), pieces.len(), depth)
    }
    fn sum(
        parts: impl Iterator<Item = (usize, usize)>,
        own: usize,
        depth: usize,
    ) -> (usize, usize) {
        parts.fold((own, depth), |(count, deepest), (more, deep)| {
            (count + more, deepest.max(deep))
        })
    }
    let of = |block: &Block| match block {
        Block::Paragraph(pieces) => inlines(pieces, depth + 1),
        Block::Code { .. } => (0, depth),
        Block::Quote(inner) => size(inner, depth + 1),
        Block::List { items, .. } => {
            let items = items.iter().map(|item| size(item, depth + 1));
            sum(items, 0, depth)
        }
    };
    sum(blocks.iter().map(of), blocks.len(), depth)
}

proptest! {
    /// A tree is bounded by its text and by the maximum depth; links are safe; the tree shows only
    /// what was typed.
    #[test]
    fn damaged_messages_are_survived(typed in damaged_text(&MESSAGES)) {
        let blocks = parse(&typed);
        let (count, depth) = size(&blocks, 0);
        prop_assert!(count <= 2 * typed.chars().count() + 1, "{count}");
        prop_assert!(depth <= 3 * MAX_DEPTH, "{depth}");
        let mut text = String::new();
        collect(&blocks, &mut text);
        let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).count();
        prop_assert!(letters(&text) <= letters(&typed));
        for symbol in cashtags(&typed) {
            prop_assert!(symbol.len() <= 12, "{symbol}");
        }
        prop_assert_eq!(blocks, parse(&typed));
    }
}
