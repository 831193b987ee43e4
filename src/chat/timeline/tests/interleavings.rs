//! Snapshot + events = a fresh snapshot, in any order of delivery.

use super::*;
use proptest::prelude::*;

/// How an event is delivered.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Now,
    Twice,
    Later,
    Never,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Send {
        own: bool,
        fate: Fate,
    },
    Change {
        which: usize,
        delete: bool,
        fate: Fate,
    },
    CatchUp,
    OpenAgain,
    Scroll {
        up: bool,
    },
    Trim {
        newest: bool,
        keep: usize,
    },
    Arrive {
        which: usize,
    },
    Lose {
        which: usize,
    },
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Now),
        1 => Just(Fate::Twice),
        2 => Just(Fate::Later),
        1 => Just(Fate::Never),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<bool>(), fate()).prop_map(|(own, fate)| Step::Send { own, fate }),
        4 => (any::<usize>(), any::<bool>(), fate())
            .prop_map(|(which, delete, fate)| Step::Change { which, delete, fate }),
        1 => Just(Step::CatchUp),
        1 => Just(Step::OpenAgain),
        3 => any::<bool>().prop_map(|up| Step::Scroll { up }),
        1 => (any::<bool>(), 1..8_usize).prop_map(|(newest, keep)| Step::Trim { newest, keep }),
        6 => any::<usize>().prop_map(|which| Step::Arrive { which }),
        1 => any::<usize>().prop_map(|which| Step::Lose { which }),
    ]
}

fn run(before: usize, steps: &[Step]) -> (Client, Channel) {
    let mut channel = Channel::default();
    for _ in 0..before {
        channel.send(false);
    }
    let mut client = Client {
        timeline: Timeline::new(channel.snapshot()),
        on_the_way: Vec::new(),
        own: Vec::new(),
    };
    for step in steps {
        let event = match *step {
            Step::Send { own, fate } => {
                let message = channel.send(own);
                if own {
                    let nonce = message.nonce.clone();
                    client.timeline.sending(nonce.clone(), message.body.clone());
                    client
                        .on_the_way
                        .push(Letter::Stored(nonce.clone(), message.rev));
                    client.own.push((nonce, message.rev));
                }
                Some((message, fate))
            }
            Step::Change {
                which,
                delete,
                fate,
            } => channel.change(which, delete).map(|message| (message, fate)),
            Step::CatchUp => {
                let missed = channel.missed(client.timeline.rev());
                client.on_the_way.push(missed);
                None
            }
            Step::OpenAgain => {
                let snapshot = Letter::Snapshot(channel.snapshot());
                client.on_the_way.push(snapshot);
                None
            }
            Step::Scroll { up } => {
                client.scroll(up, &channel);
                None
            }
            Step::Trim { newest, keep } => {
                if newest {
                    client.timeline.trim_newest(keep);
                } else {
                    client.timeline.trim_oldest(keep);
                }
                None
            }
            Step::Arrive { which } => {
                if let Some(at) = which.checked_rem(client.on_the_way.len()) {
                    let letter = client.on_the_way.remove(at);
                    client.take(letter, &channel);
                }
                None
            }
            Step::Lose { which } => {
                if let Some(at) = which.checked_rem(client.on_the_way.len()) {
                    client.on_the_way.remove(at);
                }
                None
            }
        };
        if let Some((message, fate)) = event {
            let event = Letter::Event(message);
            match fate {
                Fate::Now => client.take(event, &channel),
                Fate::Later => client.on_the_way.push(event),
                Fate::Twice => {
                    client.take(event.clone(), &channel);
                    client.on_the_way.push(event);
                }
                Fate::Never => {}
            }
        }
    }
    (client, channel)
}

/// Delivers everything in flight, then catches up until the client is not behind.
fn settle(client: &mut Client, channel: &Channel) {
    let own = client.own.clone();
    for (nonce, rev) in own {
        // A send is retried until its response arrives.
        client.timeline.stored(&nonce, rev);
    }
    while !client.on_the_way.is_empty() {
        let letter = client.on_the_way.remove(0);
        client.take(letter, channel);
    }
    while client.timeline.is_behind(channel.head()) {
        let missed = channel.missed(client.timeline.rev());
        client.take(missed, channel);
        while !client.on_the_way.is_empty() {
            let letter = client.on_the_way.remove(0);
            client.take(letter, channel);
        }
    }
}

fn check(client: &Client, channel: &Channel) -> Result<(), TestCaseError> {
    let timeline = &client.timeline;
    let head = channel.head();
    prop_assert_eq!(timeline.rev(), head.rev);
    prop_assert_eq!(timeline.head_seq(), head.seq);
    prop_assert!(timeline.ahead.is_empty());
    prop_assert!(timeline.pending().is_empty(), "{:?}", timeline.pending());
    let rows = timeline.rows();
    let Some((first, last)) = rows.first().zip(rows.last()) else {
        prop_assert_eq!(head.seq, 0);
        return Ok(());
    };
    let window = (first.seq - 1) as usize..last.seq as usize;
    prop_assert_eq!(rows, &channel.messages[window], "the rows of the channel");
    prop_assert_eq!(timeline.older, first.seq > 1);
    prop_assert_eq!(timeline.newer, last.seq < head.seq);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_timeline_is_the_channel(
        before in 0..12_usize,
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let (mut client, channel) = run(before, &steps);
        settle(&mut client, &channel);
        check(&client, &channel)?;
        // Scrolling through all pages finds everything.
        for up in [true, false] {
            while if up { client.timeline.older } else { client.timeline.newer } {
                client.scroll(up, &channel);
                settle(&mut client, &channel);
            }
        }
        check(&client, &channel)?;
        prop_assert_eq!(client.timeline.rows().len(), channel.messages.len());
    }
}
