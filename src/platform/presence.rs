//! Which members are online, over all nodes.
//!
//! Each node adds the members who are connected to it, as the owner of these entries, and renews
//! them. The entries of a node that stops renewing expire, so its members go offline by themselves.

use crate::shared::sync::lock;
use crate::shared::{AccountId, CommunityId, NodeId, Result, Timestamp, time::now};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
    time::Duration,
};

/// How long entries live after their owner was last renewed.
const LIFETIME: TimeDelta = TimeDelta::seconds(60);
/// How often an owner renews its entries.
pub const RENEWAL: Duration = Duration::from_secs(20);

/// A member of a community goes online or offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub community: CommunityId,
    pub account: AccountId,
    pub online: bool,
}

/// The members who are online. A member is online as long as an entry exists; reads and returned
/// changes agree at any time.
///
/// All methods fail if the shared store cannot be reached.
#[async_trait]
pub trait Presence: Send + Sync {
    /// Adds (online) or removes (offline) the owner's entries of these members. Returns the changes
    /// that are the first or last entry of a member among all owners. Repeating it is harmless.
    async fn update(&self, owner: NodeId, changes: &[Change]) -> Result<Vec<Change>>;

    /// Renews all entries of an owner. Returns false for a new owner and for one that was renewed
    /// too late: its entries may be gone, and it must add them again.
    async fn renew(&self, owner: NodeId) -> Result<bool>;

    /// Removes the entries of expired owners. Returns the members who go offline by this, each to
    /// one caller only.
    async fn expire(&self) -> Result<Vec<Change>>;

    /// Returns those of `accounts` that are online.
    async fn online(
        &self,
        community: CommunityId,
        accounts: &[AccountId],
    ) -> Result<HashSet<AccountId>>;

    /// Number of members who are online.
    async fn count(&self, community: CommunityId) -> Result<usize>;
}

/// Keeps the entries in the memory of this process.
#[derive(Default)]
pub struct InProcess {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    /// When the entries of each owner expire.
    owners: HashMap<NodeId, Timestamp>,
    /// The owners of each online member's entries.
    online: HashMap<CommunityId, HashMap<AccountId, Vec<NodeId>>>,
}

impl Entries {
    /// Returns true if the member goes online or offline by this.
    fn apply(&mut self, owner: NodeId, change: Change) -> bool {
        let members = self.online.entry(change.community).or_default();
        let owners = members.entry(change.account).or_default();
        let before = owners.is_empty();
        owners.retain(|other| *other != owner);
        if change.online {
            owners.push(owner);
        }
        let after = owners.is_empty();
        if after {
            members.remove(&change.account);
        }
        if members.is_empty() {
            self.online.remove(&change.community);
        }
        before != after
    }
}

#[async_trait]
impl Presence for InProcess {
    async fn update(&self, owner: NodeId, changes: &[Change]) -> Result<Vec<Change>> {
        let mut entries = lock(&self.entries);
        // An owner that was never renewed counts as expired.
        entries.owners.entry(owner).or_insert_with(now);
        let changes = changes.iter().copied();
        Ok(changes
            .filter(|change| entries.apply(owner, *change))
            .collect())
    }

    async fn renew(&self, owner: NodeId) -> Result<bool> {
        let now = now();
        let before = lock(&self.entries).owners.insert(owner, now + LIFETIME);
        Ok(before.is_some_and(|end| end > now))
    }

    async fn expire(&self) -> Result<Vec<Change>> {
        let now = now();
        let Entries { owners, online } = &mut *lock(&self.entries);
        let known = owners.len();
        owners.retain(|_, end| *end > now);
        let mut gone = Vec::new();
        if owners.len() == known {
            return Ok(gone);
        }
        online.retain(|community, members| {
            members.retain(|account, holders| {
                holders.retain(|owner| owners.contains_key(owner));
                if holders.is_empty() {
                    gone.push(Change {
                        community: *community,
                        account: *account,
                        online: false,
                    });
                }
                !holders.is_empty()
            });
            !members.is_empty()
        });
        Ok(gone)
    }

    async fn online(
        &self,
        community: CommunityId,
        accounts: &[AccountId],
    ) -> Result<HashSet<AccountId>> {
        let entries = lock(&self.entries);
        let Some(members) = entries.online.get(&community) else {
            return Ok(HashSet::new());
        };
        let accounts = accounts.iter().copied();
        Ok(accounts
            .filter(|account| members.contains_key(account))
            .collect())
    }

    async fn count(&self, community: CommunityId) -> Result<usize> {
        let entries = lock(&self.entries);
        Ok(entries.online.get(&community).map_or(0, HashMap::len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::time::testing::jump;
    use futures::FutureExt;
    use proptest::prelude::*;
    use uuid::Uuid;

    /// What a node does, with its number and that of a member.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        Update(usize, usize, bool),
        Renew(usize),
        Expire,
        Pass(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            5 => (0..3_usize, 0..4_usize, any::<bool>())
                .prop_map(|(node, member, online)| Step::Update(node, member, online)),
            3 => (0..3_usize).prop_map(Step::Renew),
            2 => Just(Step::Expire),
            3 => (1..90_i64).prop_map(Step::Pass),
        ]
    }

    /// Two members in each of two communities.
    fn member(n: usize) -> (CommunityId, AccountId) {
        let id = |n: usize| Uuid::from_u128(n as u128);
        (CommunityId(id(n / 2)), AccountId(id(n % 2)))
    }

    /// Runs a call that does not wait.
    fn done<T>(call: impl Future<Output = Result<T>>) -> T {
        call.now_or_never().unwrap().unwrap()
    }

    /// The nodes as the model knows them.
    #[derive(Clone, Default)]
    struct Node {
        members: HashSet<usize>,
        /// Seconds since the start until which its entries live.
        end: i64,
    }

    proptest! {
        /// After any steps a member is online if and only if a node holds them whose entries have
        /// not expired, and the returned changes tell the same.
        #[test]
        fn who_is_online_is_held_by_a_living_node(steps in prop::collection::vec(step(), 1..80)) {
            let presence = InProcess::default();
            let ids = [(); 3].map(|()| NodeId::new());
            let mut nodes = vec![Node::default(); 3];
            let mut told = [false; 4];
            let mut clock = 0;
            // Resets the clock, whatever the steps do.
            let _start = jump(TimeDelta::zero());
            let mut jumps = Vec::new();
            for step in steps {
                let changes = match step {
                    Step::Update(node, member_number, online) => {
                        let (community, account) = member(member_number);
                        let members = &mut nodes[node].members;
                        if online {
                            members.insert(member_number);
                        } else {
                            members.remove(&member_number);
                        }
                        let change = Change { community, account, online };
                        done(presence.update(ids[node], &[change]))
                    }
                    Step::Renew(node) => {
                        let lives = done(presence.renew(ids[node]));
                        prop_assert_eq!(lives, nodes[node].end > clock);
                        nodes[node].end = clock + LIFETIME.num_seconds();
                        Vec::new()
                    }
                    Step::Expire => {
                        for node in &mut nodes {
                            if node.end <= clock {
                                *node = Node::default();
                            }
                        }
                        done(presence.expire())
                    }
                    Step::Pass(seconds) => {
                        clock += seconds;
                        jumps.push(jump(TimeDelta::seconds(seconds)));
                        Vec::new()
                    }
                };
                for change in changes {
                    let n = (0..4).find(|n| member(*n) == (change.community, change.account));
                    let told = &mut told[n.unwrap()];
                    prop_assert_ne!(*told, change.online, "nothing is told twice");
                    *told = change.online;
                }
                for (n, told) in told.into_iter().enumerate() {
                    let (community, account) = member(n);
                    let held = nodes.iter().any(|node| node.members.contains(&n));
                    let online = done(presence.online(community, &[account]));
                    prop_assert_eq!((online.contains(&account), told), (held, held), "{}", n);
                }
                for first in [0, 2] {
                    let online = told[first..first + 2].iter().filter(|told| **told).count();
                    prop_assert_eq!(done(presence.count(member(first).0)), online);
                }
            }
        }
    }
}
