//! What admins do with accounts. `admin` checks the permission before it calls these functions.
//! With a transaction argument, the caller writes the audit log entry in the same one.

use super::Service;
use crate::{
    accounts::{Account, AccountKind, Listed, rules, store},
    platform::database::Tx,
    shared::{
        AccountId, Error, Kind, Result,
        instance::{Registration, SignUpPolicy},
        names,
        time::now,
    },
};
use std::collections::HashSet;

impl Service {
    /// Returns a page of accounts, newest first: those before `before`, filtered by a text in their
    /// names or email address.
    pub async fn listed(
        &self,
        search: Option<&str>,
        before: Option<AccountId>,
        limit: u64,
    ) -> Result<Vec<Listed>> {
        let db = &self.inner.db;
        let accounts = store::page(db, search, before, limit).await?;
        self.with_uses(accounts).await
    }

    /// Returns one account as in the list of the admin pages.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn listed_one(&self, id: AccountId) -> Result<Listed> {
        let account = self.account(id).await?.ok_or_else(Error::not_found)?;
        let listed = self.with_uses(vec![account]).await?;
        listed.into_iter().next().ok_or_else(Error::not_found)
    }

    async fn with_uses(&self, accounts: Vec<Account>) -> Result<Vec<Listed>> {
        let ids: Vec<_> = accounts.iter().map(|account| account.profile.id).collect();
        let db = &self.inner.db;
        let uses = store::uses(db, &ids, now()).await?;
        let factors = store::with_second_factor(db, &ids).await?;
        let listed = accounts.into_iter().map(|account| {
            let id = account.profile.id;
            let used = uses.get(&id).copied().unwrap_or_default();
            Listed {
                account,
                sessions: u32::try_from(used.sessions).unwrap_or(u32::MAX),
                last_seen: used.last_seen,
                second_factor: factors.contains(&id),
            }
        });
        Ok(listed.collect())
    }

    /// Returns the account with this username or email address.
    ///
    /// # Errors
    /// `account-unknown`.
    pub async fn named(&self, name: &str) -> Result<Account> {
        let db = &self.inner.db;
        let found = if name.contains('@') {
            store::by_email(db, &rules::email_key(name)).await?
        } else {
            store::by_username(db, &names::folded(name)).await?
        };
        let unknown = || {
            let text = "Account not found";
            Error::new(Kind::NotFound, "account-unknown", text)
        };
        Ok(found.ok_or_else(unknown)?.account)
    }

    /// Suspends an account and ends its sessions. Returns false if it was suspended already.
    ///
    /// # Errors
    /// `not-found`; `only-admin` if no other admin would remain; `not-a-person` for bots.
    pub async fn suspend(&self, tx: &Tx, id: AccountId) -> Result<bool> {
        let account = known(tx, id).await?;
        if account.profile.kind == AccountKind::Bot {
            return Err(not_a_person());
        }
        if account.admin {
            another_admin(tx, id).await?;
        }
        let changed = store::set_suspended(tx, id, Some(now())).await?;
        store::remove_challenges(tx, id).await?;
        Self::end_reset(tx, id).await?;
        self.end_all(tx, id, None).await?;
        Ok(changed)
    }

    /// Returns those of these accounts (a few hundred at most) that are neither suspended nor
    /// scheduled for deletion. For actions on behalf of accounts that are not making a request, so
    /// no session was checked.
    pub async fn may_act(tx: &Tx, ids: &[AccountId]) -> Result<HashSet<AccountId>> {
        store::active(tx, ids).await
    }

    /// Like [`Self::may_act`], for one account and outside of a transaction.
    pub async fn is_active(&self, id: AccountId) -> Result<bool> {
        let active = store::active(&self.inner.db, &[id]).await?;
        Ok(active.contains(&id))
    }

    /// Lifts a suspension. Returns false if the account was not suspended.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn unsuspend(tx: &Tx, id: AccountId) -> Result<bool> {
        known(tx, id).await?;
        store::set_suspended(tx, id, None).await
    }

    /// Makes an account an admin, or not an admin. Returns false if nothing changed.
    ///
    /// # Errors
    /// `not-found`; `not-a-person` for guests and bots; `only-admin`.
    pub async fn set_admin(tx: &Tx, id: AccountId, admin: bool) -> Result<bool> {
        let account = known(tx, id).await?;
        if account.profile.kind != AccountKind::Person {
            return Err(not_a_person());
        }
        if !admin && account.admin {
            another_admin(tx, id).await?;
        }
        store::set_admin(tx, id, admin).await
    }

    /// Ends all sessions of an account. Returns their number.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn end_sessions_of(&self, tx: &Tx, id: AccountId) -> Result<u64> {
        known(tx, id).await?;
        self.end_all(tx, id, None).await
    }

    /// Turns off an account's two-factor authentication and emails its owner. Returns false if it
    /// was off already.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn drop_second_factor(&self, tx: &Tx, id: AccountId) -> Result<bool> {
        known(tx, id).await?;
        let removed = store::remove_second_factor(tx, id).await?;
        if removed {
            self.tell_factor_removed(tx, id).await?;
        }
        Ok(removed)
    }

    /// Returns the sign-up rules for visitors. `forwarded`: a proxy forwarded the request.
    pub async fn sign_up_policy(&self, forwarded: bool) -> Result<SignUpPolicy> {
        let mut policy = self.inner.live.sign_up_policy();
        // The first account can always register on the machine itself.
        if policy.registration != Registration::Open
            && self.is_local(forwarded)
            && !store::any_person(&self.inner.db).await?
        {
            policy.registration = Registration::Open;
        }
        Ok(policy)
    }

    /// Number of registered accounts.
    pub async fn people(&self) -> Result<u64> {
        store::count(&self.inner.db, AccountKind::Person).await
    }
}

async fn known(tx: &Tx, id: AccountId) -> Result<Account> {
    store::by_id(tx, id).await?.ok_or_else(Error::not_found)
}

async fn another_admin(tx: &Tx, than: AccountId) -> Result<()> {
    if store::has_other_admin(tx, than).await? {
        return Ok(());
    }
    Err(Error::conflict(
        "only-admin",
        "You are the only admin; make another member admin first",
    ))
}

pub(super) fn not_a_person() -> Error {
    Error::bad_request("not-a-person", "Only members' accounts allow this")
}

/// Error of a sign-in with the right password to a suspended account.
pub(super) fn suspended() -> Error {
    Error::new(
        Kind::Forbidden,
        "account-suspended",
        "This account is suspended; contact an admin",
    )
}
