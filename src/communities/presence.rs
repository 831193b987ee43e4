//! The members who are connected to this node, and changes of presence that wait to be published.
//!
//! After a server restart all clients reconnect at the same moment. Sending each change to every
//! member separately would take the square of their number. So changes are batched for a moment,
//! changes that cancel out are dropped, and one event carries many changes.

use crate::platform::presence::Change;
use crate::shared::sync::lock;
use crate::shared::{AccountId, CommunityId};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Mutex,
};
use tokio::sync::Notify;

/// Maximum number of changes per event; the rest waits for the next event.
const MOST: usize = 100;

/// The members who are connected to this node.
#[derive(Default)]
pub struct Connected {
    members: Mutex<Members>,
    notify: Notify,
}

#[derive(Default)]
struct Members {
    /// Number of connections of each member.
    connections: HashMap<(CommunityId, AccountId), u32>,
    /// Members whose first connection was opened, or last one closed, and that are not stored.
    unstored: HashSet<(CommunityId, AccountId)>,
}

impl Members {
    fn state(&self, (community, account): (CommunityId, AccountId)) -> Change {
        Change {
            community,
            account,
            online: self.connections.contains_key(&(community, account)),
        }
    }
}

impl Connected {
    /// Records a new connection of an account.
    pub fn open(&self, account: AccountId, communities: &[CommunityId]) {
        let members = &mut *lock(&self.members);
        for community in communities {
            let member = (*community, account);
            let connections = members.connections.entry(member).or_default();
            *connections += 1;
            if *connections == 1 {
                members.unstored.insert(member);
            }
        }
        self.notify.notify_one();
    }

    /// Removes a connection of an account.
    pub fn close(&self, account: AccountId, communities: &[CommunityId]) {
        let members = &mut *lock(&self.members);
        for community in communities {
            let member = (*community, account);
            if let Some(connections) = members.connections.get_mut(&member) {
                *connections -= 1;
                if *connections == 0 {
                    members.connections.remove(&member);
                    members.unstored.insert(member);
                }
            }
        }
        self.notify.notify_one();
    }

    /// Returns the accounts with a connection in some of these communities, with what the
    /// communities have.
    pub fn members_of<T: Copy>(
        &self,
        communities: &HashMap<CommunityId, Vec<T>>,
    ) -> Vec<(AccountId, Vec<T>)> {
        let members = &*lock(&self.members);
        let mut accounts: HashMap<AccountId, Vec<T>> = HashMap::new();
        for (community, account) in members.connections.keys() {
            if let Some(items) = communities.get(community) {
                accounts.entry(*account).or_default().extend(items);
            }
        }
        accounts.into_iter().collect()
    }

    /// Returns the members whose state is not stored yet, with their state as of now.
    pub fn unstored(&self) -> Vec<Change> {
        let members = &*lock(&self.members);
        let unstored = members.unstored.iter().copied();
        unstored.map(|member| members.state(member)).collect()
    }

    /// Records that these states are stored. Members that changed in the meantime remain.
    pub fn stored(&self, stored: &[Change]) {
        let members = &mut *lock(&self.members);
        for change in stored {
            let member = (change.community, change.account);
            if members.state(member) == *change {
                members.unstored.remove(&member);
            }
        }
    }

    /// Records that no state is stored any more.
    pub fn none_stored(&self) {
        let Members {
            connections,
            unstored,
        } = &mut *lock(&self.members);
        unstored.extend(connections.keys());
    }

    /// Waits for a change.
    pub async fn changed(&self) {
        self.notify.notified().await;
    }
}

/// Changes that are not published yet.
#[derive(Default)]
pub struct Gathering {
    changes: Mutex<HashMap<CommunityId, BTreeMap<AccountId, bool>>>,
    notify: Notify,
}

impl Gathering {
    /// Records that members went online or offline.
    pub fn note(&self, changed: &[Change]) {
        if changed.is_empty() {
            return;
        }
        let mut communities = lock(&self.changes);
        for change in changed {
            let changes = communities.entry(change.community).or_default();
            match changes.get(&change.account) {
                // Back to the published state.
                Some(online) if *online != change.online => {
                    changes.remove(&change.account);
                }
                _ => {
                    changes.insert(change.account, change.online);
                }
            }
        }
        drop(communities);
        self.notify.notify_one();
    }

    /// Takes the changes to publish now: one event per community with changes.
    pub fn take(&self) -> Vec<Vec<Change>> {
        let mut communities = lock(&self.changes);
        let mut events = Vec::new();
        for (community, changes) in communities.iter_mut() {
            let mut told = Vec::new();
            while told.len() < MOST
                && let Some((account, online)) = changes.pop_first()
            {
                told.push(Change {
                    community: *community,
                    account,
                    online,
                });
            }
            if !told.is_empty() {
                events.push(told);
            }
        }
        communities.retain(|_, changes| !changes.is_empty());
        if !communities.is_empty() {
            self.notify.notify_one();
        }
        events
    }

    /// Waits for a change.
    pub async fn changed(&self) {
        self.notify.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    #[test]
    fn first_and_last_connection() {
        let connected = Connected::default();
        let community = CommunityId::new();
        let taken = || {
            let changes = connected.unstored();
            connected.stored(&changes);
            let changes = changes.into_iter();
            changes.map(|change| change.online).collect::<Vec<_>>()
        };
        connected.open(account(1), &[community]);
        assert_eq!(taken(), [true]);
        connected.open(account(1), &[community]);
        assert!(taken().is_empty());
        connected.none_stored();
        assert_eq!(taken(), [true]);
        connected.close(account(1), &[community]);
        assert!(taken().is_empty());
        connected.close(account(1), &[community]);
        assert_eq!(taken(), [false]);
        connected.close(account(1), &[community]);
        assert!(taken().is_empty());
        connected.none_stored();
        assert!(taken().is_empty());
        // Changed while it was being stored.
        connected.open(account(1), &[community]);
        let changes = connected.unstored();
        connected.close(account(1), &[community]);
        connected.stored(&changes);
        assert_eq!(taken(), [false]);
    }

    #[test]
    fn what_cancels_out_is_not_told_and_much_is_told_in_turns() {
        let gathering = Gathering::default();
        let community = CommunityId::new();
        let note = |community, n, online| {
            gathering.note(&[Change {
                community,
                account: account(n),
                online,
            }]);
        };
        for n in 0..250 {
            note(community, n, true);
        }
        note(community, 7, false);
        let other = CommunityId::new();
        note(other, 7, false);
        let mut told = Vec::new();
        let mut turns = 0;
        loop {
            let events = gathering.take();
            if events.is_empty() {
                break;
            }
            turns += 1;
            for changes in events {
                assert!(changes.len() <= MOST);
                let changes = changes.into_iter();
                told.extend(
                    changes.map(|change| (change.community, change.account, change.online)),
                );
            }
        }
        assert_eq!(turns, 3);
        let mut expected: Vec<_> = (0..250)
            .filter(|n| *n != 7)
            .map(|n| (community, account(n), true))
            .collect();
        expected.push((other, account(7), false));
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected);
    }
}
