//! TEMPORARY STUB, to be replaced by the real service.

use super::{AccountKind, Viewer};
use crate::shared::{AccountId, Result, SessionId};

/// Stub.
#[derive(Clone, Default)]
pub struct Service;

impl Service {
    /// Stub.
    pub async fn ensure_bot(&self, username: &str, display_name: &str) -> Result<Viewer> {
        Ok(Viewer {
            account: AccountId(uuid::Uuid::from_u128(7)),
            session: SessionId::new(),
            username: username.into(),
            display_name: display_name.into(),
            kind: AccountKind::Bot,
            operator: false,
        })
    }
}
