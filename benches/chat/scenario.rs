//! The scenarios, each on its own server.

use super::{
    arguments::Arguments,
    client::Client,
    dialect::Dialect,
    error::Result,
    instance::Instance,
    kind::Kind,
    load::{Senders, Step},
    record::{Balance, Record},
    server::Server,
};
use futures::{StreamExt, TryStreamExt, stream};
use rialto::shared::ChannelId;
use std::{net::SocketAddr, ops::RangeInclusive, rc::Rc, time::Duration};

/// Members of a room.
pub const ROOM: usize = 10;
/// Processor seconds per second below which a server counts as idle.
const IDLE: f64 = 0.05;
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

/// How the senders of a scenario send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Each sender waits for its own message.
    Closed,
    /// In rooms, at rates up to the highest.
    Rooms,
    /// In one room, at a low rate, then at rates up to the highest.
    Hall,
}

/// Messages in rooms or in the hall.
#[derive(Clone, Debug)]
pub struct Talk {
    /// Number of connections.
    pub clients: usize,
    /// The step with a few messages per second, if measured.
    pub light: Option<Step>,
    /// The step in a closed loop, or all rates that were tried.
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

    /// What decides which of several runs has the median.
    pub fn rank(&self) -> f64 {
        let light = self.light.map(|light| -light.p50);
        light
            .or_else(|| Some(self.best()?.acknowledged))
            .unwrap_or(0.0)
    }
}

/// Measures the resident memory per idle connection.
pub async fn idle(instance: &Instance, arguments: &Arguments, connections: usize) -> Result<Idle> {
    let server = Server::start(instance, &arguments.build).await?;
    let channels = vec![instance.hall; WARM + connections];
    let record = Rc::new(Record::new(vec![0; channels.len()]));
    let to = (server.address, Dialect::Gateway);
    let warm = connect(to, instance, &channels, 0..WARM, &record).await?;
    let settle = Duration::from_secs(if arguments.full { 25 } else { 4 });
    tokio::time::sleep(settle).await;
    let before = server.resident()?;
    let all = WARM..channels.len();
    let idle = connect(to, instance, &channels, all, &record).await?;
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

/// Measures one run of a server with messages.
pub async fn talk(
    instance: &Instance,
    arguments: &Arguments,
    clients: usize,
    (pace, kind): (Pace, Kind),
) -> Result<Talk> {
    let in_rooms = pace != Pace::Hall;
    let rates = if in_rooms { ROOMS_RATES } else { HALL_RATES };
    let channel_of = |client: usize| if in_rooms { client / ROOM } else { 0 };
    let channels: Option<Vec<ChannelId>> = if in_rooms {
        let room_of = |client| instance.rooms.get(channel_of(client)).copied();
        (0..clients).map(room_of).collect()
    } else {
        Some(vec![instance.hall; clients])
    };
    let channels = channels.ok_or("too few rooms")?;
    eprintln!("{}, {pace:?}:", kind.name());
    let server = kind.start(instance, &arguments.build).await?;
    let record = Rc::new(Record::new((0..clients).map(channel_of).collect()));
    let to = (server.address, kind.dialect());
    let connected = connect(to, instance, &channels, 0..clients, &record).await?;
    let senders = Senders {
        clients: connected.iter().step_by(SENDS).cloned().collect(),
        record: Rc::clone(&record),
    };
    let seconds = |short, long| Duration::from_secs(if arguments.full { long } else { short });
    // Waits for the rest of the connection setup, and until workers have read what earlier runs
    // stored; the step then warms everything up.
    settle(&server).await?;
    senders
        .step(&server, rates.start() / 5.0, Duration::from_secs(1))
        .await?;
    let mut light = None;
    let steps = match (arguments.rate, pace) {
        (_, Pace::Closed) => vec![senders.closed(&server, seconds(8, 30)).await?],
        (Some(rate), _) => vec![senders.step(&server, rate, seconds(8, 30)).await?],
        (None, Pace::Rooms) => search(&senders, &server, &rates, arguments.full).await?,
        (None, Pace::Hall) => {
            let step = senders.step(&server, 5.0, seconds(8, 30)).await?;
            tell(&step);
            light = Some(step);
            search(&senders, &server, &rates, arguments.full).await?
        }
    };
    if let [only] = &steps[..] {
        tell(only);
    }
    let balance = record.balance();
    if balance.lost > 0 || balance.doubled > 0 {
        let Balance { lost, doubled } = balance;
        return Err(format!("{lost} deliveries lost, {doubled} doubled").into());
    }
    drop(senders);
    drop(connected);
    server.stop().await?;
    Ok(Talk {
        clients,
        light,
        steps,
        balance,
    })
}

/// Waits two seconds, then until a second passes in which the server is idle.
async fn settle(server: &Server) -> Result<()> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    for _ in 0..60 {
        let before = server.processor_seconds()?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if server.processor_seconds()? - before < IDLE {
            return Ok(());
        }
    }
    Err("the server did not become idle within a minute".into())
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
    let rate = match step.rate {
        Some(rate) => format!("{rate:>6.0}/s"),
        None => "  closed".into(),
    };
    eprintln!(
        "  {rate}: {:>6.0} acknowledged/s, p50 {:>6.1} ms, p99 {:>6.1} ms, longest {:>6.1} ms, \
         {:>7.0} deliveries/s, {:>5.1} s/million{}",
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
    to: (SocketAddr, Dialect),
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
            Client::connect(to, token, index, channel, Rc::clone(record))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}
