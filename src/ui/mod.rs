//! Design system: the parts that every page is drawn from, and the texts that it speaks.
//!
//! Knows no feature. Colours, sizes and motion come from `style/tokens.css`; texts come from
//! [`text`]; everything that differs between readers (theme, language, zone, panes) is a cookie,
//! so that the browser's first render equals the server's.

pub mod avatar;
pub mod button;
pub mod cookies;
pub mod dialog;
pub mod field;
pub mod frame;
pub mod icon;
pub mod logo;
pub mod page;
pub mod text;
pub mod theme;
pub mod time;
pub mod toast;

pub use avatar::Avatar;
pub use button::{Button, ButtonKind, IconButton};
pub use dialog::Dialog;
pub use field::{Field, Meter};
pub use frame::{ContextToggle, Frame, FrameState, Pane};
pub use icon::{Icon, IconName, Sprite};
pub use logo::{BridgeDrawing, Logo};
pub use page::{Broken, NotFound, NoticeDrawing, NoticePage};
pub use text::{Language, Value, error_text, t, t_with};
pub use theme::{Theme, ThemeToggle};
pub use time::{Clock, DayLabel, Zone, clock, day_label};
pub use toast::{ToastRegion, Toasts};
