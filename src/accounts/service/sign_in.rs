//! Sign-in: the password, then a code if the account uses 2FA.
//!
//! Programs send both in one request. For browsers, the right password opens a challenge for the
//! next step. It has one purpose, lasts five minutes and works once.

use super::{
    Device, Service, network,
    secrets::{hashed, secret},
};
use crate::{
    accounts::{
        Account, Departure, rules,
        store::{self, Challenge},
    },
    platform::database::Tx,
    shared::{AccountId, Error, Kind, Result, names, time::now},
};
use chrono::{SecondsFormat, TimeDelta};
use uuid::Uuid;

/// Lifetime of a challenge.
const CHALLENGE: TimeDelta = TimeDelta::minutes(5);
/// Purpose: entering the code.
const CODE: &str = "code";
/// Purpose: canceling the account's deletion.
pub(super) const RETURN: &str = "return";

/// Credentials of a sign-in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials<'a> {
    /// Email address or username.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
    /// A code from the app, or a recovery code.
    pub otp: Option<&'a str>,
    /// true cancels the scheduled deletion of the account.
    pub come_back: bool,
}

/// Next step of a sign-in.
pub enum Step {
    /// Signed in.
    In(Account),
    /// Enter a code; contains the challenge token.
    Code(String),
    /// Confirm that the account's deletion is canceled; contains the challenge token.
    Return(String),
}

impl Service {
    /// Returns the account with this email or username and this password. Takes the same time if
    /// the account does not exist.
    ///
    /// # Errors
    /// `invalid-credentials`, `second-factor-required`, `account-leaving`, `too-many-attempts`.
    pub async fn sign_in(&self, name: &str, password: &str, device: &Device) -> Result<Account> {
        let credentials = Credentials {
            name,
            password,
            ..Credentials::default()
        };
        self.sign_in_with(credentials, device).await
    }

    /// Signs in with all credentials at once, as programs do.
    ///
    /// # Errors
    /// `invalid-credentials`, `second-factor-required`, `second-factor-wrong`, `account-leaving`,
    /// `too-many-attempts`.
    pub async fn sign_in_with(
        &self,
        credentials: Credentials<'_>,
        device: &Device,
    ) -> Result<Account> {
        let Credentials {
            name,
            password,
            otp,
            come_back,
        } = credentials;
        let account = self.by_password(name, password, device).await?;
        let id = account.profile.id;
        self.pass_code(id, otp, &device.address).await?;
        if let Some(departure) = self.departure(id).await? {
            if !come_back {
                return Err(leaving(&departure));
            }
            self.stay(&account).await?;
        }
        Ok(account)
    }

    /// Checks the code if the account uses 2FA.
    pub(super) async fn pass_code(
        &self,
        account: AccountId,
        otp: Option<&str>,
        address: &str,
    ) -> Result<()> {
        if !self.has_second_factor(account).await? {
            return Ok(());
        }
        let otp = otp.filter(|otp| !otp.is_empty()).ok_or_else(|| {
            Error::new(
                Kind::Unauthenticated,
                "second-factor-required",
                "Send the authentication code as `otp`",
            )
        })?;
        self.check_code(account, otp, address).await
    }

    /// First step of a browser's sign-in: the password.
    ///
    /// # Errors
    /// `invalid-credentials`, `too-many-attempts`.
    pub async fn begin_sign_in(&self, name: &str, password: &str, device: &Device) -> Result<Step> {
        let account = self.by_password(name, password, device).await?;
        let id = account.profile.id;
        if self.has_second_factor(id).await? {
            return Ok(Step::Code(self.challenge(&account, CODE).await?));
        }
        self.after_code(account).await
    }

    /// Returns the step after password and code.
    async fn after_code(&self, account: Account) -> Result<Step> {
        let id = account.profile.id;
        if self.departure(id).await?.is_some() {
            return Ok(Step::Return(self.challenge(&account, RETURN).await?));
        }
        Ok(Step::In(account))
    }

    /// Checks the code of a browser's sign-in: from the app, or a recovery code.
    ///
    /// # Errors
    /// `challenge-over`, `second-factor-wrong`, `too-many-attempts`.
    pub async fn answer_challenge(
        &self,
        challenge: &str,
        code: &str,
        device: &Device,
    ) -> Result<Step> {
        let (id, account) = self.challenged(challenge, CODE).await?;
        self.check_code(account.profile.id, code, &device.address)
            .await?;
        self.use_challenge(id).await?;
        self.after_code(account).await
    }

    async fn by_password(&self, name: &str, password: &str, device: &Device) -> Result<Account> {
        // Names have no control characters, and Postgres rejects queries with NUL characters.
        let plain = name.trim().chars().filter(|c| !c.is_control());
        let name: String = plain.take(rules::EMAIL).collect();
        let is_email = name.contains('@');
        let key = if is_email {
            rules::email_key(&name)
        } else {
            names::folded(&name)
        };
        let limits = &self.inner.limits;
        let network = network(&device.address);
        self.limit("sign_in.address", &network, limits.sign_in_address.rate())
            .await?;
        // Limits before looking up the account, so that the limit does not reveal whether it
        // exists. Each network has its own limit, so that one cannot lock out another.
        let name = hashed(key.as_bytes());
        let who = format!("{name} {network}");
        let rate = limits.sign_in_account.rate();
        let attempt = Box::pin(async {
            let db = &self.inner.db;
            let found = if is_email {
                store::by_email(db, &key).await?
            } else {
                store::by_username(db, &key).await?
            };
            let (account, hash) = match found {
                Some(found) => (Some(found.account), found.password_hash),
                None => (None, None),
            };
            // Also for unknown accounts, so that both take the same time.
            let id = account.as_ref().map(|account| account.profile.id);
            let id = id.unwrap_or(AccountId(Uuid::nil()));
            let known = self.is_known(id, &device.address).await?;
            let check = Box::pin(async {
                let right = self.inner.passwords.verify(password, hash).await?;
                account.filter(|_| right).ok_or_else(invalid_credentials)
            });
            if known {
                return check.await;
            }
            self.guess("sign_in", &name, check).await
        });
        self.attempt("sign_in.account", &who, rate, attempt).await
    }

    /// Opens a challenge for one purpose.
    pub(in crate::accounts) async fn challenge(
        &self,
        account: &Account,
        purpose: &'static str,
    ) -> Result<String> {
        let (account, version) = (account.profile.id, account.password_version);
        let secret = secret();
        let challenge = Challenge {
            id: Uuid::now_v7(),
            account_id: account,
            secret_hash: hashed(&secret),
            purpose: purpose.to_owned(),
            expires_at: now() + CHALLENGE,
        };
        let token = format!("{}.{secret}", challenge.id);
        let job = move |tx: Tx| async move {
            if !store::has_password_version(&tx, account, version).await? {
                return Err(invalid_credentials());
            }
            store::insert_challenge(&tx, challenge).await
        };
        self.inner.db.write(account.0, job).await?;
        Ok(token)
    }

    /// Returns id and account of a challenge.
    ///
    /// # Errors
    /// `challenge-over` unless it is open for this purpose.
    pub(super) async fn challenged(&self, token: &str, purpose: &str) -> Result<(Uuid, Account)> {
        let (id, secret) = token.split_once('.').ok_or_else(over)?;
        let id: Uuid = id.parse().map_err(|_| over())?;
        let found = store::challenged(&self.inner.db, id, &hashed(secret), purpose, now()).await?;
        let account = self.account(found.ok_or_else(over)?).await?;
        Ok((id, account.ok_or_else(over)?))
    }

    /// Uses a challenge; only one of two parallel requests succeeds.
    pub(super) async fn use_challenge(&self, id: Uuid) -> Result<()> {
        let job = move |tx: Tx| async move {
            if store::remove_challenge(&tx, id).await? {
                Ok(())
            } else {
                Err(over())
            }
        };
        self.inner.db.write(id, job).await
    }
}

pub(super) fn invalid_credentials() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "invalid-credentials",
        "Invalid credentials",
    )
}

pub(super) fn over() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "challenge-over",
        "Sign-in expired; start again",
    )
}

/// Error of a sign-in to an account that is scheduled for deletion.
pub(super) fn leaving(departure: &Departure) -> Error {
    let until = departure.due_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    Error::new(
        Kind::Forbidden,
        "account-leaving",
        format!("This account will be deleted on {until}; sign in with `come_back` to keep it"),
    )
    .with("until", until)
}
