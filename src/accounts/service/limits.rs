//! Request limits per account or network, separately for: the REST API, pages with their server
//! functions, and commands of all websockets together.
//!
//! Visitors without an account are counted by network. Members are counted by account, across all
//! their networks and connections, since a whole school may share one address.

use super::{Service, seconds};
use crate::{
    platform::{lease::Rate, net::network},
    shared::{AccountId, Error, Result},
};

/// Where a request arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// The REST API.
    Api,
    /// Pages, server functions, and opening a websocket.
    Pages,
}

/// Number of missed messages that cost as much as one subscription.
const PER_TOKEN: usize = 5;

impl Service {
    /// Counts a request by account, or by network if there is no account.
    ///
    /// # Errors
    /// `rate-limited`.
    pub async fn take_request(
        &self,
        entrance: Entrance,
        account: Option<AccountId>,
        address: &str,
    ) -> Result<()> {
        let limits = &self.inner.limits;
        let (what, rate) = match (entrance, account.is_some()) {
            (Entrance::Api, true) => ("requests", limits.requests),
            (Entrance::Api, false) => ("requests", limits.network_requests),
            (Entrance::Pages, true) => ("pages", limits.pages),
            (Entrance::Pages, false) => ("pages", limits.network_pages),
        };
        let who = client(account, address);
        self.spend(what, &who, 1, rate.rate()).await
    }

    /// Counts a command of an account's websockets.
    ///
    /// # Errors
    /// `rate-limited`.
    pub async fn take_command(&self, account: AccountId) -> Result<()> {
        let rate = self.inner.limits.commands.rate();
        self.spend("commands", &account.to_string(), 1, rate).await
    }

    /// Counts a subscription of an account's websockets.
    ///
    /// # Errors
    /// `rate-limited`.
    pub async fn take_subscription(&self, account: AccountId) -> Result<()> {
        let rate = self.inner.limits.subscriptions.rate();
        let who = account.to_string();
        self.spend("subscriptions", &who, 1, rate).await
    }

    /// Counts the messages that a subscription caught up with. They are sent in any case; the next
    /// subscriptions wait.
    pub async fn charge_catch_up(&self, account: AccountId, messages: usize) {
        let rate = self.inner.limits.subscriptions.rate();
        let cost = u32::try_from(messages / PER_TOKEN).unwrap_or(u32::MAX);
        let who = account.to_string();
        // An error only means that the limit is used up: the next subscription is refused anyway.
        drop(self.spend("subscriptions", &who, cost, rate).await);
    }

    async fn spend(&self, what: &str, who: &str, cost: u32, rate: Rate) -> Result<()> {
        let key = format!("{what}:{who}");
        let spent = self.inner.limiter.spend(&key, cost, rate).await;
        spent.map_err(|wait| {
            let seconds = seconds(wait);
            Error::rate_limited(
                "rate-limited",
                format!("Too many requests; try again in {seconds} seconds"),
                seconds,
            )
        })
    }
}

/// Returns the key under which a request is counted: the account, else the network.
pub fn client(account: Option<AccountId>, address: &str) -> String {
    match account {
        Some(account) => account.to_string(),
        None => network(address),
    }
}
