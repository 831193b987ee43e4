//! The kinds of callers, each with its own account.

use crate::accounts::{Account, Farewell, Service as Accounts};
use crate::platform::database::Tx;
use crate::shared::{AccountId, ChannelId, CommunityId};
use crate::testing::{TestHouse, device};
use sea_orm::{ConnectionTrait, Statement, Value};
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
    /// Tokens of accounts that cannot open new sessions.
    old: HashMap<&'static str, String>,
    /// A community without the outsider and the admin, and its channel.
    pub club: CommunityId,
    pub channel: ChannelId,
}

impl Callers {
    pub async fn new(house: &TestHouse) -> Self {
        let accounts = house
            .services
            .get::<crate::accounts::Service>()
            .unwrap()
            .clone();
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
            let (viewer, token) = house.person(name).await;
            let account = accounts.account(viewer.account).await.unwrap();
            known.insert(name, account.unwrap());
            old.insert(name, token);
        }
        let guest = accounts.register_guest("guest", &device()).await.unwrap();
        known.insert("guest", guest);
        let id = |name: &str| known[name].profile.id;
        let (club, channel) = (CommunityId::new(), ChannelId::new());
        let inside = ["owner", "member", "guest", "suspended", "leaving"].map(id);
        make_club(house, club, channel, &inside).await;

        let db = &house
            .services
            .get::<crate::platform::database::Database>()
            .unwrap();
        let (admin, suspended, service) = (id("admin"), id("suspended"), accounts.clone());
        let job = move |tx: Tx| async move {
            Accounts::set_admin(&tx, admin, true).await?;
            service.suspend(&tx, suspended).await
        };
        db.write(Uuid::nil(), job).await.unwrap();
        let leaving = accounts.viewer_of_access_token(&old["leaving"]).await;
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        let left = accounts
            .leave(&leaving.unwrap(), farewell, "192.0.2.2")
            .await;
        left.unwrap();
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
            "suspended" | "leaving" => Some(self.old[name].clone()),
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

/// Creates a second community in the database, because the API cannot yet.
async fn make_club(
    house: &TestHouse,
    club: CommunityId,
    channel: ChannelId,
    members: &[AccountId],
) {
    let db = &house
        .services
        .get::<crate::platform::database::Database>()
        .unwrap();
    let run = async |sql: &str, values: Vec<Value>| {
        let backend = db.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        db.execute_raw(statement).await.unwrap();
    };
    let now = crate::shared::time::now();
    run(
        "INSERT INTO communities (id, name, is_lobby, created_at) VALUES ($1, 'Club', false, $2)",
        vec![club.0.into(), now.into()],
    )
    .await;
    run(
        "INSERT INTO channels (id, community_id, name, name_key, seq, rev, created_at) \
         VALUES ($1, $2, 'club-channel', 'club-channel', 0, 0, $3)",
        vec![channel.0.into(), club.0.into(), now.into()],
    )
    .await;
    for member in members {
        run(
            "INSERT INTO memberships (community_id, account_id, joined_at) VALUES ($1, $2, $3)",
            vec![club.0.into(), member.0.into(), now.into()],
        )
        .await;
    }
}
