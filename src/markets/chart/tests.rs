use super::draw::Palette;
use super::*;
use crate::markets::Bar;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn history(closes: &[f64]) -> History {
    let first: NaiveDate = "2012-01-02".parse().unwrap();
    let bars = closes.iter().zip(first.iter_days()).map(|(close, date)| {
        let price = Decimal::try_from(*close).unwrap();
        Bar {
            date,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: 1,
        }
    });
    History {
        bars: bars.collect(),
        splits: None,
        source: Source::Sample,
    }
}

const LOOK: Look = Look {
    theme: Theme::Dark,
    width: 800,
    height: 360,
};

/// Returns the color of a token, which the style sheet defines once for both themes.
fn token<'a>(sheet: &'a str, name: &str, theme: Theme) -> &'a str {
    let colors = sheet.split_once(&format!("{name}: light-dark(")).unwrap().1;
    let (light, dark) = colors.split_once(", ").unwrap();
    &(if theme == Theme::Light { light } else { dark })[..7]
}

/// Returns the channels of a color.
fn channels(color: &str) -> [u8; 3] {
    [1, 3, 5].map(|from| u8::from_str_radix(&color[from..from + 2], 16).unwrap())
}

#[test]
fn the_colors_are_those_of_the_pages() {
    let sheet = include_str!("../../../style/tokens.css");
    for theme in [Theme::Dark, Theme::Light] {
        let palette = Palette::of(theme);
        for (name, color) in [
            ("--ink-1", palette.pane),
            ("--line", palette.grid),
            ("--text", palette.text),
            ("--text-2", palette.quiet),
            ("--water", palette.close),
            ("--lantern", palette.short),
            ("--down", palette.long),
        ] {
            assert_eq!(color, token(sheet, name, theme), "{theme:?} {name}");
        }
    }
}

#[test]
fn text_is_text_and_says_where_the_prices_are_from() {
    let closes: Vec<_> = (0..120).map(|day| 100.0 + f64::from(day)).collect();
    let chart = PriceChart::of("up.us", &history(&closes), 90, NaiveDate::MAX).unwrap();
    assert_eq!(chart.title(), "UP.US · sample, to 2012-04-30");
    assert_eq!(chart.closes.len(), 90);
    // On a straight line an average lags by half its days, from the first day shown.
    assert_eq!(chart.averages[0][0], Some(130.0 - 9.5));
    assert_eq!(chart.averages[1][0], None);
    assert_eq!(chart.averages[1][89], Some(219.0 - 24.5));
    let before = PriceChart::of(
        "up.us",
        &history(&closes),
        90,
        "2012-04-29".parse().unwrap(),
    );
    assert_eq!(before.unwrap().closes.last(), Some(&218.0));
    let image = svg(&chart, LOOK);
    for expected in [
        "<title>UP.US · sample, to 2012-04-30</title>",
        "average 20",
        "average 50",
        "219.00",
        "2012-02-01",
        "width=\"800\" height=\"360\"",
    ] {
        assert!(image.contains(expected), "{expected} in {image}");
    }
    assert!(!image.contains("<image") && !image.contains("href"));
}

#[test]
fn a_png_is_of_its_size_and_of_its_theme() {
    let chart = PriceChart::of("x", &history(&[1.0, 2.0, 1.5]), 90, NaiveDate::MAX).unwrap();
    for theme in [Theme::Dark, Theme::Light] {
        let look = Look {
            theme,
            width: 400,
            height: 200,
        };
        let bytes = png(&chart, look).unwrap();
        let image = image::load_from_memory(&bytes).unwrap().to_rgb8();
        assert_eq!(image.dimensions(), (400, 200));
        let Palette { pane, close, .. } = Palette::of(theme);
        assert_eq!(image.get_pixel(1, 1).0, channels(pane));
        let close = channels(close);
        assert!(image.pixels().any(|pixel| pixel.0 == close), "a line");
    }
}

#[test]
fn nothing_is_no_course() {
    assert!(PriceChart::of("x", &history(&[]), 90, NaiveDate::MAX).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_past_can_be_drawn(
        closes in prop::collection::vec(0.0001_f64..100_000.0, 1..400),
        days in 1_usize..500,
        width in 320_u32..1600,
        height in 160_u32..900,
    ) {
        let chart = PriceChart::of("x", &history(&closes), days, NaiveDate::MAX).unwrap();
        let (low, high) = chart.span();
        prop_assert!(chart.closes.iter().all(|close| low < *close && *close < high));
        let look = Look { theme: Theme::Light, width, height };
        let image = svg(&chart, look);
        prop_assert!(image.ends_with("</svg>\n") && !image.contains("NaN"));
    }
}
