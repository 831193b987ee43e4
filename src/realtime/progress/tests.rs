//! A page against a server whose events are lost, repeated and late.

use super::super::{Envelope, Event, Scope, Sealed, Topic};
use super::*;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Maximum number of changes with which the page catches up.
const MOST: usize = 6;
/// Items in a page of the list.
const PAGE: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Thing {
    id: u128,
    state: i64,
}

impl Item for Thing {
    fn key(&self) -> Uuid {
        Uuid::from_u128(self.id)
    }
}

/// A thing has this state now. None: it is gone.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Changed {
    id: u128,
    state: Option<i64>,
}

impl Event for Changed {
    const KIND: &'static str = "tests.changed";
}

fn envelope(rev: i64, changed: Changed) -> Heard {
    let topic = Topic::new(Scope::Community, Uuid::nil());
    let wire = serde_json::to_string(&Sealed::of(Some(topic), 0, rev, &changed)).unwrap();
    Heard::Event(Arc::new(serde_json::from_str::<Envelope>(&wire).unwrap()))
}

/// The truth, with a log of what changed last when.
#[derive(Clone, Default)]
struct Server {
    rev: i64,
    things: BTreeMap<u128, i64>,
    log: BTreeMap<u128, i64>,
}

impl Server {
    fn change(&mut self, id: u128, there: bool) -> Heard {
        self.rev += 1;
        self.log.insert(id, self.rev);
        let state = there.then_some(self.rev);
        match state {
            Some(state) => self.things.insert(id, state),
            None => self.things.remove(&id),
        };
        envelope(self.rev, Changed { id, state })
    }

    fn things(&self, after: Option<u128>, most: usize) -> Vec<Thing> {
        let all = self.things.iter();
        let rest = all.filter(|(id, _)| after.is_none_or(|after| **id > after));
        rest.take(most)
            .map(|(id, state)| Thing {
                id: *id,
                state: *state,
            })
            .collect()
    }

    /// The response to a subscription.
    fn missed(&self, rev: i64) -> Vec<Heard> {
        let missed: Vec<_> = self.log.iter().filter(|(_, at)| **at > rev).collect();
        if missed.len() > MOST || rev > self.rev {
            return vec![Heard::Reset { rev: self.rev }];
        }
        let states = missed.into_iter().map(|(id, _)| {
            let state = self.things.get(id).copied();
            envelope(self.rev, Changed { id: *id, state })
        });
        let complete = Heard::Complete {
            seq: 0,
            rev: self.rev,
        };
        states.chain([complete]).collect()
    }
}

/// A page that loads its list in pages, and its whole list again after a reset.
struct Page {
    progress: Progress,
    list: Replica<Thing>,
    /// The last thing of the loaded pages. None: all are loaded.
    next: Option<u128>,
}

impl Page {
    fn open(server: &Server) -> Self {
        let first = server.things(None, PAGE);
        Self {
            progress: Progress::new(server.rev),
            next: first.get(PAGE - 1).map(|thing| thing.id),
            list: Replica::new(first, server.rev),
        }
    }

    fn hear(&mut self, update: &Heard) -> bool {
        let step = self.progress.next(update);
        if step.news {
            match update {
                Heard::Event(envelope) => {
                    let Changed { id, state } = envelope.read().unwrap();
                    match state {
                        Some(state) => self.list.put(Thing { id, state }, envelope.rev),
                        None => self.list.remove(Uuid::from_u128(id), envelope.rev),
                    };
                }
                Heard::Reset { rev } => self.list.forget(*rev),
                Heard::Complete { .. } | Heard::Heartbeat { .. } => {}
            }
        }
        step.behind
    }

    fn loaded(&self) -> Vec<Thing> {
        let mut list = self.list.to_vec();
        list.sort_by_key(|thing| thing.id);
        list
    }
}

#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Changes a thing; the event arrives late, never or at once.
    Change {
        id: u128,
        there: bool,
        lost: bool,
        late: bool,
    },
    /// The oldest late event arrives, now or again later.
    Arrive {
        again: bool,
    },
    /// Requests the next page; the response is read now or arrives later.
    More {
        late: bool,
    },
    Heartbeat,
    Reconnect,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => (0..8_u128, any::<bool>(), prop::bool::weighted(0.2), any::<bool>()).prop_map(
            |(id, there, lost, late)| Deed::Change { id, there, lost, late }
        ),
        5 => prop::bool::weighted(0.2).prop_map(|again| Deed::Arrive { again }),
        2 => any::<bool>().prop_map(|late| Deed::More { late }),
        1 => Just(Deed::Heartbeat),
        1 => Just(Deed::Reconnect),
    ]
}

/// A response that the page gets later.
type Late = (Vec<Thing>, i64);

struct World {
    server: Server,
    page: Page,
    under_way: Vec<Heard>,
    pages: Vec<Late>,
}

impl World {
    fn hear(&mut self, update: &Heard) {
        if self.page.hear(update) {
            self.reconnect();
        }
    }

    /// Subscribes from where the page is; after a reset it loads a fresh first page.
    fn reconnect(&mut self) {
        let rev = self.page.progress.ask();
        for update in self.server.missed(rev) {
            self.page.hear(&update);
            if let Heard::Reset { .. } = update {
                let first = self.server.things(None, PAGE);
                self.page.next = first.get(PAGE - 1).map(|thing| thing.id);
                self.page.list.restart(first, self.server.rev);
            }
        }
    }

    fn more(&mut self, late: bool) {
        let Some(after) = self.page.next else { return };
        let page = self.server.things(Some(after), PAGE);
        self.page.next = page.get(PAGE - 1).map(|thing| thing.id);
        if late {
            self.pages.push((page, self.server.rev));
        } else {
            self.page.list.add_page(page, self.server.rev);
        }
    }

    fn play(&mut self, deed: Deed) {
        match deed {
            Deed::Change {
                id,
                there,
                lost,
                late,
            } => {
                let event = self.server.change(id, there);
                match (lost, late) {
                    (true, _) => {}
                    (false, true) => self.under_way.push(event),
                    (false, false) => self.hear(&event),
                }
            }
            Deed::Arrive { again } if !self.under_way.is_empty() => {
                let event = self.under_way.remove(0);
                self.hear(&event);
                if again {
                    self.under_way.push(event);
                }
            }
            Deed::Arrive { .. } => {
                if let Some((page, rev)) = self.pages.pop() {
                    self.page.list.add_page(page, rev);
                }
            }
            Deed::More { late } => self.more(late),
            Deed::Heartbeat => {
                let rev = self.server.rev;
                self.hear(&Heard::Heartbeat { rev });
            }
            Deed::Reconnect => self.reconnect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn a_page_converges(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut server = Server::default();
        for id in 0..5 {
            server.change(id, true);
        }
        let page = Page::open(&server);
        let mut world = World { server, page, under_way: Vec::new(), pages: Vec::new() };
        for deed in deeds {
            world.play(deed);
        }
        // What is late arrives, in any case too late for something.
        for event in std::mem::take(&mut world.under_way) {
            world.hear(&event);
        }
        for (page, rev) in std::mem::take(&mut world.pages) {
            world.page.list.add_page(page, rev);
        }
        world.reconnect();
        while world.page.next.is_some() {
            world.more(false);
        }
        prop_assert_eq!(world.page.loaded(), world.server.things(None, usize::MAX));
        prop_assert_eq!(world.page.progress, Progress::new(world.server.rev));
        let rev = world.server.rev;
        let step = world.page.progress.next(&Heard::Heartbeat { rev });
        prop_assert!(!step.behind);
    }
}

#[test]
fn what_is_only_shown_here_gives_way_to_what_is_counted() {
    let mut list = Replica::new(vec![Thing { id: 1, state: 1 }], 5);
    list.show(Thing { id: 2, state: 0 });
    list.hide(Uuid::from_u128(1));
    assert!(list.put(Thing { id: 2, state: 6 }, 6));
    assert!(!list.put(Thing { id: 1, state: 5 }, 5));
    assert_eq!(*list, [Thing { id: 2, state: 6 }]);
    assert!(list.remove(Uuid::from_u128(2), 7));
    assert!(list.is_gone(Uuid::from_u128(2)));
    assert!(!list.put(Thing { id: 2, state: 6 }, 6));
}
