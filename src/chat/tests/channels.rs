//! Deleting channels.

use super::*;
use crate::audit::{self, Act};
use crate::communities::ChannelDeleted;
use crate::realtime::Event;

fn admin(viewer: &Viewer) -> Viewer {
    Viewer {
        admin: true,
        ..viewer.clone()
    }
}

fn member(viewer: &Viewer) -> Viewer {
    Viewer {
        admin: false,
        ..viewer.clone()
    }
}

async fn channel_of(home: &Home<'_>, viewer: &Viewer, name: &str) -> Result<ChannelId, Error> {
    let communities = home.communities();
    let lobby = communities.lobby();
    let made = communities.create_channel(viewer, lobby, name).await?;
    Ok(made.id)
}

#[tokio::test]
async fn a_deleted_channel_is_gone_at_once_and_its_messages_soon() {
    Home::each(async |home| {
        let chat = home.chat();
        let ada = admin(&home.ada);
        let oil = home.channel(&home.ada, "oil").await;
        let sends = (0..1_203).map(async |n| {
            let nonce = format!("n-{n}");
            home.try_say(&home.bo, oil, &nonce, "about $XOM").await
        });
        for sent in futures::future::join_all(sends).await {
            sent.unwrap();
        }
        let known = home.try_say(&home.bo, oil, "last", "before").await.unwrap();
        home.say(&home.bo, "elsewhere").await;
        let mark = MarkRead {
            channel_id: oil,
            seq: 3,
        };
        chat.mark_read(&home.ada, mark).await.unwrap();
        home.forget_published();

        chat.delete_channel(&ada, oil).await.unwrap();

        // Viewers of the community and of the channel get the event.
        let told = home.published();
        let scopes: Vec<_> = told.iter().map(|event| event.topic.scope).collect();
        assert_eq!(scopes, [Scope::Community, Scope::Channel]);
        assert!(told.iter().all(|event| event.kind == ChannelDeleted::KIND));
        assert_eq!(told[1].topic.id, oil.0);
        for viewer in [&ada, &*home.bo] {
            let typing = Typing { channel_id: oil };
            let mark = MarkRead {
                channel_id: oil,
                seq: 9,
            };
            for result in [
                home.try_say(viewer, oil, "new", "x").await.map(drop),
                chat.history(viewer, oil, Around::End, 5).await.map(drop),
                chat.snapshot(viewer, oil, 5).await.map(drop),
                chat.typing(viewer, typing).await,
                chat.mark_read(viewer, mark).await,
                chat.message(viewer, known.id).await.map(drop),
                home.edit(viewer, known.id, "x").await.map(drop),
                home.delete(viewer, known.id).await.map(drop),
                chat.delete_channel(viewer, oil).await,
            ] {
                assert_eq!(code(result), "not-found");
            }
            let states = chat.states(viewer).await.unwrap();
            assert!(states.iter().all(|state| state.channel_id != oil));
        }
        assert!(
            home.communities()
                .heads_of(&[oil])
                .await
                .unwrap()
                .is_empty()
        );
        let entries = audit::Service::new(home.db().clone())
            .entries(None, 10)
            .await;
        let entry = entries.unwrap().remove(0);
        assert_eq!((entry.act, &*entry.detail), (Act::ChannelDeleted, "oil"));
        assert_eq!(entry.actor, Some(ada.account));
        // Its name is free while its messages are still in the database.
        let again = channel_of(home, &home.bo, "Oil").await.unwrap();
        assert_eq!(count(home.db(), "messages").await, 1_205);

        // In steps; a crash can follow each of them.
        assert!(chat.remove_step().await.unwrap());
        assert_eq!(count(home.db(), "messages").await, 705);
        let mut steps = 1;
        while chat.remove_step().await.unwrap() {
            steps += 1;
        }
        assert_eq!(
            steps, 5,
            "three of messages, one of markers, one of the row"
        );
        assert_eq!(count(home.db(), "messages").await, 1);
        let channels = home.communities().overview(&ada).await.unwrap();
        let channels: Vec<_> = channels.channels.iter().map(|one| one.id).collect();
        assert_eq!(channels, [home.general, again]);
        assert!(
            home.communities()
                .deleted_channel()
                .await
                .unwrap()
                .is_none()
        );
        home.try_say(&home.bo, again, "fresh", "x").await.unwrap();
        assert_eq!(home.all(home.general).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn its_creator_may_while_no_other_member_has_written() {
    Home::each(async |home| {
        let chat = home.chat();
        let (ada, bo) = (member(&home.ada), member(&home.bo));
        let oil = channel_of(home, &bo, "oil").await.unwrap();
        home.try_say(&bo, oil, "1", "/stock=xom.us").await.unwrap();
        let bot = home.accounts().ensure_bot("parrot", "Parrot").await;
        let bot = bot.unwrap();
        chat.send_as_bot(&bot, oil, "b", "I say", Vec::new())
            .await
            .unwrap();
        assert_eq!(code(chat.delete_channel(&ada, oil).await), "forbidden");
        let said = home.try_say(&ada, oil, "2", "mine").await.unwrap();
        assert_eq!(code(chat.delete_channel(&bo, oil).await), "channel-in-use");
        home.delete(&ada, said.id).await.unwrap();
        chat.delete_channel(&bo, oil).await.unwrap();
        let entries = audit::Service::new(home.db().clone())
            .entries(None, 10)
            .await;
        assert!(entries.unwrap().is_empty(), "no act of an admin");
        // The default channel has no creator; the last channel stays.
        let left = chat.delete_channel(&bo, home.general).await;
        assert_eq!(code(left), "forbidden");
        let left = chat.delete_channel(&admin(&ada), home.general).await;
        assert_eq!(code(left), "last-channel");
        home.say(&bo, "still here").await;
        // Others do not learn that it exists.
        let stranger = home.guest("stranger").await;
        home.leave_all(&stranger).await;
        let left = chat.delete_channel(&stranger, home.general).await;
        assert_eq!(code(left), "not-found");
    })
    .await;
}

/// Another member sends a message between the check of a channel and its deletion.
#[tokio::test]
async fn a_message_that_comes_meanwhile_keeps_the_channel() {
    Home::each(async |home| {
        let chat = home.chat();
        let (ada, bo) = (member(&home.ada), member(&home.bo));
        let oil = channel_of(home, &bo, "oil").await.unwrap();
        let busy = Held::start(home.db()).await;
        let text = "mine".to_owned();
        let send = Send {
            channel_id: oil,
            text,
        };
        let said = chat.begin_send(&ada, "1", send).await.unwrap();
        let deletion = chat.delete_channel(&bo, oil);
        let free = async {
            // Both are waiting for the writer then.
            while home.db().waiting() == 0 {
                tokio::task::yield_now().await;
            }
            busy.end().await;
        };
        let (said, deletion, ()) = futures::join!(said, deletion, free);
        said.unwrap();
        assert_eq!(code(deletion), "channel-in-use");
        assert_eq!(home.all(oil).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_account_creates_so_many() {
    let configure = |config: &mut Config| config.limits.channels_per_account = 2;
    Home::each_with(configure, async |home| {
        let ada = admin(&home.ada);
        let one = channel_of(home, &ada, "one").await.unwrap();
        channel_of(home, &ada, "two").await.unwrap();
        let error = channel_of(home, &ada, "three").await.unwrap_err();
        assert_eq!(error.kind, Kind::Conflict);
        assert_eq!(error.code, "too-many-own-channels");
        assert_eq!(error.details["max"], "2");
        channel_of(home, &home.bo, "of another").await.unwrap();
        home.chat().delete_channel(&ada, one).await.unwrap();
        channel_of(home, &ada, "three").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_leaves_while_a_channel_is_removed_is_erased_all_the_same() {
    Home::each(async |home| {
        let oil = home.channel(&home.ada, "oil").await;
        home.try_say(&home.bo, oil, "1", "there").await.unwrap();
        home.say(&home.bo, "here").await;
        let ada = admin(&home.ada);
        home.chat().delete_channel(&ada, oil).await.unwrap();
        home.erase(&home.bo, false).await;
        assert!(home.all(home.general).await[0].deleted);
        while home.chat().remove_step().await.unwrap() {}
        assert_eq!(count(home.db(), "messages").await, 1);
    })
    .await;
}
