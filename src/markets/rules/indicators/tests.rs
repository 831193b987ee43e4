use super::*;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

/// Made by TA-Lib 0.8.2 from the public-domain prices of IBM.
const GOLDEN: &str = include_str!("golden_ibm.csv");

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 3, 1).unwrap() + Days::new(n)
}

/// Indicator, its line, and the column of the golden file.
const COLUMNS: [(&str, usize, &str); 25] = [
    ("sma:20", 0, "SMA20"),
    ("ema:12", 0, "EMA12"),
    ("ema:26", 0, "EMA26"),
    ("wma:20", 0, "WMA20"),
    ("rsi:14", 0, "RSI14"),
    ("macd:12:26:9", 0, "MACD"),
    ("macd:12:26:9", 1, "MACD_signal"),
    ("macd:12:26:9", 2, "MACD_hist"),
    ("bollinger:20:2", 0, "BB_up"),
    ("bollinger:20:2", 1, "BB_mid"),
    ("bollinger:20:2", 2, "BB_low"),
    ("atr:14", 0, "ATR14"),
    ("adx:14", 0, "ADX14"),
    ("adx:14", 1, "PLUS_DI14"),
    ("adx:14", 2, "MINUS_DI14"),
    ("stochastic:14:1:3", 0, "STOCHF_K14"),
    ("stochastic:14:1:3", 1, "STOCHF_D3"),
    ("stochastic:14:3:3", 0, "STOCH_K"),
    ("stochastic:14:3:3", 1, "STOCH_D"),
    ("obv", 0, "OBV"),
    ("cci:20", 0, "CCI20"),
    ("sar:0.02:0.2", 0, "SAR"),
    ("mfi:14", 0, "MFI14"),
    ("williams:14", 0, "WILLR14"),
    ("roc:12", 0, "ROC12"),
];

#[test]
fn as_ta_lib_has_them() {
    let mut reader = csv::Reader::from_reader(GOLDEN.as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(Into::into).collect();
    let rows: Vec<Vec<Option<f64>>> = reader
        .records()
        .map(|row| {
            row.unwrap()
                .iter()
                .map(|value| value.parse().ok())
                .collect()
        })
        .collect();
    assert_eq!(rows.len(), 400);
    let bars: Vec<Candle> = rows
        .iter()
        .zip(0..)
        .map(|(row, n)| Candle {
            date: day(n),
            open: row[1].unwrap(),
            high: row[2].unwrap(),
            low: row[3].unwrap(),
            close: row[4].unwrap(),
            volume: row[5].unwrap(),
        })
        .collect();
    let (mut kama, mut ultimate) = (Kama::new(30), Ultimate::new(7, 14, 28));
    let others: [(&str, Vec<Option<f64>>); 2] = [
        (
            "KAMA30",
            bars.iter().map(|bar| kama.next(bar.close)).collect(),
        ),
        (
            "ULTOSC",
            bars.iter().map(|bar| ultimate.next(bar)).collect(),
        ),
    ];
    let studies = COLUMNS.map(|(study, line, name)| {
        let series = study.parse::<Study>().unwrap().series(&bars);
        (name, series.iter().map(|values| values[line]).collect())
    });
    for (name, values) in studies.into_iter().chain(others) {
        let column = columns.iter().position(|column| column == name).unwrap();
        for (at, (row, value)) in rows.iter().zip(values).enumerate() {
            match (value, row[column]) {
                (None, None) => {}
                (Some(own), Some(theirs)) => {
                    let off = (own - theirs).abs() / theirs.abs().max(1.0);
                    assert!(off < 1e-6, "{name} on bar {at}: {own}, not {theirs}");
                }
                (own, theirs) => panic!("{name} on bar {at}: {own:?}, not {theirs:?}"),
            }
        }
    }
}

/// Expected values computed by hand.
#[test]
fn ichimoku_and_vwap() {
    let bars: Vec<Candle> = (0..60)
        .map(|n| {
            let price = 100.0 + n as f64;
            Candle {
                date: day(n),
                open: price,
                high: price + 1.0,
                low: price - 1.0,
                close: price,
                volume: 10.0 * (n + 1) as f64,
            }
        })
        .collect();
    let ichimoku = Study::Ichimoku(9, 26, 52).series(&bars);
    assert_eq!(ichimoku[7], [None; 4]);
    assert_eq!(ichimoku[8][0], Some((109.0 + 99.0) / 2.0));
    assert_eq!(ichimoku[24][1], None);
    assert_eq!(ichimoku[25][1], Some((126.0 + 99.0) / 2.0));
    let kijun = (126.0 + 99.0) / 2.0;
    let tenkan = (126.0 + 116.0) / 2.0;
    assert_eq!(ichimoku[25][2], Some((tenkan + kijun) / 2.0));
    assert_eq!(ichimoku[51][3], Some((152.0 + 99.0) / 2.0));
    assert_eq!(Study::Ichimoku(9, 26, 52).shift(3), 26);

    let vwap = Study::Vwap(Some(day(2))).series(&bars);
    assert_eq!(vwap[1][0], None);
    assert_eq!(vwap[2][0], Some(102.0));
    assert_eq!(vwap[3][0], Some((102.0 * 30.0 + 103.0 * 40.0) / 70.0));
}

#[test]
fn a_flat_series_says_nothing() {
    let bars: Vec<Candle> = (0..200)
        .map(|n| Candle {
            date: day(n),
            open: 0.1,
            high: 0.1,
            low: 0.1,
            close: 0.1,
            volume: 0.0,
        })
        .collect();
    for study in ["rsi", "stochastic", "cci", "mfi", "williams", "adx", "vwap"] {
        let series = study.parse::<Study>().unwrap().series(&bars);
        assert!(series.iter().all(|values| *values == [None; 4]), "{study}");
    }
    let bands = Study::Bollinger(20, 2.0).series(&bars);
    let [upper, _, lower, _] = bands[199];
    assert!((upper.unwrap() - lower.unwrap()).abs() < 1e-9);
}

/// Typical prices that are equal in cents are equal, whatever their last digit.
#[test]
fn equal_in_cents_is_no_flow() {
    let prices = [
        (99.42, 97.56, 99.04),
        (99.93, 97.33, 98.76),
        (100.0, 98.0, 99.5),
    ];
    let bars = prices
        .into_iter()
        .zip(0..)
        .map(|((high, low, close), n)| Candle {
            date: day(n),
            open: close,
            high,
            low,
            close,
            volume: 100.0,
        });
    let mut mfi = Mfi::new(1);
    let values: Vec<_> = bars.map(|bar| mfi.next(&bar)).collect();
    assert_eq!(values, [None, None, Some(100.0)]);
}

#[test]
fn studies_as_text() {
    for study in Study::ALL {
        assert_eq!(study.to_string().parse::<Study>().unwrap(), study);
        assert_eq!(study.name().parse::<Study>().unwrap(), study);
        assert!(study.lines().len() <= 4);
    }
    let anchored = "VWAP:2013-01-02".parse::<Study>().unwrap();
    assert_eq!(anchored.to_string(), "vwap:2013-01-02");
    assert_eq!(
        "macd:26:12:9".parse::<Study>().unwrap(),
        Study::Macd(12, 26, 9)
    );
    for bad in [
        "",
        "tsla",
        "sma:",
        "sma:1",
        "sma:0",
        "sma:-3",
        "sma:501",
        "sma:20:3",
        "obv:1",
        "rsi:14.5",
        "bollinger:20:nan",
        "bollinger:20:inf",
        "sar:0",
        "sar:0.5:0.2",
        "vwap:yesterday",
        "macd:12:26:9:1",
    ] {
        let refused = bad.parse::<Study>().unwrap_err();
        assert_eq!(refused.code, "bad-study", "{bad}");
    }
}

/// Bars whose prices stay within the limits.
fn market() -> impl Strategy<Value = Vec<Candle>> {
    let step = (
        -0.2_f64..0.2,
        0.0_f64..0.05,
        0.0_f64..0.05,
        0_u32..1_000,
        any::<bool>(),
    );
    proptest::collection::vec(step, 0..160).prop_map(|steps| {
        let mut price = 50.0_f64;
        let mut bars = Vec::new();
        for ((change, above, below, volume, still), n) in steps.into_iter().zip(0..) {
            let open = price;
            if !still {
                price = (price * (1.0 + change)).clamp(0.01, 1e6);
            }
            bars.push(Candle {
                date: day(n),
                open,
                high: open.max(price) * (1.0 + above),
                low: open.min(price) * (1.0 - below),
                close: price,
                volume: f64::from(volume),
            });
        }
        bars
    })
}

fn study() -> impl Strategy<Value = Study> {
    (proptest::sample::select(&Study::ALL[..]), 2_usize..30).prop_map(|(study, period)| match study
    {
        Study::Sma(_) => Study::Sma(period),
        Study::Wma(_) => Study::Wma(period),
        Study::Rsi(_) => Study::Rsi(period),
        Study::Adx(_) => Study::Adx(period),
        Study::Bollinger(_, width) => Study::Bollinger(period, width),
        other => other,
    })
}

fn near(a: Option<f64>, b: Option<f64>, by: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * by.max(a.abs()).max(b.abs()).max(1.0),
        (a, b) => a.is_none() && b.is_none(),
    }
}

proptest! {
    /// Truncating the future never changes the past, bit for bit.
    #[test]
    fn nothing_looks_ahead(bars in market(), study in study(), cut in 0_usize..160) {
        let whole = study.series(&bars);
        let cut = cut.min(bars.len());
        prop_assert_eq!(&study.series(&bars[..cut])[..], &whole[..cut]);
    }

    /// A series and bar-by-bar calls are the same.
    #[test]
    fn bar_by_bar_is_the_series(bars in market(), study in study()) {
        let mut run = study.run();
        for (bar, values) in bars.iter().zip(study.series(&bars)) {
            prop_assert_eq!(run(bar), values);
        }
    }

    /// Columns and rows are the same, bit for bit.
    #[test]
    fn columns_are_the_series(bars in market(), study in study()) {
        let past: Past = bars.iter().copied().collect();
        let rows = study.series(&bars);
        let columns = study.columns(&past);
        prop_assert_eq!(columns.len(), study.lines().len());
        for (at, line) in columns.iter().enumerate() {
            prop_assert_eq!(line.values().len(), bars.len());
            for (value, row) in line.values().zip(&rows) {
                prop_assert_eq!(value, row[at]);
            }
        }
    }

    /// The extremes of every window, compared with a search of all its values.
    #[test]
    fn extremes_are_those_of_the_window(
        values in proptest::collection::vec(-5_i32..5, 0..80),
        length in 1_usize..12,
    ) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let mut range = Range::new(length);
        for (at, value) in values.iter().enumerate() {
            let window = (at + 1 >= length).then(|| &values[at + 1 - length..=at]);
            let most = window.map(|window| window.iter().copied().fold(f64::MIN, f64::max));
            let least = window.map(|window| window.iter().copied().fold(f64::MAX, f64::min));
            prop_assert_eq!(range.next(*value, *value), most.zip(least));
        }
    }

    /// Neither looks ahead; both stay within their limits.
    #[test]
    fn kama_and_ultimate(bars in market(), cut in 0_usize..160) {
        let both = |bars: &[Candle]| -> Vec<[Option<f64>; 2]> {
            let (mut kama, mut ultimate) = (Kama::new(10), Ultimate::new(7, 14, 28));
            bars.iter().map(|bar| [kama.next(bar.close), ultimate.next(bar)]).collect()
        };
        let whole = both(&bars);
        let cut = cut.min(bars.len());
        prop_assert_eq!(&both(&bars[..cut])[..], &whole[..cut]);
        let least = bars.iter().map(|bar| bar.close).fold(f64::MAX, f64::min);
        let most = bars.iter().map(|bar| bar.close).fold(f64::MIN, f64::max);
        for (at, [kama, ultimate]) in whole.into_iter().enumerate() {
            prop_assert_eq!(kama.is_some(), at >= 10);
            prop_assert!(kama.is_none_or(|kama| kama >= least * 0.999_999 && kama <= most * 1.000_001));
            prop_assert!(ultimate.is_none_or(|value| (-1e-9..=100.0 + 1e-9).contains(&value)));
        }
    }

    /// Defined values are numbers within the limits of their kind.
    #[test]
    fn values_are_figures(bars in market(), study in study()) {
        for values in study.series(&bars) {
            for value in values.into_iter().flatten() {
                prop_assert!(value.is_finite());
                match study {
                    Study::Rsi(_) | Study::Mfi(_) | Study::Stochastic(..) | Study::Adx(_) => {
                        prop_assert!((-1e-9..=100.0 + 1e-9).contains(&value), "{value}");
                    }
                    Study::WilliamsR(_) => prop_assert!((-100.0 - 1e-9..=1e-9).contains(&value)),
                    _ => {}
                }
            }
            if let (Study::Bollinger(..), [Some(upper), Some(middle), Some(lower), _]) = (study, values) {
                prop_assert!(lower <= middle && middle <= upper);
            }
        }
    }

    /// In another currency lines over the prices scale with them, and ratios do not change.
    #[test]
    fn another_currency(bars in market(), study in study(), power in -3_i32..8) {
        // A power of two changes no digit, so that equal prices stay equal.
        let factor = 2.0_f64.powi(power);
        let other: Vec<Candle> = bars
            .iter()
            .map(|bar| Candle {
                open: bar.open * factor,
                high: bar.high * factor,
                low: bar.low * factor,
                close: bar.close * factor,
                ..*bar
            })
            .collect();
        let scales = study.pane() == Pane::Prices || matches!(study, Study::Atr(_) | Study::Macd(..));
        let factor = if scales { factor } else { 1.0 };
        for (own, other) in study.series(&bars).into_iter().zip(study.series(&other)) {
            for (own, other) in own.into_iter().zip(other) {
                let own = own.map(|value| value * factor);
                prop_assert!(near(own, other, factor), "{own:?} {other:?}");
            }
        }
    }
}
