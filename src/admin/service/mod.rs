//! Actions of admins: checks permission, then runs the action and its audit log entry in one
//! transaction.

mod health;
mod settings;

use super::{AccountAct, AccountsPage, AuditPage, AuditRow, ResetLink};
use crate::{
    accounts::{self, Proof, Viewer},
    audit::{self, Act, Record},
    gateway, mail,
    platform::{
        database::{Database, Tx},
        live::Live,
        tasks::Tasks,
    },
    shared::{AccountId, Error, Kind, Result, Timestamp, paging, time::now},
};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

/// Maximum number of characters of a search.
const SEARCH: usize = 100;

/// The admin service; clones share the state.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

/// The admin's proof of identity.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The admin's own password.
    pub password: Option<&'a str>,
    /// Network address of the request.
    pub address: &'a str,
}

/// Dependencies of the service.
pub struct Dependencies {
    pub db: Database,
    pub accounts: accounts::Service,
    pub mail: mail::Service,
    /// Open connections.
    pub gateway: gateway::Service,
    /// Settings in use.
    pub live: Live,
    /// The data folder.
    pub data: PathBuf,
    /// Background workers.
    pub background: Tasks,
}

struct Inner {
    parts: Dependencies,
    audit: audit::Service,
    started_at: Timestamp,
}

impl Service {
    /// Starts the service and applies the settings that admins have changed.
    pub async fn start(parts: Dependencies) -> Result<Self> {
        let inner = Inner {
            audit: audit::Service::new(parts.db.clone()),
            parts,
            started_at: now(),
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        service.apply_kept_settings().await?;
        Ok(service)
    }

    /// Returns accounts, newest first.
    ///
    /// # Errors
    /// `not-found` for everyone but admins.
    pub async fn accounts(
        &self,
        viewer: &Viewer,
        search: Option<&str>,
        before: Option<AccountId>,
        limit: u64,
    ) -> Result<AccountsPage> {
        admin(viewer)?;
        // Names contain no control characters, and Postgres does not accept NUL in queries.
        let search = search.map(|search| {
            let plain = search.chars().filter(|c| !c.is_control());
            plain.take(SEARCH).collect::<String>().trim().to_owned()
        });
        let search = search.as_deref().filter(|search| !search.is_empty());
        let accounts = &self.inner.parts.accounts;
        let mut listed = accounts.listed(search, before, limit + 1).await?;
        let more = paging::cut(&mut listed, limit);
        let last = listed.last().map(|listed| listed.account.profile.id);
        Ok(AccountsPage {
            accounts: listed,
            next: last.filter(|_| more),
        })
    }

    /// Creates a password link and emails the account's owner.
    ///
    /// # Errors
    /// `not-found` for everyone but admins, and for unknown accounts; `not-a-person`;
    /// `password-needed`, `password-wrong`, `too-many-attempts`, `too-many-guesses`.
    pub async fn reset_link(
        &self,
        viewer: &Viewer,
        id: AccountId,
        proof: Shown<'_>,
    ) -> Result<ResetLink> {
        admin(viewer)?;
        let proof = self.prove(viewer, proof).await?;
        self.make_reset_link(Some((viewer.account, proof)), id)
            .await
    }

    /// Checks the admin's own password.
    async fn prove(&self, viewer: &Viewer, shown: Shown<'_>) -> Result<Proof> {
        let password = shown.password.filter(|password| !password.is_empty());
        let password = password.ok_or_else(|| {
            let text = "Send your own password as `password`";
            Error::new(Kind::Forbidden, "password-needed", text)
        })?;
        let accounts = &self.inner.parts.accounts;
        accounts.prove(viewer, password, shown.address).await
    }

    /// Creates a password link from the command line, by username or email address.
    ///
    /// # Errors
    /// `account-unknown`, `not-a-person`.
    pub async fn reset_link_of(&self, name: &str) -> Result<ResetLink> {
        let account = self.inner.parts.accounts.named(name).await?;
        self.make_reset_link(None, account.profile.id).await
    }

    async fn make_reset_link(
        &self,
        actor: Option<(AccountId, Proof)>,
        id: AccountId,
    ) -> Result<ResetLink> {
        let service = self.inner.parts.accounts.clone();
        let job = move |tx: Tx| async move {
            if let Some((_, proof)) = actor {
                proof.still_holds(&tx).await?;
            }
            let token = service.make_reset_for(&tx, id).await?;
            let actor = actor.map(|(actor, _)| actor);
            record(&tx, actor, Act::ResetLink, Some(id)).await?;
            Ok(token)
        };
        let token = self.inner.parts.db.write(Uuid::nil(), job).await?;
        let accounts = &self.inner.parts.accounts;
        Ok(ResetLink {
            profile: accounts.profile_by_id(id).await?,
            path: accounts::Service::reset_path(&token),
            link: accounts.reset_link(&token),
        })
    }

    /// Makes an account an admin from the command line, by username or email address.
    ///
    /// # Errors
    /// `account-unknown`, `not-a-person`.
    pub async fn appoint(&self, name: &str) -> Result<accounts::Profile> {
        let account = self.inner.parts.accounts.named(name).await?;
        self.perform(None, None, account.profile.id, AccountAct::MakeAdmin)
            .await?;
        Ok(account.profile)
    }

    /// Runs an action on an account.
    ///
    /// # Errors
    /// `not-found` for everyone but admins, and for unknown accounts; `only-admin`, `not-a-person`,
    /// `not-yourself`; for actions that need the password `password-needed`, `password-wrong`,
    /// `too-many-attempts`, `too-many-guesses`.
    pub async fn act(
        &self,
        viewer: &Viewer,
        id: AccountId,
        act: AccountAct,
        shown: Shown<'_>,
    ) -> Result<()> {
        admin(viewer)?;
        if id == viewer.account && act == AccountAct::Suspend {
            return Err(Error::bad_request(
                "not-yourself",
                "You cannot suspend yourself",
            ));
        }
        let proof = if act.takes_password() {
            Some(self.prove(viewer, shown).await?)
        } else {
            None
        };
        self.perform(Some(viewer.account), proof, id, act).await
    }

    async fn perform(
        &self,
        actor: Option<AccountId>,
        proof: Option<Proof>,
        id: AccountId,
        act: AccountAct,
    ) -> Result<()> {
        let accounts = self.inner.parts.accounts.clone();
        let job = move |tx: Tx| async move {
            if let Some(proof) = proof {
                proof.still_holds(&tx).await?;
            }
            let (done, entry) = match act {
                AccountAct::EndSessions => {
                    let ended = accounts.end_sessions_of(&tx, id).await?;
                    (ended > 0, Act::SessionsEnded)
                }
                AccountAct::Suspend => (accounts.suspend(&tx, id).await?, Act::Suspended),
                AccountAct::Unsuspend => (
                    accounts::Service::unsuspend(&tx, id).await?,
                    Act::Unsuspended,
                ),
                AccountAct::MakeAdmin => (
                    accounts::Service::set_admin(&tx, id, true).await?,
                    Act::AdminAdded,
                ),
                AccountAct::RemoveAdmin => (
                    accounts::Service::set_admin(&tx, id, false).await?,
                    Act::AdminRemoved,
                ),
                AccountAct::RemoveFactor => (
                    accounts.drop_second_factor(&tx, id).await?,
                    Act::FactorRemoved,
                ),
            };
            // An action that changed nothing is not recorded.
            if done {
                record(&tx, actor, entry, Some(id)).await?;
            }
            Ok(())
        };
        self.inner.parts.db.write(Uuid::nil(), job).await
    }

    /// Returns the audit log, newest first.
    ///
    /// # Errors
    /// `not-found` for everyone but admins.
    pub async fn audit_log(
        &self,
        viewer: &Viewer,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<AuditPage> {
        admin(viewer)?;
        let mut entries = self.inner.audit.entries(before, limit + 1).await?;
        let more = paging::cut(&mut entries, limit);
        let next = entries.last().map(|entry| entry.id).filter(|_| more);
        let mut ids: Vec<_> = entries
            .iter()
            .flat_map(|entry| [entry.actor, entry.subject])
            .flatten()
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let profiles = self.inner.parts.accounts.profiles(&ids).await?;
        let of = |id: Option<AccountId>| id.and_then(|id| profiles.get(&id).cloned());
        let rows = entries.into_iter().map(|entry| AuditRow {
            actor: of(entry.actor),
            subject: of(entry.subject),
            entry,
        });
        Ok(AuditPage {
            rows: rows.collect(),
            next,
        })
    }
}

/// Other accounts get `not-found`, which does not reveal the admin pages.
fn admin(viewer: &Viewer) -> Result<()> {
    if viewer.admin {
        Ok(())
    } else {
        Err(Error::not_found())
    }
}

async fn record(
    tx: &Tx,
    actor: Option<AccountId>,
    act: Act,
    subject: Option<AccountId>,
) -> Result<()> {
    let record = Record {
        actor,
        act,
        subject,
        detail: String::new(),
    };
    audit::Service::record(tx, record).await
}
