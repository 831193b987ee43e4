//! Sends messages: in an open loop at one rate, or in a closed loop.

use super::{
    client::Client,
    error::Result,
    record::{Counts, Record},
    server::Server,
};
use std::{collections::HashMap, rc::Rc, time::Duration};

/// Highest p99 latency at which the server counts as keeping up.
pub const BOUND: Duration = Duration::from_millis(100);
/// A step that is this late ends early.
const HOPELESS: Duration = Duration::from_millis(600);
/// Time limit for outstanding messages at the end of a step.
const DRAIN: Duration = Duration::from_secs(20);

/// The clients that send.
pub struct Senders {
    pub clients: Vec<Rc<Client>>,
    /// Records sends, acknowledgements and deliveries.
    pub record: Rc<Record>,
}

/// The result of one rate.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Messages due per second; None: each sender waited for its last message.
    pub rate: Option<f64>,
    /// Messages acknowledged per second, until the last acknowledgement.
    pub acknowledged: f64,
    /// Frames per second that delivered a message to a client.
    pub deliveries: f64,
    /// Median latency until another member receives a message, in milliseconds.
    pub p50: f64,
    /// 99th percentile of that latency, in milliseconds.
    pub p99: f64,
    /// Maximum of that latency, in milliseconds.
    pub longest: f64,
    /// The server's processor time per million deliveries, in seconds.
    pub processor: f64,
    /// True if the server kept up within the bound, or the senders waited for it.
    pub kept_up: bool,
}

/// The counts at the start of a step.
struct Begun {
    start: Duration,
    processor: f64,
    counts: Counts,
}

impl Senders {
    /// Sends at `rate` for `length` and waits for outstanding messages.
    pub async fn step(&self, server: &Server, rate: f64, length: Duration) -> Result<Step> {
        let record = &self.record;
        let begun = self.begin(server)?;
        let mut hopeless = false;
        for (number, client) in (0_u32..).zip(self.clients.iter().cycle()) {
            let offset = Duration::from_secs_f64(f64::from(number) / rate);
            if offset >= length {
                break;
            }
            let due = begun.start + offset;
            while let Some(wait) = due.checked_sub(record.now()) {
                tokio::time::sleep(wait).await;
            }
            if number.is_multiple_of(16) {
                // Lets the generator read even when sending is late.
                tokio::task::yield_now().await;
            }
            if record.worst() > HOPELESS || record.now().saturating_sub(due) > HOPELESS {
                hopeless = true;
                break;
            }
            client.say(u64::try_from(due.as_micros())?)?;
            record.sent();
        }
        let step = self.end(server, &begun, length).await?;
        Ok(Step {
            rate: Some(rate),
            kept_up: !hopeless && step.kept_up,
            ..step
        })
    }

    /// Lets each client send its next message when its last one has arrived, for `length`, and
    /// waits for outstanding messages.
    pub async fn closed(&self, server: &Server, length: Duration) -> Result<Step> {
        let record = &self.record;
        let by_index: HashMap<usize, &Rc<Client>> = self
            .clients
            .iter()
            .map(|client| (client.index, client))
            .collect();
        let mut own = record.own();
        let begun = self.begin(server)?;
        let say = |client: &Rc<Client>| {
            client.say(u64::try_from(record.now().as_micros())?)?;
            record.sent();
            Ok::<_, Box<dyn std::error::Error>>(())
        };
        for client in &self.clients {
            say(client)?;
        }
        let end = begun.start + length;
        while let Some(left) = end.checked_sub(record.now()) {
            // Error: the time is over.
            let Ok(Some(index)) = tokio::time::timeout(left, own.recv()).await else {
                break;
            };
            if let Some(client) = by_index.get(&index) {
                say(client)?;
            }
        }
        let step = self.end(server, &begun, length).await?;
        // The rate follows from the latency.
        Ok(Step {
            kept_up: true,
            ..step
        })
    }

    fn begin(&self, server: &Server) -> Result<Begun> {
        drop(self.record.take_times());
        Ok(Begun {
            start: self.record.now(),
            processor: server.processor_seconds()?,
            counts: self.record.counts(),
        })
    }

    /// Waits for outstanding messages and sums up.
    async fn end(&self, server: &Server, begun: &Begun, length: Duration) -> Result<Step> {
        let record = &self.record;
        self.drain().await?;
        if let Some(failure) = record.failure() {
            return Err(failure.into());
        }
        let processor = server.processor_seconds()? - begun.processor;
        let (before, after) = (begun.counts, record.counts());
        let took = (record.last_acknowledgement() - begun.start).as_secs_f64();
        let took = took.max(length.as_secs_f64());
        let acknowledged = (after.acknowledged - before.acknowledged) as f64;
        let deliveries = (after.delivered - before.delivered) as f64;
        let times = record.take_times();
        let p99 = percentile(&times, 0.99);
        Ok(Step {
            rate: None,
            acknowledged: acknowledged / took,
            deliveries: deliveries / took,
            p50: percentile(&times, 0.5),
            p99,
            longest: percentile(&times, 1.0),
            processor: processor / deliveries * 1e6,
            kept_up: p99 < BOUND.as_secs_f64() * 1e3,
        })
    }

    /// Waits until all sent messages are acknowledged and delivered.
    async fn drain(&self) -> Result<()> {
        let deadline = self.record.now() + DRAIN;
        loop {
            let counts = self.record.counts();
            let done = counts.acknowledged == counts.sent && counts.delivered >= counts.promised;
            if done || self.record.failure().is_some() {
                return Ok(());
            }
            if self.record.now() > deadline {
                let balance = self.record.balance();
                return Err(format!(
                    "{} messages without acknowledgement, {} deliveries lost",
                    counts.sent - counts.acknowledged,
                    balance.lost
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Returns a percentile of sorted microseconds, in milliseconds.
fn percentile(times: &[u32], share: f64) -> f64 {
    let last = times.len().saturating_sub(1);
    let at = (last as f64 * share).round() as usize;
    times.get(at).map_or(0.0, |time| f64::from(*time) / 1e3)
}
