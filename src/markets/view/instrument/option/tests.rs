use super::*;
use crate::markets::view::instrument::settings::{ChartSettings, Scale};
use crate::markets::view::instrument::state::{Mark, Stroke};
use chrono::NaiveDate;
use proptest::prelude::*;

fn bars(count: usize) -> Vec<Candle> {
    let first: NaiveDate = "2012-01-01".parse().unwrap();
    let bar = |(at, date): (usize, NaiveDate)| {
        let close = 100.0 + at as f64;
        Candle {
            date,
            open: close - 0.5,
            high: close + 1.0,
            low: close - 1.0,
            close,
            volume: 1000.0,
        }
    };
    first.iter_days().take(count).enumerate().map(bar).collect()
}

fn drawn(settings: &ChartSettings, others: &[Other]) -> Value {
    let bars = bars(40);
    let days: Vec<String> = bars.iter().map(|bar| bar.date.to_string()).collect();
    let studies: Vec<Drawn> = settings
        .studies
        .iter()
        .map(|study| Drawn::of(*study, &bars))
        .collect();
    let palette = Palette::default();
    let marks = [
        Mark {
            at: 3,
            price: None,
            label: "2:1".into(),
            up: true,
        },
        Mark {
            at: 5,
            price: Some(104.0),
            label: "B".into(),
            up: true,
        },
    ];
    option(&Shown {
        bars: &bars,
        days: &days,
        ticks: &[0, 31],
        settings,
        studies: &studies,
        others,
        visible: (10, 39),
        marks: &marks,
        strokes: &[Stroke::Level(120.0), Stroke::Trend((1, 101.0), (9, 110.0))],
        palette: &palette,
        height: 600.0,
        gutter: 60.0,
        last: "139.00".into(),
    })
}

#[test]
fn candles_stand_as_the_library_wants_them() {
    let option = drawn(&ChartSettings::default(), &[]);
    let series = option["series"].as_array().unwrap();
    // Volumes of rising and of falling days, then the prices.
    assert_eq!(series.len(), 3);
    let prices = &series[2];
    assert_eq!(prices["type"], "candlestick");
    assert_eq!(prices["data"][0], json!([99.5, 100.0, 99.0, 101.0]));
    let points = prices["markPoint"]["data"].as_array().unwrap();
    assert_eq!(points[0]["coord"], json!([3, 103.0]));
    assert!(points[0]["y"].as_f64().unwrap() > 400.0, "at the foot");
    assert_eq!(points[1]["coord"], json!([5, 104.0]));
    let lines = prices["markLine"]["data"].as_array().unwrap();
    assert_eq!(lines[0]["yAxis"], json!(139.0));
    assert_eq!(lines[1]["yAxis"], json!(120.0));
    assert_eq!(lines[2][1]["coord"], json!([9, 110.0]));
    assert_eq!(option["dataZoom"][0]["xAxisIndex"], json!([0, 1]));
    assert_eq!(option["dataZoom"][0]["startValue"], json!(10.0));
}

#[test]
fn an_indicator_with_a_scale_of_its_own_gets_a_pane() {
    let mut settings = ChartSettings {
        volume: false,
        ..ChartSettings::default()
    };
    for study in ["sma:5", "rsi:5", "macd:3:6:4"] {
        settings.add(study.parse().unwrap());
    }
    let option = drawn(&settings, &[]);
    assert_eq!(option["grid"].as_array().unwrap().len(), 3);
    let series = option["series"].as_array().unwrap();
    // Prices, the mean, the RSI, two lines of the MACD, its histogram up and down.
    assert_eq!(series.len(), 7);
    let panes: Vec<_> = series
        .iter()
        .map(|one| one.get("xAxisIndex").cloned())
        .collect();
    let at = |pane: f64| Some(json!(pane));
    assert_eq!(
        panes,
        [None, at(0.0), at(1.0), at(2.0), at(2.0), at(2.0), at(2.0)]
    );
    assert_eq!(series[1]["data"][3], Value::Null, "warm-up is no zero");
    assert_eq!(series[1]["data"][4], json!(102.0));
}

#[test]
fn a_cloud_stands_on_the_lower_span() {
    let mut settings = ChartSettings {
        volume: false,
        ..ChartSettings::default()
    };
    settings.add("ichimoku:2:3:6".parse().unwrap());
    let option = drawn(&settings, &[]);
    let series = option["series"].as_array().unwrap();
    // Prices, four lines, and the cloud of three series.
    assert_eq!(series.len(), 8);
    let (spans, cloud) = (&series[3..5], &series[5..]);
    let figures = |of: &Value| -> Vec<Option<f64>> {
        let data = of["data"].as_array().unwrap();
        data.iter().map(Value::as_f64).collect()
    };
    let (one, other) = (figures(&spans[0]), figures(&spans[1]));
    let [foot, rising, falling] = [0, 1, 2].map(|at| figures(&cloud[at]));
    assert_eq!(foot.len(), 43, "as far as the spans reach");
    let mut drawn = 0;
    for at in 0..foot.len() {
        let (Some(one), Some(other)) = (one[at], other[at]) else {
            assert_eq!((foot[at], rising[at], falling[at]), (None, None, None));
            continue;
        };
        drawn += 1;
        let [foot, rising, falling] = [foot[at], rising[at], falling[at]].map(Option::unwrap);
        assert!((foot - one.min(other)).abs() < 1e-9);
        assert!((foot + rising + falling - one.max(other)).abs() < 1e-9);
        assert!(rising == 0.0 || falling == 0.0);
        // Prices only rise here.
        assert!(rising > 0.0, "the quicker span is above");
    }
    assert_eq!(drawn, 35);
    assert!(
        cloud
            .iter()
            .all(|one| one["stack"] == "cloud" && one["stackStrategy"] == "all")
    );
    assert!(cloud[0].get("areaStyle").is_none());
    assert_eq!(
        cloud[1]["areaStyle"]["opacity"],
        cloud[2]["areaStyle"]["opacity"]
    );
}

#[test]
fn one_pane_is_a_list_too() {
    let settings = ChartSettings {
        volume: false,
        ..ChartSettings::default()
    };
    let option = drawn(&settings, &[]);
    for list in ["grid", "xAxis", "yAxis", "dataZoom"] {
        assert_eq!(option[list].as_array().map(Vec::len), Some(1), "{list}");
    }
    assert_eq!(option["dataZoom"][0]["xAxisIndex"], json!([0]));
}

#[test]
fn what_is_compared_begins_at_zero_on_the_first_day_in_view() {
    let mut settings = ChartSettings::default();
    settings.beside("MSFT");
    let mut closes = vec![Some(50.0); 40];
    closes[10] = None;
    closes[39] = Some(75.0);
    let other = Other {
        symbol: "MSFT".into(),
        closes,
    };
    let option = drawn(&settings, &[other]);
    let series = option["series"].as_array().unwrap();
    assert_eq!(series[2]["type"], "line");
    assert_eq!(series[2]["data"][10], json!(0.0));
    assert_eq!(series[3]["data"][11], json!(0.0));
    assert_eq!(series[3]["data"][39], json!(50.0));
    assert_eq!(series[3]["data"][10], Value::Null);
}

#[test]
fn a_logarithmic_axis_is_labeled_at_round_prices() {
    let settings = ChartSettings {
        scale: Scale::Log,
        ..ChartSettings::default()
    };
    let option = drawn(&settings, &[]);
    let labels = option["yAxis"][0]["axisLabel"]["customValues"]
        .as_array()
        .unwrap();
    let prices: Vec<f64> = labels
        .iter()
        .map(|at| at.as_f64().unwrap().exp().round())
        .collect();
    assert_eq!(prices, [110.0, 120.0, 130.0, 140.0]);
}

#[test]
fn days_are_labeled_at_the_foot_of_the_lowest_pane() {
    let settings = ChartSettings {
        studies: vec!["rsi:14".parse().unwrap()],
        ..ChartSettings::default()
    };
    let option = drawn(&settings, &[]);
    let label = |axis: usize| &option["xAxis"][axis]["axisLabel"];
    assert_eq!(label(1)["customValues"], json!([0, 31]));
    assert_eq!(
        (&label(0)["show"], &label(1)["show"]),
        (&json!(false), &json!(true))
    );
}

proptest! {
    #[test]
    fn panes_fill_the_height_and_do_not_touch(height in 200.0_f64..2000.0, panes in 0_usize..6) {
        let all = stretches(height, panes);
        prop_assert_eq!(all.len(), panes + 1);
        for pair in all.windows(2) {
            prop_assert!(pair[0].top + pair[0].height <= pair[1].top - GAP + 1e-9);
        }
        let last = all.last().unwrap();
        prop_assert!((last.top + last.height - (height - FOOT)).abs() < 1e-6);
        prop_assert!(all[0].height >= (height - TOP - FOOT) * 0.5 - 1e-9);
        prop_assert!(panes > 4 || all.iter().all(|one| one.height > 0.0));
    }
}
