//! A client that sends, and reconnects as long as any message is unacknowledged.

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

/// Messages that one sender has in flight.
const UNDER_WAY: usize = 8;

/// State that all senders share.
pub struct Run {
    /// The server's address; changes with every start.
    pub address: watch::Receiver<SocketAddr>,
    /// Number of acknowledgements so far.
    pub acknowledged: AtomicU64,
    /// No new messages start once this is set.
    pub finished: AtomicBool,
}

/// The acknowledgements of one sender, by nonce.
pub type Told = BTreeMap<String, Sent>;

/// Sends until the run is finished and all started messages are acknowledged.
pub async fn send(run: Arc<Run>, who: Somebody, channel: ChannelId) -> (ChannelId, Told) {
    let mut told = Told::new();
    // Sent but unacknowledged messages, in order; sent again after each lost connection.
    let mut open: Vec<String> = Vec::new();
    let mut begun = 0_u64;
    loop {
        let address = *run.address.borrow();
        let Ok(mut socket) = Socket::greeted(address, &who.token).await else {
            // The server is away: waits for its next address, or briefly.
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
                        // A server that shuts down sends this code; any other error is a failure.
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
