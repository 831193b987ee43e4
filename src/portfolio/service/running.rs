//! The files that are being taken in just now.

use crate::shared::sync::lock;
use crate::shared::{Error, PortfolioId, Result};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// How many transactions are written, and of how many, by portfolio.
#[derive(Default)]
pub(super) struct RunningImports(Mutex<HashMap<PortfolioId, (usize, usize)>>);

impl RunningImports {
    fn all(&self) -> MutexGuard<'_, HashMap<PortfolioId, (usize, usize)>> {
        lock(&self.0)
    }

    /// Begins with a portfolio; `import-running` when a file is being taken into it already.
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

    /// How far a portfolio's file is.
    pub fn progress(&self, id: PortfolioId) -> Option<(usize, usize)> {
        self.all().get(&id).copied()
    }
}

/// A file that is being taken in, for as long as this lives: whoever sent it may go.
pub(super) struct Running<'a> {
    of: &'a RunningImports,
    id: PortfolioId,
}

impl Running<'_> {
    /// So many of so many are written.
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
