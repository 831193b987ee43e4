//! Types that every feature uses: ids, errors, paging, time.
//!
//! Nothing here depends on a feature, a database or a browser.

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
    AccountId, AlertId, ChannelId, CommunityId, DrawingId, ImportId, MessageId, NotificationId,
    OrderId, PortfolioId, PredictionId, SeasonId, SessionId, TransactionId, WatchlistId,
};
pub use time::Timestamp;
