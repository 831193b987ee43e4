//! Alerts that somebody asks for in a channel.

use super::{Checked, Service};
use crate::accounts::{Profile, Viewer};
use crate::alerts::model::Alert;
use crate::alerts::rules;
use crate::alerts::store;
use crate::shared::{AlertId, ChannelId, MessageId, Result};

impl Service {
    /// Makes an alert for somebody who asked for it in a message, once: the alert has the message's
    /// id. With `here` at the end of its text it is posted in that channel, as the form allows it.
    ///
    /// # Errors
    /// What [`rules::parse_in_channel`] says, and as [`Self::create`]; `not-found` also for who has
    /// left the channel since.
    pub async fn create_in(
        &self,
        channel: ChannelId,
        author: &Profile,
        message: MessageId,
        text: &str,
    ) -> Result<Alert> {
        let (symbol, condition, here) = rules::parse_in_channel(text)?;
        let viewer = Viewer::absent(author);
        self.inner.communities.access(&viewer, channel).await?;
        let id = AlertId(message.0);
        // A repeat asks nobody for prices.
        if let Some(made) = store::alert(&self.inner.db, author.id, id).await? {
            return Ok(made);
        }
        let checked = Checked {
            condition,
            channel: here.then_some(channel),
            note: String::new(),
            expires_at: None,
        };
        self.make(&viewer, id, symbol.as_str(), checked, None).await
    }
}
