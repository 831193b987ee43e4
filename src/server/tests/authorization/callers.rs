//! The kinds of callers, each with its own account.

use crate::accounts::{Account, Service as Accounts};
use crate::platform::database::Tx;
use crate::shared::{AccountId, ChannelId, CommunityId};
use crate::testing::{TestHouse, User, device};
use std::collections::HashMap;
use uuid::Uuid;

/// Columns of the matrix. The owner, the member and the guest are in the community in which the
/// owner writes; the outsider and the admin are in the Lobby only.
pub const CALLERS: [&str; 8] = [
    "owner",
    "nobody",
    "guest",
    "member",
    "outsider",
    "admin",
    "suspended",
    "leaving",
];

pub struct Callers {
    accounts: Accounts,
    known: HashMap<&'static str, Account>,
    /// Their first sessions, for accounts that cannot open new ones.
    old: HashMap<&'static str, User>,
    /// A community without the outsider and the admin, and its channel.
    pub club: CommunityId,
    pub channel: ChannelId,
}

impl Callers {
    pub async fn new(house: &TestHouse) -> Self {
        let accounts = house.accounts().clone();
        let mut known = HashMap::new();
        let mut old = HashMap::new();
        for name in [
            "admin",
            "owner",
            "member",
            "outsider",
            "suspended",
            "leaving",
        ] {
            let user = house.user(name).await;
            let account = accounts.account(user.account).await.unwrap();
            known.insert(name, account.unwrap());
            old.insert(name, user);
        }
        let guest = accounts.register_guest("guest", &device()).await.unwrap();
        known.insert("guest", guest);
        let id = |name: &str| known[name].profile.id;
        let inside = ["owner", "member", "guest", "suspended", "leaving"].map(id);
        let (club, channel) = house.community("Club", &inside).await;
        let (admin, suspended, service) = (id("admin"), id("suspended"), accounts.clone());
        let job = move |tx: Tx| async move {
            Accounts::set_admin(&tx, admin, true).await?;
            service.suspend(&tx, suspended).await
        };
        house.db().write(Uuid::nil(), job).await.unwrap();
        house.leave(&old["leaving"], false).await;
        Self {
            accounts,
            known,
            old,
            club,
            channel,
        }
    }

    pub fn id(&self, name: &str) -> AccountId {
        self.known[name].profile.id
    }

    /// Returns the caller's token, from a new session for each probe, because some probes end it.
    pub async fn token(&self, name: &str) -> Option<String> {
        match name {
            "nobody" => None,
            "suspended" | "leaving" => Some(self.old[name].token.clone()),
            _ => {
                let account = self.known[name].clone();
                let session = self.accounts.open_session(account, &device()).await;
                Some(session.unwrap().access)
            }
        }
    }

    /// Opens another session of the owner.
    pub async fn owners_session(&self) -> String {
        let account = self.known["owner"].clone();
        let session = self.accounts.open_session(account, &device()).await;
        session.unwrap().viewer.session.to_string()
    }
}
