//! Times in the reader's time zone (UTC until it is known) and on a 12-hour or 24-hour clock.
//!
//! The cookie `tz` has the minutes east of UTC of the zone that the reader chose, else of the
//! browser's zone. Both sides use it for the first render; after hydration the browser, which knows
//! all zones, updates the cookie and all times on the page.

use super::preferences::{ClockStyle, Preferences, fixed_offset};
use super::{Language, Value, cookies, t, t_with};
use crate::shared::Timestamp;
use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike};
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use std::sync::atomic::{AtomicI64, Ordering};

/// The largest offset from UTC, in minutes.
const FARTHEST: i32 = 14 * 60;

/// The reader's zone, day and clock, for the whole page.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    /// Minutes east of UTC.
    pub offset: RwSignal<i32>,
    /// The current day in that zone.
    pub today: RwSignal<NaiveDate>,
    /// 12-hour or 24-hour clock.
    pub clock: RwSignal<ClockStyle>,
}

impl Zone {
    /// Puts the zone into the context and updates it while the page is open.
    pub fn provide() -> Self {
        let preferences = Preferences::current();
        let fixed = preferences.zone.as_deref().and_then(fixed_offset);
        let known = || cookies::read("tz").and_then(|value| value.parse().ok());
        let offset = RwSignal::new(clamp(fixed.or_else(known).unwrap_or(0)));
        let zone = Self {
            offset,
            today: RwSignal::new(local(present(), offset.get_untracked()).date()),
            clock: RwSignal::new(clock_of(&preferences)),
        };
        provide_context(zone);
        #[cfg(feature = "hydrate")]
        Effect::new(move || {
            zone.refresh();
            set_interval(move || zone.refresh(), std::time::Duration::from_secs(30));
        });
        zone
    }

    /// The zone of the context, else UTC.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(|| Self {
            offset: RwSignal::new(0),
            today: RwSignal::new(present().date_naive()),
            clock: RwSignal::new(ClockStyle::H24),
        })
    }

    /// The time of day on the reader's clock.
    pub fn time_of(self, at: Timestamp) -> String {
        clock(at, self.offset.get(), self.clock.get())
    }

    /// A day, as written, with the time of day on the reader's clock.
    fn date_time(self, day: String, at: Timestamp) -> String {
        let time = self.time_of(at);
        t_with("date-time", &[("date", day.into()), ("time", time.into())])
    }

    /// Uses the server's clock from now on, in case the browser's is wrong.
    #[cfg(feature = "hydrate")]
    pub fn follow(self, server: Timestamp) {
        let ahead = server.timestamp_millis() - js_sys::Date::now() as i64;
        AHEAD.store(ahead, Ordering::Relaxed);
        self.refresh();
    }

    /// Applies the current preferences and the browser's day; notifies only signals whose value
    /// changed.
    pub fn refresh(self) {
        #[cfg(feature = "hydrate")]
        {
            let preferences = Preferences::current();
            let offset = clamp(super::zones::offset_now(preferences.zone.as_deref()));
            if cookies::read("tz") != Some(offset.to_string()) {
                cookies::write("tz", &offset.to_string());
            }
            tell(self.offset, offset);
            tell(self.today, local(present(), offset).date());
            tell(self.clock, clock_of(&preferences));
        }
    }
}

#[cfg(feature = "hydrate")]
fn tell<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, now: T) {
    if signal.with_untracked(|before| *before != now) {
        signal.set(now);
    }
}

/// The usual clock of the reader's country: in the context on the server and in the document's
/// `data-clock`, where the browser reads it.
#[derive(Clone, Copy, Debug)]
pub struct UsualClock(
    /// 12 or 24 hours.
    pub ClockStyle,
);

impl UsualClock {
    /// Countries with 12-hour clocks where our languages are spoken.
    const TWELVE: [&str; 14] = [
        "AU", "CA", "CO", "DO", "IN", "MY", "NZ", "PA", "PH", "PK", "PR", "SG", "US", "VE",
    ];

    /// The clock of the first language in an `Accept-Language` header: `en-US` has a 12-hour clock.
    pub fn accepted(header: &str) -> Self {
        let first = header.split([',', ';']).next().unwrap_or_default().trim();
        let country = first.rsplit(['-', '_']).next().unwrap_or_default();
        let twelve = Self::TWELVE
            .iter()
            .any(|known| known.eq_ignore_ascii_case(country));
        Self(if twelve {
            ClockStyle::H12
        } else {
            ClockStyle::H24
        })
    }

    /// The current reader's usual clock.
    pub fn current() -> Self {
        #[cfg(feature = "hydrate")]
        {
            let root = document().document_element();
            let style = root.and_then(|root| root.get_attribute("data-clock"));
            let style = style.and_then(|style| ClockStyle::parse(&style));
            Self(style.unwrap_or(ClockStyle::H24))
        }
        #[cfg(not(feature = "hydrate"))]
        use_context().unwrap_or(Self(ClockStyle::H24))
    }
}

/// The reader's choice, else the usual clock.
fn clock_of(preferences: &Preferences) -> ClockStyle {
    match preferences.clock {
        ClockStyle::Usual => UsualClock::current().0,
        chosen => chosen,
    }
}

/// Milliseconds by which the server's clock is ahead of the browser's.
#[cfg(feature = "hydrate")]
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// The current time on both sides; in the browser by the server's clock once that is known.
pub fn present() -> Timestamp {
    #[cfg(feature = "hydrate")]
    {
        let milliseconds = js_sys::Date::now() as i64 + AHEAD.load(Ordering::Relaxed);
        chrono::DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
    }
    #[cfg(all(feature = "ssr", not(feature = "hydrate")))]
    {
        crate::shared::time::now()
    }
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    {
        chrono::DateTime::default()
    }
}

/// The time of day, `15:32` or `3:32 pm`, in the zone that is `offset` minutes east of UTC.
pub fn clock(at: Timestamp, offset: i32, style: ClockStyle) -> String {
    time_label(local(at, offset).time(), style)
}

/// A time of day in the language's format: `09:05`, in Spanish `9:05`; `9:05 am`, `9:05 a. m.`.
pub fn time_label(time: NaiveTime, style: ClockStyle) -> String {
    let minute = time.minute();
    if style == ClockStyle::H12 {
        let (afternoon, hour) = time.hour12();
        let half = t(if afternoon { "clock-pm" } else { "clock-am" });
        return format!("{hour}:{minute:02}\u{a0}{half}");
    }
    let hour = time.hour();
    match Language::current().tag() {
        "es" => format!("{hour}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}"),
    }
}

/// A short date: `1 Mar 2013`.
pub fn date_short(day: NaiveDate) -> String {
    let month = t(&format!("month-short-{}", day.month()));
    t_with(
        "date-short",
        &[
            ("day", day.day().into()),
            ("month", month.into()),
            ("year", Value::from(day.year().to_string())),
        ],
    )
}

/// A day in short, with its date for programs.
pub fn date_text(day: NaiveDate) -> AnyView {
    view! { <time datetime=day.to_string()>{date_short(day)}</time> }.into_any()
}

/// The day: Today, Yesterday or `Friday, 1 March 2013`. `today` is the reader's day.
pub fn day_label(at: Timestamp, today: NaiveDate, offset: i32) -> String {
    let day = local(at, offset).date();
    if day == today {
        t("today")
    } else if day.checked_add_days(Days::new(1)) == Some(today) {
        t("yesterday")
    } else {
        date_label(day)
    }
}

/// A full date: `Friday, 1 March 2013`.
pub fn date_label(day: NaiveDate) -> String {
    let weekday = t(&format!("weekday-{}", day.weekday().number_from_monday()));
    let month = t(&format!("month-{}", day.month()));
    t_with(
        "date-full",
        &[
            ("weekday", weekday.into()),
            ("day", day.day().into()),
            ("month", month.into()),
            // As text: a year is never grouped.
            ("year", Value::from(day.year().to_string())),
        ],
    )
}

/// The calendar day of a point in time in a zone, by which messages are grouped.
pub fn local_day(at: Timestamp, offset: i32) -> NaiveDate {
    local(at, offset).date()
}

fn local(at: Timestamp, offset: i32) -> chrono::NaiveDateTime {
    at.naive_utc()
        .checked_add_signed(TimeDelta::minutes(clamp(offset).into()))
        .unwrap_or_else(|| at.naive_utc())
}

fn clamp(offset: i32) -> i32 {
    offset.clamp(-FARTHEST, FARTHEST)
}

/// A time of day with the full date on hover.
#[component]
pub fn Clock(at: Timestamp) -> impl IntoView {
    let zone = Zone::of_context();
    let full = move || {
        let offset = zone.offset.get();
        zone.date_time(date_label(local_day(at, offset)), at)
    };
    view! {
        <time class="clock" datetime=at.to_rfc3339() title=full>
            {move || zone.time_of(at)}
        </time>
    }
}

/// A point in time in full: `Friday, 1 March 2013, 12:05`, with Today and Yesterday by name.
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    let zone = Zone::of_context();
    let text = move || {
        let offset = zone.offset.get();
        zone.date_time(day_label(at, zone.today.get(), offset), at)
    };
    view! { <time datetime=at.to_rfc3339()>{text}</time> }
}

/// A point in time in short: `1 Mar 2013, 12:05`.
#[component]
pub fn When(at: Timestamp) -> impl IntoView {
    let zone = Zone::of_context();
    let text = move || {
        let day = local_day(at, zone.offset.get());
        zone.date_time(date_short(day), at)
    };
    view! { <time datetime=at.to_rfc3339()>{text}</time> }
}

/// The name of a day, for day lines.
#[component]
pub fn DayLabel(
    /// Any point in time on that day.
    at: Timestamp,
) -> impl IntoView {
    let zone = Zone::of_context();
    move || day_label(at, zone.today.get(), zone.offset.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const H24: ClockStyle = ClockStyle::H24;

    /// Runs a closure as for readers of a language.
    fn reading<T>(tag: &str, run: impl FnOnce() -> T) -> T {
        let language = Language::parse(tag).unwrap();
        Owner::new().with(|| {
            provide_context(language);
            run()
        })
    }

    #[test]
    fn clock_follows_the_zone() {
        let noon = at("2013-03-01T12:05:59Z");
        assert_eq!(clock(noon, 0, H24), "12:05");
        assert_eq!(clock(noon, 120, H24), "14:05");
        assert_eq!(clock(noon, -330, H24), "06:35");
        assert_eq!(clock(at("2013-03-01T23:50:00Z"), 345, H24), "05:35");
        // An invalid offset in the cookie is clamped to the largest one.
        assert_eq!(clock(noon, i32::MAX, H24), clock(noon, FARTHEST, H24));
    }

    /// From the Unicode CLDR: `HH:mm` and `H:mm`, `h:mm a`.
    #[test]
    fn times_as_the_languages_write_them() {
        for (time, english, spanish, english_12, spanish_12) in [
            ("00:00", "00:00", "0:00", "12:00 am", "12:00 a. m."),
            ("09:05", "09:05", "9:05", "9:05 am", "9:05 a. m."),
            ("12:30", "12:30", "12:30", "12:30 pm", "12:30 p. m."),
            ("15:32", "15:32", "15:32", "3:32 pm", "3:32 p. m."),
            ("23:59", "23:59", "23:59", "11:59 pm", "11:59 p. m."),
        ] {
            let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
            let label = |tag, style| {
                let label = reading(tag, || time_label(time, style));
                label.replace('\u{a0}', " ")
            };
            assert_eq!(label("en", H24), english);
            assert_eq!(label("es", H24), spanish);
            assert_eq!(label("en", ClockStyle::H12), english_12);
            assert_eq!(label("es", ClockStyle::H12), spanish_12);
        }
    }

    /// From the Unicode CLDR, full and medium.
    #[test]
    fn days_as_the_languages_write_them() {
        let day = NaiveDate::from_ymd_opt(2013, 3, 1).unwrap();
        let last = NaiveDate::from_ymd_opt(2026, 12, 30).unwrap();
        let labels = |tag: &str, day| reading(tag, || (date_label(day), date_short(day)));
        let pair = |full: &str, short: &str| (full.to_owned(), short.to_owned());
        assert_eq!(
            labels("en", day),
            pair("Friday, 1 March 2013", "1 Mar 2013")
        );
        assert_eq!(
            labels("es", day),
            pair("viernes, 1 de marzo de 2013", "1 mar 2013")
        );
        assert_eq!(
            labels("en", last),
            pair("Wednesday, 30 December 2026", "30 Dec 2026")
        );
        assert_eq!(
            labels("es", last),
            pair("miércoles, 30 de diciembre de 2026", "30 dic 2026")
        );
        let now = at("2013-03-01T12:00:00Z");
        assert_eq!(reading("es", || day_label(now, day, 0)), "Hoy");
        let tomorrow = day.succ_opt().unwrap();
        assert_eq!(reading("es", || day_label(now, tomorrow, 0)), "Ayer");
    }

    #[test]
    fn the_usual_clock_is_that_of_the_country() {
        for (header, style) in [
            ("en-US,en;q=0.9", ClockStyle::H12),
            ("en-GB,en-US;q=0.9", ClockStyle::H24),
            ("es-CO", ClockStyle::H12),
            ("es_us;q=0.8", ClockStyle::H12),
            ("es", ClockStyle::H24),
            ("", ClockStyle::H24),
        ] {
            assert_eq!(UsualClock::accepted(header).0, style, "{header}");
        }
    }

    #[test]
    fn days_are_the_readers_days() {
        let late = at("2013-03-01T23:30:00Z");
        let today = NaiveDate::from_ymd_opt(2013, 3, 2).unwrap();
        assert_eq!(day_label(late, today, 0), "Yesterday");
        assert_eq!(day_label(late, today, 60), "Today");
        let later = NaiveDate::from_ymd_opt(2013, 3, 9).unwrap();
        assert_eq!(day_label(late, later, 0), "Friday, 1 March 2013");
        assert_eq!(day_label(late, later, 60), "Saturday, 2 March 2013");
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for offset in [-FARTHEST, 0, FARTHEST] {
            let _ = clock(chrono::DateTime::<chrono::Utc>::MIN_UTC, offset, H24);
            let _ = clock(chrono::DateTime::<chrono::Utc>::MAX_UTC, offset, H24);
        }
    }
}
