//! Signing in with a password.

use super::{Device, Service, network};
use crate::{
    accounts::{Account, rules, store},
    shared::{Error, Kind, Result, names},
};
use sha2::{Digest, Sha256};

impl Service {
    /// The account with this e-mail address or username and this password. Takes the same time
    /// whether there is such an account.
    ///
    /// # Errors
    /// `invalid-credentials`, `too-many-attempts`.
    pub async fn sign_in(&self, name: &str, password: &str, device: &Device) -> Result<Account> {
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
        // Before anything is known of the account, so that the limit tells nothing either.
        let who = hashed(key.as_bytes());
        self.limit("sign_in.account", &who, limits.sign_in_account.rate())
            .await?;
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
        let right = self.inner.passwords.verify(password, hash).await?;
        account.filter(|_| right).ok_or_else(|| {
            Error::new(
                Kind::Unauthenticated,
                "invalid-credentials",
                "Invalid credentials",
            )
        })
    }
}

/// SHA-256 in hexadecimal digits.
pub(super) fn hashed(bytes: impl AsRef<[u8]>) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
