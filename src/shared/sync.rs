//! Standard library locks that ignore poisoning: after a panic of the holder the data stays as it
//! was, and other threads continue.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Locks a mutex.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks for reading.
pub fn read<T: ?Sized>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Locks for writing.
pub fn write<T: ?Sized>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_panic_closes_no_lock() {
        let both = Arc::new((Mutex::new(1), RwLock::new(2)));
        let held = Arc::clone(&both);
        let panicked = std::thread::spawn(move || {
            let (_first, _second) = (held.0.lock().unwrap(), held.1.write().unwrap());
            panic!("while holding both");
        });
        assert!(panicked.join().is_err());
        assert!(both.0.is_poisoned() && both.1.is_poisoned());
        *lock(&both.0) += 1;
        *write(&both.1) += 1;
        assert_eq!((*lock(&both.0), *read(&both.1)), (2, 3));
    }
}
