//! Appearance settings. Each choice applies at once and is stored for all of the member's devices;
//! without JavaScript the form is sent as a whole.

use crate::accounts::view::language::SET_PREFERENCES;
use crate::accounts::view::live::store;
use crate::shared::{AccountId, Error, Timestamp};
use crate::ui::form::FormError;
use crate::ui::preferences::{ClockStyle, Density, Motion, Preferences, Prices, Theme};
use crate::ui::{Avatar, Zone, figure, percent, t};
use leptos::prelude::*;

/// A setting: its name, the message keys of its title and its hint, and its values with their
/// message keys.
type Choice = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const CHOICES: [Choice; 5] = [
    (
        "theme",
        "appearance-theme",
        "appearance-theme-note",
        &[
            (Theme::System.as_str(), "appearance-system"),
            (Theme::Dark.as_str(), "appearance-dark"),
            (Theme::Light.as_str(), "appearance-light"),
        ],
    ),
    (
        "density",
        "appearance-density",
        "appearance-density-note",
        &[
            (Density::Comfortable.as_str(), "appearance-comfortable"),
            (Density::Compact.as_str(), "appearance-compact"),
        ],
    ),
    (
        "prices",
        "appearance-prices",
        "appearance-prices-note",
        &[
            (Prices::GreenRed.as_str(), "appearance-green-red"),
            (Prices::BlueOrange.as_str(), "appearance-blue-orange"),
        ],
    ),
    (
        "motion",
        "appearance-motion",
        "appearance-motion-note",
        &[
            (Motion::System.as_str(), "appearance-system"),
            (Motion::Reduced.as_str(), "appearance-reduced"),
        ],
    ),
    (
        "clock",
        "appearance-clock",
        "appearance-clock-note",
        &[
            (ClockStyle::Usual.as_str(), "appearance-usual"),
            (ClockStyle::H24.as_str(), "appearance-24"),
            (ClockStyle::H12.as_str(), "appearance-12"),
        ],
    ),
];

/// Theme, density, price colors, motion, clock and time zone, with a preview.
#[component]
pub fn Appearance() -> impl IntoView {
    let preferences = Preferences::current();
    let failure = RwSignal::new(None);
    let zone = Zone::of_context();
    let changed = move |event: leptos::ev::Event| {
        if let Some((name, value)) = field(&event) {
            choose(&name, &value, zone, failure);
        }
    };
    let choices = CHOICES.map(|choice| choices(choice, preferences.get(choice.0)));
    view! {
        <Example />
        <form method="post" action=SET_PREFERENCES class="settings-form" on:change=changed>
            <FormError error=failure />
            {choices.into_iter().collect_view()}
            <ZoneField chosen=preferences.zone.unwrap_or_default() />
            <button type="submit" class="button primary without-scripts">
                {t("save")}
            </button>
        </form>
    }
    .into_any()
}

/// The values of one setting, side by side.
fn choices((name, title, note, values): Choice, chosen: &str) -> AnyView {
    let note_id = format!("{name}-note");
    let described = note_id.clone();
    let values = values
        .iter()
        .map(|(value, label)| {
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name=format!("chosen[{name}]")
                        value=*value
                        checked=*value == chosen
                        autocomplete="off"
                    />
                    <span>{t(label)}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="setting" aria-describedby=described>
            <legend>{t(title)}</legend>
            <p class="section-note" id=note_id>
                {t(note)}
            </p>
            <div class="choices">{values}</div>
        </fieldset>
    }
    .into_any()
}

/// The time zone, with the zones that the browser knows.
#[component]
fn ZoneField(chosen: String) -> impl IntoView {
    let known = RwSignal::new(Vec::<String>::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move || known.set(crate::ui::zones::known()));
    view! {
        <div class="setting">
            <h3>
                <label for="zone">{t("appearance-zone")}</label>
            </h3>
            <p class="section-note" id="zone-note">
                {t("appearance-zone-note")}
            </p>
            <input
                class="input zone-input"
                id="zone"
                name="chosen[zone]"
                value=chosen
                list="zones"
                placeholder=t("appearance-zone-own")
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="zone-note"
            />
            <datalist id="zones">
                {move || {
                    known
                        .get()
                        .into_iter()
                        .map(|zone| view! { <option value=zone></option> })
                        .collect_view()
                }}
            </datalist>
        </div>
    }
    .into_any()
}

/// A message and a price with the chosen settings.
#[component]
fn Example() -> impl IntoView {
    let zone = Zone::of_context();
    // A constant, so that server and browser render the same.
    let at = Timestamp::from_timestamp(1_362_151_920, 0).unwrap_or_default();
    view! {
        <figure class="example" aria-label=t("appearance-example")>
            <div class="message first">
                <Avatar id=AccountId(uuid::Uuid::from_u128(7)) name="Marina Loredan" />
                <div class="message-head">
                    <span class="message-author">"Marina Loredan"</span>
                    <span class="clock">{move || zone.time_of(at)}</span>
                </div>
                <div class="message-body">{t("appearance-example-text")}</div>
                <div class="message-card">
                    <div class="card quote">
                        <div class="quote-line">
                            <span class="quote-symbol">"AAPL.US"</span>
                            <span class="quote-price">{figure("1234.50")}</span>
                            <span class="quote-change up">
                                <span class="quote-mark" aria-hidden="true">"▲"</span>
                                {format!("+{} (+{})", figure("12.35"), percent("1.01"))}
                            </span>
                            <span class="quote-change down">
                                <span class="quote-mark" aria-hidden="true">"▼"</span>
                                {format!("\u{2212}{}", figure("0.80"))}
                            </span>
                        </div>
                    </div>
                </div>
            </div>
        </figure>
    }
    .into_any()
}

/// Returns name and value of the changed field.
fn field(event: &leptos::ev::Event) -> Option<(String, String)> {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;
        let input: web_sys::HtmlInputElement = event.target()?.dyn_into().ok()?;
        let name = input.name();
        let name = name.strip_prefix("chosen[")?.strip_suffix(']')?;
        Some((name.to_owned(), input.value()))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}

/// Applies a choice at once, stores it in this browser, then in the account.
fn choose(name: &str, value: &str, zone: Zone, failure: RwSignal<Option<Error>>) {
    let mut preferences = Preferences::current();
    let taken = preferences.set(name, value).and_then(|()| {
        if name == "zone" {
            known_zone(&preferences)
        } else {
            Ok(())
        }
    });
    if let Err(error) = taken {
        failure.set(Some(error));
        return;
    }
    failure.set(None);
    preferences.save();
    zone.refresh();
    store(&preferences, move |error| {
        failure.try_set(Some(error));
    });
}

/// Checks that this browser knows the time zone.
fn known_zone(preferences: &Preferences) -> Result<(), Error> {
    #[cfg(feature = "hydrate")]
    if let Some(zone) = &preferences.zone
        && crate::ui::preferences::fixed_offset(zone).is_none()
        && crate::ui::zones::offset_of(zone).is_none()
    {
        return Err(Error::bad_request("bad-zone", "Unknown time zone"));
    }
    let _ = preferences;
    Ok(())
}
