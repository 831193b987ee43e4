//! Posts triggered alerts in channels, under a nonce made from the cause, so that retries after a
//! crash and other nodes change nothing.

use super::Service;
use crate::accounts::{self, Viewer};
use crate::alerts::model::{AlertCard, AlertKind, AlertNotification, Posting};
use crate::alerts::store::{self, Post};
use crate::chat::Card;
use crate::communities::{self, rules::Permissions};
use crate::notifications;
use crate::platform::database::Tx;
use crate::shared::{Error, Result};
use uuid::Uuid;

/// Number of posts read per page.
const PAGE: u64 = 100;
/// The bot account that posts.
const USERNAME: &str = "alerts";
const NAME: &str = "Alerts";

impl Service {
    /// Posts all pending alerts. One that fails for now is retried later and does not block the
    /// others.
    pub(in crate::alerts) async fn post_waiting(&self) -> Result<()> {
        let mut after = Uuid::nil();
        loop {
            let page = store::waiting_posts(&self.inner.db, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id;
            for post in page {
                self.post(post).await?;
            }
        }
    }

    /// The bot account that posts; created if it does not exist.
    pub async fn bot(&self) -> Result<Viewer> {
        self.inner.accounts.ensure_bot(USERNAME, NAME).await
    }

    async fn post(&self, post: Post) -> Result<()> {
        let posting = match self.try_to_post(&post).await {
            Ok(true) => Posting::Posted,
            Ok(false) => Posting::Refused,
            Err(error) if error.may_pass() => {
                tracing::warn!(post.id = %post.id, error.code = %error.code, "alert not posted; retrying later");
                return Ok(());
            }
            Err(error) => {
                tracing::info!(post.id = %post.id, error.code = %error.code, "alert not posted");
                Posting::Refused
            }
        };
        let job = move |tx: Tx| async move {
            // Another node may have been first.
            if !store::delete_post(&tx, post.id).await? {
                return Ok(());
            }
            let body = AlertNotification {
                posting,
                ..post.notification
            };
            let kind = AlertNotification::KIND;
            notifications::Service::set_body(&tx, post.account, kind, &post.subject, &body).await
        };
        self.inner.db.write(post.account.0, job).await
    }

    /// Returns false if the owner can no longer write there, or is suspended.
    async fn try_to_post(&self, post: &Post) -> Result<bool> {
        let (account, channel) = (post.account, post.channel);
        let owner = self.inner.accounts.profile_by_id(account).await?;
        let asked = [(channel, account, owner.kind)];
        let job = move |tx: Tx| async move {
            let active = accounts::Service::may_act(&tx, &[account]).await?;
            let may = communities::Service::permissions_of(&tx, &asked).await?;
            let may = may.get(&(channel, account));
            let sends = may.is_some_and(|may| may.allow(Permissions::SEND));
            Ok(sends && active.contains(&account))
        };
        if !self.inner.db.write(account.0, job).await? {
            return Ok(false);
        }
        let bot = self.bot().await?;
        let nonce = format!("alert:{}", post.subject);
        let card = AlertCard {
            symbol: post.notification.symbol.clone(),
            condition: post.notification.condition,
            price: post.notification.price,
            price_at: post.notification.price_at,
            source: post.notification.source,
            by: owner.username,
        };
        let text = sentence(&card);
        let card = Card {
            kind: AlertCard::KIND.to_owned(),
            body: serde_json::to_value(&card).map_err(Error::internal)?,
        };
        self.inner
            .chat
            .send_as_bot(&bot, channel, &nonce, &text, vec![card])
            .await?;
        Ok(true)
    }
}

/// The English sentence for programs; pages draw the card instead.
pub(in crate::alerts) fn sentence(card: &AlertCard) -> String {
    let value = card
        .condition
        .value
        .map(|value| value.normalize().to_string())
        .unwrap_or_default();
    let period = card.condition.period.unwrap_or_default();
    let what = match card.condition.kind {
        AlertKind::PriceAbove => format!("is above {value}"),
        AlertKind::PriceBelow => format!("is below {value}"),
        AlertKind::Rises => format!("rose by {value}% or more"),
        AlertKind::Falls => format!("fell by {value}% or more"),
        AlertKind::Moves => format!("moved by {value}% or more"),
        AlertKind::RsiAbove => format!("has an RSI({period}) above {value}"),
        AlertKind::RsiBelow => format!("has an RSI({period}) below {value}"),
        AlertKind::CrossesSma => format!("crossed its SMA({period})"),
        AlertKind::CrossesEma => format!("crossed its EMA({period})"),
        AlertKind::CrossesMacd => "has a MACD that crossed its signal".to_owned(),
    };
    format!(
        "{} {what}: {} on {} ({}). An alert of @{}",
        card.symbol,
        card.price,
        card.price_at.date(),
        card.source.as_str(),
        card.by
    )
}
