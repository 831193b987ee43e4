//! What operators do with accounts. Whether they may is asked above, in `operator`; what is
//! inside a transaction is so that the record of the act is written with it.

use super::Service;
use crate::{
    accounts::{Account, AccountKind, Listed, rules, store},
    platform::database::Tx,
    shared::{
        AccountId, Error, Kind, Result,
        instance::{Door, Registration},
        names,
        time::now,
    },
};
use std::collections::HashSet;

impl Service {
    /// Accounts, the newest first: those before one of them, whose names or address hold a text.
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

    /// One account as operators see it.
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

    /// The account of a username or an e-mail address.
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

    /// Keeps an account out and ends its sessions. False: it was out already.
    ///
    /// # Errors
    /// `not-found`; `only-operator` when nobody else could run the instance; `not-a-person` for
    /// bots.
    pub async fn suspend(&self, tx: &Tx, id: AccountId) -> Result<bool> {
        let account = known(tx, id).await?;
        if account.profile.kind == AccountKind::Bot {
            return Err(not_a_person());
        }
        if account.operator {
            another_operator(tx, id).await?;
        }
        let changed = store::set_suspended(tx, id, Some(now())).await?;
        store::remove_challenges(tx, id).await?;
        Self::end_reset(tx, id).await?;
        self.end_all(tx, id, None).await?;
        Ok(changed)
    }

    /// Those of some accounts, a few hundred at most, for which something may be done while they are
    /// away: they are neither suspended nor on their way out. Whoever is here has a session, which
    /// these have not.
    pub async fn may_act(tx: &Tx, ids: &[AccountId]) -> Result<HashSet<AccountId>> {
        store::active(tx, ids).await
    }

    /// The same of one, outside of a transaction.
    pub async fn is_active(&self, id: AccountId) -> Result<bool> {
        let active = store::active(&self.inner.db, &[id]).await?;
        Ok(active.contains(&id))
    }

    /// Lets an account in again. False: it was not kept out.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn unsuspend(tx: &Tx, id: AccountId) -> Result<bool> {
        known(tx, id).await?;
        store::set_suspended(tx, id, None).await
    }

    /// Has an account run the instance, or not any more. False: it is so already.
    ///
    /// # Errors
    /// `not-found`; `not-a-person` for guests and bots; `only-operator`.
    pub async fn set_operator(tx: &Tx, id: AccountId, operator: bool) -> Result<bool> {
        let account = known(tx, id).await?;
        if account.profile.kind != AccountKind::Person {
            return Err(not_a_person());
        }
        if !operator && account.operator {
            another_operator(tx, id).await?;
        }
        store::set_operator(tx, id, operator).await
    }

    /// Ends all sessions of an account; how many.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn end_sessions_of(&self, tx: &Tx, id: AccountId) -> Result<u64> {
        known(tx, id).await?;
        self.end_all(tx, id, None).await
    }

    /// Takes an account's second factor away and tells its owner by mail. False: it has none.
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

    /// What somebody at the door may know; `forwarded`: a proxy handed their request on.
    pub async fn door(&self, forwarded: bool) -> Result<Door> {
        let mut door = self.inner.live.door();
        // The first account may be made whatever is set.
        if door.registration != Registration::Open
            && self.is_local(forwarded)
            && !store::any_person(&self.inner.db).await?
        {
            door.registration = Registration::Open;
        }
        Ok(door)
    }

    /// How many people have an account.
    pub async fn people(&self) -> Result<u64> {
        store::count(&self.inner.db, AccountKind::Person).await
    }
}

async fn known(tx: &Tx, id: AccountId) -> Result<Account> {
    store::by_id(tx, id).await?.ok_or_else(Error::not_found)
}

async fn another_operator(tx: &Tx, than: AccountId) -> Result<()> {
    if store::has_other_operator(tx, than).await? {
        return Ok(());
    }
    Err(Error::conflict(
        "only-operator",
        "You are the only admin; make another member admin first",
    ))
}

pub(super) fn not_a_person() -> Error {
    Error::bad_request("not-a-person", "Only members' accounts allow this")
}

/// What somebody with the right password is told whose account is suspended.
pub(super) fn suspended() -> Error {
    Error::new(
        Kind::Forbidden,
        "account-suspended",
        "This account is suspended; contact an admin",
    )
}
