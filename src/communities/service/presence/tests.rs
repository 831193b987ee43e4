//! Presence on several nodes that share a store, which can fail.

use super::*;
use crate::platform::{
    config::Config,
    lease::Limiter,
    presence::{InProcess, Presence as Store},
};
use crate::shared::sync::lock;
use crate::shared::time::testing::jump;
use crate::shared::{Error, NodeId};
use crate::testing::{TestHouse, User, read};
use chrono::TimeDelta;
use proptest::prelude::*;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

const PEOPLE: [&str; 3] = ["ada", "bo", "cy"];

/// A store that can be out of reach.
#[derive(Default)]
struct Flaky {
    store: InProcess,
    down: AtomicBool,
}

impl Flaky {
    fn reach(&self) -> Result<&InProcess> {
        if self.down.load(Ordering::Relaxed) {
            return Err(Error::unavailable());
        }
        Ok(&self.store)
    }
}

#[async_trait]
impl Store for Flaky {
    async fn update(&self, owner: NodeId, changes: &[Change]) -> Result<Vec<Change>> {
        self.reach()?.update(owner, changes).await
    }

    async fn renew(&self, owner: NodeId) -> Result<bool> {
        self.reach()?.renew(owner).await
    }

    async fn expire(&self) -> Result<Vec<Change>> {
        self.reach()?.expire().await
    }

    async fn online(
        &self,
        community: CommunityId,
        accounts: &[AccountId],
    ) -> Result<HashSet<AccountId>> {
        self.reach()?.online(community, accounts).await
    }

    async fn count(&self, community: CommunityId) -> Result<usize> {
        self.reach()?.count(community).await
    }
}

/// Nodes on one database, bus and store.
struct Nodes {
    house: TestHouse,
    people: [User; 3],
    store: Arc<Flaky>,
    services: Vec<Service>,
    /// All published changes of presence: username and state.
    told: Arc<Mutex<Vec<(String, bool)>>>,
}

impl Nodes {
    async fn start(count: usize) -> Self {
        let (house, people) = TestHouse::with_users(PEOPLE).await;
        let told = Arc::<Mutex<Vec<_>>>::default();
        let log = Arc::clone(&told);
        house.bus().attach(Box::new(move |event| {
            let PresenceChanged { changes } = read(event).read().unwrap();
            let changes = changes.into_iter();
            lock(&log).extend(changes.map(|change| (change.profile.username, change.online)));
        }));
        let store = Arc::<Flaky>::default();
        let limits = Config::default().limits;
        let mut services = Vec::new();
        for _ in 0..count {
            let started = Service::start(
                house.db().clone(),
                Arc::clone(house.bus()),
                Arc::new(Limiter::default()),
                Arc::clone(&store) as _,
                house.accounts().clone(),
                &limits,
            );
            services.push(started.await.unwrap());
        }
        Self {
            house,
            people,
            store,
            services,
            told,
        }
    }

    /// What the worker of a node does after some time.
    async fn turn(&self, node: usize) {
        let service = &self.services[node];
        service.renew_presence().await;
        service.store_presence().await;
        service.publish_presence().await;
    }

    /// The state of each member as pages know it that have heard all events.
    fn told(&self) -> Vec<bool> {
        let told = lock(&self.told);
        let told: HashMap<_, _> = told.iter().cloned().collect();
        let state = |username: &&str| told.get(*username).copied().unwrap_or_default();
        PEOPLE.iter().map(state).collect()
    }

    /// The state of each member as a new page gets it from a node.
    async fn shown(&self, node: usize) -> Vec<bool> {
        let service = &self.services[node];
        let page = service.members(&self.people[0], service.lobby(), None);
        let page = page.await.unwrap();
        let online: Vec<_> = page.members.iter().map(|member| member.online).collect();
        let count = online.iter().filter(|online| **online).count();
        assert_eq!(page.online, count as u64);
        online
    }
}

#[tokio::test]
async fn the_members_of_a_node_that_stops_go_offline_and_come_back_with_it() {
    let nodes = Nodes::start(2).await;
    nodes.turn(0).await;
    nodes.turn(1).await;
    nodes.services[1].connected(&nodes.people[1]).await.unwrap();
    nodes.turn(1).await;
    assert_eq!(*lock(&nodes.told), [("bo".into(), true)]);
    let _later = jump(TimeDelta::seconds(55));
    nodes.turn(0).await;
    assert_eq!(nodes.shown(0).await, [false, true, false]);
    let _still_later = jump(TimeDelta::seconds(10));
    nodes.turn(0).await;
    nodes.turn(0).await;
    assert_eq!(nodes.told(), [false; 3]);
    assert_eq!(nodes.shown(0).await, [false; 3]);
    // The node was only slow, and its members are still connected.
    nodes.turn(1).await;
    assert_eq!(nodes.told(), [false, true, false]);
    assert_eq!(nodes.shown(0).await, [false, true, false]);
    assert_eq!(lock(&nodes.told).len(), 3, "each change is told once");
    nodes.house.close().await;
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Open(usize, usize),
    Close(usize, usize),
    Turn(usize),
    /// The node is gone without a word. The first one stays.
    Stop(usize),
    Reach(bool),
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3_usize, 0..3_usize).prop_map(|(node, who)| Step::Open(node, who)),
        4 => (0..3_usize, 0..3_usize).prop_map(|(node, who)| Step::Close(node, who)),
        8 => (0..3_usize).prop_map(Step::Turn),
        1 => (1..3_usize).prop_map(Step::Stop),
        1 => any::<bool>().prop_map(Step::Reach),
        3 => (1..90_i64).prop_map(Step::Pass),
    ]
}

async fn play(steps: Vec<Step>) {
    let nodes = Nodes::start(3).await;
    let mut connections = [[0_u32; 3]; 3];
    let mut living = [true; 3];
    let _start = jump(TimeDelta::zero());
    let mut jumps = Vec::new();
    for step in steps {
        match step {
            Step::Open(node, who) if living[node] => {
                connections[node][who] += 1;
                let opened = nodes.services[node].connected(&nodes.people[who]);
                opened.await.unwrap();
            }
            Step::Close(node, who) if living[node] && connections[node][who] > 0 => {
                connections[node][who] -= 1;
                let service = &nodes.services[node];
                service.disconnected(nodes.people[who].account, &[service.lobby()]);
            }
            Step::Turn(node) if living[node] => {
                nodes.turn(node).await;
                if !nodes.store.down.load(Ordering::Relaxed) {
                    assert_eq!(nodes.shown(node).await, nodes.told());
                }
            }
            Step::Stop(node) => {
                living[node] = false;
                connections[node] = [0; 3];
            }
            Step::Reach(up) => nodes.store.down.store(!up, Ordering::Relaxed),
            Step::Pass(seconds) => jumps.push(jump(TimeDelta::seconds(seconds))),
            Step::Open(..) | Step::Close(..) | Step::Turn(_) => {}
        }
    }
    nodes.store.down.store(false, Ordering::Relaxed);
    jumps.push(jump(TimeDelta::seconds(61)));
    for node in (0..3).filter(|node| living[*node]) {
        nodes.turn(node).await;
    }
    let connected = |who: usize| connections.iter().any(|of_node| of_node[who] > 0);
    let expected: Vec<_> = (0..3).map(connected).collect();
    assert_eq!(nodes.told(), expected);
    assert_eq!(nodes.shown(0).await, expected);
    nodes.house.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// However nodes, connections and the store come and go: once each node had its turn, exactly
    /// the members with a connection to a living node are online, for new pages and for those that
    /// heard the events.
    #[test]
    fn all_nodes_agree_who_is_online(steps in prop::collection::vec(step(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(play(steps));
    }
}
