//! Batches changes of presence.
//!
//! After a server restart all clients reconnect at the same moment. Sending each change to every
//! member separately would take the square of their number. So changes are batched for a moment,
//! changes that cancel out are dropped, and one event carries many changes.

use super::model::{Presence, PresenceChanged};
use super::service::Service;
use crate::accounts::Profile;
use crate::platform::tasks::Worker;
use crate::shared::sync::lock;
use crate::shared::{AccountId, CommunityId};
use async_trait::async_trait;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long changes are batched.
const MOMENT: Duration = Duration::from_secs(1);
/// Maximum number of changes per event; the rest waits for the next event.
const MOST: usize = 100;

/// Changes that are not published yet.
#[derive(Default)]
pub struct Gathering {
    changes: Mutex<HashMap<CommunityId, BTreeMap<AccountId, Presence>>>,
    notify: Notify,
}

impl Gathering {
    /// Records that a member went online or offline.
    pub fn note(&self, community: CommunityId, profile: Profile, online: bool) {
        let mut communities = lock(&self.changes);
        let changes = communities.entry(community).or_default();
        match changes.get(&profile.id) {
            // Back to the published state.
            Some(known) if known.online != online => drop(changes.remove(&profile.id)),
            _ => drop(changes.insert(profile.id, Presence { profile, online })),
        }
        drop(communities);
        self.notify.notify_one();
    }

    /// Takes the events to publish now: one per community with changes.
    pub fn take(&self) -> Vec<(CommunityId, PresenceChanged)> {
        let mut communities = lock(&self.changes);
        let mut events = Vec::new();
        for (community, changes) in communities.iter_mut() {
            let mut told = Vec::new();
            while told.len() < MOST
                && let Some((_, change)) = changes.pop_first()
            {
                told.push(change);
            }
            if !told.is_empty() {
                events.push((*community, PresenceChanged { changes: told }));
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

/// The worker that publishes changes of presence.
pub struct PresencePublisher(pub Service);

#[async_trait]
impl Worker for PresencePublisher {
    fn name(&self) -> &'static str {
        "communities.presence"
    }

    /// Does not publish what is left at shutdown: all connections are closing.
    async fn run(&mut self, cancel: CancellationToken) {
        let telling = async {
            loop {
                self.0.gathering().changed().await;
                tokio::time::sleep(MOMENT).await;
                self.0.tell_presence().await;
            }
        };
        let _stopped: Option<()> = cancel.run_until_cancelled(telling).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::AccountKind;

    fn profile(n: u128) -> Profile {
        Profile {
            id: AccountId(uuid::Uuid::from_u128(n)),
            username: format!("u{n}"),
            display_name: format!("U {n}"),
            kind: AccountKind::Person,
            avatar: None,
        }
    }

    #[test]
    fn what_cancels_out_is_not_told_and_much_is_told_in_turns() {
        let gathering = Gathering::default();
        let community = CommunityId::new();
        for n in 0..250 {
            gathering.note(community, profile(n), true);
        }
        gathering.note(community, profile(7), false);
        let other = CommunityId::new();
        gathering.note(other, profile(7), false);
        let mut told = Vec::new();
        let mut turns = 0;
        loop {
            let events = gathering.take();
            if events.is_empty() {
                break;
            }
            turns += 1;
            for (at, event) in events {
                assert!(event.changes.len() <= MOST);
                let changes = event.changes.into_iter();
                told.extend(changes.map(|change| (at, change.profile.id, change.online)));
            }
        }
        assert_eq!(turns, 3);
        let mut expected: Vec<_> = (0..250)
            .filter(|n| *n != 7)
            .map(|n| (community, profile(n).id, true))
            .collect();
        expected.push((other, profile(7).id, false));
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected);
    }
}
