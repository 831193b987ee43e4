//! Ids: a UUID version 7 with its own type for each kind of thing.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Creates an id; later ids sort after earlier ones.
            #[cfg(feature = "ssr")]
            #[expect(clippy::new_without_default, reason = "a random default would surprise")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        /// Primary keys need it, for databases that number their rows.
        #[cfg(feature = "ssr")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}

id!(
    /// Account of a member, guest or bot.
    AccountId
);
id!(
    /// A session: one signed-in device of an account.
    SessionId
);
id!(
    /// A running server process.
    NodeId
);
id!(
    /// A community.
    CommunityId
);
id!(
    /// A channel of a community; the `room_id` of the older APIs.
    ChannelId
);
id!(
    /// A message.
    MessageId
);
id!(
    /// A portfolio of an account.
    PortfolioId
);
id!(
    /// A transaction in a portfolio.
    TransactionId
);
id!(
    /// An import: transactions from one file.
    ImportId
);
id!(
    /// A watchlist.
    WatchlistId
);
id!(
    /// A drawing on a chart.
    DrawingId
);
id!(
    /// A price alert.
    AlertId
);
id!(
    /// A notification.
    NotificationId
);
id!(
    /// A prediction.
    PredictionId
);
id!(
    /// A season of paper trading in a community.
    SeasonId
);
id!(
    /// An order of paper trading.
    OrderId
);
