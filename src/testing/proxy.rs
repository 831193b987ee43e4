//! A TCP proxy that can cut connections or silently drop all data.

use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// What the proxy does with connections and their data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Forwards everything.
    Open,
    /// Accepts connections and forwards nothing, not even their end.
    BlackHole,
    /// Closes connections, like a server that restarts.
    Closed,
}

/// The proxy; it stops with the test.
pub struct Proxy {
    /// Address on which it listens.
    pub address: SocketAddr,
    way: watch::Sender<Way>,
}

impl Proxy {
    /// Starts a proxy to `target`.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (way, state) = watch::channel(Way::Open);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, target, state.clone()));
            }
        });
        Self { address, way }
    }

    /// Changes what the proxy does.
    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn carry(client: TcpStream, target: SocketAddr, mut state: watch::Receiver<Way>) {
    if !is_open(&mut state).await {
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(
        pump(from_client, to_server, state.clone()),
        pump(from_server, to_client, state),
    );
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<Way>) {
    let mut buffer = vec![0; 16 * 1024];
    let mut closed = state.clone();
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read.unwrap_or(0),
            _ = closed.wait_for(|way| *way == Way::Closed) => return,
        };
        let goes_on = is_open(&mut state).await && read > 0;
        if !goes_on || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// Waits while the proxy is a black hole. Returns false if it is closed.
async fn is_open(state: &mut watch::Receiver<Way>) -> bool {
    let way = state.wait_for(|way| *way != Way::BlackHole).await;
    way.is_ok_and(|way| *way == Way::Open)
}
