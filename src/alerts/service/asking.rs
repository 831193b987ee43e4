//! Alerts created by commands in a channel.

use super::{Checked, Service};
use crate::accounts::{Profile, Viewer};
use crate::alerts::model::Alert;
use crate::alerts::rules;
use crate::alerts::store;
use crate::shared::{AlertId, ChannelId, MessageId, Result};

impl Service {
    /// Creates an alert from a message, once: the alert has the message's id. With `here` at the
    /// end of the text it is posted in that channel, as with the form.
    ///
    /// # Errors
    /// The errors of [`rules::parse_in_channel`] and [`Self::create`]; `not-found` also if the
    /// author has left the channel.
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
        // A retry does not load prices.
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
