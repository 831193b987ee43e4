//! Changes to one portfolio take turns within this process, so that none is computed in vain.

use super::errors::busy;
use crate::shared::sync::lock;
use crate::shared::{PortfolioId, Result};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// Maximum number of waiting changes per portfolio.
const MAX_WAITING: usize = 100;

/// A lock per portfolio that is being changed.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<PortfolioId, Arc<AsyncMutex<()>>>>);

impl Turns {
    fn all(&self) -> MutexGuard<'_, HashMap<PortfolioId, Arc<AsyncMutex<()>>>> {
        lock(&self.0)
    }

    /// Waits until no other change of the portfolio is running; `portfolio-busy` if too many wait.
    pub async fn take(&self, id: PortfolioId) -> Result<Ticket<'_>> {
        let mut ticket = self.ticket(id)?;
        ticket.held = Some(Arc::clone(&ticket.turn).lock_owned().await);
        Ok(ticket)
    }

    fn ticket(&self, id: PortfolioId) -> Result<Ticket<'_>> {
        let mut all = self.all();
        let turn = Arc::clone(all.entry(id).or_default());
        // References: one in the map, one here, and two per other change (its ticket and its
        // guard).
        if Arc::strong_count(&turn) > 2 * MAX_WAITING + 2 {
            return Err(busy());
        }
        Ok(Ticket {
            of: self,
            id,
            turn,
            held: None,
        })
    }
}

/// The right to change a portfolio; dropping it releases the portfolio.
pub(super) struct Ticket<'a> {
    of: &'a Turns,
    id: PortfolioId,
    turn: Arc<AsyncMutex<()>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.held = None;
        let mut all = self.of.all();
        // Only the map and this ticket still have a reference.
        if Arc::strong_count(&self.turn) <= 2 {
            all.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn one_after_the_other_and_nothing_stays() {
        let (turns, id) = (Turns::default(), PortfolioId::new());
        let first = turns.take(id).await.unwrap();
        let other = turns.take(PortfolioId::new()).await.unwrap();
        let mut second = Box::pin(turns.take(id));
        let mut third = Box::pin(turns.take(id));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(third.as_mut().now_or_never().is_none());
        drop(first);
        // The second waiter gives up.
        drop(second);
        let third = third.await.unwrap();
        assert_eq!(turns.all().len(), 2);
        drop((third, other));
        assert!(turns.all().is_empty());
    }

    #[tokio::test]
    async fn only_so_many_wait() {
        let (turns, id) = (Turns::default(), PortfolioId::new());
        let first = turns.take(id).await.unwrap();
        let mut waiting = Vec::new();
        let refused = loop {
            let mut next = Box::pin(turns.take(id));
            match next.as_mut().now_or_never() {
                None => waiting.push(next),
                Some(answer) => break answer.err().unwrap(),
            }
        };
        assert_eq!(
            (refused.code.as_ref(), refused.status()),
            ("portfolio-busy", 503)
        );
        assert_eq!(waiting.len(), MAX_WAITING);
        drop(first);
        drop(waiting);
        assert!(turns.all().is_empty());
    }
}
