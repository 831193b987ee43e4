//! Cards in channels: made here from what is held now, posted as the member's own message. Nobody
//! else can make one, as messages come in without parts.

use super::Service;
use crate::accounts::Viewer;
use crate::chat::{self, Part, Send};
use crate::communities::{
    self,
    rules::{Permissions, Standing, permissions},
};
use crate::portfolio::model::{PortfolioShare, SharePreview, Shared, Showing, TradeShare};
use crate::portfolio::rules::{ledger::splits, sharing as rules};
use crate::portfolio::store;
use crate::shared::{ChannelId, Error, PortfolioId, Result, TransactionId};
use serde::Serialize;

/// Most characters of what is said beside a card.
const MAX_COMMENT: usize = 500;

/// Shares portfolios and trades; a clone is the same service.
#[derive(Clone)]
pub struct Sharing {
    portfolios: Service,
    chat: chat::Service,
    communities: communities::Service,
}

/// What is to be shared.
#[derive(Clone, Copy, Debug)]
pub struct What {
    /// The portfolio.
    pub portfolio: PortfolioId,
    /// One purchase or sale of it; none: all that is held.
    pub transaction: Option<TransactionId>,
    /// What is shown beside per cents.
    pub showing: Showing,
}

impl Sharing {
    /// Cards of these portfolios, posted through this chat.
    pub const fn new(
        portfolios: Service,
        chat: chat::Service,
        communities: communities::Service,
    ) -> Self {
        Self {
            portfolios,
            chat,
            communities,
        }
    }

    /// What others would see now, and where it can be shared.
    ///
    /// # Errors
    /// `not-found`, `nothing-to-share`, `not-a-trade`.
    pub async fn preview(&self, viewer: &Viewer, what: What) -> Result<SharePreview> {
        let (part, _) = self.card(viewer, what).await?;
        Ok(SharePreview {
            part,
            channels: self.channels(viewer).await?,
        })
    }

    /// The channels in which the viewer may write, with their names.
    async fn channels(&self, viewer: &Viewer) -> Result<Vec<(ChannelId, String)>> {
        // All of them are of communities that they are in.
        let may = permissions(Standing {
            member: true,
            kind: viewer.kind,
        });
        if !may.allow(Permissions::SEND) {
            return Ok(Vec::new());
        }
        let channels = self.communities.visible_channels(viewer).await?;
        let named = channels.into_iter();
        Ok(named
            .map(|(channel, _)| (channel.id, channel.name))
            .collect())
    }

    /// Shares what is held now, with a few words, as a message of the viewer's own. A repeat with
    /// the same nonce answers with the first.
    ///
    /// # Errors
    /// As [`Self::preview`]; `not-found` and `forbidden` for a channel in which the viewer may not
    /// write; `comment-too-long`; those of [`chat::Service::send`].
    pub async fn share(
        &self,
        viewer: &Viewer,
        what: What,
        channel: ChannelId,
        comment: &str,
        nonce: &str,
    ) -> Result<Shared> {
        let comment = comment.trim();
        if comment.chars().count() > MAX_COMMENT {
            return Err(Error::bad_request(
                "comment-too-long",
                format!("Comment too long: at most {MAX_COMMENT} characters"),
            )
            .with("max", MAX_COMMENT)
            .with("field", "comment"));
        }
        let (part, words) = self.card(viewer, what).await?;
        let access = self.communities.access(viewer, channel).await;
        let access = access.map_err(|error| error.with("field", "channel"))?;
        if !access.permissions.allow(Permissions::SEND) {
            return Err(Error::forbidden().with("field", "channel"));
        }
        let text = if comment.is_empty() {
            words
        } else {
            format!("{comment}\n\n{words}")
        };
        let send = Send {
            channel_id: channel,
            text,
        };
        let sent = self
            .chat
            .send_with_parts(viewer, nonce, send, vec![part])
            .await?;
        Ok(Shared {
            message_id: sent.id,
            seq: sent.seq,
            channel_id: channel,
            community_id: access.channel.community_id,
        })
    }

    /// A card with its words.
    async fn card(&self, viewer: &Viewer, what: What) -> Result<(Part, String)> {
        match what.transaction {
            None => {
                let share = self.portfolio(viewer, what).await?;
                Ok((part(PortfolioShare::KIND, &share)?, share.text))
            }
            Some(id) => {
                let share = self.trade(viewer, what, id).await?;
                Ok((part(TradeShare::KIND, &share)?, share.text))
            }
        }
    }

    async fn portfolio(&self, viewer: &Viewer, what: What) -> Result<PortfolioShare> {
        let page = self.portfolios.page(viewer, what.portfolio).await?;
        let performance = self
            .portfolios
            .performance(viewer, what.portfolio, None)
            .await?;
        rules::portfolio(&page, &performance, what.showing)
            .ok_or_else(|| Error::conflict("nothing-to-share", "Nothing to share"))
    }

    async fn trade(&self, viewer: &Viewer, what: What, id: TransactionId) -> Result<TradeShare> {
        let found = self.portfolios.transaction(viewer, what.portfolio, id);
        let found = found.await?;
        let not_a_trade = || Error::bad_request("not-a-trade", "Only buys and sells can be shared");
        let symbol = found.symbol.as_deref().filter(|_| !found.removed);
        let symbol = symbol.ok_or_else(not_a_trade)?;
        let inner = &self.portfolios.inner;
        let told = self.portfolios.splits(viewer.into(), symbol).await;
        let table = match told {
            Some(told) => told,
            None => {
                let kept = store::holding(&inner.db, what.portfolio, symbol).await?;
                kept.map(|kept| kept.splits).unwrap_or_default()
            }
        };
        let own = self
            .portfolios
            .entries(viewer.account, what.portfolio, Some(symbol))
            .await?;
        let own: Vec<_> = own.into_iter().map(|(_, entry)| entry).collect();
        let all = splits(&own, &table);
        // A source that is away costs the price of now, not the card.
        let markets = inner.markets.asked_by(viewer);
        let quote = markets.quote(symbol).await.ok().flatten();
        rules::trade(&found, &all, quote.as_ref(), what.showing).ok_or_else(not_a_trade)
    }
}

fn part(kind: &str, body: &impl Serialize) -> Result<Part> {
    Ok(Part {
        kind: kind.to_owned(),
        body: serde_json::to_value(body).map_err(Error::internal)?,
    })
}
