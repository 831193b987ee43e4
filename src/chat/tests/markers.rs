//! Read markers and what is unread.

use super::*;

async fn mark(home: &Home<'_>, viewer: &Viewer, seq: i64) {
    let channel_id = home.general;
    let mark = MarkRead { channel_id, seq };
    home.chat().mark_read(viewer, mark).await.unwrap();
}

async fn state(home: &Home<'_>, viewer: &Viewer, channel: ChannelId) -> ChannelState {
    let states = home.chat().states(viewer).await.unwrap();
    let state = states.iter().find(|state| state.channel_id == channel);
    *state.unwrap()
}

/// Markers published on an account's topic.
fn moved(home: &Home<'_>, account: AccountId) -> Vec<Marker> {
    let topic = Topic::new(Scope::Account, account.0);
    let events = home.published();
    let events = events.into_iter().filter(|event| event.topic == topic);
    events
        .flat_map(|event| {
            let moved = read(&event).read::<MarkerMoved>().unwrap();
            assert!(moved.markers.iter().all(|marker| marker.rev == event.rev));
            moved.markers
        })
        .collect()
}

#[tokio::test]
async fn markers_only_move_forward_and_not_beyond_the_end() {
    Home::each(async |home| {
        home.fill(&home.ada, 10).await;
        for (seq, expected) in [
            (-5, 0),
            (0, 0),
            (3, 3),
            (2, 3),
            (3, 3),
            (7, 7),
            (i64::MIN, 7),
            (i64::MAX, 10),
            (11, 10),
        ] {
            mark(home, &home.bo, seq).await;
            let state = state(home, &home.bo, home.general).await;
            assert_eq!(state.read_seq, expected, "after {seq}");
            assert_eq!(i64::from(state.unread()), 10 - expected);
        }
        let moves: Vec<_> = moved(home, home.bo.account);
        let seqs: Vec<_> = moves.iter().map(|marker| marker.seq).collect();
        assert_eq!(seqs, [3, 7, 10]);
        let revs: Vec<_> = moves.iter().map(|marker| marker.rev).collect();
        assert_eq!(revs, [1, 2, 3]);
        // A client that was offline requests the markers that moved since.
        let after = async |rev| home.chat().markers_after(&home.bo, rev).await.unwrap();
        assert_eq!(after(2).await, moves[2..]);
        assert!(after(3).await.is_empty());
        assert!(moved(home, home.ada.account).is_empty(), "and nobody else");
    })
    .await;
}

#[tokio::test]
async fn markers_of_a_channel_that_was_never_read() {
    Home::each(async |home| {
        let later = home.channel(&home.ada, "later").await;
        for seq in [0, -1, 5] {
            let mark = MarkRead {
                channel_id: later,
                seq,
            };
            home.chat().mark_read(&home.bo, mark).await.unwrap();
        }
        assert_eq!(state(home, &home.bo, later).await.read_seq, 0);
        assert!(moved(home, home.bo.account).is_empty());
        home.try_say(&home.ada, later, "n", "x").await.unwrap();
        assert_eq!(state(home, &home.bo, later).await.unread(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_furthest_of_many_devices_wins() {
    Home::each(async |home| {
        home.fill(&home.ada, 30).await;
        let marks = (1..=30_i64).map(|n| {
            let (chat, bo) = (home.chat().clone(), home.bo.clone());
            let (channel_id, seq) = (home.general, n * 7 % 31);
            let mark = MarkRead { channel_id, seq };
            tokio::spawn(async move { chat.mark_read(&bo, mark).await.unwrap() })
        });
        for marked in futures::future::join_all(marks).await {
            marked.unwrap();
        }
        let moves = moved(home, home.bo.account);
        assert!(moves.is_sorted_by(|a, b| a.seq < b.seq && a.rev + 1 == b.rev));
        assert_eq!(moves.last().unwrap().seq, 30);
        assert_eq!(state(home, &home.bo, home.general).await.unread(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_after_the_marker_is_unread() {
    Home::each(async |home| {
        let unread = async |viewer| state(home, viewer, home.general).await.unread();
        home.say(&home.ada, "one").await;
        let two = home.say(&home.ada, "two").await;
        home.say(&home.bo, "three").await;
        assert_eq!((unread(&home.ada).await, unread(&home.bo).await), (3, 3));
        home.delete(&home.ada, two.id).await.unwrap();
        home.edit(&home.ada, home.all(home.general).await[0].id, "1")
            .await
            .unwrap();
        assert_eq!(unread(&home.bo).await, 3, "changes are nothing new");
        mark(home, &home.bo, 1).await;
        assert_eq!((unread(&home.ada).await, unread(&home.bo).await), (3, 2));
    })
    .await;
}

#[tokio::test]
async fn counting_starts_with_the_account() {
    Home::each(async |home| {
        home.fill(&home.ada, 150).await;
        let unread = async |viewer| state(home, viewer, home.general).await.unread();
        assert_eq!(unread(&home.bo).await, 150);
        let newcomer = home.guest("newcomer").await;
        let state = state(home, &newcomer, home.general).await;
        assert_eq!((state.unread(), state.read_seq), (0, 150));
        assert_eq!(state.head, Head { seq: 150, rev: 150 });
        home.say(&home.ada, "welcome").await;
        assert_eq!(unread(&newcomer).await, 1);
    })
    .await;
}
