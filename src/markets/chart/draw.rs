//! Draws a chart as SVG, and a PNG from that SVG.

use super::{AVERAGES, Look, PriceChart, Theme};
use crate::shared::{Error, Result};
use crate::ui::ticks::of_values;
use resvg::{tiny_skia, usvg};
use std::sync::{Arc, LazyLock};

/// Name of the bundled font. An SVG names no font, only its kind.
const OWN_FONT: &str = "Noto Sans";
/// Minimum distance in pixels between two dates, and between two prices.
const DATE_EVERY: u32 = 110;
const PRICE_EVERY: f64 = 52.0;
/// Distances of the lines from the edges in pixels; the price axis is on the right.
const TOP: f64 = 52.0;
const LEFT: f64 = 12.0;
const FOOT: f64 = 30.0;
const AXIS: f64 = 64.0;
/// With more days per pixel than this, the line of closes is thin.
const DENSE: f64 = 0.5;

/// The bundled font, the same on all machines; installed fonts are not used.
static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(notosans::REGULAR_TTF.to_vec());
    fonts.set_sans_serif_family(OWN_FONT);
    Arc::new(fonts)
});

/// Colors of `style/tokens.css` that an image uses.
pub(super) struct Palette {
    /// `--ink-1`
    pub pane: &'static str,
    /// `--line`
    pub grid: &'static str,
    /// `--text`
    pub text: &'static str,
    /// `--text-2`
    pub quiet: &'static str,
    /// `--water`: the closes.
    pub close: &'static str,
    /// `--lantern`: the shorter average.
    pub short: &'static str,
    /// `--down`: the longer average.
    pub long: &'static str,
}

impl Palette {
    pub(super) const fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark => Self {
                pane: "#131b20",
                grid: "#26333a",
                text: "#e7edf0",
                quiet: "#9fb0b8",
                close: "#62c6d0",
                short: "#f0b24a",
                long: "#f27a63",
            },
            Theme::Light => Self {
                pane: "#fffdf8",
                grid: "#ddd8cb",
                text: "#172025",
                quiet: "#53626a",
                close: "#0a6874",
                short: "#8f5400",
                long: "#b3341c",
            },
        }
    }
}

/// Returns the chart as PNG.
pub fn png(chart: &PriceChart, look: Look) -> Result<Vec<u8>> {
    let options = usvg::Options {
        fontdb: Arc::clone(&FONTS),
        font_family: OWN_FONT.to_owned(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(&svg(chart, look), &options).map_err(Error::internal)?;
    let pixels = tiny_skia::Pixmap::new(look.width, look.height);
    let mut pixels = pixels.ok_or_else(|| Error::internal("an image without a size"))?;
    resvg::render(
        &tree,
        tiny_skia::Transform::identity(),
        &mut pixels.as_mut(),
    );
    pixels.encode_png().map_err(Error::internal)
}

/// Returns the chart as SVG.
pub fn svg(chart: &PriceChart, look: Look) -> String {
    let Look {
        theme,
        width,
        height,
    } = look;
    let palette = Palette::of(theme);
    let (axis, foot) = (f64::from(width) - AXIS, f64::from(height) - FOOT);
    let (low, high) = chart.span();
    let last = chart.closes.len().saturating_sub(1);
    let x = |at: usize| LEFT + (axis - LEFT) * at as f64 / last.max(1) as f64;
    let y = |price: f64| TOP + (foot - TOP) * (high - price) / (high - low);
    let decimals = decimals(high - low, high);
    let now = chart.closes.last().copied().unwrap_or(high);

    let (mut grid, mut dates, mut texts) = (String::new(), String::new(), String::new());
    for price in of_values(low, high, f64::from(height) / PRICE_EVERY) {
        let at = y(price).round();
        grid += &format!("M{LEFT} {at}H{axis}");
        // The tag of the last price is drawn here.
        if (at - y(now)).abs() > 18.0 {
            let price = format!("{price:.decimals$}");
            texts += &text(&price, (axis + 8.0, at + 4.0), 12, palette.quiet);
        }
    }
    let most = (width / DATE_EVERY).max(2) as usize;
    let every = chart.days.len().div_ceil(most).max(1);
    for (at, day) in chart.days.iter().enumerate().step_by(every) {
        let x = x(at).round();
        grid += &format!("M{x} {TOP}V{foot}");
        // No date is cut off on the left or overlaps the prices.
        if x + 36.0 < axis {
            let x = x.max(LEFT + 32.0);
            dates += &text(&day.to_string(), (x, foot + 17.0), 12, palette.quiet);
        }
    }
    let line = |values: Vec<(usize, f64)>, color: &str, stroke: u8| {
        let points = thinned(values, width).into_iter();
        let points = points.map(|(at, price)| format!(" {:.1},{:.1}", x(at), y(price)));
        let points: String = points.collect();
        format!("<polyline points=\"{points}\" stroke=\"{color}\" stroke-width=\"{stroke}\"/>\n")
    };
    let mut lines = String::new();
    for (values, color) in chart.averages.iter().zip([palette.short, palette.long]) {
        let points = values.iter().enumerate();
        let points = points.filter_map(|(at, value)| Some((at, (*value)?)));
        lines += &line(points.collect(), color, 1);
    }
    let dense = chart.closes.len() as f64 > f64::from(width) * DENSE;
    let closes = chart.closes.iter().copied().enumerate().collect();
    lines += &line(closes, palette.close, if dense { 1 } else { 2 });

    // Title and legend, and on the axis the last price.
    texts += &text(&chart.title(), (LEFT, 20.0), 15, palette.text);
    let [short, long] = AVERAGES;
    for (x, name, color) in [
        (LEFT, "close".to_owned(), palette.close),
        (60.0, format!("average {short}"), palette.short),
        (146.0, format!("average {long}"), palette.long),
    ] {
        texts += &text(&name, (x, 39.0), 12, color);
    }
    let tag = y(now).round();
    let price = format!("{now:.decimals$}");
    let price = text(&price, (axis + 8.0, tag + 4.0), 12, palette.pane);

    // The title, for readers who cannot see the image, needs no escaping: it consists of a symbol,
    // the name of a data source and a date.
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" fill="none">
<title>{title}</title>
<rect width="{width}" height="{height}" fill="{pane}"/>
<path d="{grid}" stroke="{line}"/>
{lines}<rect x="{axis}" y="{top}" width="{AXIS}" height="20" fill="{close}"/>
<g text-anchor="middle">
{dates}</g>
{texts}{price}</svg>
"#,
        title = chart.title(),
        pane = palette.pane,
        line = palette.grid,
        close = palette.close,
        top = tag - 10.0,
    )
}

fn text(words: &str, (x, y): (f64, f64), size: u8, color: &str) -> String {
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{color}\">{words}</text>\n")
}

/// Returns how many decimals tell the prices of a span apart.
fn decimals(span: f64, high: f64) -> usize {
    if high < 1.0 || span < 0.05 {
        4
    } else if high >= 10_000.0 {
        0
    } else {
        2
    }
}

/// Reduces points to about one per column: keeps the lowest and the highest of every two columns,
/// so that no peak is lost.
fn thinned(points: Vec<(usize, f64)>, columns: u32) -> Vec<(usize, f64)> {
    let each = points.len().div_ceil((columns / 2).max(1) as usize);
    if each <= 2 {
        return points;
    }
    let by_price = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
    let ends = |some: &[(usize, f64)]| {
        let (low, high) = (some.iter().min_by(by_price)?, some.iter().max_by(by_price)?);
        Some(if low.0 <= high.0 {
            [*low, *high]
        } else {
            [*high, *low]
        })
    };
    let last = points.last().copied();
    let thin = points.chunks(each).filter_map(ends).flatten();
    thin.chain(last).collect()
}
