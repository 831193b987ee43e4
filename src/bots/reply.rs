//! Replies of the stock bot.

use super::model::{
    AlertCard, BotCard, ChartCard, CommandInfo, CommandUsage, CompareCard, CompareLine, Help,
    HowTo, MarketUnavailable, NoQuote, PredictionCard, QuoteCard, WhichOne,
};
use super::rules::commands;
use crate::alerts::{AlertKind, Condition};
use crate::chat::Card;
use crate::markets::{MAX_SYMBOL, Quote, Source, is_symbol_char};
use crate::shared::Error;
use rust_decimal::RoundingStrategy;

/// Usage of `/stock`, with an example.
const EXAMPLE: &str = "/stock=AAPL.US";
/// Examples of the commands with more parameters.
const EXAMPLES: [(&str, &str); 4] = [
    ("alert", "/alert AAPL > 200"),
    ("chart", "/chart AAPL 6m"),
    ("compare", "/compare AAPL MSFT 1y"),
    (
        "predict",
        "/predict AAPL long 3m because earnings look strong",
    ),
];

/// A reply: a sentence for programs, and the card that pages render in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// English sentence.
    pub text: String,
    /// The same as data.
    pub card: Card,
}

impl Reply {
    fn new(text: impl Into<String>, card: &impl BotCard) -> Self {
        Self {
            text: text.into(),
            card: card.card(),
        }
    }

    /// Reply with a quote.
    pub fn quote(quote: Quote) -> Self {
        let price = quote
            .price
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let text = format!("{} quote is ${price:.2} per share", quote.symbol);
        Self::new(text, &QuoteCard::from(quote))
    }

    /// The symbol is invalid, or the data source does not know it.
    pub fn no_quote(code: &str) -> Self {
        let symbol = shown(code);
        let subject = if symbol.is_empty() { "that" } else { &symbol };
        let text = format!("No quote for {subject}. Try a code such as AAPL.US or MSFT.US.");
        Self::new(text, &NoQuote { symbol })
    }

    /// The data source is unavailable.
    pub fn market_unavailable(code: &str) -> Self {
        let symbol = shown(code);
        let text =
            format!("Prices are not available right now. Ask for {symbol} again in a few minutes.");
        Self::new(text, &MarketUnavailable { symbol })
    }

    /// The symbol is missing.
    pub fn which_one() -> Self {
        let example = EXAMPLE.to_owned();
        Self::new(format!("Say which one: {EXAMPLE}"), &WhichOne { example })
    }

    /// The command has invalid parameters; shows its usage.
    pub fn how_to(name: &str, error: Option<Error>) -> Self {
        let mut examples = EXAMPLES.into_iter();
        let example = examples.find(|(known, _)| *known == name);
        let example = example.map_or(EXAMPLE, |(_, example)| example);
        let text = match &error {
            Some(error) => format!("{}. Usage: {example}", error.message),
            None => format!("Usage: {example}"),
        };
        let how_to = HowTo {
            example: example.to_owned(),
            error,
        };
        Self::new(text, &how_to)
    }

    /// Price history, with the address of its image.
    pub fn chart(card: &ChartCard) -> Self {
        let change = card.change_percent().unwrap_or_default();
        let text = format!(
            "{} from {} to {}: {} to {} ({change:+}%), {}. \
             /api/stocks/{}/chart.png?period={}&to={}",
            card.symbol,
            card.from,
            card.to,
            card.first.normalize(),
            card.last.normalize(),
            card.source.as_str(),
            card.symbol,
            card.days,
            card.to,
        );
        Self::new(text, card)
    }

    /// Comparison of several symbols.
    pub fn compare(card: &CompareCard) -> Self {
        let one = |line: &CompareLine| format!("{} {:+.2}%", line.symbol, line.total * 100.0);
        let lines: Vec<_> = card.lines.iter().map(one).collect();
        let sources: Vec<_> = card.sources().into_iter().map(Source::as_str).collect();
        let text = format!(
            "From {} to {}: {} ({})",
            card.from,
            card.to,
            lines.join(", "),
            sources.join(", ")
        );
        Self::new(text, card)
    }

    /// Confirms a created prediction.
    pub fn predict(card: &PredictionCard) -> Self {
        let when = if card.moves {
            "it begins at the next open"
        } else {
            "its prices have ended, so it cannot be scored"
        };
        let text = format!(
            "Prediction created: {} {} until {}. Last close {} on {} ({}); {when}.",
            card.symbol,
            card.direction.as_str(),
            card.due,
            card.known.price.normalize(),
            card.known.date,
            card.source.as_str()
        );
        Self::new(text, card)
    }

    /// Confirms a created alert.
    pub fn alert(card: &AlertCard) -> Self {
        let whom = if card.here { "say it here" } else { "tell you" };
        let waits = waits_for(&card.condition);
        let mut text = format!("I will {whom} when {} {waits}", card.symbol);
        if let Some(now) = &card.now {
            text.push_str(&format!(
                "; now {} on {} ({})",
                now.price.normalize(),
                now.date,
                now.source.as_str()
            ));
        }
        if card.there {
            text.push_str(". It is there already and has to come back first");
        }
        text.push_str(". It can be taken back at /markets/alerts");
        Self::new(text, card)
    }

    /// Lists the commands.
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

/// Condition of an alert, in English.
fn waits_for(condition: &Condition) -> String {
    let value = condition.value.unwrap_or_default().normalize();
    let period = condition.period.unwrap_or_default();
    match condition.kind {
        AlertKind::PriceAbove => format!("rises above {value}"),
        AlertKind::PriceBelow => format!("falls below {value}"),
        AlertKind::Rises => format!("rises by {value}% or more in a day"),
        AlertKind::Falls => format!("falls by {value}% or more in a day"),
        AlertKind::Moves => format!("moves by {value}% or more in a day"),
        AlertKind::RsiAbove => format!("has an RSI({period}) that rises above {value}"),
        AlertKind::RsiBelow => format!("has an RSI({period}) that falls below {value}"),
        AlertKind::CrossesSma => format!("crosses its SMA({period})"),
        AlertKind::CrossesEma => format!("crosses its EMA({period})"),
        AlertKind::CrossesMacd => "has a MACD that crosses its signal".to_owned(),
    }
}

/// Reduces a symbol to valid characters, so that the bot cannot be made to repeat other text.
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
    use proptest::prelude::*;

    const HELP: &str = "You can ask: /stock=SYMBOL, /chart SYMBOL 6m, /compare SYMBOL SYMBOL 1y, \
                        /predict SYMBOL long 3m because …, /alert SYMBOL > 200, /help";

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
        assert_eq!(Reply::help().text, HELP);
    }

    #[test]
    fn how_a_command_is_written() {
        let plain = Reply::how_to("chart", None);
        assert_eq!(plain.text, "Usage: /chart AAPL 6m");
        let error = Error::bad_request("bad-horizon", "That is no horizon");
        let reply = Reply::how_to("predict", Some(error.clone()));
        assert!(reply.text.starts_with("That is no horizon. Usage: "));
        let how_to: HowTo = serde_json::from_value(reply.card.body).unwrap();
        assert_eq!(how_to.error, Some(error));
        for command in commands() {
            let example = Reply::how_to(command.name, None).text;
            let known = example.contains(&format!("/{}", command.name));
            assert!(
                known || ["stock", "help"].contains(&command.name),
                "{example}"
            );
        }
    }

    #[test]
    fn a_comparison_names_the_sources_of_its_lines() {
        let line = |symbol: &str, source| CompareLine {
            symbol: symbol.into(),
            points: vec![100.0, 110.0],
            total: 0.1,
            volatility: None,
            fall: 0.0,
            source,
        };
        let mut card = CompareCard {
            lines: vec![line("A", None), line("B", None)],
            from: "2012-03-01".parse().unwrap(),
            to: "2013-03-01".parse().unwrap(),
            source: Source::Folder,
        };
        let days = "From 2012-03-01 to 2013-03-01: A +10.00%, B +10.00%";
        assert_eq!(Reply::compare(&card).text, format!("{days} (folder)"));
        card.lines[1].source = Some(Source::Stooq);
        let reply = Reply::compare(&card);
        assert_eq!(reply.text, format!("{days} (folder, stooq)"));
        let read: CompareCard = serde_json::from_value(reply.card.body).unwrap();
        assert_eq!(read, card);
    }

    #[test]
    fn the_quote_as_data() {
        let card = Reply::quote(quote("430.47")).card;
        assert_eq!(card.kind, "bots.quote");
        assert_eq!(card.body["symbol"], "AAPL.US");
        assert_eq!(card.body["price"], "430.47");
        assert_eq!(card.body["change"], "-10.93");
        assert_eq!(card.body["change_percent"], "-2.4762");
        assert_eq!(card.body["source"], "sample");
        assert_eq!(card.body["date"], "2013-03-01");
        let card: QuoteCard = serde_json::from_value(card.body).unwrap();
        assert_eq!(card.quote, quote("430.47"));
    }

    proptest! {
        #[test]
        fn the_bot_repeats_nothing_but_codes(code in ".{0,80}") {
            let card = Reply::no_quote(&code).card;
            let symbol = card.body["symbol"].as_str().unwrap();
            prop_assert!(symbol.len() <= MAX_SYMBOL && symbol.chars().all(is_symbol_char));
        }
    }
}
