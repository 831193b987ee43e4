//! What the stock bot understands and what it says.

use super::model::{
    BotPart, CommandInfo, CommandUsage, Help, MarketUnavailable, NoQuote, QuoteCard, WhichOne,
};
use crate::chat::Part;
use crate::markets::{MAX_SYMBOL, Quote, is_symbol_char};
use rust_decimal::RoundingStrategy;

/// How the command is written, with an example.
const EXAMPLE: &str = "/stock=AAPL.US";

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

/// What the bot says: a sentence for programs, and the piece from which pages render it in the
/// reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The English sentence.
    pub text: String,
    /// The same as data.
    pub part: Part,
}

impl Reply {
    fn new(text: impl Into<String>, part: &impl BotPart) -> Self {
        Self {
            text: text.into(),
            part: part.part(),
        }
    }

    /// The price was found.
    #[must_use]
    pub fn quote(quote: Quote) -> Self {
        let price = quote
            .price
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let text = format!("{} quote is ${price:.2} per share", quote.symbol);
        Self::new(text, &QuoteCard::from(quote))
    }

    /// The source knows no such code, or it cannot be one.
    #[must_use]
    pub fn no_quote(code: &str) -> Self {
        let symbol = shown(code);
        let subject = if symbol.is_empty() { "that" } else { &symbol };
        let text = format!("No quote for {subject}. Try a code such as AAPL.US or MSFT.US.");
        Self::new(text, &NoQuote { symbol })
    }

    /// The source of prices is away.
    #[must_use]
    pub fn market_unavailable(code: &str) -> Self {
        let symbol = shown(code);
        let text =
            format!("Prices are not available right now. Ask for {symbol} again in a few minutes.");
        Self::new(text, &MarketUnavailable { symbol })
    }

    /// The code is missing.
    #[must_use]
    pub fn which_one() -> Self {
        let example = EXAMPLE.to_owned();
        Self::new(format!("Say which one: {EXAMPLE}"), &WhichOne { example })
    }

    /// What can be asked.
    #[must_use]
    pub fn help() -> Self {
        let usage = |info: CommandInfo| CommandUsage {
            name: info.name.into(),
            usage: info.usage.into(),
        };
        let help = Help {
            commands: commands().into_iter().map(usage).collect(),
        };
        let usages: Vec<_> = help.commands.iter().map(|c| c.usage.as_str()).collect();
        Self::new(format!("You can ask: {}", usages.join(", ")), &help)
    }
}

/// A code as the bot repeats it: nobody can have the bot say anything but a code.
fn shown(code: &str) -> String {
    code.chars()
        .filter(|c| is_symbol_char(*c))
        .take(MAX_SYMBOL)
        .collect::<String>()
        .to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markets::Source;
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

    fn quote(price: &str) -> Quote {
        Quote {
            symbol: "AAPL.US".into(),
            price: price.parse().unwrap(),
            open: None,
            high: None,
            low: None,
            previous_close: Some("441.4".parse().unwrap()),
            volume: Some(1),
            date: "2013-03-01".parse().unwrap(),
            time: None,
            source: Source::Sample,
        }
    }

    #[test]
    fn the_sentences_of_the_contract() {
        for (price, shown) in [
            ("430.47", "$430.47"),
            ("430.4", "$430.40"),
            ("430", "$430.00"),
            ("430.465", "$430.47"),
            ("1234567.891", "$1234567.89"),
        ] {
            assert_eq!(
                Reply::quote(quote(price)).text,
                format!("AAPL.US quote is {shown} per share")
            );
        }
        let unknown = Reply::no_quote("xxxx");
        assert!(unknown.text.starts_with("No quote for XXXX. "));
        assert_eq!(Reply::which_one().text, "Say which one: /stock=AAPL.US");
        assert_eq!(Reply::help().text, "You can ask: /stock=CODE, /help");
    }

    #[test]
    fn the_quote_as_data() {
        let part = Reply::quote(quote("430.47")).part;
        assert_eq!(part.kind, "bots.quote");
        assert_eq!(part.body["symbol"], "AAPL.US");
        assert_eq!(part.body["price"], "430.47");
        assert_eq!(part.body["change"], "-10.93");
        assert_eq!(part.body["change_percent"], "-2.4762");
        assert_eq!(part.body["source"], "sample");
        assert_eq!(part.body["date"], "2013-03-01");
        let card: QuoteCard = serde_json::from_value(part.body).unwrap();
        assert_eq!(card.quote, quote("430.47"));
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

        #[test]
        fn the_bot_repeats_nothing_but_codes(code in ".{0,80}") {
            let part = Reply::no_quote(&code).part;
            let symbol = part.body["symbol"].as_str().unwrap();
            prop_assert!(symbol.len() <= MAX_SYMBOL && symbol.chars().all(is_symbol_char));
        }
    }
}
