//! The sections of the settings.

use crate::accounts::AccountKind;
use crate::ui::IconName;
use crate::ui::sections::Section;

/// Path of the settings.
pub const BASE: &str = "/settings";

/// All sections, in the order of the list.
const SECTIONS: &[Section] = &[
    Section {
        slug: "profile",
        icon: IconName::User,
        name: "settings-profile",
    },
    Section {
        slug: "appearance",
        icon: IconName::Palette,
        name: "settings-appearance",
    },
    Section {
        slug: "language",
        icon: IconName::Globe,
        name: "settings-language",
    },
    Section {
        slug: "sessions",
        icon: IconName::Monitor,
        name: "settings-sessions",
    },
    Section {
        slug: "security",
        icon: IconName::Shield,
        name: "settings-security",
    },
    Section {
        slug: "data",
        icon: IconName::Download,
        name: "settings-data",
    },
];

/// Sections that guests do not see: they need a permanent account.
const NOT_FOR_GUESTS: &[&str] = &["security", "data"];

/// Returns the sections for an account of this kind.
pub fn of(kind: AccountKind) -> Vec<Section> {
    let guest = kind == AccountKind::Guest;
    SECTIONS
        .iter()
        .filter(|section| !(guest && NOT_FOR_GUESTS.contains(&section.slug)))
        .copied()
        .collect()
}
