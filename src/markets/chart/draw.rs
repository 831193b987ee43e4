//! Draws a chart as SVG, and a PNG from that SVG.

use super::{AVERAGES, Look, PriceChart, Theme};
use crate::shared::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::{
    ChartBuilder, DrawingArea, DrawingBackend, IntoDrawingArea, IntoFont, LabelAreaPosition,
    LineSeries, PathElement, RGBColor, Rectangle, SVGBackend, Text, TextStyle,
};
use plotters::style::{
    Color,
    text_anchor::{HPos, Pos, VPos},
};
use resvg::{tiny_skia, usvg};
use std::{
    fmt::Display,
    sync::{Arc, LazyLock},
};

/// Font that an SVG names for its viewer, and the name of the bundled font.
const FONT: &str = "sans-serif";
const OWN_FONT: &str = "Noto Sans";
/// The drawing library takes the line height for the font size; this is their ratio.
const LINE: f64 = 1.24;
/// Minimum distance in pixels between two dates, and between two prices.
const DATE_EVERY: u32 = 110;
const PRICE_EVERY: u32 = 52;
/// Width of the price axis in pixels.
const AXIS: u32 = 64;
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
    pub pane: RGBColor,
    /// `--line`
    pub grid: RGBColor,
    /// `--text`
    pub text: RGBColor,
    /// `--text-2`
    pub quiet: RGBColor,
    /// `--water`: the closes.
    pub close: RGBColor,
    /// `--lantern`: the shorter average.
    pub short: RGBColor,
    /// `--down`: the longer average.
    pub long: RGBColor,
}

impl Palette {
    pub(super) const fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark => Self {
                pane: RGBColor(0x13, 0x1b, 0x20),
                grid: RGBColor(0x26, 0x33, 0x3a),
                text: RGBColor(0xe7, 0xed, 0xf0),
                quiet: RGBColor(0x9f, 0xb0, 0xb8),
                close: RGBColor(0x62, 0xc6, 0xd0),
                short: RGBColor(0xf0, 0xb2, 0x4a),
                long: RGBColor(0xf2, 0x7a, 0x63),
            },
            Theme::Light => Self {
                pane: RGBColor(0xff, 0xfd, 0xf8),
                grid: RGBColor(0xdd, 0xd8, 0xcb),
                text: RGBColor(0x17, 0x20, 0x25),
                quiet: RGBColor(0x53, 0x62, 0x6a),
                close: RGBColor(0x0a, 0x68, 0x74),
                short: RGBColor(0x8f, 0x54, 0x00),
                long: RGBColor(0xb3, 0x34, 0x1c),
            },
        }
    }
}

/// Returns the chart as SVG.
pub fn svg(chart: &PriceChart, look: Look) -> Result<Vec<u8>> {
    image(chart, look).map(String::into_bytes)
}

/// Returns the chart as PNG.
pub fn png(chart: &PriceChart, look: Look) -> Result<Vec<u8>> {
    let options = usvg::Options {
        fontdb: Arc::clone(&FONTS),
        font_family: OWN_FONT.to_owned(),
        ..usvg::Options::default()
    };
    let image = image(chart, look)?;
    let tree = usvg::Tree::from_str(&image, &options).map_err(Error::internal)?;
    let pixels = tiny_skia::Pixmap::new(look.width, look.height);
    let mut pixels = pixels.ok_or_else(|| Error::internal("an image without a size"))?;
    resvg::render(
        &tree,
        tiny_skia::Transform::identity(),
        &mut pixels.as_mut(),
    );
    pixels.encode_png().map_err(Error::internal)
}

fn image(chart: &PriceChart, look: Look) -> Result<String> {
    let mut text = String::new();
    let root = SVGBackend::with_string(&mut text, (look.width, look.height)).into_drawing_area();
    draw(&root, chart, look.theme)?;
    drop(root);
    // Title for readers who cannot see the image. It needs no escaping: it consists of a symbol,
    // the name of a data source and a date.
    let title = format!("><title>{}</title>", chart.title());
    Ok(text.replacen('>', &title, 1))
}

fn draw<B: DrawingBackend>(
    root: &DrawingArea<B, Shift>,
    chart: &PriceChart,
    theme: Theme,
) -> Result<()> {
    let palette = Palette::of(theme);
    let (width, height) = root.dim_in_pixel();
    root.fill(&palette.pane).map_err(failed)?;
    let (low, high) = chart.span();
    let last = chart.closes.len().saturating_sub(1);
    let mut plot = ChartBuilder::on(root)
        .margin_top(52)
        .margin_left(12)
        .margin_bottom(4)
        .set_label_area_size(LabelAreaPosition::Right, AXIS)
        .set_label_area_size(LabelAreaPosition::Bottom, 26)
        .build_cartesian_2d(0.0..(last.max(1) as f64), low..high)
        .map_err(failed)?;
    let text = |words: String, at: (i32, i32), style: TextStyle| {
        root.draw(&Text::new(words, at, style)).map_err(failed)
    };
    let place = |at: f64, price: f64| plot.backend_coord(&(at, price));
    let quiet = style(12, palette.quiet);
    let axis = pixel(width) - pixel(AXIS);
    let (now, end) = chart.closes.last().map_or((low, high), |now| (*now, high));
    let decimals = decimals(high - low, end);
    let (_, now_at) = place(last as f64, now);

    let mut grid = Vec::new();
    for price in prices(low, high, height / PRICE_EVERY) {
        let (_, y) = place(0.0, price);
        grid.push([(0.0, price), (last.max(1) as f64, price)]);
        // The tag of the last price is drawn here.
        if (y - now_at).abs() > 18 {
            let style = quiet.pos(Pos::new(HPos::Left, VPos::Center));
            text(format!("{price:.decimals$}"), (axis + 8, y), style)?;
        }
    }
    let every = chart
        .days
        .len()
        .div_ceil((width / DATE_EVERY).max(2) as usize);
    for (at, day) in chart.days.iter().enumerate().step_by(every.max(1)) {
        let at = at as f64;
        grid.push([(at, low), (at, high)]);
        let (x, _) = place(at, low);
        // The first date starts where the lines do, and no date overlaps the prices.
        let anchor = if at == 0.0 { HPos::Left } else { HPos::Center };
        if x + 36 < axis {
            let style = quiet.pos(Pos::new(anchor, VPos::Top));
            text(day.to_string(), (x, pixel(height) - 22), style)?;
        }
    }
    let line = palette.grid.stroke_width(1);
    let grid = grid.into_iter().map(|ends| PathElement::new(ends, line));
    plot.draw_series(grid).map_err(failed)?;

    for (values, color) in chart.averages.iter().zip([palette.short, palette.long]) {
        let points = values.iter().enumerate();
        let points = points.filter_map(|(at, value)| Some((at as f64, (*value)?)));
        let points = thinned(points.collect(), width);
        let line = LineSeries::new(points, color.stroke_width(1));
        plot.draw_series(line).map_err(failed)?;
    }
    let closes = chart.closes.iter().enumerate();
    let closes: Vec<_> = closes.map(|(at, close)| (at as f64, *close)).collect();
    let dense = closes.len() as f64 > f64::from(width) * DENSE;
    let stroke = palette.close.stroke_width(if dense { 1 } else { 2 });
    let line = LineSeries::new(thinned(closes, width), stroke);
    plot.draw_series(line).map_err(failed)?;

    // Last price as a tag on its axis.
    let corners = [(axis, now_at - 10), (pixel(width), now_at + 10)];
    root.draw(&Rectangle::new(corners, palette.close.filled()))
        .map_err(failed)?;
    let tag = style(12, palette.pane).pos(Pos::new(HPos::Left, VPos::Center));
    text(format!("{now:.decimals$}"), (axis + 8, now_at), tag)?;

    // Header: the title, and the legend of the lines.
    text(chart.title(), (12, 8), style(15, palette.text))?;
    let [short, long] = AVERAGES;
    for (x, name, color) in [
        (12, "close".to_owned(), palette.close),
        (60, format!("average {short}"), palette.short),
        (146, format!("average {long}"), palette.long),
    ] {
        text(name, (x, 30), style(12, color))?;
    }
    root.present().map_err(failed)
}

fn failed(error: impl Display) -> Error {
    Error::internal(error.to_string())
}

/// Returns round prices within a span, at most `most`.
fn prices(low: f64, high: f64, most: u32) -> Vec<f64> {
    let rough = (high - low) / f64::from(most.max(2));
    let unit = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * unit);
    let step = steps.into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * unit);
    let first = (low / step).ceil();
    let all = (0..=most.max(2)).map(|n| (first + f64::from(n)) * step);
    all.filter(|price| (low..=high).contains(price)).collect()
}

fn style(size: u32, color: RGBColor) -> TextStyle<'static> {
    let mut style = TextStyle::from((FONT, f64::from(size) * LINE).into_font());
    style.color = color.to_backend_color();
    style
}

fn pixel(size: u32) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
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
fn thinned(points: Vec<(f64, f64)>, columns: u32) -> Vec<(f64, f64)> {
    let each = points.len().div_ceil((columns / 2).max(1) as usize);
    if each <= 2 {
        return points;
    }
    let by_price = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
    let ends = |some: &[(f64, f64)]| {
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
