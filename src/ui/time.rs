//! Times as the reader sees them: in their zone as soon as it is known, else in UTC.
//!
//! The zone is the cookie `tz` (minutes east of UTC). Both sides draw the first time with that;
//! after hydration the browser's own zone is kept in the cookie and every time on the page
//! follows.

use super::{Value, cookies, t, t_with};
use crate::shared::Timestamp;
use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use leptos::prelude::*;

/// The greatest distance from UTC that exists, in minutes.
const FARTHEST: i32 = 14 * 60;

/// The reader's zone and day, for the whole page.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    /// Minutes east of UTC.
    pub offset: RwSignal<i32>,
    /// The present day in that zone.
    pub today: RwSignal<NaiveDate>,
}

impl Zone {
    /// Puts the zone into the context and keeps it right while the page is open.
    pub fn provide() -> Self {
        let known = cookies::read("tz").and_then(|value| value.parse().ok());
        let offset = RwSignal::new(clamp(known.unwrap_or(0)));
        let today = RwSignal::new(local(present(), offset.get_untracked()).date());
        let zone = Self { offset, today };
        provide_context(zone);
        #[cfg(feature = "hydrate")]
        Effect::new(move || {
            zone.refresh();
            set_interval(move || zone.refresh(), std::time::Duration::from_secs(30));
        });
        zone
    }

    /// The zone of the context; UTC where there is none.
    #[must_use]
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(|| Self {
            offset: RwSignal::new(0),
            today: RwSignal::new(present().date_naive()),
        })
    }

    /// Reads the browser's zone and day; only what changed is told.
    #[cfg(feature = "hydrate")]
    fn refresh(self) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole minutes, at most a day"
        )]
        let offset = clamp(-js_sys::Date::new_0().get_timezone_offset() as i32);
        if cookies::read("tz") != Some(offset.to_string()) {
            cookies::write("tz", &offset.to_string());
        }
        if self.offset.get_untracked() != offset {
            self.offset.set(offset);
        }
        let today = local(present(), offset).date();
        if self.today.get_untracked() != today {
            self.today.set(today);
        }
    }
}

/// Now, on either side.
#[must_use]
pub fn present() -> Timestamp {
    #[cfg(feature = "hydrate")]
    {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds of this age fit"
        )]
        let milliseconds = js_sys::Date::now() as i64;
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

/// The time of day, `15:32`, in the zone that is `offset` minutes east of UTC.
#[must_use]
pub fn clock(at: Timestamp, offset: i32) -> String {
    local(at, offset).format("%H:%M").to_string()
}

/// The day: Today, Yesterday or `Friday, 1 March 2013`. `today` is the reader's day.
#[must_use]
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

/// A day in full: `Friday, 1 March 2013`.
#[must_use]
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

/// The calendar day of a point in time in a zone: what messages are grouped by.
#[must_use]
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
pub fn Clock(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let zone = Zone::of_context();
    let full = move || {
        let offset = zone.offset.get();
        t_with(
            "date-time",
            &[
                ("date", date_label(local_day(at, offset)).into()),
                ("time", clock(at, offset).into()),
            ],
        )
    };
    view! {
        <time class="clock" datetime=at.to_rfc3339() title=full>
            {move || clock(at, zone.offset.get())}
        </time>
    }
}

/// The name of a day, for day lines.
#[component]
pub fn DayLabel(
    /// Any point of that day.
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

    #[test]
    fn clock_follows_the_zone() {
        let noon = at("2013-03-01T12:05:59Z");
        assert_eq!(clock(noon, 0), "12:05");
        assert_eq!(clock(noon, 120), "14:05");
        assert_eq!(clock(noon, -330), "06:35");
        assert_eq!(clock(at("2013-03-01T23:50:00Z"), 345), "05:35");
        // Nonsense in the cookie moves nothing farther than zones go.
        assert_eq!(clock(noon, i32::MAX), clock(noon, FARTHEST));
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
            let _ = clock(chrono::DateTime::<chrono::Utc>::MIN_UTC, offset);
            let _ = clock(chrono::DateTime::<chrono::Utc>::MAX_UTC, offset);
        }
    }
}
