//! Icons: one inline sprite in the document, 20 px, 1.5 px strokes, drawn by us.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $paths:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IconName {
            $($(#[$doc])* $name,)*
        }

        impl IconName {
            /// All icons with their drawings, for the sprite.
            const ALL: &[(Self, &'static str)] = &[$((Self::$name, $paths),)*];

            /// Id of the symbol in the sprite.
            const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("icon-", $id),)*
                }
            }

            /// Reference to the symbol.
            const fn href(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("#icon-", $id),)*
                }
            }
        }
    };
}

icons! {
    Hash = "hash", "<path d='M7.6 3.5 6 16.5M14 3.5l-1.6 13M3.8 7.6h13M3.2 12.4h13'/>";
    Send = "send", "<path d='M3.4 10 3 3.6c0-.4.4-.7.8-.5l13 6.4c.4.2.4.8 0 1l-13 6.4c-.4.2-.8-.1-.8-.5L3.4 10Zm0 0h6.2'/>";
    Users = "users", "<circle cx='7.6' cy='6.8' r='2.9'/><path d='M2.3 16.5c.2-3 2.3-4.8 5.3-4.8s5.1 1.8 5.3 4.8M13 4.2a2.8 2.8 0 0 1 0 5.3M15 12.2c1.6.7 2.6 2.2 2.7 4.3'/>";
    Chart = "chart", "<path d='M3 3.5v11.2c0 1 .8 1.8 1.8 1.8H17M6 12.5l3.2-3.6 2.6 2.2L16.6 6'/>";
    Briefcase = "briefcase", "<rect x='2.8' y='6.4' width='14.4' height='10' rx='1.8'/><path d='M7.2 6.2V5c0-.9.7-1.6 1.6-1.6h2.4c.9 0 1.6.7 1.6 1.6v1.2M2.8 10.6c4.6 2 9.8 2 14.4 0'/>";
    /// Dividends, deposits and other payments.
    Coins = "coins", "<ellipse cx='10' cy='5.6' rx='5.6' ry='2.6'/><path d='M4.4 5.6v4.4c0 1.4 2.5 2.6 5.6 2.6s5.6-1.2 5.6-2.6V5.6M4.4 10v4.4c0 1.4 2.5 2.6 5.6 2.6s5.6-1.2 5.6-2.6V10'/>";
    /// The assistant.
    Sparkle = "sparkle", "<path d='M8.6 4.4c.6 3.6 1.8 4.8 5.4 5.4-3.6.6-4.8 1.8-5.4 5.4-.6-3.6-1.8-4.8-5.4-5.4 3.6-.6 4.8-1.8 5.4-5.4ZM15.4 3v3.4M13.7 4.7h3.4M15.4 13.8v2.8M14 15.2h2.8'/>";
    Inbox = "inbox", "<path d='M3 11.4 4.9 4.8c.2-.7.8-1.2 1.6-1.2h7c.8 0 1.4.5 1.6 1.2l1.9 6.6v3.4c0 .9-.8 1.7-1.7 1.7H4.7c-.9 0-1.7-.8-1.7-1.7v-3.4Zm0 0h4c.3 1.6 1.4 2.5 3 2.5s2.7-.9 3-2.5h4'/>";
    Chat = "chat", "<path d='M4.6 3.6h10.8c.9 0 1.6.7 1.6 1.6v7.2c0 .9-.7 1.6-1.6 1.6H9.8L6 17v-3H4.6c-.9 0-1.6-.7-1.6-1.6V5.2c0-.9.7-1.6 1.6-1.6ZM6.6 7.4h6.8M6.6 10.4h4.4'/>";
    /// Create or add.
    Plus = "plus", "<path d='M10 4v12M4 10h12'/>";
    Close = "close", "<path d='m5 5 10 10M15 5 5 15'/>";
    /// Open a menu or a pane.
    Menu = "menu", "<path d='M3.5 5.5h13M3.5 10h13M3.5 14.5h8'/>";
    Search = "search", "<circle cx='8.8' cy='8.8' r='5.3'/><path d='m12.8 12.8 4 4'/>";
    Sun = "sun", "<circle cx='10' cy='10' r='3.2'/><path d='M10 2.6v1.6M10 15.8v1.6M2.6 10h1.6M15.8 10h1.6M4.8 4.8l1.1 1.1M14.1 14.1l1.1 1.1M4.8 15.2l1.1-1.1M14.1 5.9l1.1-1.1'/>";
    Moon = "moon", "<path d='M16.6 11.8A7 7 0 0 1 8.2 3.4a7 7 0 1 0 8.4 8.4Z'/>";
    SignOut = "sign-out", "<path d='M8 3.5H5c-.8 0-1.5.7-1.5 1.5v10c0 .8.7 1.5 1.5 1.5h3M8.5 10h8M13.4 6.8l3.2 3.2-3.2 3.2'/>";
    /// Install the app.
    Install = "install", "<path d='M10 3v9M6.2 8.6 10 12.4l3.8-3.8M3.5 13.5v1.7c0 .7.6 1.3 1.3 1.3h10.4c.7 0 1.3-.6 1.3-1.3v-1.7'/>";
    ArrowUp = "arrow-up", "<path d='M10 16.5v-13M4.8 8.7 10 3.5l5.2 5.2'/>";
    /// Jump to the newest.
    ArrowDown = "arrow-down", "<path d='M10 3.5v13M4.8 11.3l5.2 5.2 5.2-5.2'/>";
    ChevronDown = "chevron-down", "<path d='m5 7.5 5 5 5-5'/>";
    ChevronLeft = "chevron-left", "<path d='m12.5 5-5 5 5 5'/>";
    ChevronRight = "chevron-right", "<path d='m7.5 5 5 5-5 5'/>";
    /// More actions.
    More = "more", "<circle cx='4.5' cy='10' r='.9'/><circle cx='10' cy='10' r='.9'/><circle cx='15.5' cy='10' r='.9'/>";
    Edit = "edit", "<path d='m3.6 16.4.7-3.5L13 4.2c.6-.6 1.6-.6 2.2 0l.6.6c.6.6.6 1.6 0 2.2l-8.7 8.7-3.5.7ZM11.4 5.8l2.8 2.8'/>";
    Trash = "trash", "<path d='M3.6 5.6h12.8M8 5.4V4.2c0-.5.4-.9.9-.9h2.2c.5 0 .9.4.9.9v1.2M5.2 5.8l.7 9.4c.1.8.7 1.4 1.5 1.4h5.2c.8 0 1.4-.6 1.5-1.4l.7-9.4M8.4 9v4.4M11.6 9v4.4'/>";
    Retry = "retry", "<path d='M16.2 9.4A6.3 6.3 0 0 0 5 6.2L3.4 8M3.8 10.6A6.3 6.3 0 0 0 15 13.8l1.6-1.8M3.4 4.4V8H7M16.6 15.6V12H13'/>";
    /// A warning or an error.
    Alert = "alert", "<path d='M9 4 2.7 14.8c-.5.8.1 1.7 1 1.7h12.6c.9 0 1.5-.9 1-1.7L11 4c-.4-.8-1.6-.8-2 0ZM10 8.2v3.6M10 14h0'/>";
    /// Done or selected.
    Check = "check", "<path d='m4 10.6 4 4 8-9'/>";
    Bot = "bot", "<rect x='3.4' y='7' width='13.2' height='9.4' rx='2.4'/><path d='M10 7V4M7.4 11v1.4M12.6 11v1.4'/><circle cx='10' cy='3.2' r='.8'/>";
    Copy = "copy", "<rect x='7' y='7' width='9.6' height='9.6' rx='1.8'/><path d='M13 6.8V5.2c0-1-.8-1.8-1.8-1.8h-6c-1 0-1.8.8-1.8 1.8v6c0 1 .8 1.8 1.8 1.8h1.6'/>";
    /// Show a hidden value.
    Eye = "eye", "<path d='M2.4 10C4 6.7 6.8 5 10 5s6 1.7 7.6 5c-1.6 3.3-4.4 5-7.6 5s-6-1.7-7.6-5Z'/><circle cx='10' cy='10' r='2.3'/>";
    /// Settings.
    Gear = "gear", "<circle cx='10' cy='10' r='2.4'/><path d='M8.7 3.2h2.6l.4 1.9 1.5.8 1.9-.6 1.3 2.3-1.5 1.3v1.8l1.5 1.3-1.3 2.3-1.9-.6-1.5.8-.4 1.9H8.7l-.4-1.9-1.5-.8-1.9.6-1.3-2.3 1.5-1.3V9L3.6 7.6l1.3-2.3 1.9.6 1.5-.8.4-1.9Z'/>";
    User = "user", "<circle cx='10' cy='6.8' r='3.2'/><path d='M3.8 16.8c.3-3.3 2.7-5.2 6.2-5.2s5.9 1.9 6.2 5.2'/>";
    /// Appearance.
    Palette = "palette", "<path d='M10 3a7 7 0 0 0 0 14c1.2 0 1.7-.8 1.5-1.7-.3-1.2.3-2 1.5-2h1.6c1.4 0 2.4-1 2.4-2.6C17 6.4 13.9 3 10 3Z'/><circle cx='6.8' cy='9' r='.8'/><circle cx='9.4' cy='6.4' r='.8'/><circle cx='13' cy='7.4' r='.8'/>";
    /// Languages and regions.
    Globe = "globe", "<circle cx='10' cy='10' r='7'/><path d='M3.2 10h13.6M10 3c2 2 2.9 4.3 2.9 7s-.9 5-2.9 7c-2-2-2.9-4.3-2.9-7S8 5 10 3Z'/>";
    /// Security.
    Shield = "shield", "<path d='M10 2.8 4.2 5v4.4c0 3.6 2.3 6.5 5.8 7.8 3.5-1.3 5.8-4.2 5.8-7.8V5L10 2.8ZM7.4 9.9l1.9 1.9 3.4-3.6'/>";
    /// A device with a browser.
    Monitor = "monitor", "<rect x='2.8' y='3.8' width='14.4' height='9.6' rx='1.6'/><path d='M7 16.8h6M10 13.6v3'/>";
    /// A program.
    Terminal = "terminal", "<rect x='2.8' y='3.8' width='14.4' height='12.4' rx='1.8'/><path d='m6 8 2.4 2.2L6 12.4M10.4 12.6h3.6'/>";
    Download = "download", "<path d='M10 3.4v8.8M6.6 9 10 12.4 13.4 9M3.8 13.6v1.2c0 1 .8 1.8 1.8 1.8h8.8c1 0 1.8-.8 1.8-1.8v-1.2'/>";
    /// Hide a visible value.
    EyeOff = "eye-off", "<path d='M4.4 6.8C3.6 7.7 2.9 8.7 2.4 10c1.6 3.3 4.4 5 7.6 5 1.3 0 2.5-.3 3.6-.8M8 5.2c.6-.1 1.3-.2 2-.2 3.2 0 6 1.7 7.6 5-.4.9-1 1.7-1.6 2.4M3.5 3.5l13 13M8.3 8.5a2.3 2.3 0 0 0 3.2 3.2'/>";
}

/// All symbols, once per document and invisible. The shell renders it at the end of the body.
#[component]
pub fn Sprite() -> impl IntoView {
    let symbols: String = IconName::ALL
        .iter()
        .map(|(name, paths)| {
            format!(
                "<symbol id='{}' viewBox='0 0 20 20'>{paths}</symbol>",
                name.id()
            )
        })
        .collect();
    view! { <svg class="sprite" aria-hidden="true" focusable="false" inner_html=symbols></svg> }
}

/// An icon in the color of the surrounding text. Decorative: the element around it needs a name.
#[component]
pub fn Icon(#[prop(into)] name: Signal<IconName>) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <use href=move || name.get().href()></use>
        </svg>
    }
}
