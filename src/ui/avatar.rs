//! Avatars: a picture, or initials on the account's color.

use super::letters::uppercase;
use crate::shared::AccountId;
use leptos::prelude::*;

/// Number of tones in `style/tokens.css`: `--tone-0` and so on.
const TONES: u32 = 10;

/// The account's picture above its initials, which show until the picture has loaded. Decorative:
/// the name is beside it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "components own their properties"
)]
#[component]
pub fn Avatar(
    /// Determines the color.
    id: AccountId,
    /// Display name; determines the initials.
    #[prop(into)]
    name: String,
    /// Hash of the picture.
    #[prop(default = None)]
    picture: Option<String>,
    /// 28 px instead of 36 px.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let class = format!(
        "avatar tone-{}{}",
        tone(id),
        if small { " small" } else { "" }
    );
    let picture = picture.map(|hash| {
        view! { <img src=format!("/avatars/{hash}") alt="" width="36" height="36" loading="lazy" /> }
    });
    view! {
        <span class=class aria-hidden="true">
            {initials(&name)}
            {picture}
        </span>
    }
}

/// The tone of an account; never changes.
pub fn tone(id: AccountId) -> u32 {
    // The last bytes of a UUIDv7 are random; a small multiplicative hash spreads them.
    let sum = id.0.as_bytes().iter().fold(17_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(*byte))
    });
    (sum ^ (sum >> 15)) % TONES
}

/// One or two letters of a name: the first letters of its first and last word.
pub fn initials(name: &str) -> String {
    let mut letters = name
        .split(|c: char| c.is_whitespace() || "._-".contains(c))
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back();
    let initials: String = first.into_iter().chain(last).collect();
    let initials = uppercase(&initials);
    if initials.is_empty() {
        "?".to_owned()
    } else {
        initials
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::preferences::Theme;
    use crate::ui::theme::page_color;
    use proptest::prelude::*;

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials("Jean-Luc von Picard"), "JP");
        assert_eq!(initials("stock_bot"), "SB");
        assert_eq!(initials("(élan) 王"), "É王");
        assert_eq!(initials("🙂"), "?");
        assert_eq!(initials(""), "?");
    }

    proptest! {
        #[test]
        fn every_account_has_a_tone(id in any::<u128>()) {
            prop_assert!(tone(AccountId(uuid::Uuid::from_u128(id))) < TONES);
        }
    }

    const TOKENS: &str = include_str!("../../style/tokens.css");

    /// The light and the dark color of a token, which is defined once.
    fn values(name: &str) -> [&'static str; 2] {
        let start = format!("  {name}: light-dark(");
        let mut found = TOKENS.lines().filter_map(|line| line.strip_prefix(&*start));
        let colors = found.next().and_then(|colors| colors.strip_suffix(");"));
        assert_eq!(found.next(), None, "{name}");
        let (light, dark) = colors.and_then(|both| both.split_once(", ")).unwrap();
        [light, dark]
    }

    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn check(front: &str, back: &str, least: f64) {
        for (a, b) in values(front).into_iter().zip(values(back)) {
            let found = contrast(a, b);
            assert!(found >= least, "{front} {a} on {back} {b}: {found:.2}");
        }
    }

    #[test]
    fn colors_can_be_read_in_both_themes() {
        for tone in 0..TONES {
            check("--tone-text", &format!("--tone-{tone}"), 4.5);
        }
        for back in ["--ink-0", "--ink-1", "--ink-2"] {
            check("--text", back, 12.0);
            for front in [
                "--text-2",
                "--water",
                "--lantern",
                "--up",
                "--down",
                "--blue",
                "--orange",
                "--danger",
            ] {
                check(front, back, 4.5);
            }
        }
        check("--on-lantern", "--lantern", 4.5);
        check("--on-danger", "--danger", 4.5);
    }

    #[test]
    fn the_readers_theme_is_the_color_scheme() {
        for (theme, scheme) in [
            ("", "light dark"),
            ("[data-theme=\"dark\"]", "dark"),
            ("[data-theme=\"light\"]", "light"),
        ] {
            let rule = format!(":root{theme} {{\n  color-scheme: {scheme};");
            assert_eq!(TOKENS.matches(&rule).count(), 1, "{rule}");
        }
    }

    #[test]
    fn the_browsers_bars_have_the_pages_color() {
        let themes = [Theme::Light, Theme::Dark];
        assert_eq!(
            values("--ink-0"),
            themes.map(|theme| page_color(theme).unwrap())
        );
    }
}
