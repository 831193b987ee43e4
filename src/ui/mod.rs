//! Design system: the components that every page uses, and the message catalogues.
//!
//! Knows no feature. Colors, sizes and motion come from `style/tokens.css`; texts come from
//! [`text`]; everything that differs between readers (their [`preferences`], time zone, pane sizes)
//! is a cookie, so the browser's first render equals the server's.

/// Path of the chart library. Pages with a chart preload it.
pub const CHARTS: &str = "/charts/echarts.js";

mod address;
pub mod avatar;
#[cfg(feature = "hydrate")]
pub mod browser;
pub mod button;
pub mod change;
mod changes;
#[cfg(feature = "hydrate")]
pub mod chart;
pub mod chips;
mod choices;
mod clipboard;
pub mod cookies;
pub mod dialog;
pub mod facts;
pub mod field;
pub mod figures;
pub mod finder;
pub mod form;
mod form_key;
pub mod frame;
pub mod icon;
pub mod keys;
pub mod later;
pub mod letters;
pub mod line_chart;
pub mod loaded;
pub mod logo;
pub mod menu;
pub mod money;
pub mod page;
pub mod panes;
pub mod preferences;
pub mod range;
pub mod sections;
pub mod sparkline;
pub mod table;
pub mod text;
pub mod theme;
pub mod ticks;
pub mod time;
pub mod toast;
pub mod tools;
pub mod upload;
#[cfg(feature = "hydrate")]
pub mod zones;

pub use address::{address, query_param};
pub use avatar::Avatar;
pub use button::{Button, ButtonKind, IconButton};
pub use changes::Changes;
pub use chips::{Chip, chips};
pub(crate) use choices::choices;
pub use clipboard::copy_to_clipboard;
pub use dialog::Dialog;
pub use field::{Field, Meter};
pub use figures::{bytes, figure, percent, with_currency};
pub use finder::{Entry, Finder, FinderButton};
pub use form::{FormErrors, SearchForm, TextField};
pub use form_key::{form_key, new_key, settled};
pub use frame::{ContextToggle, Frame, FrameState, Pane};
pub use icon::{Icon, IconName, Sprite};
pub use keys::Keys;
pub use logo::{BridgeDrawing, Logo};
pub use menu::{Menu, RowMenu};
pub use page::{Broken, LiveTitle, NotFound, NoticeDrawing, NoticePage, set_status};
pub use table::{Column, DataTable, pager, wide};
#[cfg(feature = "hydrate")]
pub use text::provide_texts;
pub use text::{Language, Value, error_text, t, t_in, t_with};
pub use time::{Clock, DayLabel, Moment, When, Zone, clock, day_label};
pub use toast::{ToastRegion, Toasts};
