//! Somebody who sends, and comes back for as long as anything is unacknowledged.

use super::{
    instance::Somebody,
    socket::{Heard, Socket},
};
use rialto::{
    chat::{Send, Sent},
    shared::ChannelId,
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// Messages that one sender has under way at the same time.
const UNDER_WAY: usize = 8;

/// What all senders know of the run.
pub struct Run {
    /// Where the server is; it changes with every start.
    pub address: watch::Receiver<SocketAddr>,
    /// Acknowledgements so far.
    pub acknowledged: AtomicU64,
    /// New messages are begun until this is set.
    pub finished: AtomicBool,
}

/// What one sender was told: by nonce.
pub type Told = BTreeMap<String, Sent>;

/// Sends until the run is finished and everything that was begun is acknowledged.
pub async fn send(run: Arc<Run>, who: Somebody, channel: ChannelId) -> (ChannelId, Told) {
    let mut told = Told::new();
    // What was sent and not acknowledged, in order. It is sent again after each loss.
    let mut open: Vec<String> = Vec::new();
    let mut begun = 0_u64;
    loop {
        let address = *run.address.borrow();
        let Ok(mut socket) = Socket::greeted(address, &who.token).await else {
            // Away: the next start is told, or it is back at once.
            let mut moved = run.address.clone();
            let soon = Duration::from_millis(20);
            drop(tokio::time::timeout(soon, moved.changed()).await);
            continue;
        };
        let mut lost = false;
        for nonce in &open {
            lost = lost || say(&mut socket, channel, nonce).await.is_err();
        }
        while !lost {
            while open.len() < UNDER_WAY && !run.finished.load(Ordering::Relaxed) {
                begun += 1;
                let nonce = format!("{}-{begun}", who.viewer.username);
                lost = lost || say(&mut socket, channel, &nonce).await.is_err();
                open.push(nonce);
            }
            if open.is_empty() {
                return (channel, told);
            }
            match socket.hear().await {
                Heard::Answer(answer) => {
                    let nonce = answer.nonce;
                    if let Some(error) = answer.error {
                        // A server that stops says so; everything else is a failure.
                        assert_eq!(error.code, "unavailable", "{nonce}");
                        lost = true;
                        continue;
                    }
                    let sent = serde_json::from_str(answer.done.unwrap().get()).unwrap();
                    open.retain(|open| *open != nonce);
                    assert!(told.insert(nonce, sent).is_none(), "asked once, told twice");
                    run.acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                Heard::Event(_) => {}
                Heard::Goodbye(_) | Heard::End => lost = true,
            }
        }
    }
}

async fn say(socket: &mut Socket, channel: ChannelId, nonce: &str) -> std::io::Result<()> {
    let command = Send {
        channel_id: channel,
        text: format!("this is {nonce}"),
    };
    socket.ask(nonce, &command).await
}
