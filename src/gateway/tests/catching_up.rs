//! Topics of communities and accounts: what happens while a client listens, and what it missed.

use super::*;
use crate::accounts::{AccountChanged, PREFERENCES, PreferencesChanged};
use crate::chat::{Advance, ChannelsAdvanced, MarkRead, MarkerMoved};
use crate::communities::{Channel, ChannelCreated, ChannelDeleted, MemberChanged};
use crate::markets::{DRAWINGS, Drawing, DrawingsChanged, Shape};
use crate::notifications::{
    NOTIFICATIONS, NewNotification, NotificationCreated, NotificationsSeen,
};
use crate::platform::database::Tx;
use crate::realtime::{Envelope, Event};
use crate::shared::DrawingId;
use crate::ui::preferences::{Preferences, Theme};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

impl Home {
    fn lobby(&self) -> Topic {
        Topic::new(Scope::Community, self.house.communities().lobby().0)
    }

    /// The change count of the Lobby as a new page gets it.
    async fn lobby_rev(&self) -> i64 {
        let overview = self.house.communities().overview(&self.ada).await.unwrap();
        overview.communities[0].rev
    }

    async fn account_rev(&self, who: &User) -> i64 {
        let revs = self.house.accounts().revs_of(&[who.account]).await;
        revs.unwrap()[0].1
    }

    async fn channel(&self, name: &str) -> Channel {
        let communities = self.house.communities();
        let made = communities.create_channel(&self.ada, communities.lobby(), name);
        made.await.unwrap()
    }

    async fn delete(&self, channel: &Channel) {
        let chat = self.house.chat();
        chat.delete_channel(&self.ada, channel.id).await.unwrap();
    }

    async fn notify(&self, who: &User, subject: &str) {
        let new = NewNotification::new(who.account, "tests.x", subject.into(), &json!({}));
        let (new, service) = (vec![new.unwrap()], self.house.notifications().clone());
        let job = move |tx: Tx| async move { service.notify(&tx, new).await };
        self.house.db().write(who.account.0, job).await.unwrap();
    }

    async fn draw(&self, who: &User) {
        let drawing = Drawing {
            id: DrawingId::new(),
            shape: Shape::Level(100.0),
        };
        let saved = self.house.drawings().save(who, "AAPL", vec![drawing]);
        saved.await.unwrap();
    }
}

/// The next counted event.
async fn counted(socket: &mut Socket) -> Envelope {
    loop {
        let envelope = socket.next().await.unwrap();
        if envelope.rev != 0 && envelope.topic.is_some() {
            return envelope;
        }
    }
}

fn read<E: Event>(envelope: &Envelope) -> E {
    envelope
        .read()
        .unwrap_or_else(|| panic!("{} instead of {}", envelope.kind, E::KIND))
}

#[tokio::test]
async fn each_change_of_a_community_is_counted_and_can_be_caught_up_with() {
    let home = Home::with(|config| config.limits.channels = a_minute(100)).await;
    let start = home.lobby_rev().await;
    let mut bo = home.connect(&home.bo).await;
    let subscribed = bo.subscribe(home.lobby(), Some(start)).await.unwrap();
    assert_eq!((subscribed.head.rev, subscribed.reset), (start, false));

    let oil = home.channel("oil").await;
    let gas = home.channel("gas").await;
    home.delete(&oil).await;
    let accounts = home.house.accounts();
    accounts.rename(&home.ada, "Ada L.").await.unwrap();
    let cy = home.house.user("cy").await;

    let created = counted(&mut bo).await;
    assert_eq!(created.rev, start + 1);
    assert_eq!(read::<ChannelCreated>(&created).channel, oil);
    assert_eq!(counted(&mut bo).await.rev, start + 2);
    let deleted = counted(&mut bo).await;
    assert_eq!(deleted.rev, start + 3);
    assert_eq!(read::<ChannelDeleted>(&deleted).channel_id, oil.id);
    let renamed = counted(&mut bo).await;
    assert_eq!(renamed.rev, start + 4);
    let profile = read::<MemberChanged>(&renamed).profile;
    assert_eq!(profile.display_name, "Ada L.");
    let joined = counted(&mut bo).await;
    assert_eq!(joined.rev, start + 5);
    assert_eq!(read::<MemberChanged>(&joined).profile.id, cy.account);
    assert_eq!(home.lobby_rev().await, start + 5);

    // Who was away gets the current states, once each.
    let mut late = home.connect(&home.bo).await;
    late.send(
        "s",
        &crate::realtime::Subscribe {
            topic: home.lobby(),
            rev: Some(start),
        },
    )
    .await;
    let mut missed = Vec::new();
    for _ in 0..4 {
        missed.push(counted(&mut late).await);
    }
    assert!(missed.iter().all(|event| event.rev == start + 5));
    assert_eq!(read::<ChannelCreated>(&missed[0]).channel, gas);
    assert_eq!(read::<ChannelDeleted>(&missed[1]).channel_id, oil.id);
    let changed = [&missed[2], &missed[3]].map(|event| read::<MemberChanged>(event).profile.id);
    assert!(changed.contains(&home.ada.account) && changed.contains(&cy.account));
    let head = late
        .answer::<crate::realtime::Subscribe>("s")
        .await
        .unwrap();
    assert_eq!((head.head.rev, head.reset), (start + 5, false));
    // Nothing is missing from there on.
    let mut current = home.connect(&home.ada).await;
    let subscribed = current.subscribe(home.lobby(), Some(start + 5)).await;
    assert!(!subscribed.unwrap().reset);
    assert!(current.is_alive().await);

    // Too much to catch up with, and a count that this database never had.
    for n in 0..21 {
        home.channel(&format!("channel {n}")).await;
    }
    let mut far = home.connect(&home.bo).await;
    for rev in [start, start + 1_000] {
        assert!(far.subscribe(home.lobby(), Some(rev)).await.unwrap().reset);
    }
    home.house.close().await;
}

#[tokio::test]
async fn who_leaves_is_told_and_stays_gone() {
    let home = Home::new().await;
    let start = home.lobby_rev().await;
    let mut ada = home.connect(&home.ada).await;
    ada.subscribe(home.lobby(), Some(start)).await.unwrap();
    home.house.erase(&home.bo, false).await;
    let left = counted(&mut ada).await;
    let profile = read::<MemberChanged>(&left).profile;
    assert_eq!(profile.id, home.bo.account);
    assert_eq!(profile.kind, crate::accounts::AccountKind::Deleted);
    let mut late = home.connect(&home.ada).await;
    let subscribe = crate::realtime::Subscribe {
        topic: home.lobby(),
        rev: Some(start),
    };
    late.send("s", &subscribe).await;
    let missed = read::<MemberChanged>(&counted(&mut late).await).profile;
    assert_eq!(missed, profile);
    home.house.close().await;
}

#[tokio::test]
async fn each_change_of_an_account_is_counted_and_can_be_caught_up_with() {
    let home = Home::new().await;
    home.say(&home.bo, "hi").await;
    let start = home.account_rev(&home.ada).await;
    let mut ada = home.connect(&home.ada).await;
    ada.subscribe(account(&home.ada), Some(start))
        .await
        .unwrap();
    let mut bo = home.connect(&home.bo).await;
    bo.subscribe(account(&home.bo), None).await.unwrap();

    let chosen = Preferences {
        theme: Theme::Dark,
        ..Preferences::default()
    };
    let accounts = home.house.accounts();
    let stored = accounts.set_preferences(home.ada.account, chosen.clone());
    stored.await.unwrap();
    home.notify(&home.ada, "one").await;
    home.notify(&home.ada, "one").await;
    home.draw(&home.ada).await;
    let mark = MarkRead {
        channel_id: home.general,
        seq: 1,
    };
    home.house.chat().mark_read(&home.ada, mark).await.unwrap();
    let notifications = home.house.notifications();
    let page = notifications.page(&home.ada, None).await.unwrap();
    let latest = page.notifications[0].id;
    notifications.see(&home.ada, None, latest).await.unwrap();

    let mut heard = Vec::new();
    for _ in 0..5 {
        heard.push(counted(&mut ada).await);
    }
    let revs: Vec<_> = heard.iter().map(|event| event.rev - start).collect();
    assert_eq!(revs, [1, 2, 3, 4, 5], "a repeat is not counted");
    assert_eq!(read::<PreferencesChanged>(&heard[0]).preferences, chosen);
    read::<NotificationCreated>(&heard[1]);
    read::<DrawingsChanged>(&heard[2]);
    read::<MarkerMoved>(&heard[3]);
    assert_eq!(read::<NotificationsSeen>(&heard[4]).unseen, 0);

    // Who was away gets what changed: preferences and markers as they are, the rest by name.
    let mut late = home.connect(&home.ada).await;
    let subscribe = crate::realtime::Subscribe {
        topic: account(&home.ada),
        rev: Some(start),
    };
    late.send("s", &subscribe).await;
    let missed = counted(&mut late).await;
    assert_eq!(missed.rev, start + 5);
    assert_eq!(read::<PreferencesChanged>(&missed).preferences, chosen);
    let kinds = read::<AccountChanged>(&counted(&mut late).await).kinds;
    assert_eq!(kinds, [PREFERENCES, DRAWINGS, NOTIFICATIONS]);
    let moved = read::<MarkerMoved>(&counted(&mut late).await).markers;
    assert_eq!((moved.len(), moved[0].seq), (1, 1));
    // Half of it.
    let mut later = home.connect(&home.ada).await;
    let subscribe = crate::realtime::Subscribe {
        rev: Some(start + 3),
        ..subscribe
    };
    later.send("s", &subscribe).await;
    let kinds = read::<AccountChanged>(&counted(&mut later).await).kinds;
    assert_eq!(kinds, [NOTIFICATIONS]);

    // Others do not hear it.
    assert!(bo.is_alive().await);
    assert_eq!(home.account_rev(&home.bo).await, 0);
    home.house.close().await;
}

#[tokio::test]
async fn accounts_hear_of_new_messages_in_channels_that_they_do_not_show() {
    let home = Home::new().await;
    let stranger = home.house.user("stranger").await;
    home.house.leave_all(&stranger).await;
    let mut bo = home.connect(&home.bo).await;
    bo.subscribe(account(&home.bo), None).await.unwrap();
    let mut strange = home.connect(&stranger).await;
    strange.subscribe(account(&stranger), None).await.unwrap();
    let oil = home.channel("oil").await;
    let in_oil = chat::Send {
        channel_id: oil.id,
        text: "black".into(),
    };
    let begin = Instant::now();
    let most = 30;
    for n in 1..=most {
        home.say(&home.ada, "hi").await;
        let chat = home.house.chat();
        let nonce = format!("oil-{n}");
        chat.send(&home.ada, &nonce, in_oil.clone()).await.unwrap();
    }
    let (mut known, mut events) = (std::collections::HashMap::new(), 0_u32);
    while known.len() < 2 || known.values().any(|seq| *seq < most) {
        let heard = bo.event::<ChannelsAdvanced>().await;
        events += 1;
        for Advance { channel_id, seq } in heard.channels {
            let before = known.insert(channel_id, seq).unwrap_or(0);
            assert!(seq >= before);
        }
    }
    let seconds = begin.elapsed().as_secs_f64().ceil();
    assert!(
        f64::from(events) <= seconds + 1.0,
        "{events} in {seconds} s"
    );
    assert_eq!(known[&oil.id], most);
    // Who cannot see the channels hears nothing.
    tokio::time::timeout(Duration::from_millis(100), async {
        let heard = strange.event::<ChannelsAdvanced>().await;
        panic!("{heard:?}");
    })
    .await
    .unwrap_err();
    home.house.close().await;
}
