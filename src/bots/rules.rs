//! What the bots understand.

use super::model::CommandInfo;

/// The commands that bots understand, for the composer's completion and `/help`.
#[must_use]
pub fn commands() -> Vec<CommandInfo> {
    vec![
        CommandInfo {
            name: "stock",
            usage: "/stock=CODE",
            description_key: "command-stock",
        },
        CommandInfo {
            name: "help",
            usage: "/help",
            description_key: "command-help",
        },
    ]
}

/// What somebody asks of the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The price of something; the code is as it was written and not checked yet.
    Stock {
        /// Not empty, without white space.
        code: String,
    },
    /// The price of something that was not said.
    StockWithoutCode,
    /// What can be asked.
    Help,
}

/// Reads a message: `/stock=CODE`, `/stock CODE` or `/help`, in any case. What follows the code
/// is for people. `None`: this is no command of ours.
#[must_use]
pub fn parse(text: &str) -> Option<Command> {
    let text = text.trim().strip_prefix('/')?;
    let end = text
        .find(|c: char| c == '=' || c.is_whitespace())
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    if name.eq_ignore_ascii_case("help") {
        return (!rest.starts_with('=')).then_some(Command::Help);
    }
    if !name.eq_ignore_ascii_case("stock") {
        return None;
    }
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    Some(match rest.split_whitespace().next() {
        Some(code) => Command::Stock { code: code.into() },
        None => Command::StockWithoutCode,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stock(code: &str) -> Option<Command> {
        Some(Command::Stock { code: code.into() })
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

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(?s)/?(stock|help|STOCK)?[= ]?.{0,60}") {
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
