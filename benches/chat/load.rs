//! An open loop of messages at one rate.

use super::{Result, client::Client, instance::Server, record::Record};
use rialto::shared::ChannelId;
use std::{rc::Rc, time::Duration};

/// Above this the rate is more than the server can do.
pub const BOUND: Duration = Duration::from_millis(100);
/// A step that is so far behind is not worth finishing.
const HOPELESS: Duration = Duration::from_millis(600);
/// What is under way at the end of a step has so long to arrive.
const DRAIN: Duration = Duration::from_secs(20);

/// Who speaks where.
pub struct Senders {
    /// Each with the channel that it is on.
    pub clients: Vec<(Rc<Client>, ChannelId)>,
    /// What happens is written here.
    pub record: Rc<Record>,
}

/// One rate, measured.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Messages that were due each second.
    pub rate: f64,
    /// Messages that were acknowledged each second, until the last acknowledgement.
    pub acknowledged: f64,
    /// Frames each second that brought a message to somebody.
    pub deliveries: f64,
    /// Milliseconds until half of the others had a message.
    pub p50: f64,
    /// Milliseconds until 99 of 100 had it.
    pub p99: f64,
    /// The longest, in milliseconds.
    pub longest: f64,
    /// Seconds of the server's processor time for a million deliveries.
    pub processor: f64,
    /// Did the server keep up within the bound?
    pub kept_up: bool,
}

impl Senders {
    /// Sends at `rate` for `length` and waits for what is under way.
    pub async fn step(&self, server: &Server, rate: f64, length: Duration) -> Result<Step> {
        let record = &self.record;
        drop(record.take_times());
        let before = record.counts();
        let processor = server.processor_seconds()?;
        let start = record.now();
        let mut hopeless = false;
        for (number, (client, channel)) in (0_u32..).zip(self.clients.iter().cycle()) {
            let offset = Duration::from_secs_f64(f64::from(number) / rate);
            if offset >= length {
                break;
            }
            let due = start + offset;
            while let Some(wait) = due.checked_sub(record.now()) {
                tokio::time::sleep(wait).await;
            }
            if number.is_multiple_of(16) {
                // The generator's own reading has its turn when it is late.
                tokio::task::yield_now().await;
            }
            if record.worst() > HOPELESS || record.now().saturating_sub(due) > HOPELESS {
                hopeless = true;
                break;
            }
            let micros = u64::try_from(due.as_micros())?;
            client.say(&format!("m{micros}.{number}"), *channel, micros)?;
            record.sent();
        }
        self.drain().await?;
        if let Some(failure) = record.failure() {
            return Err(failure.into());
        }
        let processor = server.processor_seconds()? - processor;
        let after = record.counts();
        let took = (record.last_acknowledgement() - start).as_secs_f64();
        let acknowledged = (after.acknowledged - before.acknowledged) as f64;
        let deliveries = (after.delivered - before.delivered) as f64;
        let times = record.take_times();
        let p99 = percentile(&times, 0.99);
        Ok(Step {
            rate,
            acknowledged: acknowledged / took.max(length.as_secs_f64()),
            deliveries: deliveries / took.max(length.as_secs_f64()),
            p50: percentile(&times, 0.5),
            p99,
            longest: percentile(&times, 1.0),
            processor: processor / deliveries * 1e6,
            kept_up: !hopeless && p99 < BOUND.as_secs_f64() * 1e3,
        })
    }

    /// Waits until everything that was sent is acknowledged and has arrived.
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

/// In milliseconds, of sorted microseconds.
fn percentile(times: &[u32], share: f64) -> f64 {
    let last = times.len().saturating_sub(1);
    let at = (last as f64 * share).round() as usize;
    times.get(at).map_or(0.0, |time| f64::from(*time) / 1e3)
}
