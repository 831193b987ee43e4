//! Replies to each command.

use super::super::model::{
    AlertCard, ChartCard, CompareCard, CompareLine, Given, Known, PredictionCard,
};
use super::super::rules::{Command, Span, returns};
use super::{Reply, StockBot};
use crate::alerts::rules::is_there;
use crate::chat::Message;
use crate::markets::{self, Bar, History, Rated, Symbol, ratings::Verdict};
use crate::predictions::{Created, rules::read};
use crate::shared::{Error, Kind, Result};
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;

impl StockBot {
    /// Returns the reply to a command.
    pub(super) async fn reply(&self, message: &Message, command: Command) -> Result<Reply> {
        Ok(match command {
            Command::Help => Reply::help(),
            Command::StockWithoutCode => Reply::which_one(),
            Command::Unclear { name } => Reply::how_to(name, None),
            Command::Stock { code } => match self.markets_for(message).quote(&code).await {
                Ok(Some(quote)) => Reply::quote(quote),
                Ok(None) => Reply::no_quote(&code),
                Err(error) if error.kind == Kind::BadRequest => Reply::no_quote(&code),
                Err(_) => Reply::market_unavailable(&code),
            },
            Command::Chart { code, span } => self.chart(message, &code, span).await?,
            Command::Compare { codes, span } => self.compare(message, codes, span).await?,
            Command::Predict { text } => self.predict(message, &text).await?,
            Command::Alert { text } => self.alert(message, &text).await?,
        })
    }

    /// Requests market data on behalf of a message's author.
    fn markets_for(&self, message: &Message) -> markets::Service {
        self.markets.requested_by(&message.author)
    }

    async fn chart(&self, message: &Message, code: &str, span: Span) -> Result<Reply> {
        let markets = self.markets_for(message);
        let history = match past(code, markets.history(code).await) {
            Ok(history) => history,
            Err(reply) => return Ok(*reply),
        };
        let Some(to) = history.bars.last().map(|bar| bar.date) else {
            return Ok(Reply::no_quote(code));
        };
        let from = span.before(to);
        let start = history.bars.partition_point(|bar| bar.date < from);
        let shown = history.bars.get(start..).unwrap_or_default();
        let (Some(first), Some(last)) = (shown.first(), shown.last()) else {
            return Ok(Reply::no_quote(code));
        };
        let closes = || shown.iter().map(|bar| bar.close);
        // Without a rating, the prices are still a reply.
        let rated = markets.rating(code).await.ok().flatten();
        let rated = rated.filter(|rated| rated.as_of == Some(to));
        let card = ChartCard {
            symbol: code.parse::<Symbol>()?.to_string(),
            from: first.date,
            to,
            days: shown.len(),
            first: first.close,
            last: last.close,
            low: closes().min().unwrap_or(last.close),
            high: closes().max().unwrap_or(last.close),
            source: history.source,
            rating: rated.as_ref().and_then(given),
        };
        if let Some(rated) = rated.filter(|_| card.rating.is_some()) {
            let (channel, asker) = (message.channel_id, &message.author);
            let noted =
                self.predictions
                    .note_rating(channel, asker, &card.symbol, &rated, last.close);
            // If the author has left meanwhile, no rating is recorded.
            match noted.await {
                Err(error) if error.kind != Kind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(Reply::chart(&card))
    }

    async fn compare(&self, message: &Message, codes: Vec<String>, span: Span) -> Result<Reply> {
        let found = self.markets_for(message).histories(&codes).await;
        let mut histories = Vec::with_capacity(found.len());
        for (code, found) in codes.iter().zip(found) {
            match past(code, found) {
                Ok(history) => histories.push(history),
                Err(reply) => return Ok(*reply),
            }
        }
        let closes = |history: &Arc<History>| -> returns::Closes {
            let close = |bar: &Bar| Some((bar.date, bar.close.to_f64()?));
            history.bars.iter().filter_map(close).collect()
        };
        let all: Vec<_> = histories.iter().map(closes).collect();
        let span = returns::common(&all, |to| span.before(to));
        let Some((from, to)) = span else {
            let error = Error::bad_request("no-common-days", "No trading days in common");
            return Ok(Reply::how_to("compare", Some(error)));
        };
        let mut lines = Vec::with_capacity(all.len());
        let source = histories.first().map(|history| history.source);
        let sources = histories.iter().map(|history| history.source);
        for ((code, closes), own) in codes.iter().zip(&all).zip(sources) {
            let line = returns::line(closes, from, to).ok_or_else(|| Error::internal("no line"))?;
            lines.push(CompareLine {
                symbol: code.parse::<Symbol>()?.to_string(),
                points: line.points,
                total: line.total,
                volatility: line.volatility,
                fall: line.fall,
                source: Some(own).filter(|own| Some(*own) != source),
            });
        }
        Ok(Reply::compare(&CompareCard {
            lines,
            from,
            to,
            source: source.ok_or_else(|| Error::internal("no line"))?,
        }))
    }

    async fn predict(&self, message: &Message, text: &str) -> Result<Reply> {
        let Some(input) = read(text) else {
            return Ok(Reply::how_to("predict", None));
        };
        let mark = format!("message:{}", message.id);
        let made = self.predictions.make_in(
            message.channel_id,
            &message.author,
            &mark,
            &input,
            message.created_at,
        );
        let Created {
            prediction: call,
            moves,
        } = match made.await {
            Ok(created) => created,
            Err(error) => {
                return match (&*error.code, error.kind) {
                    ("unknown-symbol", _) => Ok(Reply::no_quote(&input.symbol)),
                    ("market-unavailable", _) => Ok(Reply::market_unavailable(&input.symbol)),
                    (_, Kind::Internal | Kind::Unavailable) => Err(error),
                    _ => Ok(Reply::how_to("predict", Some(error))),
                };
            }
        };
        let record = self.predictions.record_beside(&call).await?;
        Ok(Reply::predict(&PredictionCard {
            symbol: call.symbol,
            direction: call.direction,
            horizon: call.horizon,
            reason: call.reason,
            known: call.known,
            due: call.due,
            source: call.source,
            record,
            moves,
        }))
    }

    async fn alert(&self, message: &Message, text: &str) -> Result<Reply> {
        if text.is_empty() {
            return Ok(Reply::how_to("alert", None));
        }
        let made = self
            .alerts
            .create_in(message.channel_id, &message.author, message.id, text);
        let alert = match made.await {
            Ok(alert) => alert,
            Err(error) => {
                // The text starts with the symbol, if it has one.
                let code = text.split_whitespace().next().unwrap_or_default();
                return match (&*error.code, error.kind) {
                    ("unknown-symbol" | "bad-symbol", _) => Ok(Reply::no_quote(code)),
                    ("market-unavailable", _) => Ok(Reply::market_unavailable(code)),
                    (_, Kind::Internal | Kind::Unavailable | Kind::StorageFull) => Err(error),
                    _ => Ok(Reply::how_to("alert", Some(error))),
                };
            }
        };
        // An alert is created even if no price is known.
        let quote = self.markets_for(message).quote(&alert.symbol).await;
        let quote = quote.ok().flatten();
        let now = quote.map(|quote| Known {
            price: quote.price.normalize(),
            date: quote.date,
            source: quote.source,
        });
        Ok(Reply::alert(&AlertCard {
            there: now.is_some_and(|now| is_there(&alert.condition, now.price)),
            symbol: alert.symbol,
            condition: alert.condition,
            here: alert.channel_id.is_some(),
            now,
        }))
    }
}

/// Returns the price history, or the reply if there is none.
fn past(code: &str, found: Result<Option<Arc<History>>>) -> Result<Arc<History>, Box<Reply>> {
    match found {
        Ok(Some(history)) => Ok(history),
        Ok(None) => Err(Box::new(Reply::no_quote(code))),
        Err(error) if error.kind == Kind::BadRequest => Err(Box::new(Reply::no_quote(code))),
        Err(_) => Err(Box::new(Reply::market_unavailable(code))),
    }
}

/// Returns a rating as published; None: too few components have a signal.
fn given(rated: &Rated) -> Option<Given> {
    let verdict = rated.rating.as_ref()?.verdict()?;
    let sides = rated.record.map(|record| match verdict {
        Verdict::StrongBuy | Verdict::Buy => (record.after_buy.rate, record.rises.rate),
        Verdict::Sell | Verdict::StrongSell => (record.after_sell.rate, record.falls.rate),
        Verdict::Neutral => (None, None),
    });
    let (rate, base) = sides.unwrap_or_default();
    Some(Given {
        verdict,
        rate,
        base,
        horizon: markets::ratings::HORIZON,
        edge: rated.record.map(|record| record.edge),
    })
}
