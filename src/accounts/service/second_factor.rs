//! Two-factor authentication (2FA): time-based codes of an app (RFC 6238), and recovery codes if
//! the app is lost.

use super::{Proof, Service, network};
use crate::{
    accounts::{
        Enrolment, QrCode, Security, Viewer,
        rules::otp::{self, Offered},
        store,
    },
    platform::{
        database::Tx,
        lease::Rate,
        secrets::{Vault, random_bytes},
    },
    shared::{AccountId, Error, Kind, Result, time::now},
};
use std::time::Duration;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET: usize = 20;
/// Number of recovery codes per account.
const RECOVERY_CODES: usize = 10;
/// Issuer that the app shows.
const ISSUER: &str = "Rialto";

/// Wrong codes per network: of a million codes, three are valid at any moment. Networks that are
/// new to the account share a smaller limit ([`super::guessing`]).
const FROM_NETWORK: Rate = Rate {
    count: 5,
    window: Duration::from_mins(5),
};

impl Service {
    /// Returns the viewer's security settings.
    pub async fn security(&self, viewer: &Viewer) -> Result<Security> {
        let (db, account) = (&self.inner.db, viewer.account);
        Ok(Security {
            password: store::password_hash(db, account).await?.is_some(),
            second_factor: self.has_second_factor(account).await?,
            recovery_codes: store::recovery_codes_left(db, account).await?,
        })
    }

    /// true if the account uses 2FA.
    pub async fn has_second_factor(&self, account: AccountId) -> Result<bool> {
        let factor = store::second_factor(&self.inner.db, account).await?;
        Ok(factor.is_some_and(|factor| factor.confirmed))
    }

    /// Creates a new secret; it takes effect once a code confirms it.
    ///
    /// # Errors
    /// `second-factor-on`, `password-wrong`, `no-password`, `too-many-attempts`.
    pub async fn begin_second_factor(
        &self,
        viewer: &Viewer,
        password: &str,
        address: &str,
    ) -> Result<Enrolment> {
        let account = viewer.account;
        let proof = self.prove(viewer, password, address).await?;
        let secret = random_bytes::<SECRET>();
        let sealed = self.inner.vault.seal(&about(account), &secret)?;
        let job = move |tx: Tx| async move {
            proof.still_holds(&tx).await?;
            if store::begin_second_factor(&tx, account, sealed, now()).await? {
                Ok(())
            } else {
                Err(Error::conflict(
                    "second-factor-on",
                    "Two-factor authentication is already on",
                ))
            }
        };
        self.inner.db.write(account.0, job).await?;
        enrolment(secret, &viewer.username)
    }

    /// Turns 2FA on with a first code. Returns the recovery codes, which are shown only once.
    ///
    /// # Errors
    /// `second-factor-not-begun`, `second-factor-wrong`, `too-many-attempts`.
    pub async fn confirm_second_factor(
        &self,
        viewer: &Viewer,
        code: &str,
        address: &str,
    ) -> Result<Vec<String>> {
        let account = viewer.account;
        let not_begun = || Error::conflict("second-factor-not-begun", "Start the setup first");
        let factor = store::second_factor(&self.inner.db, account).await?;
        let sealed = match factor {
            Some(factor) if !factor.confirmed => factor.secret,
            _ => return Err(not_begun()),
        };
        let secret = self.inner.vault.open(&about(account), &sealed)?;
        let (codes, hashes) = self.make_recovery_codes(account);
        let check = Box::pin(async {
            let Some(Offered::Code(code)) = otp::offered(code) else {
                return Err(wrong());
            };
            let step = step_of(secret, &code)?.ok_or_else(wrong)?;
            let job = move |tx: Tx| async move {
                let now = now();
                if !store::confirm_second_factor(&tx, account, sealed, now).await? {
                    return Err(not_begun());
                }
                store::use_step(&tx, account, step).await?;
                store::set_recovery_codes(&tx, account, hashes).await
            };
            self.inner.db.write(account.0, job).await
        });
        self.attempt_code(account, address, check).await?;
        tracing::info!(account.id = %account, "two-factor authentication turned on");
        Ok(codes)
    }

    /// Replaces the recovery codes. Returns the new ones.
    ///
    /// # Errors
    /// `second-factor-off`, `password-wrong`, `no-password`, `too-many-attempts`.
    pub async fn renew_recovery_codes(
        &self,
        viewer: &Viewer,
        password: &str,
        address: &str,
    ) -> Result<Vec<String>> {
        let account = viewer.account;
        let proof = self.prove(viewer, password, address).await?;
        if !self.has_second_factor(account).await? {
            return Err(off());
        }
        let (codes, hashes) = self.make_recovery_codes(account);
        let job = move |tx: Tx| async move {
            proof.still_holds(&tx).await?;
            store::set_recovery_codes(&tx, account, hashes).await
        };
        self.inner.db.write(account.0, job).await?;
        Ok(codes)
    }

    /// Turns 2FA off; requires the password and a code, or a recovery code.
    ///
    /// # Errors
    /// `second-factor-off`, `second-factor-wrong`, `password-wrong`, `no-password`,
    /// `too-many-attempts`.
    pub async fn turn_off_second_factor(
        &self,
        viewer: &Viewer,
        password: &str,
        code: &str,
        address: &str,
    ) -> Result<()> {
        let account = viewer.account;
        let proof = self.prove(viewer, password, address).await?;
        if !self.has_second_factor(account).await? {
            return Err(off());
        }
        self.check_code(account, code, address).await?;
        self.remove_second_factor(proof).await?;
        tracing::info!(account.id = %account, "two-factor authentication turned off");
        Ok(())
    }

    async fn remove_second_factor(&self, proof: Proof) -> Result<()> {
        let account = proof.account;
        let job = move |tx: Tx| async move {
            proof.still_holds(&tx).await?;
            if store::remove_second_factor(&tx, account).await? {
                Ok(())
            } else {
                Err(off())
            }
        };
        self.inner.db.write(account.0, job).await
    }

    /// Checks a code or a recovery code, and marks it as used.
    ///
    /// # Errors
    /// `second-factor-wrong`, also if it was used before; `too-many-attempts`.
    pub(super) async fn check_code(
        &self,
        account: AccountId,
        offered: &str,
        address: &str,
    ) -> Result<()> {
        let check = Box::pin(async {
            match otp::offered(offered) {
                Some(Offered::Code(code)) => self.use_code(account, &code).await,
                Some(Offered::Recovery(code)) => {
                    let hash = recovery_hash(&self.inner.vault, account, &code);
                    let job = move |tx: Tx| async move {
                        if store::use_recovery_code(&tx, account, &hash, now()).await? {
                            Ok(())
                        } else {
                            Err(wrong())
                        }
                    };
                    self.inner.db.write(account.0, job).await
                }
                None => Err(wrong()),
            }
        });
        self.attempt_code(account, address, check).await
    }

    async fn use_code(&self, account: AccountId, code: &str) -> Result<()> {
        let factor = store::second_factor(&self.inner.db, account).await?;
        let factor = factor.filter(|factor| factor.confirmed).ok_or_else(wrong)?;
        let secret = self.inner.vault.open(&about(account), &factor.secret)?;
        let step = step_of(secret, code)?.ok_or_else(wrong)?;
        let job = move |tx: Tx| async move {
            if store::use_step(&tx, account, step).await? {
                Ok(())
            } else {
                Err(wrong())
            }
        };
        self.inner.db.write(account.0, job).await
    }

    async fn attempt_code<T>(
        &self,
        account: AccountId,
        address: &str,
        check: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let here = format!("{account} {}", network(address));
        let known = self.is_known(account, address).await?;
        let account = account.to_string();
        let check = async {
            if known {
                return check.await;
            }
            self.guess("code", &account, check).await
        };
        self.attempt("code", &here, FROM_NETWORK, check).await
    }

    /// Creates recovery codes. Returns them with their hashes.
    fn make_recovery_codes(&self, account: AccountId) -> (Vec<String>, Vec<String>) {
        let code = |_| otp::recovery_code(random_bytes::<{ otp::RECOVERY }>());
        let codes: Vec<_> = (0..RECOVERY_CODES).map(code).collect();
        let hashes = codes
            .iter()
            .map(|code| recovery_hash(&self.inner.vault, account, code));
        let hashes = hashes.collect();
        (codes, hashes)
    }
}

/// Recovery codes are short, so they are stored as digests with the vault's key.
fn recovery_hash(vault: &Vault, account: AccountId, code: &str) -> String {
    let about = [b"recovery code ".as_slice(), account.0.as_bytes()].concat();
    vault.digest(&about, code.as_bytes())
}

/// Purpose under which an account's secret is sealed.
fn about(account: AccountId) -> Vec<u8> {
    [b"second factor ".as_slice(), account.0.as_bytes()].concat()
}

fn totp(secret: Vec<u8>) -> Result<Totp> {
    let builder = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret);
    builder.build().map_err(Error::internal)
}

/// Returns the 30-second step of a code: the current, previous or next one.
fn step_of(secret: Vec<u8>, code: &str) -> Result<Option<i64>> {
    let now = u64::try_from(now().timestamp()).unwrap_or(0);
    let step = totp(secret)?.check(code, now);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Returns a new secret in the forms that apps read.
fn enrolment(secret: [u8; SECRET], username: &str) -> Result<Enrolment> {
    let secret = Secret::from(secret).to_base32();
    let label = escaped(&format!("{ISSUER}:{username}"));
    let uri = format!(
        "otpauth://totp/{label}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30"
    );
    Ok(Enrolment {
        qr: qr_code(&uri)?,
        secret,
        uri,
    })
}

/// Percent-encodes a text for an address.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// Returns a QR code as an SVG path, with one rectangle per run of dark modules.
fn qr_code(text: &str) -> Result<QrCode> {
    let code = qrcode::QrCode::new(text).map_err(Error::internal)?;
    let size = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(size).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&qrcode::Color::Dark) {
                let length = run.len();
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            x += run.len();
        }
    }
    Ok(QrCode {
        size: u32::try_from(size).map_err(Error::internal)?,
        path,
    })
}

fn wrong() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "second-factor-wrong",
        "Wrong or used code",
    )
}

fn off() -> Error {
    Error::conflict("second-factor-off", "Two-factor authentication is off")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = totp(b"12345678901234567890".to_vec()).unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.generate(time).to_string(), code);
            let step = time / 30;
            for (when, found) in [
                (time.saturating_sub(60), (time < 60).then_some(step)),
                (time - 30, Some(step)),
                (time, Some(step)),
                (time + 30, Some(step)),
                (time + 60, None),
            ] {
                assert_eq!(totp.check(code, when), found, "{time} at {when}");
            }
        }
    }

    #[test]
    fn the_picture_says_what_the_text_says() {
        let enrolment = enrolment([7; SECRET], "जोशी.x").unwrap();
        assert_eq!(enrolment.secret.len(), 32);
        assert!(
            enrolment
                .uri
                .starts_with("otpauth://totp/Rialto%3A%E0%A4%9C")
        );
        assert!(enrolment.uri.contains(&enrolment.secret));
        let QrCode { size, path } = enrolment.qr;
        assert!((21..=177).contains(&size));
        // The finder pattern in the corner: seven dark modules, and the frame below them.
        assert!(path.starts_with("M0 0h7v1h-7z"), "{path}");
    }
}
