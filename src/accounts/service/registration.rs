//! Registration of members and guests.

use super::{Device, DeviceKind, Service, network, secrets::hashed};
use crate::{
    accounts::{
        Account, AccountKind, Viewer, rules,
        store::{self, NewAccount},
    },
    platform::database::Tx,
    shared::{AccountId, Error, Kind, Result, Timestamp, instance::Registration, names, time::now},
};
use chrono::TimeDelta;
use rand::Rng;
use uuid::Uuid;

/// Purpose of the digests under which names of deleted accounts are stored, unreadable.
pub(super) const RETIRED: &[u8] = b"retired name";

/// A registration.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Unique name; None: derived from the display name.
    pub username: Option<String>,
    /// Display name; None: the username.
    pub display_name: Option<String>,
    /// Email address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Invite code, if one is required.
    pub invite: Option<String>,
    /// Makes the account the first admin's ([`Service::setup_token`]).
    pub setup_token: Option<String>,
}

impl Service {
    /// Registers a member. The first one becomes admin if the request comes from the machine itself
    /// or has the setup token. Browsers cannot choose a common password.
    ///
    /// # Errors
    /// The errors of [`rules`] for names, address and password; `password-common`,
    /// `registration-closed`, `setup-token-wrong`, `username-taken`, `email-taken`,
    /// `too-many-attempts`.
    pub async fn register(&self, person: NewPerson, device: &Device) -> Result<Account> {
        let (usernames, display_name) = wanted_names(&person)?;
        self.not_reserved(&display_name)?;
        for username in &usernames {
            self.not_reserved(username)?;
        }
        let email = rules::email(&person.email)?;
        rules::password(&person.password)?;
        let rate = self.inner.limits.registrations.rate();
        self.limit("registration", &network(&device.address), rate)
            .await?;
        let email_key = rules::email_key(&email);
        if device.kind == DeviceKind::Browser || self.inner.accounts.refuse_common_passwords {
            let mut about: Vec<&str> = usernames.iter().map(String::as_str).collect();
            about.extend([display_name.as_str(), email_key.as_str()]);
            self.refuse_common(&person.password, &about).await?;
        }
        let password_hash = self.inner.passwords.hash(&person.password).await?;
        let new = NewAccount {
            email: Some((email, email_key)),
            password_hash: Some(password_hash),
            ..blank(AccountKind::Person, display_name)
        };
        let (invite, setup, forwarded) = (person.invite, person.setup_token, device.forwarded);
        let service = self.clone();
        let job = move |tx: Tx| async move {
            let admin = service.becomes_admin(&tx, setup.as_deref(), forwarded);
            let admin = admin.await?;
            if !admin {
                service.admit(invite.as_deref())?;
            }
            let username = service.free_username(&tx, usernames).await?;
            service
                .create(
                    &tx,
                    NewAccount {
                        admin,
                        ..named(new, username)
                    },
                )
                .await
        };
        self.inner.db.write(Uuid::nil(), job).await
    }

    /// Creates a guest with a username only, if the instance allows guests.
    ///
    /// # Errors
    /// `guests-off`, `username-taken`, `too-many-attempts`, the errors of [`rules`] for the name.
    pub async fn register_guest(&self, username: &str, device: &Device) -> Result<Account> {
        self.require_guests()?;
        let username = rules::username(username)?;
        self.not_reserved(&username)?;
        let rate = self.inner.limits.registrations.rate();
        self.limit("registration", &network(&device.address), rate)
            .await?;
        let blank = blank(AccountKind::Guest, username.clone());
        let hours = TimeDelta::hours(self.inner.accounts.guest_hours.into());
        let new = NewAccount {
            expires_at: Some(blank.created_at + hours),
            ..named(blank, username)
        };
        let service = self.clone();
        let job = move |tx: Tx| async move { service.create(&tx, new).await };
        self.inner.db.write(Uuid::nil(), job).await
    }

    /// Returns a new access token for a guest who signs in again with their name and a valid token.
    /// None: another name.
    ///
    /// # Errors
    /// `guests-off`.
    pub(in crate::accounts) async fn returning_guest(
        &self,
        viewer: &Viewer,
        username: &str,
    ) -> Result<Option<String>> {
        self.require_guests()?;
        let own = names::folded(&viewer.username) == names::folded(username.trim());
        if viewer.kind != AccountKind::Guest || !own {
            return Ok(None);
        }
        let account = self.account(viewer.account).await?;
        let account = account.ok_or_else(Error::not_found)?;
        let token = self.access_token(&account, viewer.session, DeviceKind::Program, now())?;
        Ok(Some(token))
    }

    /// true if the instance allows guests.
    pub fn takes_guests(&self) -> bool {
        self.inner.live.now().guests
    }

    fn require_guests(&self) -> Result<()> {
        if self.takes_guests() {
            return Ok(());
        }
        Err(Error::new(
            Kind::Forbidden,
            "guests-off",
            "Guests are not allowed; sign in with a password",
        ))
    }

    /// Checks that registration is open, or that the invite code is right.
    fn admit(&self, invite: Option<&str>) -> Result<()> {
        let settings = self.inner.live.now();
        let invite = invite.map(str::trim).filter(|code| !code.is_empty());
        match (settings.registration, invite) {
            (Registration::Open, _) => Ok(()),
            (Registration::Closed, _) => Err(Error::new(
                Kind::Forbidden,
                "registration-closed",
                "Registration is closed",
            )),
            // Compares hashes, so that the time reveals nothing about the code.
            (Registration::Invite, Some(code)) if hashed(code) == hashed(&settings.invite_code) => {
                Ok(())
            }
            (Registration::Invite, Some(_)) => Err(Error::new(
                Kind::Forbidden,
                "invite-wrong",
                "Wrong invite code",
            )),
            (Registration::Invite, None) => Err(Error::new(
                Kind::Forbidden,
                "invite-needed",
                "Invite code required",
            )),
        }
    }

    /// Returns the first free name. A single candidate is not checked here: the unique key refuses
    /// it.
    pub(super) async fn free_username(
        &self,
        tx: &Tx,
        mut usernames: Vec<String>,
    ) -> Result<String> {
        let last = usernames.pop().ok_or_else(|| Error::internal("no name"))?;
        if usernames.is_empty() {
            return Ok(last);
        }
        let keys: Vec<_> = usernames.iter().map(|name| names::folded(name)).collect();
        let mut taken = store::taken_usernames(tx, keys.clone()).await?;
        taken.extend(self.retired(tx, keys).await?);
        let free = |name: &String| !taken.contains(&names::folded(name));
        Ok(usernames.into_iter().find(free).unwrap_or(last))
    }

    /// Returns those of these folded names that belonged to deleted accounts.
    async fn retired(&self, tx: &Tx, keys: Vec<String>) -> Result<Vec<String>> {
        let vault = &self.inner.vault;
        let hashed: Vec<_> = keys
            .into_iter()
            .map(|key| (vault.digest(RETIRED, key.as_bytes()), key))
            .collect();
        let hashes = hashed.iter().map(|(hash, _)| hash.clone()).collect();
        let retired = store::retired_names(tx, hashes).await?;
        let keys = hashed
            .into_iter()
            .filter(|(hash, _)| retired.contains(hash));
        Ok(keys.map(|(_, key)| key).collect())
    }

    /// Stores a new account and runs the hooks.
    pub(super) async fn create(&self, tx: &Tx, new: NewAccount) -> Result<Account> {
        store::free_expired_name(tx, &new.username_key, new.created_at).await?;
        let retired = self.retired(tx, vec![new.username_key.clone()]).await?;
        if !retired.is_empty() {
            return Err(store::username_taken());
        }
        let account = store::insert(tx, new).await?;
        for hook in self.hooks() {
            hook(tx.clone(), account.profile.clone()).await?;
        }
        Ok(account)
    }
}

/// Returns the usernames to try, and the display name.
fn wanted_names(person: &NewPerson) -> Result<(Vec<String>, String)> {
    let username = person
        .username
        .as_deref()
        .map(rules::username)
        .transpose()?;
    let display_name = person.display_name.as_deref();
    let display_name = display_name.map(rules::display_name).transpose()?;
    let (usernames, display_name) = match (username, display_name) {
        (Some(username), None) => (vec![username.clone()], username),
        (Some(username), Some(display_name)) => (vec![username], display_name),
        (None, Some(display_name)) => (derived_usernames(&display_name), display_name),
        (None, None) => rules::username("").map(|name| (Vec::new(), name))?,
    };
    Ok((usernames, display_name))
}

/// The plain name first, then with small numbers, then with random large ones.
fn derived_usernames(display_name: &str) -> Vec<String> {
    let slug = rules::slug(display_name);
    let mut rng = rand::rng();
    let large: Vec<u32> = (0..8).map(|_| rng.random_range(1_000..1_000_000)).collect();
    let numbered = (2..10).chain(large).map(|n| format!("{slug}-{n}"));
    std::iter::once(slug.clone()).chain(numbered).collect()
}

pub(super) fn blank(kind: AccountKind, display_name: String) -> NewAccount {
    let created_at: Timestamp = now();
    NewAccount {
        id: AccountId::new(),
        username: String::new(),
        username_key: String::new(),
        display_name,
        email: None,
        password_hash: None,
        kind,
        admin: false,
        created_at,
        expires_at: None,
    }
}

pub(super) fn named(new: NewAccount, username: String) -> NewAccount {
    let username_key = names::folded(&username);
    NewAccount {
        username,
        username_key,
        ..new
    }
}
