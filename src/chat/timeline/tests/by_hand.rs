//! Special cases of delivery, one test each.

use super::*;

#[test]
fn an_echo_becomes_the_message() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.sending("nonce-1".into(), "1 as sent".into());
    timeline.sending("never".into(), "refused".into());
    assert_eq!(timeline.pending().len(), 2);
    let error = Error::rate_limited("message-rate", "", 3);
    timeline.failed("never", error.clone());
    assert_eq!(timeline.pending()[1].failed, Some(error));
    assert!(timeline.changed(channel.send(true)));
    assert_eq!(timeline.rows().len(), 1);
    assert_eq!(timeline.pending().len(), 1);
    timeline.retrying("never");
    assert_eq!(timeline.pending()[0].failed, None);
    timeline.discard("never");
    assert!(timeline.pending().is_empty());
}

/// The client may never see the message of an echo: after many other messages it starts again from
/// a snapshot without it.
#[test]
fn an_echo_does_not_outlive_a_fresh_start() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.sending("nonce-1".into(), "1 as sent".into());
    let sent = channel.send(true);
    for _ in 0..2 * PAGE {
        channel.send(false);
    }
    timeline.reset(channel.snapshot());
    assert_eq!(timeline.pending().len(), 1, "nobody has told yet");
    timeline.stored("nonce-1", sent.rev);
    assert!(timeline.pending().is_empty());
}

#[test]
fn what_waits_is_shown_once_however_often_it_is_told() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.sending("own".into(), "hello".into());
    timeline.failed("own", Error::forbidden());
    // The list of the outbox was read while the message was being sent, and contains it again.
    timeline.sending("own".into(), "hello".into());
    assert_eq!(timeline.pending().len(), 1);
    assert!(timeline.pending()[0].failed.is_none());
    let mut message = channel.send(true);
    message.nonce = "own".into();
    timeline.changed(message);
    timeline.sending("own".into(), "hello".into());
    assert!(timeline.pending().is_empty());
}

#[test]
fn a_timeline_can_be_opened_again_from_itself() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    for _ in 0..5 {
        timeline.changed(channel.send(false));
    }
    timeline.sending("own".into(), "hello".into());
    let before = timeline.clone();
    timeline.reset(timeline.snapshot(ChannelId::new(), 0, (true, 4_000)));
    assert_eq!(timeline.rows(), before.rows());
    assert_eq!(timeline.pending(), before.pending());
    assert_eq!(timeline.rev(), before.rev());
    assert!(timeline.changed(channel.send(false)));
}

#[test]
fn a_gap_is_noticed_and_closed() {
    let mut channel = Channel::default();
    channel.send(false);
    let mut timeline = Timeline::new(channel.snapshot());
    let lost = channel.send(false);
    let heard = channel.send(false);
    assert!(!timeline.changed(heard));
    assert!(timeline.is_behind(channel.head()));
    assert!(timeline.changed(lost), "events may come late");
    assert!(!timeline.is_behind(channel.head()));
    assert_eq!(timeline.rows(), channel.messages);
}

/// An edit of a message that is not shown arrives while its page is loading.
#[test]
fn a_page_does_not_bring_back_an_old_text() {
    let mut channel = Channel::default();
    for _ in 0..2 * PAGE {
        channel.send(false);
    }
    let mut timeline = Timeline::new(channel.snapshot());
    let page = channel.page(0, PAGE);
    assert!(timeline.changed(channel.change(0, false).unwrap()));
    timeline.prepend(page);
    assert_eq!(timeline.rows(), channel.messages);
}

/// The last page was read before the newest message was sent.
#[test]
fn the_last_page_knows_when_it_is_the_last_no_more() {
    let mut channel = Channel::default();
    for _ in 0..2 * PAGE {
        channel.send(false);
    }
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.trim_newest(1);
    let page = channel.page(PAGE + 1, 2 * PAGE);
    assert!(timeline.changed(channel.send(false)));
    timeline.append(page);
    assert!(timeline.newer, "one is missing");
    timeline.append(channel.page(2 * PAGE, 2 * PAGE + 1));
    assert!(!timeline.newer);
    assert_eq!(timeline.rows(), &channel.messages[PAGE..]);
}

/// A change that arrives while a fresh snapshot is loading makes the snapshot older than the
/// timeline. That is no restored backup: a confirmed message did not fail.
#[test]
fn a_fresh_start_that_was_overtaken_fails_nothing() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    let asked = timeline.rev();
    let fresh = channel.snapshot();
    let heard = channel.send(false);
    timeline.sending("own".into(), "hello".into());
    timeline.stored("own", 2);
    assert!(timeline.changed(heard.clone()));
    timeline.restart(fresh, asked);
    assert_eq!(timeline.rows(), [heard]);
    let [waiting] = timeline.pending() else {
        panic!("{:?}", timeline.pending());
    };
    assert!(waiting.failed.is_none());
}

/// The server was restored from a backup: later messages are gone, and other messages get their
/// numbers.
#[test]
fn a_restored_history_takes_the_place_of_what_is_no_more() {
    let mut channel = Channel::default();
    for _ in 0..3 {
        channel.send(false);
    }
    let backup = channel.snapshot();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.changed(channel.send(false));
    timeline.changed(channel.change(0, false).unwrap());
    timeline.sending("acknowledged".into(), "and lost".into());
    timeline.stored("acknowledged", 6);
    timeline.sending("waiting".into(), "still".into());
    assert_eq!(timeline.rev(), 5);

    let asked = timeline.rev();
    timeline.restart(backup.clone(), asked);
    assert_eq!(timeline.rows(), backup.page.messages);
    assert_eq!((timeline.rev(), timeline.head_seq()), (3, 3));
    let [lost, waiting] = timeline.pending() else {
        panic!("{:?}", timeline.pending());
    };
    assert!(lost.failed.is_some(), "it can be sent again");
    assert!(waiting.failed.is_none(), "it is on its way");

    let mut restored = Channel {
        messages: backup.page.messages,
        rev: backup.head.rev,
    };
    assert!(timeline.changed(restored.send(false)));
    assert_eq!(timeline.rows(), restored.messages);
    assert!(!timeline.is_behind(restored.head()));
}
