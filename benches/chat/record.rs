//! Records what was sent, acknowledged and delivered.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// The record of one scenario.
pub struct Record {
    start: Instant,
    /// Index of each client's channel.
    channel_of: Vec<usize>,
    sent: Cell<u64>,
    acknowledged: Cell<u64>,
    delivered: Cell<u64>,
    /// Number of deliveries that the acknowledged messages should cause.
    promised: Cell<u64>,
    last_acknowledgement: Cell<Duration>,
    worst: Cell<u64>,
    /// Microseconds from a message's due time to its delivery to another member.
    times: RefCell<Vec<u32>>,
    /// Acknowledged sequence numbers of each channel.
    numbers: RefCell<Vec<Vec<i64>>>,
    /// For each client, how often each sequence number arrived.
    heard: RefCell<Vec<Vec<u8>>>,
    members: Vec<u64>,
    /// Gets the number of each client whose own message arrives.
    own: RefCell<Option<UnboundedSender<usize>>>,
    failures: RefCell<Vec<String>>,
}

/// Counts since the scenario began.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub sent: u64,
    pub acknowledged: u64,
    /// Frames that delivered a message.
    pub delivered: u64,
    /// Frames that the acknowledged messages should cause.
    pub promised: u64,
}

/// Lost and duplicate deliveries.
#[derive(Clone, Copy, Debug, Default)]
pub struct Balance {
    /// Missing deliveries of acknowledged messages.
    pub lost: u64,
    /// Deliveries beyond the first.
    pub doubled: u64,
}

impl Record {
    /// Creates a record for clients, each on one channel.
    pub fn new(channel_of: Vec<usize>) -> Self {
        let channels = channel_of.iter().max().map_or(0, |last| last + 1);
        let mut members = vec![0; channels];
        for channel in &channel_of {
            if let Some(members) = members.get_mut(*channel) {
                *members += 1;
            }
        }
        Self {
            start: Instant::now(),
            sent: Cell::default(),
            acknowledged: Cell::default(),
            delivered: Cell::default(),
            promised: Cell::default(),
            last_acknowledgement: Cell::default(),
            worst: Cell::default(),
            times: RefCell::default(),
            numbers: RefCell::new(vec![Vec::new(); channels]),
            heard: RefCell::new(vec![Vec::new(); channel_of.len()]),
            channel_of,
            members,
            own: RefCell::default(),
            failures: RefCell::default(),
        }
    }

    /// Time since the start.
    pub fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Counts a sent message.
    pub fn sent(&self) {
        self.sent.set(self.sent.get() + 1);
    }

    /// Counts a message that was acknowledged to a client.
    pub fn acknowledged(&self, client: usize, seq: i64) {
        self.acknowledged.set(self.acknowledged.get() + 1);
        self.last_acknowledgement.set(self.now());
        let Some(channel) = self.channel_of.get(client) else {
            return;
        };
        if let Some(numbers) = self.numbers.borrow_mut().get_mut(*channel) {
            numbers.push(seq);
        }
        let members = self.members.get(*channel).copied().unwrap_or(0);
        self.promised.set(self.promised.get() + members);
    }

    /// Counts a message that reached a client. `sent`: its due time and sender.
    pub fn delivered(&self, client: usize, seq: i64, sent: Option<(u64, usize)>) {
        self.delivered.set(self.delivered.get() + 1);
        if let Ok(at) = usize::try_from(seq)
            && let Some(heard) = self.heard.borrow_mut().get_mut(client)
        {
            if heard.len() <= at {
                heard.resize(at + 1, 0);
            }
            if let Some(times) = heard.get_mut(at) {
                *times = times.saturating_add(1);
            }
        }
        let Some((due, sender)) = sent else { return };
        if sender == client {
            if let Some(own) = &*self.own.borrow() {
                // An error means that the load has ended.
                let _ = own.send(client);
            }
        } else {
            let now = u64::try_from(self.now().as_micros()).unwrap_or(u64::MAX);
            let took = now.saturating_sub(due);
            self.worst.set(self.worst.get().max(took));
            let took = u32::try_from(took).unwrap_or(u32::MAX);
            self.times.borrow_mut().push(took);
        }
    }

    /// Returns the numbers of clients whose own messages arrive from now on.
    pub fn own(&self) -> UnboundedReceiver<usize> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.own.replace(Some(sender));
        receiver
    }

    /// Records a failure.
    pub fn failed(&self, what: &str) {
        self.failures.borrow_mut().push(what.to_owned());
    }

    /// Returns the first failure and the number of further ones.
    pub fn failure(&self) -> Option<String> {
        let failures = self.failures.borrow();
        let first = failures.first()?;
        Some(match failures.len() {
            1 => first.clone(),
            n => format!("{first} (and {} more)", n - 1),
        })
    }

    /// Returns the counts since the start of the scenario.
    pub fn counts(&self) -> Counts {
        Counts {
            sent: self.sent.get(),
            acknowledged: self.acknowledged.get(),
            delivered: self.delivered.get(),
            promised: self.promised.get(),
        }
    }

    /// Returns the time of the last acknowledgement.
    pub fn last_acknowledgement(&self) -> Duration {
        self.last_acknowledgement.get()
    }

    /// Returns the longest latency since the last [`Self::take_times`].
    pub fn worst(&self) -> Duration {
        Duration::from_micros(self.worst.get())
    }

    /// Returns the latencies since the last call, sorted.
    pub fn take_times(&self) -> Vec<u32> {
        self.worst.set(0);
        let mut times = self.times.take();
        times.sort_unstable();
        times
    }

    /// Compares the acknowledged messages with the delivered ones.
    pub fn balance(&self) -> Balance {
        let mut balance = Balance::default();
        let numbers = self.numbers.borrow();
        for (heard, channel) in self.heard.borrow().iter().zip(&self.channel_of) {
            for seq in numbers.get(*channel).into_iter().flatten() {
                let at = usize::try_from(*seq).ok();
                let times = at.and_then(|at| heard.get(at)).copied().unwrap_or(0);
                balance.lost += u64::from(times == 0);
            }
            // Includes messages whose acknowledgement was lost.
            let doubled = heard.iter().map(|times| u64::from(times.saturating_sub(1)));
            balance.doubled += doubled.sum::<u64>();
        }
        balance
    }
}
