//! Account deletion: an account is deleted some days after its owner requested it; until then its
//! owner can cancel the deletion.
//!
//! During these days the account has no sessions, and others see no difference. Then each feature
//! deletes its data of the account, in bounded steps that are safe to repeat; the account itself is
//! deleted last. After a crash, the deletion starts again with the features. A row without a name
//! remains, since messages refer to it. The username is never given to another account, so that no
//! one can impersonate the deleted one.

use super::{
    Device, Erasure, Service,
    registration::RETIRED,
    sign_in::{RETURN, invalid_credentials, over},
};
use crate::{
    accounts::{Account, AccountKind, Departure, Viewer, rules, store},
    platform::{
        database::{Tx, forget_keys_of},
        tasks::Worker,
    },
    shared::{AccountId, Error, Result, Timestamp, names, time::now},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Pause between two checks for due deletions.
const EVERY: Duration = Duration::from_mins(1);
/// Most accounts per query.
const ACCOUNTS: u64 = 10;
/// Pause between two steps, so that other jobs get their turn.
const BREATH: Duration = Duration::from_millis(10);

/// Request to delete one's account.
#[derive(Clone, Copy, Debug, Default)]
pub struct Farewell<'a> {
    /// Password of the account.
    pub password: &'a str,
    /// Authentication code, if the account uses two-factor authentication.
    pub otp: Option<&'a str>,
    /// true if the messages stay, attributed to a deleted account.
    pub keep_messages: bool,
    /// Username or email of the next admin, if this is the only one.
    pub successor: Option<&'a str>,
}

impl Service {
    /// Returns the account's scheduled deletion. None: not scheduled.
    pub async fn departure(&self, account: AccountId) -> Result<Option<Departure>> {
        store::departure(&self.inner.db, account).await
    }

    /// Schedules the deletion of the viewer's account and ends all its sessions.
    ///
    /// # Errors
    /// `password-wrong`, `no-password`, `second-factor-required`, `second-factor-wrong`,
    /// `last-admin` if a successor is needed, `successor-unknown`, `too-many-attempts`.
    pub async fn leave(
        &self,
        viewer: &Viewer,
        farewell: Farewell<'_>,
        address: &str,
    ) -> Result<Departure> {
        let account = viewer.account;
        let proof = self.prove(viewer, farewell.password, address).await?;
        self.pass_code(account, farewell.otp, address).await?;
        let days = TimeDelta::days(self.inner.accounts.deletion_days.into());
        let now = now();
        let departure = Departure {
            due_at: now + days,
            keep_messages: farewell.keep_messages,
        };
        let successor = farewell.successor.map(str::trim).map(str::to_owned);
        let successor = successor.filter(|name| !name.is_empty());
        let service = self.clone();
        let job = move |tx: Tx| async move {
            proof.still_holds(&tx).await?;
            service.hand_over(&tx, account, successor).await?;
            store::insert_departure(&tx, account, &departure, now).await?;
            store::remove_challenges(&tx, account).await?;
            Self::end_reset(&tx, account).await?;
            service.end_all(&tx, account, None).await?;
            Ok(departure)
        };
        let departure = self.inner.db.write(account.0, job).await?;
        tracing::info!(account.id = %account, "account scheduled for deletion");
        self.inner.erasing.notify_one();
        Ok(departure)
    }

    /// Makes `successor` an admin if `account` is the only one: an instance always has an admin.
    async fn hand_over(
        &self,
        tx: &Tx,
        account: AccountId,
        successor: Option<String>,
    ) -> Result<()> {
        let runs_it = store::is_admin(tx, account).await?;
        if !runs_it || store::has_other_admin(tx, account).await? {
            return Ok(());
        }
        let Some(successor) = successor else {
            return Err(Error::conflict(
                "last-admin",
                "You are the only admin; name a `successor`",
            ));
        };
        let found = if successor.contains('@') {
            store::by_email(tx, &rules::email_key(&successor)).await?
        } else {
            store::by_username(tx, &names::folded(&successor)).await?
        };
        let fits = |account: &Account| account.profile.kind == AccountKind::Person;
        let found = found.map(|found| found.account).filter(fits);
        let unknown = || Error::bad_request("successor-unknown", "Successor not found");
        let id = found.ok_or_else(unknown)?.profile.id;
        if id == account || store::departure(tx, id).await?.is_some() {
            return Err(unknown());
        }
        store::set_admin(tx, id, true).await?;
        tracing::warn!(account.id = %account, successor.id = %id, "the last admin handed over");
        Ok(())
    }

    /// Cancels a scheduled deletion during a sign-in.
    ///
    /// # Errors
    /// `challenge-over`, also if the deletion is already due.
    pub async fn come_back(&self, challenge: &str, _device: &Device) -> Result<Account> {
        let (id, account) = self.challenged(challenge, RETURN).await?;
        self.use_challenge(id).await?;
        self.stay(&account).await?;
        Ok(account)
    }

    /// Returns the scheduled deletion of the account that is signing in.
    ///
    /// # Errors
    /// `challenge-over`.
    pub async fn may_come_back(&self, challenge: &str) -> Result<Departure> {
        let (_, account) = self.challenged(challenge, RETURN).await?;
        let departure = self.departure(account.profile.id).await?;
        departure.ok_or_else(over)
    }

    /// Cancels a scheduled deletion that is not due yet.
    pub(super) async fn stay(&self, account: &Account) -> Result<()> {
        let (account, version) = (account.profile.id, account.password_version);
        let job = move |tx: Tx| async move {
            if !store::has_password_version(&tx, account, version).await? {
                return Err(invalid_credentials());
            }
            if store::cancel_departure(&tx, account, now()).await? {
                Ok(())
            } else {
                Err(over())
            }
        };
        self.inner.db.write(account.0, job).await?;
        tracing::info!(account.id = %account, "account restored");
        Ok(())
    }

    /// Deletes all accounts whose deletion is due.
    pub async fn erase_due(&self, cancel: &CancellationToken) -> Result<()> {
        loop {
            let due = store::departures_due(&self.inner.db, now(), ACCOUNTS).await?;
            if due.is_empty() {
                return Ok(());
            }
            for (account, keep_messages) in due {
                let erasure = Erasure {
                    account,
                    keep_messages,
                };
                if !self.erase(erasure, cancel).await? {
                    return Ok(());
                }
            }
        }
    }

    /// Deletes one account. Returns false if it was canceled halfway.
    async fn erase(&self, erasure: Erasure, cancel: &CancellationToken) -> Result<bool> {
        for feature in self.personal_data() {
            let mut place = None;
            loop {
                if cancel.is_cancelled() {
                    return Ok(false);
                }
                place = feature.erase(erasure, place).await?;
                if place.is_none() {
                    break;
                }
                tokio::time::sleep(BREATH).await;
            }
        }
        let account = erasure.account;
        self.forget_export(account).await?;
        let vault = self.inner.vault.clone();
        let job = move |tx: Tx| async move {
            if let Some(key) = store::username_key(&tx, account).await? {
                let hash = vault.digest(RETIRED, key.as_bytes());
                store::retire_name(&tx, hash, now()).await?;
            }
            forget_keys_of(&tx, account).await?;
            store::erase(&tx, account).await
        };
        self.inner.db.write(account.0, job).await?;
        tracing::info!(account.id = %account, "account deleted");
        Ok(true)
    }
}

/// Detects jumps of the system clock. A deletion cannot be undone if the clock turns out to be
/// wrong: with a clock one year ahead, all scheduled deletions would be due. So after a jump
/// nothing is deleted for a day, in which an admin can fix the clock. Waking up from system sleep
/// looks like a jump, and waits too.
struct ClockWatch {
    wall: Timestamp,
    steady: Instant,
    wait_until: Option<Instant>,
}

impl ClockWatch {
    /// Smallest difference that counts as a jump.
    const JUMP: TimeDelta = TimeDelta::minutes(30);
    const WAIT: Duration = Duration::from_hours(24);

    fn new(wall: Timestamp, steady: Instant) -> Self {
        Self {
            wall,
            steady,
            wait_until: None,
        }
    }

    fn may_erase(&mut self, wall: Timestamp, steady: Instant) -> bool {
        let passed = TimeDelta::from_std(steady - self.steady).unwrap_or_default();
        let moved = wall - self.wall - passed;
        (self.wall, self.steady) = (wall, steady);
        if moved.abs() > Self::JUMP {
            tracing::warn!(
                clock.moved_seconds = moved.num_seconds(),
                "the clock jumped; no account is deleted for a day"
            );
            self.wait_until = Some(steady + Self::WAIT);
        }
        self.wait_until.is_none_or(|until| steady >= until)
    }
}

/// Worker that deletes accounts whose deletion is due.
pub struct Eraser(
    /// Deletes accounts of this service.
    pub Service,
);

#[async_trait]
impl Worker for Eraser {
    fn name(&self) -> &'static str {
        "accounts.eraser"
    }

    async fn run(&mut self, cancel: CancellationToken) {
        let mut clock = ClockWatch::new(now(), Instant::now());
        loop {
            if clock.may_erase(now(), Instant::now())
                && let Err(error) = self.0.erase_due(&cancel).await
            {
                tracing::warn!(error.cause = %error, "account deletion failed; retrying later");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.0.inner.erasing.notified() => {}
                () = cancel.cancelled() => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_erased_by_a_clock_that_jumped() {
        let (wall, steady) = (now(), Instant::now());
        let minute = |n: u32| (TimeDelta::minutes(n.into()), EVERY * n);
        let mut clock = ClockWatch::new(wall, steady);
        for n in 0..100 {
            let (later, passed) = minute(n);
            assert!(clock.may_erase(wall + later, steady + passed));
        }
        for jump in [TimeDelta::days(365), TimeDelta::hours(1)] {
            for jump in [jump, -jump] {
                let mut clock = ClockWatch::new(wall, steady);
                for n in 1..=24 * 60 {
                    let (later, passed) = minute(n);
                    let erases = clock.may_erase(wall + later + jump, steady + passed);
                    assert!(!erases, "{jump} {n}");
                }
                let (later, passed) = minute(24 * 60 + 1);
                assert!(clock.may_erase(wall + later + jump, steady + passed));
            }
        }
        // Fixing the clock within the day is a jump too: deletion resumes a day after it.
        let mut clock = ClockWatch::new(wall, steady);
        let (later, passed) = minute(1);
        assert!(!clock.may_erase(wall + later + TimeDelta::days(365), steady + passed));
        let (later, passed) = minute(2);
        assert!(!clock.may_erase(wall + later, steady + passed));
        let (later, passed) = minute(24 * 60 + 2);
        assert!(clock.may_erase(wall + later, steady + passed));
    }
}
