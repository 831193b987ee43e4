//! Limits on the number of channels that an account can create.

use super::Service;
use crate::accounts::{AccountKind, Viewer};
use crate::platform::lease::Rate;
use crate::shared::{Error, Result};
use std::time::Duration;

/// New channels per guest.
const GUEST_CHANNELS: Rate = Rate {
    count: 3,
    window: Duration::from_hours(1),
};
/// New channels of all guests together.
const ALL_GUESTS_CHANNELS: Rate = Rate {
    count: 20,
    window: Duration::from_hours(1),
};

impl Service {
    /// Counts a new channel of the viewer.
    pub(super) async fn limit_new_channels(&self, viewer: &Viewer) -> Result<()> {
        if viewer.kind == AccountKind::Guest {
            self.limit_guest(viewer).await?;
        }
        let key = format!("channels:{}", viewer.account);
        self.limit_channels(&key, self.inner.rate).await
    }

    /// Guest accounts are free to create, so guests also share one limit.
    async fn limit_guest(&self, viewer: &Viewer) -> Result<()> {
        if !self.inner.accounts.takes_guests() {
            return Err(Error::forbidden());
        }
        let own = format!("channels:guest:{}", viewer.account);
        self.limit_channels(&own, GUEST_CHANNELS).await?;
        self.limit_channels("channels:guests", ALL_GUESTS_CHANNELS)
            .await
    }

    async fn limit_channels(&self, key: &str, rate: Rate) -> Result<()> {
        let taken = self.inner.limiter.take(key, rate).await;
        taken.map_err(|wait| {
            let seconds = wait.as_secs() + 1;
            Error::rate_limited(
                "rate-limited",
                format!("Too many new channels; try again in {seconds} seconds"),
                seconds,
            )
        })
    }
}
