//! Types that every feature uses: ids, errors, paging, time.
//!
//! Nothing here depends on a feature or a browser; on the server, ids and names can be stored.

pub mod error;
pub mod ids;
pub mod instance;
pub mod json;
pub mod names;
pub mod near;
pub mod paging;
pub mod sync;
mod text_enum;
pub mod time;

pub use error::{Error, Kind, Result};
pub use ids::{
    AccountId, AlertId, ChannelId, CommunityId, DrawingId, ImportId, MessageId, NodeId,
    NotificationId, OrderId, PortfolioId, PredictionId, SeasonId, SessionId, TransactionId,
    WatchlistId,
};
pub(crate) use text_enum::text_enum;
pub use time::Timestamp;
