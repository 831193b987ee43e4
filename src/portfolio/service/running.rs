//! Imports that are running now.

use crate::shared::sync::lock;
use crate::shared::{Error, PortfolioId, Result};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// Transactions written and their total number, by portfolio.
#[derive(Default)]
pub(super) struct RunningImports(Mutex<HashMap<PortfolioId, (usize, usize)>>);

impl RunningImports {
    fn all(&self) -> MutexGuard<'_, HashMap<PortfolioId, (usize, usize)>> {
        lock(&self.0)
    }

    /// Starts an import; `import-running` if another one is running for the portfolio.
    pub fn begin(&self, id: PortfolioId) -> Result<Running<'_>> {
        let mut all = self.all();
        if all.contains_key(&id) {
            return Err(Error::conflict(
                "import-running",
                "Another import is running",
            ));
        }
        all.insert(id, (0, 0));
        Ok(Running { of: self, id })
    }

    /// Returns the progress of a portfolio's import.
    pub fn progress(&self, id: PortfolioId) -> Option<(usize, usize)> {
        self.all().get(&id).copied()
    }
}

/// A running import. Dropping it ends the import, also when the client disconnects.
pub(super) struct Running<'a> {
    of: &'a RunningImports,
    id: PortfolioId,
}

impl Running<'_> {
    /// Sets the progress.
    pub fn at(&self, written: usize, of: usize) {
        self.of.all().insert(self.id, (written, of));
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.of.all().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_at_a_time_goes_into_a_portfolio() {
        let (all, id) = (RunningImports::default(), PortfolioId::new());
        let running = all.begin(id).unwrap();
        assert_eq!(all.progress(id), Some((0, 0)));
        running.at(2_000, 5_000);
        assert_eq!(all.progress(id), Some((2_000, 5_000)));
        let refused = all.begin(id).err().unwrap();
        assert_eq!(refused.code, "import-running");
        assert!(all.begin(PortfolioId::new()).is_ok());
        drop(running);
        assert_eq!(all.progress(id), None);
        assert!(all.begin(id).is_ok());
    }
}
