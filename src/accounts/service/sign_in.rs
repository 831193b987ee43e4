//! Signing in: the password, then a code where the account asks for one.
//!
//! Programs send both in one request. Browsers take two steps: the right password opens a
//! challenge, which is good for one thing, for five minutes, for one use.

use super::{Device, Service, departure::leaving, network, sessions::secret};
use crate::{
    accounts::{
        Account, rules,
        store::{self, Challenge},
    },
    platform::database::Tx,
    shared::{AccountId, Error, Kind, Result, names, time::now},
};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long the second step may take.
const CHALLENGE: TimeDelta = TimeDelta::minutes(5);
/// Good for the code.
const CODE: &str = "code";
/// Good for coming back.
pub(super) const RETURN: &str = "return";

/// What somebody shows to get in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials<'a> {
    /// E-mail address or username.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
    /// A code of the app, or a recovery code.
    pub otp: Option<&'a str>,
    /// Keep the account if it is on its way out.
    pub come_back: bool,
}

/// Where the first step of a sign-in leads.
pub enum Step {
    /// In.
    In(Account),
    /// To the question for a code, with what has to be shown there.
    Code(String),
    /// To the question whether an account on its way out is to stay, in the same way.
    Return(String),
}

impl Service {
    /// The account with this e-mail address or username and this password. Takes the same time
    /// whether there is such an account.
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

    /// The same with everything in one go, as programs do it.
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

    /// Uses a code up where the account asks for one.
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

    /// The first step of a browser's sign-in.
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

    /// Where somebody comes who has shown all they have.
    async fn after_code(&self, account: Account) -> Result<Step> {
        let id = account.profile.id;
        if self.departure(id).await?.is_some() {
            return Ok(Step::Return(self.challenge(&account, RETURN).await?));
        }
        Ok(Step::In(account))
    }

    /// The second step: a code of the app, or a recovery code.
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
        // No account has a control character in its name; Postgres cannot even be asked for one.
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
        // Before anything is known of the account, so that the limit tells nothing either; for each
        // network by itself, so that nobody can lock out somebody elsewhere.
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
            // Asked of accounts that do not exist as well, so that both take the same time.
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

    /// Opens a challenge that is good for one purpose.
    pub(in crate::accounts) async fn challenge(
        &self,
        account: &Account,
        purpose: &'static str,
    ) -> Result<String> {
        let (account, version) = (account.profile.id, account.password_version);
        let secret = secret();
        let challenge = Challenge {
            id: Uuid::now_v7(),
            account,
            secret_hash: hashed(&secret),
            purpose,
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

    /// Whose challenge this is.
    ///
    /// # Errors
    /// `challenge-over` for everything that is not open for this purpose.
    pub(super) async fn challenged(&self, token: &str, purpose: &str) -> Result<(Uuid, Account)> {
        let (id, secret) = token.split_once('.').ok_or_else(over)?;
        let id: Uuid = id.parse().map_err(|_| over())?;
        let found = store::challenged(&self.inner.db, id, &hashed(secret), purpose, now()).await?;
        let account = self.account(found.ok_or_else(over)?).await?;
        Ok((id, account.ok_or_else(over)?))
    }

    /// Uses a challenge up: of two that come at once, one gets through.
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

/// SHA-256 in hexadecimal digits.
pub(super) fn hashed(bytes: impl AsRef<[u8]>) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
