//! Secrets from the environment.

/// Secrets from the environment.
#[derive(Clone, Default)]
pub struct Secrets {
    /// `JWT_SECRET_KEY` or `SECRET_KEY`: signs access tokens.
    pub signing_key: Option<String>,
    /// `SMTP_PASSWORD`: password of [`super::Mail::username`].
    pub smtp_password: Option<String>,
    /// `ALPHA_VANTAGE_KEY`.
    pub alpha_vantage_key: Option<String>,
    /// `MASSIVE_KEY` or `POLYGON_API_KEY`.
    pub massive_key: Option<String>,
    /// `STOOQ_KEY`.
    pub stooq_key: Option<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(..)")
    }
}
