//! The scenarios, each on its own server.

use super::{
    arguments::Arguments,
    client::Client,
    error::Result,
    instance::{Instance, Server},
    load::{Senders, Step},
    record::{Balance, Record},
};
use futures::{StreamExt, TryStreamExt, stream};
use rialto::shared::ChannelId;
use std::{ops::RangeInclusive, rc::Rc, time::Duration};

/// Members of a room.
pub const ROOM: usize = 10;
/// Connections before memory is measured, so that the cost of the first ones does not count.
pub const WARM: usize = 100;
/// One of this many clients sends.
const SENDS: usize = 10;
/// First and highest rate in messages per second. Above it the server disconnects clients that read
/// too slowly, and the run would measure the load generator.
const ROOMS_RATES: RangeInclusive<f64> = 1_000.0..=20_000.0;
const HALL_RATES: RangeInclusive<f64> = 25.0..=1_200.0;
/// Connections that are opened concurrently.
const AT_ONCE: usize = 32;

/// Memory of idle connections.
#[derive(Clone, Copy, Debug)]
pub struct Idle {
    pub connections: usize,
    /// The server's resident memory before the connections, in KiB.
    pub before: f64,
    /// The server's resident memory with the connections, in KiB.
    pub after: f64,
}

/// Messages in rooms or in the hall.
#[derive(Clone, Debug)]
pub struct Talk {
    /// Number of connections.
    pub clients: usize,
    /// The step with a few messages per second, if measured.
    pub light: Option<Step>,
    /// All rates that were tried.
    pub steps: Vec<Step>,
    /// Lost and duplicate deliveries; any of them fails the run.
    pub balance: Balance,
}

impl Talk {
    /// Returns the highest rate at which the server kept up.
    pub fn best(&self) -> Option<&Step> {
        self.steps
            .iter()
            .filter(|step| step.kept_up)
            .max_by(|a, b| a.acknowledged.total_cmp(&b.acknowledged))
    }
}

/// Measures the resident memory per idle connection.
pub async fn idle(instance: &Instance, arguments: &Arguments, connections: usize) -> Result<Idle> {
    let server = Server::start(instance, &arguments.build).await?;
    let channels = vec![instance.hall; WARM + connections];
    let record = Rc::new(Record::new(vec![0; channels.len()]));
    let warm = connect(&server, instance, &channels, 0..WARM, &record).await?;
    let settle = Duration::from_secs(if arguments.full { 25 } else { 4 });
    tokio::time::sleep(settle).await;
    let before = server.resident()?;
    let all = WARM..channels.len();
    let idle = connect(&server, instance, &channels, all, &record).await?;
    tokio::time::sleep(settle).await;
    let after = server.resident()?;
    if let Some(failure) = record.failure() {
        return Err(failure.into());
    }
    drop((warm, idle));
    server.stop().await?;
    Ok(Idle {
        connections,
        before,
        after,
    })
}

/// Measures rooms of ten members, one of whom sends.
pub async fn rooms(instance: &Instance, arguments: &Arguments, clients: usize) -> Result<Talk> {
    let room_of = |client: usize| instance.rooms.get(client / ROOM).copied();
    let channels: Option<Vec<_>> = (0..clients).map(room_of).collect();
    let channels = channels.ok_or("too few rooms")?;
    let channel_of = (0..clients).map(|client| client / ROOM).collect();
    talk(
        instance,
        arguments,
        &channels,
        channel_of,
        ROOMS_RATES,
        false,
    )
    .await
}

/// Measures all members in one room.
pub async fn hall(instance: &Instance, arguments: &Arguments, clients: usize) -> Result<Talk> {
    let channels = vec![instance.hall; clients];
    talk(
        instance,
        arguments,
        &channels,
        vec![0; clients],
        HALL_RATES,
        true,
    )
    .await
}

async fn talk(
    instance: &Instance,
    arguments: &Arguments,
    channels: &[ChannelId],
    channel_of: Vec<usize>,
    rates: RangeInclusive<f64>,
    light: bool,
) -> Result<Talk> {
    let server = Server::start(instance, &arguments.build).await?;
    let record = Rc::new(Record::new(channel_of));
    let all = 0..channels.len();
    let clients = connect(&server, instance, channels, all, &record).await?;
    let senders = Senders {
        clients: clients
            .iter()
            .cloned()
            .zip(channels.iter().copied())
            .step_by(SENDS)
            .collect(),
        record: Rc::clone(&record),
    };
    let seconds = |short, long| Duration::from_secs(if arguments.full { long } else { short });
    // Waits for the rest of the connection setup; the step then warms everything up.
    tokio::time::sleep(seconds(2, 8)).await;
    senders
        .step(&server, rates.start() / 5.0, Duration::from_secs(1))
        .await?;
    let light = if light && arguments.rate.is_none() {
        let step = senders.step(&server, 5.0, seconds(8, 30)).await?;
        tell(&step);
        Some(step)
    } else {
        None
    };
    let steps = match arguments.rate {
        Some(rate) => {
            let step = senders.step(&server, rate, seconds(8, 30)).await?;
            tell(&step);
            vec![step]
        }
        None => search(&senders, &server, &rates, arguments.full).await?,
    };
    let balance = record.balance();
    if balance.lost > 0 || balance.doubled > 0 {
        let Balance { lost, doubled } = balance;
        return Err(format!("{lost} deliveries lost, {doubled} doubled").into());
    }
    drop(senders);
    let connections = clients.len();
    drop(clients);
    server.stop().await?;
    Ok(Talk {
        clients: connections,
        light,
        steps,
        balance,
    })
}

/// Raises the rate until the server does not keep up, then bisects a few times. A rate fails if it
/// fails twice: other load may have disturbed the first run.
async fn search(
    senders: &Senders,
    server: &Server,
    rates: &RangeInclusive<f64>,
    full: bool,
) -> Result<Vec<Step>> {
    let (factor, halvings, length) = if full { (1.4, 4, 10) } else { (1.6, 2, 3) };
    let length = Duration::from_secs(length);
    let mut steps = Vec::new();
    let (mut good, mut bad) = (0.0, f64::INFINITY);
    let mut rate = *rates.start();
    let mut halved = 0;
    while halved <= halvings && rates.contains(&rate) {
        let mut kept_up = false;
        for _ in 0..2 {
            let step = senders.step(server, rate, length).await?;
            tell(&step);
            steps.push(step);
            kept_up = step.kept_up;
            if kept_up {
                break;
            }
        }
        if kept_up {
            good = rate;
        } else {
            bad = rate;
        }
        rate = if bad.is_infinite() {
            rate * factor
        } else {
            halved += 1;
            f64::midpoint(good, bad)
        };
    }
    Ok(steps)
}

fn tell(step: &Step) {
    eprintln!(
        "  {:>6.0}/s: {:>6.0} acknowledged/s, p50 {:>6.1} ms, p99 {:>6.1} ms, longest {:>6.1} ms, \
         {:>7.0} deliveries/s, {:>5.1} s/million{}",
        step.rate,
        step.acknowledged,
        step.p50,
        step.p99,
        step.longest,
        step.deliveries,
        step.processor,
        if step.kept_up { "" } else { "  too much" }
    );
}

/// Opens the connections of a range of clients.
async fn connect(
    server: &Server,
    instance: &Instance,
    channels: &[ChannelId],
    range: std::ops::Range<usize>,
    record: &Rc<Record>,
) -> Result<Vec<Rc<Client>>> {
    eprintln!("connecting {} clients", range.len());
    let wanted = range.filter_map(|index| {
        let token = instance.tokens.get(index)?;
        Some((index, token, *channels.get(index)?))
    });
    stream::iter(wanted)
        .map(|(index, token, channel)| {
            Client::connect(server.address, token, index, channel, Rc::clone(record))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}
