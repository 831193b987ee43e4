//! Limits on guessing passwords and codes from networks that are new to an account.
//!
//! Each network has its own limit for each account (`limits.sign_in_account`), which stops one
//! attacker, but not a thousand of them. So all networks from which the account has not been used
//! share one limit: [`HOUR`] and [`DAY`]. A network is known while the account has a session that
//! was used there (rows stay for 30 days after the session ends), and for a day after a reset link
//! was used there. Known networks keep their own limit, so strangers cannot lock the owner out: an owner on
//! a new network waits, or requests a reset link.
//!
//! What all strangers together can guess: 50 passwords a day per name of an account (username and
//! email count separately, so that their limits do not reveal that they belong together), 100 in
//! total; and 50 codes a day, once they have the password. A known network has 10 attempts a minute
//! by default. Only failures count; refused attempts do not, so the wait ends at most a day after
//! the first failure.

use super::{Service, network, seconds};
use crate::{
    accounts::store,
    platform::lease::{Limiter, Rate},
    shared::{AccountId, Error, Result},
};
use std::time::Duration;

/// Failures of all unknown networks together, per account.
const HOUR: Rate = Rate {
    count: 20,
    window: Duration::from_hours(1),
};
/// The same per day: after the first hours each attempt has a longer wait.
const DAY: Rate = Rate {
    count: 50,
    window: Duration::from_hours(24),
};
/// Number of latest sessions whose networks count as known.
const SESSIONS: u64 = 50;
/// How long a network counts as known after it used a reset link, until a sign-in from there.
const VOUCHED: Duration = Duration::from_hours(24);

impl Service {
    /// true if the account has been used from this network.
    pub(super) async fn is_known(&self, account: AccountId, address: &str) -> Result<bool> {
        let here = network(address);
        let addresses = store::addresses(&self.inner.db, account, SESSIONS).await?;
        if addresses.iter().any(|address| network(address) == here) {
            return Ok(true);
        }
        let key = vouched(account, address);
        Ok(self.inner.limiter.is_marked(&key).await)
    }

    /// Marks a network as known until a sign-in from there.
    pub(super) async fn vouch(&self, account: AccountId, address: &str) {
        let key = vouched(account, address);
        self.inner.limiter.mark(&key, VOUCHED).await;
    }

    /// Removes the mark of [`Self::vouch`] after a sign-in: from now on the session shows that the
    /// network is known.
    pub(super) async fn signed_in_from(&self, account: AccountId, address: &str) {
        let key = vouched(account, address);
        self.inner.limiter.mark(&key, Duration::ZERO).await;
    }

    /// Counts an attempt for `who` against the limit that all unknown networks share. A success
    /// does not count.
    ///
    /// # Errors
    /// `too-many-guesses`, and those of the attempt.
    pub(super) async fn guess<T>(
        &self,
        what: &str,
        who: &str,
        attempt: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        guess(&self.inner.limiter, what, who, attempt).await
    }
}

async fn guess<T>(
    limiter: &Limiter,
    what: &str,
    who: &str,
    attempt: impl Future<Output = Result<T>>,
) -> Result<T> {
    let hour = format!("accounts.{what}.hour:{who}");
    let day = format!("accounts.{what}.day:{who}");
    limiter.take(&hour, HOUR).await.map_err(too_many)?;
    if let Err(wait) = limiter.take(&day, DAY).await {
        limiter.give_back(&hour).await;
        return Err(too_many(wait));
    }
    let result = attempt.await;
    if result.is_ok() {
        limiter.give_back(&hour).await;
        limiter.give_back(&day).await;
    }
    result
}

fn vouched(account: AccountId, address: &str) -> String {
    format!("accounts.vouched:{account} {}", network(address))
}

fn too_many(wait: Duration) -> Error {
    let seconds = seconds(wait);
    Error::rate_limited(
        "too-many-guesses",
        "Too many wrong attempts; sign in from a known network, use a password link, or try again later",
        seconds,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Kind;
    use std::cell::Cell;

    async fn wrong(tried: &Cell<u32>) -> Result<()> {
        tried.set(tried.get() + 1);
        Err(Error::new(Kind::Unauthenticated, "wrong", "Wrong"))
    }

    #[tokio::test(start_paused = true)]
    async fn a_botnet_gets_fifty_guesses_a_day() {
        let limiter = Limiter::default();
        let tried = Cell::new(0);
        let mut days = Vec::new();
        for _day in 0..3 {
            let before = tried.get();
            for _second in 0..86_400 / 5 {
                let _refused = guess(&limiter, "test", "ada", wrong(&tried)).await;
                tokio::time::advance(Duration::from_secs(5)).await;
            }
            days.push(tried.get() - before);
        }
        assert_eq!(days, [50, 50, 50]);
        assert!(
            guess(&limiter, "test", "bo", async { Ok(()) })
                .await
                .is_ok()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_ends_when_the_attack_does() {
        let limiter = Limiter::default();
        let tried = Cell::new(0);
        for _ in 0..1_000 {
            let _refused = guess(&limiter, "test", "ada", wrong(&tried)).await;
        }
        assert_eq!(tried.get(), HOUR.count);
        let refused = guess(&limiter, "test", "ada", async { Ok(()) }).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code, "too-many-guesses");
        let wait = refused.retry_after().unwrap();
        assert!((3_590..=3_600).contains(&wait), "{wait}");
        tokio::time::advance(Duration::from_secs(wait)).await;
        for _ in 0..100 {
            // Successful attempts never count.
            let right = guess(&limiter, "test", "ada", async { Ok(()) }).await;
            assert!(right.is_ok());
        }
    }
}
