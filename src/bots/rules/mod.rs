//! Commands of the bots.

#[cfg(feature = "ssr")]
pub mod returns;
mod span;

use super::model::CommandInfo;
use crate::predictions;
pub use span::Span;

/// Maximum number of symbols in a comparison.
pub const MOST: usize = 5;

/// A command with its parser. A new command needs only another row in [`COMMANDS`] here.
struct Known {
    info: CommandInfo,
    /// Parses the text after the name; `None`: not a command of the bots.
    read: fn(&str) -> Option<Command>,
}

/// All commands, in the order in which they are listed.
const COMMANDS: &[Known] = &[
    Known {
        info: CommandInfo {
            name: "stock",
            usage: "/stock=SYMBOL",
            description_key: "command-stock",
        },
        read: |rest| Some(stock(rest)),
    },
    Known {
        info: CommandInfo {
            name: "chart",
            usage: "/chart SYMBOL 6m",
            description_key: "command-chart",
        },
        read: |rest| Some(chart(rest)),
    },
    Known {
        info: CommandInfo {
            name: "compare",
            usage: "/compare SYMBOL SYMBOL 1y",
            description_key: "command-compare",
        },
        read: |rest| Some(compare(rest)),
    },
    Known {
        info: CommandInfo {
            name: "predict",
            usage: "/predict SYMBOL long 3m because …",
            description_key: "command-predict",
        },
        read: |rest| {
            Some(Command::Predict {
                text: after_mark(rest).trim().to_owned(),
            })
        },
    },
    Known {
        info: CommandInfo {
            name: "alert",
            usage: "/alert SYMBOL > 200",
            description_key: "command-alert",
        },
        read: |rest| {
            Some(Command::Alert {
                text: after_mark(rest).trim().to_owned(),
            })
        },
    },
    Known {
        info: CommandInfo {
            name: "help",
            usage: "/help",
            description_key: "command-help",
        },
        read: |rest| (!rest.starts_with('=')).then_some(Command::Help),
    },
];

/// Returns the commands, for the composer's completion and `/help`.
pub fn commands() -> Vec<CommandInfo> {
    COMMANDS.iter().map(|known| known.info).collect()
}

/// A parsed command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Quote of a symbol as typed, not yet validated.
    Stock {
        /// Not empty, without white space.
        code: String,
    },
    /// Quote without a symbol.
    StockWithoutCode,
    /// Price chart of a symbol.
    Chart {
        /// Symbol as typed.
        code: String,
        /// Period up to the last day.
        span: Span,
    },
    /// Comparison of several symbols.
    Compare {
        /// Symbols as typed, 2 to [`MOST`].
        codes: Vec<String>,
        /// Period up to the last common day.
        span: Span,
    },
    /// Creates a prediction.
    Predict {
        /// Parameters as typed.
        text: String,
    },
    /// Creates an alert.
    Alert {
        /// Parameters as typed.
        text: String,
    },
    /// A command with invalid parameters.
    Unclear { name: &'static str },
    /// Lists the commands.
    Help,
}

/// Parses a message: a slash, the name of a command in any case, then white space or `=` and the
/// parameters: `/stock=SYMBOL`, `/chart SYMBOL 6m`. `None`: not a command of the bots.
pub fn parse(text: &str) -> Option<Command> {
    let text = text.trim().strip_prefix('/')?;
    let end = text
        .find(|c: char| c == '=' || c.is_whitespace())
        .unwrap_or(text.len());
    let (mut name, rest) = text.split_at_checked(end)?;
    // Members type this short form by habit.
    if name.eq_ignore_ascii_case("call") {
        name = "predict";
    }
    let known = COMMANDS
        .iter()
        .find(|known| name.eq_ignore_ascii_case(known.info.name))?;
    (known.read)(rest)
}

/// Returns the symbols that a message asks for, as typed.
pub fn asked_for(text: &str) -> Vec<String> {
    let codes = match parse(text) {
        Some(Command::Stock { code } | Command::Chart { code, .. }) => vec![code],
        Some(Command::Compare { codes, .. }) => codes,
        Some(Command::Predict { text }) => predictions::rules::read(&text)
            .map(|input| input.symbol)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    };
    let bare = |code: String| code.trim_start_matches('$').to_owned();
    codes.into_iter().map(bare).collect()
}

/// Returns the text after the optional `=`.
fn after_mark(rest: &str) -> &str {
    let rest = rest.trim_start();
    rest.strip_prefix('=').unwrap_or(rest)
}

/// Text after the symbol is ignored.
fn stock(rest: &str) -> Command {
    match after_mark(rest).split_whitespace().next() {
        Some(code) => Command::Stock { code: code.into() },
        None => Command::StockWithoutCode,
    }
}

/// Splits off a period at the end; the other words are symbols.
fn codes_and_span(rest: &str) -> (Vec<String>, Option<Span>) {
    let words = after_mark(rest).split_whitespace();
    let mut codes: Vec<String> = words
        .map(|word| word.trim_start_matches('$').into())
        .collect();
    // The first word is always a symbol.
    let span = codes.get(1..).and_then(|rest| rest.last()?.parse().ok());
    if span.is_some() {
        codes.pop();
    }
    (codes, span)
}

fn chart(rest: &str) -> Command {
    match codes_and_span(rest) {
        (codes, span) if codes.len() == 1 => Command::Chart {
            code: codes.concat(),
            span: span.unwrap_or(Span::HALF_YEAR),
        },
        _ => Command::Unclear { name: "chart" },
    }
}

fn compare(rest: &str) -> Command {
    let (mut codes, span) = codes_and_span(rest);
    let mut seen = std::collections::HashSet::new();
    codes.retain(|code| seen.insert(code.to_ascii_uppercase()));
    if !(2..=MOST).contains(&codes.len()) {
        return Command::Unclear { name: "compare" };
    }
    Command::Compare {
        codes,
        span: span.unwrap_or(Span::YEAR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stock(code: &str) -> Option<Command> {
        Some(Command::Stock { code: code.into() })
    }

    #[test]
    fn what_a_message_asks_for() {
        for (text, codes) in [
            ("/stock=aapl.us please", vec!["aapl.us"]),
            ("/stock=$aapl", vec!["aapl"]),
            ("/chart $msft 6m", vec!["msft"]),
            ("/compare aapl $msft 1y", vec!["aapl", "msft"]),
            ("/predict ibm long 3m because", vec!["ibm"]),
            ("/call ibm", vec![]),
            ("/stock", vec![]),
            ("/help", vec![]),
            ("look at /stock=aapl", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(asked_for(text), codes, "{text}");
        }
    }

    #[test]
    fn commands_in_any_form() {
        for text in [
            "/stock=aapl.us",
            "/stock aapl.us",
            "  /STOCK=aapl.us \n",
            "/Stock\taapl.us",
            "/stock = aapl.us",
            "/stock= aapl.us please",
        ] {
            assert_eq!(parse(text), stock("aapl.us"), "{text}");
        }
        for text in ["/stock", "/stock=", " /STOCK  ", "/stock = "] {
            assert_eq!(parse(text), Some(Command::StockWithoutCode), "{text}");
        }
        for text in ["/help", " /HELP ", "/help me"] {
            assert_eq!(parse(text), Some(Command::Help), "{text}");
        }
    }

    #[test]
    fn other_texts_are_none_of_our_business() {
        for text in [
            "",
            "/",
            "stock=aapl",
            "/stocks=aapl",
            "/stock:aapl",
            "//stock=aapl",
            "/ stock=aapl",
            "/helpful",
            "/help=1",
            "see /stock=aapl",
            "/ſtock=aapl",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn charts_and_comparisons() {
        let six: Span = "6m".parse().unwrap();
        let chart = |code: &str, span| {
            Some(Command::Chart {
                code: code.into(),
                span,
            })
        };
        assert_eq!(parse("/chart aapl 6m"), chart("aapl", six));
        assert_eq!(parse("/chart=$aapl"), chart("aapl", Span::HALF_YEAR));
        assert_eq!(parse("/CHART 5d"), chart("5d", Span::HALF_YEAR), "a code");
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(
            parse("/compare aapl MSFT Aapl 2w"),
            Some(Command::Compare {
                codes: codes(&["aapl", "MSFT"]),
                span: "2w".parse().unwrap()
            })
        );
        assert_eq!(
            parse("/compare a b c d e"),
            Some(Command::Compare {
                codes: codes(&["a", "b", "c", "d", "e"]),
                span: Span::YEAR
            })
        );
        for (text, name) in [
            ("/chart", "chart"),
            ("/chart aapl soon", "chart"),
            ("/chart aapl 6m please", "chart"),
            ("/compare aapl", "compare"),
            ("/compare aapl AAPL 1y", "compare"),
            ("/compare a b c d e f 1y", "compare"),
        ] {
            assert_eq!(parse(text), Some(Command::Unclear { name }), "{text}");
        }
        let predict = |text: &str| Some(Command::Predict { text: text.into() });
        assert_eq!(
            parse("/predict aapl long 3m why "),
            predict("aapl long 3m why")
        );
        assert_eq!(parse("/Call aapl long 3m"), predict("aapl long 3m"));
        assert_eq!(parse("/predict"), predict(""));
        assert_eq!(parse("/caller"), None);
        let alert = |text: &str| Some(Command::Alert { text: text.into() });
        assert_eq!(parse("/alert aapl > 200 here"), alert("aapl > 200 here"));
        assert_eq!(parse("/ALERT=$aapl -3%"), alert("$aapl -3%"));
        assert_eq!(parse("/alert"), alert(""));
        assert_eq!(parse("/alerts"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(?s)/?(stock|help|chart|compare|call|alert|STOCK)?[= ]?.{0,60}") {
            if let Some(Command::Stock { code }) = parse(&text) {
                prop_assert!(!code.is_empty() && !code.contains(char::is_whitespace));
                prop_assert!(text.contains(&code));
            }
        }

        #[test]
        fn a_code_comes_through(code in "[A-Za-z0-9.^-][A-Za-z0-9.^=-]{0,19}", by in "=|[ \t]+|[ ]?=[ ]?") {
            prop_assert_eq!(parse(&format!("/stock{by}{code}")), stock(&code));
        }
    }
}
