//! Paper trading: a community's members trade with money that is none, a quarter at a time, at the
//! prices that come after their orders.
//!
//! An account is a portfolio of `portfolio` that this feature keeps: a deposit at joining, purchases
//! and sales as orders are filled. An order is filled at the first price that is certain to be newer
//! than the order ([`rules`]), never at the one that its member saw. The [`Filler`] asks `markets`
//! for each symbol that somebody waits for; a fill is one transaction with a condition on the order's
//! state, so that two nodes, or the same after a crash, fill once. In the same transaction its member
//! is told, by what `alerts` keeps for that; so they are of orders that are refused or expire.

mod model;
pub mod rpc;
pub mod rules;
pub mod view;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    AccountPage, Board, Draft, Ended, Market, Order, OrderKind, OrderPage, OrderState,
    PaperAccount, PaperPage, Placed, Preview, Reason, Season, Seasons, Side, Standing, Ticket,
};
#[cfg(feature = "ssr")]
pub use service::{Filler, Parts, Service};
