//! Changes of one portfolio take turns in this process, so that none of them is computed in vain.

use super::busy;
use crate::shared::sync::lock;
use crate::shared::{PortfolioId, Result};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// Changes of one portfolio that may wait for each other.
const MAX_WAITING: usize = 100;

/// The portfolios that are being changed.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<PortfolioId, Arc<AsyncMutex<()>>>>);

impl Turns {
    fn all(&self) -> MutexGuard<'_, HashMap<PortfolioId, Arc<AsyncMutex<()>>>> {
        lock(&self.0)
    }

    /// Waits until no other change of a portfolio is under way; `portfolio-busy` when too many wait.
    pub async fn take(&self, id: PortfolioId) -> Result<Ticket<'_>> {
        let mut ticket = self.ticket(id)?;
        ticket.held = Some(Arc::clone(&ticket.turn).lock_owned().await);
        Ok(ticket)
    }

    fn ticket(&self, id: PortfolioId) -> Result<Ticket<'_>> {
        let mut all = self.all();
        let turn = Arc::clone(all.entry(id).or_default());
        // The map and this one have it, and every other change twice: for itself and for its lock.
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

/// The right to change a portfolio, for as long as this lives.
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
        // Only the map and this one have it.
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
        // The second does not want it any more.
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
