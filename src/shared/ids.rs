//! Ids: a UUID version 7 in a type of its own for each kind of thing.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; later ids sort after earlier ones.
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
    };
}

id!(
    /// A person's, guest's or bot's account.
    AccountId
);
id!(
    /// One signed-in device of an account.
    SessionId
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
    /// Something that happened in a portfolio.
    TransactionId
);
id!(
    /// Transactions that came in one file.
    ImportId
);
id!(
    /// A list of instruments that somebody watches.
    WatchlistId
);
id!(
    /// What somebody drew on a chart.
    DrawingId
);
id!(
    /// Something about an instrument that somebody waits for.
    AlertId
);
id!(
    /// What somebody was told by an alert.
    NoticeId
);
id!(
    /// What somebody expects of an instrument.
    CallId
);
id!(
    /// A season of paper trading in a community.
    SeasonId
);
id!(
    /// An order of paper trading.
    OrderId
);
