//! Alerts in channels: what fired is posted under a nonce made from its cause, so that repeats
//! after a crash and other nodes change nothing.

use super::Service;
use crate::accounts::{self, Viewer};
use crate::alerts::model::{AlertKind, FiredPart, Posting};
use crate::alerts::store::{self, Waiting};
use crate::chat::Part;
use crate::communities::{self, rules::Permissions};
use crate::platform::database::Tx;
use crate::shared::{Error, Kind, Result};

/// Posts that are read at once.
const PAGE: u64 = 100;
/// The account that posts.
const USERNAME: &str = "alerts";
const NAME: &str = "Alerts";

impl Service {
    /// Posts what waits. One that cannot be posted now waits for the next time and holds up no
    /// other.
    pub(in crate::alerts) async fn post_waiting(&self) -> Result<()> {
        let mut after = None;
        loop {
            let page = store::waiting(&self.inner.db, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.notice.id);
            for waiting in page {
                self.post(waiting).await?;
            }
        }
    }

    /// The account that posts; created when it does not exist.
    pub async fn bot(&self) -> Result<Viewer> {
        self.inner.accounts.ensure_bot(USERNAME, NAME).await
    }

    async fn post(&self, waiting: Waiting) -> Result<()> {
        let id = waiting.notice.id;
        let posting = match self.try_to_post(waiting).await {
            Ok(true) => Posting::Posted,
            Ok(false) => Posting::Refused,
            Err(error) if may_pass(error.kind) => {
                tracing::warn!(notice.id = %id, error.code = %error.code, "alert not posted; retrying later");
                return Ok(());
            }
            Err(error) => {
                tracing::info!(notice.id = %id, error.code = %error.code, "alert not posted");
                Posting::Refused
            }
        };
        let job = move |tx: Tx| async move { store::set_posting(&tx, id, posting).await };
        self.inner.db.write(id.0, job).await
    }

    /// False: its owner may not write there any more, or not speak at all.
    async fn try_to_post(&self, waiting: Waiting) -> Result<bool> {
        let Waiting {
            account,
            armed,
            channel,
            notice,
        } = waiting;
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
        let nonce = format!("alert:{}:{armed}", notice.alert_id);
        let part = FiredPart {
            symbol: notice.symbol,
            condition: notice.condition,
            price: notice.price,
            price_at: notice.price_at,
            source: notice.source,
            by: owner.username,
        };
        let text = sentence(&part);
        let part = Part {
            kind: FiredPart::KIND.to_owned(),
            body: serde_json::to_value(&part).map_err(Error::internal)?,
        };
        self.inner
            .chat
            .send_as_bot(&bot, channel, &nonce, &text, vec![part])
            .await?;
        Ok(true)
    }
}

const fn may_pass(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::RateLimited | Kind::Unavailable | Kind::Internal | Kind::StorageFull
    )
}

/// The English sentence for programs; the page draws the part.
pub(in crate::alerts) fn sentence(part: &FiredPart) -> String {
    let value = part
        .condition
        .value
        .map(|value| value.normalize().to_string())
        .unwrap_or_default();
    let period = part.condition.period.unwrap_or_default();
    let what = match part.condition.kind {
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
        part.symbol,
        part.price,
        part.price_at.date(),
        part.source.as_str(),
        part.by
    )
}
