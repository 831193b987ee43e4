//! Cards in channels. They are built here from the current holdings and posted as the member's own
//! message. Members cannot forge them, because messages from clients contain no cards.

use super::Service;
use crate::accounts::Viewer;
use crate::chat::{self, Card, Send};
use crate::communities::{
    self,
    rules::{Membership, Permissions, permissions},
};
use crate::portfolio::model::{PortfolioShare, SharePreview, Shared, Showing, TradeShare};
use crate::portfolio::rules::{ledger::splits, sharing as rules};
use crate::portfolio::store;
use crate::shared::{ChannelId, Error, PortfolioId, Result, TransactionId};
use serde::Serialize;

/// Maximum length of the comment above a card, in characters.
const MAX_COMMENT: usize = 500;

/// Shares portfolios and trades; clones share their state.
#[derive(Clone)]
pub struct Sharing {
    portfolios: Service,
    chat: chat::Service,
    communities: communities::Service,
}

/// What to share.
#[derive(Clone, Copy, Debug)]
pub struct What {
    pub portfolio: PortfolioId,
    /// A buy or sell of it. None: all holdings.
    pub transaction: Option<TransactionId>,
    /// What to show besides percentages.
    pub showing: Showing,
}

impl Sharing {
    /// Creates the service.
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

    /// Returns a preview of the card, and the channels it can be shared in.
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

    /// Returns the channels that the viewer can write in, with their names.
    async fn channels(&self, viewer: &Viewer) -> Result<Vec<(ChannelId, String)>> {
        // All of them belong to communities of which the viewer is a member.
        let may = permissions(Membership {
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

    /// Posts a card with a comment as the viewer's own message. A retry with the same nonce returns
    /// the first message.
    ///
    /// # Errors
    /// As [`Self::preview`]; `not-found` and `forbidden` for a channel that the viewer cannot write
    /// in; `comment-too-long`; those of [`chat::Service::send`].
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
            .send_with_cards(viewer, nonce, send, vec![part])
            .await?;
        Ok(Shared {
            message_id: sent.id,
            seq: sent.seq,
            channel_id: channel,
            community_id: access.channel.community_id,
        })
    }

    /// Returns a card and its text.
    async fn card(&self, viewer: &Viewer, what: What) -> Result<(Card, String)> {
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
        // Without a quote the card omits the current price.
        let markets = inner.markets.requested_by(viewer);
        let quote = markets.quote(symbol).await.ok().flatten();
        rules::trade(&found, &all, quote.as_ref(), what.showing).ok_or_else(not_a_trade)
    }
}

fn part(kind: &str, body: &impl Serialize) -> Result<Card> {
    Ok(Card {
        kind: kind.to_owned(),
        body: serde_json::to_value(body).map_err(Error::internal)?,
    })
}
