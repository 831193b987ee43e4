//! What operators do, in order: may they, the act with its entry in one transaction.

mod health;
mod settings;

use super::{AccountAct, AccountsPage, RecordPage, RecordRow, ResetLink};
use crate::{
    accounts::{self, Proof, Viewer},
    audit::{self, Act, Record},
    gateway, mail,
    platform::{
        database::{Database, Tx},
        live::Live,
        tasks::Tasks,
    },
    shared::{AccountId, Error, Kind, Result, Timestamp, time::now},
};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

/// Most characters of a search.
const SEARCH: usize = 100;

/// What operators do; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

/// What an admin shows to prove that it is them.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Their own password.
    pub password: Option<&'a str>,
    /// Where they are.
    pub address: &'a str,
}

/// What the pages of operators are about.
pub struct Parts {
    /// The database.
    pub db: Database,
    /// Accounts.
    pub accounts: accounts::Service,
    /// Letters.
    pub mail: mail::Service,
    /// Connections.
    pub gateway: gateway::Service,
    /// Settings that are in use.
    pub live: Live,
    /// The data folder.
    pub data: PathBuf,
    /// What runs in the background.
    pub background: Tasks,
}

struct Inner {
    parts: Parts,
    audit: audit::Service,
    started_at: Timestamp,
}

impl Service {
    /// Starts the service: settings that operators have changed hold from here on.
    pub async fn start(parts: Parts) -> Result<Self> {
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

    /// Accounts, the newest first.
    ///
    /// # Errors
    /// `not-found` for everybody but operators.
    pub async fn accounts(
        &self,
        viewer: &Viewer,
        search: Option<&str>,
        before: Option<AccountId>,
        limit: u64,
    ) -> Result<AccountsPage> {
        operator(viewer)?;
        // No name holds a control character; Postgres cannot even be asked for one.
        let search = search.map(|search| {
            let plain = search.chars().filter(|c| !c.is_control());
            plain.take(SEARCH).collect::<String>().trim().to_owned()
        });
        let search = search.as_deref().filter(|search| !search.is_empty());
        let accounts = &self.inner.parts.accounts;
        let mut listed = accounts.listed(search, before, limit + 1).await?;
        let more = listed.len() as u64 > limit;
        listed.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = listed.last().map(|listed| listed.account.profile.id);
        Ok(AccountsPage {
            accounts: listed,
            next: last.filter(|_| more),
        })
    }

    /// Makes a link to a new password for somebody, who is told by mail.
    ///
    /// # Errors
    /// `not-found` for everybody but operators, and when there is no such account;
    /// `not-a-person`; `password-needed`, `password-wrong`, `too-many-attempts`,
    /// `too-many-guesses`.
    pub async fn reset_link(
        &self,
        viewer: &Viewer,
        id: AccountId,
        proof: Shown<'_>,
    ) -> Result<ResetLink> {
        operator(viewer)?;
        let proof = self.prove(viewer, proof).await?;
        self.make_reset_link(Some((viewer.account, proof)), id)
            .await
    }

    /// That it is really the admin who asks.
    async fn prove(&self, viewer: &Viewer, shown: Shown<'_>) -> Result<Proof> {
        let password = shown.password.filter(|password| !password.is_empty());
        let password = password.ok_or_else(|| {
            let text = "Send your own password as `password`";
            Error::new(Kind::Forbidden, "password-needed", text)
        })?;
        let accounts = &self.inner.parts.accounts;
        accounts.prove(viewer, password, shown.address).await
    }

    /// The same from the command line, by username or e-mail address.
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

    /// Has the account with this name or e-mail address run the instance: from the command line.
    ///
    /// # Errors
    /// `account-unknown`, `not-a-person`.
    pub async fn appoint(&self, name: &str) -> Result<accounts::Profile> {
        let account = self.inner.parts.accounts.named(name).await?;
        self.perform(None, None, account.profile.id, AccountAct::MakeOperator)
            .await?;
        Ok(account.profile)
    }

    /// Does something to an account.
    ///
    /// # Errors
    /// `not-found` for everybody but operators, and when there is no such account;
    /// `only-operator`, `not-a-person`, `not-yourself`; for what takes the password
    /// `password-needed`, `password-wrong`, `too-many-attempts`, `too-many-guesses`.
    pub async fn act(
        &self,
        viewer: &Viewer,
        id: AccountId,
        act: AccountAct,
        shown: Shown<'_>,
    ) -> Result<()> {
        operator(viewer)?;
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
                AccountAct::MakeOperator => (
                    accounts::Service::set_operator(&tx, id, true).await?,
                    Act::OperatorMade,
                ),
                AccountAct::UnmakeOperator => (
                    accounts::Service::set_operator(&tx, id, false).await?,
                    Act::OperatorUnmade,
                ),
                AccountAct::RemoveFactor => (
                    accounts.drop_second_factor(&tx, id).await?,
                    Act::FactorRemoved,
                ),
            };
            // What was so before is nothing that somebody did.
            if done {
                record(&tx, actor, entry, Some(id)).await?;
            }
            Ok(())
        };
        self.inner.parts.db.write(Uuid::nil(), job).await
    }

    /// The record, the latest first.
    ///
    /// # Errors
    /// `not-found` for everybody but operators.
    pub async fn record(
        &self,
        viewer: &Viewer,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<RecordPage> {
        operator(viewer)?;
        let mut entries = self.inner.audit.entries(before, limit + 1).await?;
        let more = entries.len() as u64 > limit;
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
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
        let rows = entries.into_iter().map(|entry| RecordRow {
            actor: of(entry.actor),
            subject: of(entry.subject),
            entry,
        });
        Ok(RecordPage {
            rows: rows.collect(),
            next,
        })
    }
}

/// Nobody else learns that there is anything.
fn operator(viewer: &Viewer) -> Result<()> {
    if viewer.operator {
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
