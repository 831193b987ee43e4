//! The components of a rating: what each computes, and the rule by which it votes.

use crate::markets::rules::indicators::{
    Adx, Candle, Cci, Ema, Ichimoku, Macd, Rsi, Sma, Stochastic, Ultimate, WilliamsR, Window, Wma,
};
use serde::{Deserialize, Serialize};

/// Group of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Moving averages: the direction.
    Averages,
    /// Oscillators: whether the price went too far.
    Oscillators,
}

/// A component that votes. The settings are fixed: no search chose them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Simple moving average of this many closes: buy if the close is above it, sell if below.
    Sma(u16),
    /// Exponential moving average, likewise.
    Ema(u16),
    /// Hull moving average of 9, likewise.
    Hull,
    /// Volume-weighted mean of 20 closes, likewise.
    Vwma,
    /// Ichimoku 9/26/52: buy if the close is above the cloud of that day and the conversion line
    /// above the base line; sell if both are below.
    Ichimoku,
    /// RSI 14: buy below 30 and rising; sell above 70 and falling.
    Rsi,
    /// Stochastic 14/3/3: buy if %K and %D are below 20 and %K above %D; sell if above 80 and %K
    /// below.
    Stochastic,
    /// CCI 20: buy below -100 and rising; sell above 100 and falling.
    Cci,
    /// ADX 14 above 20 and rising: buy if +DI is above -DI, else sell.
    Adx,
    /// Awesome oscillator: buy above zero and rising; sell below zero and falling.
    Awesome,
    /// Momentum 10: buy if it rises; sell if it falls.
    Momentum,
    /// MACD 12/26/9: buy above its signal; sell below.
    Macd,
    /// Stochastic of RSI 14/14/3/3: like the stochastic.
    StochasticRsi,
    /// Williams %R 14: buy below -80 and rising; sell above -20 and falling.
    WilliamsR,
    /// Bull and bear power 13: buy if the average rises and the bears, below zero, weaken; sell if
    /// it falls and the bulls, above zero, weaken.
    BullBear,
    /// Ultimate oscillator 7/14/28: buy above 70; sell below 30.
    Ultimate,
}

pub const COMPONENTS: [Component; 26] = [
    Component::Sma(10),
    Component::Ema(10),
    Component::Sma(20),
    Component::Ema(20),
    Component::Sma(30),
    Component::Ema(30),
    Component::Sma(50),
    Component::Ema(50),
    Component::Sma(100),
    Component::Ema(100),
    Component::Sma(200),
    Component::Ema(200),
    Component::Hull,
    Component::Vwma,
    Component::Ichimoku,
    Component::Rsi,
    Component::Stochastic,
    Component::Cci,
    Component::Adx,
    Component::Awesome,
    Component::Momentum,
    Component::Macd,
    Component::StochasticRsi,
    Component::WilliamsR,
    Component::BullBear,
    Component::Ultimate,
];

/// Value and vote of a component on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub component: Component,
    /// `None` during its warm-up and where it is not defined.
    pub value: Option<f64>,
    /// 1: buy, -1: sell, 0: neutral; `None`: it cannot vote.
    pub vote: Option<i8>,
}

type Voter = Box<dyn FnMut(&Candle) -> (Option<f64>, Option<i8>) + Send>;

impl Component {
    /// Returns its group.
    pub const fn group(self) -> Group {
        match self {
            Self::Sma(_) | Self::Ema(_) | Self::Hull | Self::Vwma | Self::Ichimoku => {
                Group::Averages
            }
            _ => Group::Oscillators,
        }
    }

    /// Returns its name with its settings, for programs.
    pub fn name(self) -> String {
        match self {
            Self::Sma(period) => return format!("sma:{period}"),
            Self::Ema(period) => return format!("ema:{period}"),
            Self::Hull => "hull:9",
            Self::Vwma => "vwma:20",
            Self::Ichimoku => "ichimoku:9:26:52",
            Self::Rsi => "rsi:14",
            Self::Stochastic => "stochastic:14:3:3",
            Self::Cci => "cci:20",
            Self::Adx => "adx:14",
            Self::Awesome => "awesome:5:34",
            Self::Momentum => "momentum:10",
            Self::Macd => "macd:12:26:9",
            Self::StochasticRsi => "stochastic_rsi:14:14:3:3",
            Self::WilliamsR => "williams:14",
            Self::BullBear => "bull_bear:13",
            Self::Ultimate => "ultimate:7:14:28",
        }
        .to_owned()
    }

    /// Returns the rule by which it votes, for programs.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Sma(_) | Self::Ema(_) | Self::Hull | Self::Vwma => {
                "+1 where the close is above it, -1 below"
            }
            Self::Ichimoku => {
                "+1 above the cloud with the conversion line above the base line, -1 below both"
            }
            Self::Rsi => "+1 below 30 and rising, -1 above 70 and falling",
            Self::Stochastic | Self::StochasticRsi => {
                "+1 where %K and %D are below 20 and %K above %D, -1 above 80 and below"
            }
            Self::Cci => "+1 below -100 and rising, -1 above 100 and falling",
            Self::Adx => "where it is above 20 and rising: +1 with +DI above -DI, else -1",
            Self::Awesome => "+1 above 0 and rising, -1 below 0 and falling",
            Self::Momentum => "+1 rising, -1 falling",
            Self::Macd => "+1 above its signal, -1 below",
            Self::WilliamsR => "+1 below -80 and rising, -1 above -20 and falling",
            Self::BullBear => {
                "+1 where the average rises and the bear power below 0 does, -1 where it falls and \
                 the bull power above 0 does"
            }
            Self::Ultimate => "+1 above 70, -1 below 30",
        }
    }

    /// Starts to compute it bar by bar.
    fn run(self) -> Voter {
        match self {
            Self::Sma(period) => {
                let mut mean = Sma::new(period.into());
                above(move |bar| mean.next(bar.close))
            }
            Self::Ema(period) => {
                let mut mean = Ema::new(period.into());
                above(move |bar| mean.next(bar.close))
            }
            Self::Hull => hull(),
            Self::Vwma => vwma(),
            Self::Ichimoku => ichimoku(),
            Self::Rsi => {
                let mut rsi = Rsi::new(14);
                beyond((30.0, 70.0), move |bar| rsi.next(bar.close))
            }
            Self::Cci => {
                let mut cci = Cci::new(20);
                beyond((-100.0, 100.0), move |bar| cci.next(bar))
            }
            Self::WilliamsR => {
                let mut williams = WilliamsR::new(14);
                beyond((-80.0, -20.0), move |bar| williams.next(bar))
            }
            Self::Stochastic => {
                let mut stochastic = Stochastic::new(14, 3, 3);
                crossing(move |bar| stochastic.next(bar).map(|now| (now.k, now.d)))
            }
            Self::StochasticRsi => stochastic_rsi(),
            Self::Adx => adx(),
            Self::Awesome => awesome(),
            Self::Momentum => momentum(),
            Self::Macd => {
                let mut macd = Macd::new(12, 26, 9);
                Box::new(move |bar| match macd.next(bar.close) {
                    Some(now) => (Some(now.macd), Some(compare(now.histogram, 0.0, bar.close))),
                    None => (None, None),
                })
            }
            Self::BullBear => bull_bear(),
            Self::Ultimate => ultimate(),
        }
    }
}

/// Computes all components bar by bar.
pub struct Rater {
    voters: Vec<(Component, Voter)>,
}

impl Rater {
    #[expect(
        clippy::new_without_default,
        reason = "there is nothing usual about it"
    )]
    pub fn new() -> Self {
        let voters = COMPONENTS.map(|component| (component, component.run()));
        Self {
            voters: voters.into(),
        }
    }

    /// Adds the next bar; returns the reading of each component.
    pub fn next(&mut self, bar: &Candle) -> Vec<Reading> {
        let read = |(component, voter): &mut (Component, Voter)| {
            let (value, vote) = voter(bar);
            Reading {
                component: *component,
                value,
                vote,
            }
        };
        self.voters.iter_mut().map(read).collect()
    }
}

/// Figures that differ by less than this part of their scale are equal: the rest is rounding, which
/// must not vote.
const TIE: f64 = 1e-9;
/// Scale of figures such as the RSI.
const PERCENT: f64 = 100.0;

/// Returns 1 if the first figure is greater, -1 if it is smaller, 0 at a tie. `scale` is the size of
/// what both were computed from: the price, or [`PERCENT`].
fn compare(one: f64, other: f64, scale: f64) -> i8 {
    let (apart, tie) = (one - other, TIE * scale);
    if apart > tie {
        1
    } else if apart < -tie {
        -1
    } else {
        0
    }
}

fn is_above(one: f64, other: f64, scale: f64) -> bool {
    compare(one, other, scale) > 0
}

/// Buy if the close is above the value, sell if below.
fn above(mut of: impl FnMut(&Candle) -> Option<f64> + Send + 'static) -> Voter {
    Box::new(move |bar| {
        let value = of(bar);
        (
            value,
            value.map(|value| compare(bar.close, value, bar.close)),
        )
    })
}

/// Buy below the lower bound and rising, sell above the upper one and falling.
fn beyond(
    (low, high): (f64, f64),
    mut of: impl FnMut(&Candle) -> Option<f64> + Send + 'static,
) -> Voter {
    let mut before = None;
    Box::new(move |bar| {
        let value = of(bar);
        let last = std::mem::replace(&mut before, value);
        let vote = last.zip(value).map(|(last, value)| {
            if is_above(low, value, PERCENT) && is_above(value, last, PERCENT) {
                1
            } else if is_above(value, high, PERCENT) && is_above(last, value, PERCENT) {
                -1
            } else {
                0
            }
        });
        (value, vote)
    })
}

/// Buy if both lines are below 20 and the first is above the second; sell if above 80 and it is
/// below.
fn crossing(mut of: impl FnMut(&Candle) -> Option<(f64, f64)> + Send + 'static) -> Voter {
    Box::new(move |bar| match of(bar) {
        Some((k, d)) => {
            let both = |above: fn(f64) -> bool| above(k) && above(d);
            let vote = if both(|line| is_above(20.0, line, PERCENT)) && is_above(k, d, PERCENT) {
                1
            } else if both(|line| is_above(line, 80.0, PERCENT)) && is_above(d, k, PERCENT) {
                -1
            } else {
                0
            };
            (Some(k), Some(vote))
        }
        None => (None, None),
    })
}

/// Hull moving average: a weighted mean over the root of the period, of twice the mean over half
/// the period minus the mean over all of it.
fn hull() -> Voter {
    let (mut half, mut whole, mut smooth) = (Wma::new(4), Wma::new(9), Wma::new(3));
    above(move |bar| {
        let (half, whole) = (half.next(bar.close), whole.next(bar.close));
        let (half, whole) = half.zip(whole)?;
        smooth.next(2.0 * half - whole)
    })
}

fn vwma() -> Voter {
    let (mut money, mut volume) = (Sma::new(20), Sma::new(20));
    above(move |bar| {
        let money = money.next(bar.close * bar.volume);
        let volume = volume.next(bar.volume);
        let (money, volume) = money.zip(volume)?;
        (volume > 0.0).then(|| money / volume)
    })
}

fn ichimoku() -> Voter {
    let mut lines = Ichimoku::new(9, 26, 52);
    // The cloud of a day was computed 26 bars before.
    let mut clouds: std::collections::VecDeque<(Option<f64>, Option<f64>)> =
        [(None, None); 26].into();
    Box::new(move |bar| {
        let now = lines.next(bar);
        clouds.push_back((now.span_a, now.span_b));
        let cloud = clouds.pop_front().and_then(|(a, b)| a.zip(b));
        let known = cloud.zip(now.tenkan.zip(now.kijun));
        let vote = known.map(|((a, b), (conversion, base))| {
            let is_above = |one, other| is_above(one, other, bar.close);
            if is_above(bar.close, a.max(b)) && is_above(conversion, base) {
                1
            } else if is_above(a.min(b), bar.close) && is_above(base, conversion) {
                -1
            } else {
                0
            }
        });
        (now.kijun, vote)
    })
}

fn stochastic_rsi() -> Voter {
    let mut rsi = Rsi::new(14);
    let mut stochastic = Stochastic::new(14, 3, 3);
    crossing(move |bar| {
        let value = rsi.next(bar.close)?;
        let of_rsi = Candle {
            open: value,
            high: value,
            low: value,
            close: value,
            ..*bar
        };
        stochastic.next(&of_rsi).map(|now| (now.k, now.d))
    })
}

fn adx() -> Voter {
    let mut adx = Adx::new(14);
    let mut before = None;
    Box::new(move |bar| {
        let Some(now) = adx.next(bar) else {
            return (None, None);
        };
        let last = std::mem::replace(&mut before, now.adx);
        let vote = last.zip(now.adx).map(|(last, value)| {
            if is_above(value, 20.0, PERCENT) && is_above(value, last, PERCENT) {
                compare(now.plus, now.minus, PERCENT)
            } else {
                0
            }
        });
        (now.adx, vote)
    })
}

/// Mean of the last 5 midpoints minus that of the last 34.
fn awesome() -> Voter {
    let (mut short, mut long) = (Sma::new(5), Sma::new(34));
    let mut before: Option<f64> = None;
    Box::new(move |bar| {
        let middle = f64::midpoint(bar.high, bar.low);
        let (short, long) = (short.next(middle), long.next(middle));
        let value = short.zip(long).map(|(short, long)| short - long);
        let last = std::mem::replace(&mut before, value);
        let is_above = |one, other| is_above(one, other, middle);
        let vote = last.zip(value).map(|(last, value)| {
            if is_above(value, 0.0) && is_above(value, last) {
                1
            } else if is_above(0.0, value) && is_above(last, value) {
                -1
            } else {
                0
            }
        });
        (value, vote)
    })
}

/// Close minus the close of 10 bars before.
fn momentum() -> Voter {
    let mut window = Window::new(10);
    let mut before: Option<f64> = None;
    Box::new(move |bar| {
        let value = window.push(bar.close).map(|out| bar.close - out);
        let last = std::mem::replace(&mut before, value);
        let vote = last
            .zip(value)
            .map(|(last, value)| compare(value, last, bar.close));
        (value, vote)
    })
}

fn bull_bear() -> Voter {
    let mut mean = Ema::new(13);
    let mut before: Option<(f64, f64, f64)> = None;
    Box::new(move |bar| {
        let now = mean
            .next(bar.close)
            .map(|mean| (mean, bar.high - mean, bar.low - mean));
        let last = std::mem::replace(&mut before, now);
        let vote = last.zip(now).map(|(last, now)| {
            let is_above = |one, other| is_above(one, other, bar.close);
            let (rises, falls) = (is_above(now.0, last.0), is_above(last.0, now.0));
            let (bulls, bears) = (now.1, now.2);
            if rises && is_above(0.0, bears) && is_above(bears, last.2) {
                1
            } else if falls && is_above(bulls, 0.0) && is_above(last.1, bulls) {
                -1
            } else {
                0
            }
        });
        (now.map(|(_, bulls, bears)| bulls + bears), vote)
    })
}

fn ultimate() -> Voter {
    let mut ultimate = Ultimate::new(7, 14, 28);
    Box::new(move |bar| {
        let value = ultimate.next(bar);
        let vote = value.map(|value| {
            if is_above(value, 70.0, PERCENT) {
                1
            } else if is_above(30.0, value, PERCENT) {
                -1
            } else {
                0
            }
        });
        (value, vote)
    })
}
