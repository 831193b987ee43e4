//! What every feature speaks: ids, errors, paging, time.
//!
//! Nothing here knows a feature, a database or a browser.

pub mod error;
pub mod ids;
pub mod instance;
pub mod json;
pub mod names;
pub mod near;
pub mod paging;
pub mod sync;
pub mod time;

pub use error::{Error, Kind, Result};
pub use ids::{
    AccountId, AlertId, CallId, ChannelId, CommunityId, DrawingId, ImportId, MessageId, NoticeId,
    OrderId, PortfolioId, SeasonId, SessionId, TransactionId, WatchlistId,
};
pub use time::Timestamp;
