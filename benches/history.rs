//! Compares the cost of reading in a small and in a large instance on the same machine: `cargo
//! xtask bench history [args]`. The cost of a page must not grow with data that is not on it, so
//! the ratio of the two should stay near 1.

use clap::Parser;
use rialto::{
    accounts::{Device, DeviceKind, NewPerson, Viewer},
    chat::{Around, Send},
    feature::Services,
    platform::config::{Config, Limit},
    server::House,
    shared::{ChannelId, MessageId},
};
use sea_orm::{ConnectionTrait, Statement};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::runtime;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// Measures reading in a small and in a large instance.
#[derive(Clone, Debug, Parser)]
struct Arguments {
    /// Messages in the large channel; the small one has 100.
    #[arg(long, default_value_t = 1_000_000)]
    messages: u32,
    /// Members of the large instance; the small one has 100.
    #[arg(long, default_value_t = 100_000)]
    members: u32,
    /// How often each action is repeated.
    #[arg(long, default_value_t = 300)]
    times: usize,
    /// An empty Postgres database for the small instance, and one for the large [default:
    /// `SQLite`].
    #[arg(long, num_args = 2, value_names = ["SMALL", "LARGE"])]
    postgres: Vec<String>,
    /// Passed by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Messages and members of the small instance.
const FEW: u32 = 100;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench history: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut urls = arguments.postgres.iter().cloned();
        let small = Place::make(FEW, FEW, urls.next()).await?;
        let large = Place::make(arguments.messages, arguments.members, urls.next()).await?;
        let title = format!("median of {}", arguments.times);
        let (few, many) = (small.messages, large.messages);
        println!("{title:<34}{few:>12}{many:>12}   ratio");
        for deed in Deed::ALL {
            let small = small.median(deed, arguments.times).await?;
            let large = large.median(deed, arguments.times).await?;
            let ratio = large.as_secs_f64() / small.as_secs_f64();
            println!(
                "{:<34}{:>9} us{:>9} us   {ratio:.2}",
                deed.name(),
                small.as_micros(),
                large.as_micros()
            );
        }
        small.house.close().await;
        large.house.close().await;
        Ok(())
    })
}

/// The measured actions.
#[derive(Clone, Copy)]
enum Deed {
    Newest,
    Middle,
    Oldest,
    Missed,
    One,
    Channels,
    Members,
    Send,
}

impl Deed {
    const ALL: [Self; 8] = [
        Self::Newest,
        Self::Middle,
        Self::Oldest,
        Self::Missed,
        Self::One,
        Self::Channels,
        Self::Members,
        Self::Send,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Newest => "the newest page, with its snapshot",
            Self::Middle => "a page in the middle",
            Self::Oldest => "the oldest page",
            Self::Missed => "what was missed: 20 changes",
            Self::One => "one message",
            Self::Channels => "all channels with what is unread",
            Self::Members => "a page of members",
            Self::Send => "sending a message",
        }
    }
}

/// An instance with one reader, and one channel that another member has filled.
struct Place {
    house: House,
    reader: Viewer,
    channel: ChannelId,
    one: MessageId,
    messages: u32,
    _data: TempDir,
}

impl Place {
    async fn make(messages: u32, members: u32, url: Option<String>) -> Result<Self> {
        eprintln!("making a house of {members} members and {messages} messages");
        let data = tempfile::tempdir()?;
        let mut config = Config::default();
        config.server.data = data.path().join("data");
        config.database.url = url.unwrap_or_default();
        config.limits.messages = Limit {
            count: 1_000_000,
            seconds: 1,
        };
        let house = House::open(&config).await?;
        let services = &house.services;
        let reader = person(services, "reader").await?;
        let writer = person(services, "writer").await?;
        let overview = services
            .get::<rialto::communities::Service>()?
            .overview(&reader)
            .await?;
        let channel = overview.channels.first().ok_or("no channel")?.id;
        fill(services, channel, &writer, messages, members).await?;
        let around = Around::Before(i64::from(messages / 2));
        let page = services
            .get::<rialto::chat::Service>()?
            .history(&reader, channel, around, 1)
            .await?;
        let one = page.messages.first().ok_or("no message")?.id;
        Ok(Self {
            reader,
            channel,
            one,
            messages,
            house,
            _data: data,
        })
    }

    async fn median(&self, deed: Deed, times: usize) -> Result<Duration> {
        let mut took = Vec::with_capacity(times);
        for n in 0..times {
            let begun = Instant::now();
            self.act(deed, n).await?;
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        Ok(took.get(times / 2).copied().unwrap_or_default())
    }

    async fn act(&self, deed: Deed, n: usize) -> Result<()> {
        let chat: rialto::chat::Service = self.house.services.get()?;
        let communities: rialto::communities::Service = self.house.services.get()?;
        let (reader, channel) = (&self.reader, self.channel);
        let history = async |around| chat.history(reader, channel, around, 50).await;
        match deed {
            Deed::Newest => drop(chat.snapshot(reader, channel, 50).await?),
            Deed::Middle => {
                let middle = i64::from(self.messages / 2);
                drop(history(Around::Before(middle)).await?);
            }
            Deed::Oldest => drop(history(Around::After(0)).await?),
            Deed::Missed => {
                let heads = communities.heads_of(&[channel]).await?;
                let (_, head) = heads.first().ok_or("no channel")?;
                drop(chat.changes_after(channel, *head, head.rev - 20).await?);
            }
            Deed::One => drop(chat.message(reader, self.one).await?),
            Deed::Channels => drop(chat.states(reader).await?),
            Deed::Members => {
                drop(
                    communities
                        .members(reader, communities.lobby(), None)
                        .await?,
                );
            }
            Deed::Send => {
                let send = Send {
                    channel_id: channel,
                    text: "one more".into(),
                };
                chat.send(reader, &format!("bench-{n}"), send).await?;
            }
        }
        Ok(())
    }
}

async fn person(services: &Services, name: &str) -> Result<Viewer> {
    let device = Device {
        kind: DeviceKind::Program,
        address: "127.0.0.1".into(),
        user_agent: "bench".into(),
        forwarded: false,
    };
    let person = NewPerson {
        invite: None,
        setup_token: None,
        username: Some(name.into()),
        display_name: None,
        email: format!("{name}@rialto.invalid"),
        password: "bench-history-of-rialto".into(),
    };
    let account = services
        .get::<rialto::accounts::Service>()?
        .register(person, &device)
        .await?;
    Ok(services
        .get::<rialto::accounts::Service>()?
        .open_session(account, &device)
        .await?
        .viewer)
}

/// Inserts messages and members in two statements each: through the services it would take minutes.
async fn fill(
    services: &Services,
    channel: ChannelId,
    writer: &Viewer,
    messages: u32,
    members: u32,
) -> Result<()> {
    let db = &services.get::<rialto::platform::database::Database>()?;
    let backend = db.get_database_backend();
    let postgres = db.kind() == "postgres";
    let (id, now) = if postgres {
        ("gen_random_uuid()", "now()")
    } else {
        ("randomblob(16)", "'2026-01-01 00:00:00+00:00'")
    };
    let numbers = |most: u32| {
        format!(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers \
             WHERE n < {most})"
        )
    };
    let insert = |into: &str, most: u32, select: &str| {
        if postgres {
            format!("INSERT INTO {into} {} {select}", numbers(most))
        } else {
            format!("{} INSERT INTO {into} {select}", numbers(most))
        }
    };
    let said = format!(
        "SELECT {id}, $1, $2, n, n, 'bench:' || n, 'Message number ' || n, {now} FROM numbers"
    );
    let people = format!(
        "SELECT {id}, 'bench' || n, 'bench' || n, 'Bench ' || n, 'person', {now} FROM numbers"
    );
    let (channel, community) = (
        channel.0,
        services.get::<rialto::communities::Service>()?.lobby().0,
    );
    let statements = [
        (
            insert(
                "messages (id, channel_id, author_id, seq, rev, nonce, body, created_at)",
                messages,
                &said,
            ),
            vec![channel.into(), writer.account.0.into()],
        ),
        (
            format!("UPDATE channels SET seq = {messages}, rev = {messages} WHERE id = $1"),
            vec![channel.into()],
        ),
        (
            insert(
                "accounts (id, username, username_key, display_name, kind, created_at)",
                members,
                &people,
            ),
            vec![],
        ),
        (
            format!(
                "INSERT INTO memberships (community_id, account_id, joined_at) \
                 SELECT $1, id, {now} FROM accounts WHERE username LIKE 'bench%'"
            ),
            vec![community.into()],
        ),
    ];
    for (sql, values) in statements {
        let statement = Statement::from_sql_and_values(backend, sql, values);
        db.execute_raw(statement).await?;
    }
    if postgres {
        // Postgres does this by itself after a while; SQLite never does.
        db.execute_unprepared("ANALYZE").await?;
    }
    Ok(())
}
