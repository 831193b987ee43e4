//! A fake mail server that accepts emails, or rejects them on command.

use crate::platform::config::{Config, MailSecurity};
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// The server; it stops with the test.
pub struct SmtpStub {
    /// Address on which it listens.
    pub address: SocketAddr,
    refusals: Arc<Mutex<VecDeque<&'static str>>>,
    letters: mpsc::UnboundedReceiver<String>,
}

impl SmtpStub {
    /// Starts the server on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let refusals: Arc<Mutex<VecDeque<&'static str>>> = Arc::default();
        let (sender, letters) = mpsc::unbounded_channel();
        let to_refuse = Arc::clone(&refusals);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let (refusals, sender) = (Arc::clone(&to_refuse), sender.clone());
                // A client that disconnects in the middle does not fail the test.
                tokio::spawn(async move { drop(talk(socket, refusals, sender).await) });
            }
        });
        Self {
            address,
            refusals,
            letters,
        }
    }

    /// Makes a server send its emails here.
    pub fn configure(&self, config: &mut Config) {
        config.mail.security = MailSecurity::Plain;
        config.mail.host = self.address.ip().to_string();
        config.mail.port = self.address.port();
        config.mail.from = "Rialto <rialto@example.com>".into();
        config.mail.timeout_seconds = 5;
        config.server.public_url = "https://rialto.example".into();
    }

    /// Rejects the next emails with these responses, one each.
    pub fn refuse(&self, answers: &[&'static str]) {
        self.refusals.lock().unwrap().extend(answers);
    }

    /// Returns the next accepted email, decoded from quoted-printable.
    pub async fn letter(&mut self) -> String {
        let letter = tokio::time::timeout(super::PATIENCE, self.letters.recv());
        letter.await.expect("no letter comes").unwrap()
    }

    /// true if no other email was accepted.
    pub fn is_empty(&mut self) -> bool {
        self.letters.try_recv().is_err()
    }
}

async fn talk(
    socket: TcpStream,
    refusals: Arc<Mutex<VecDeque<&'static str>>>,
    letters: mpsc::UnboundedSender<String>,
) -> std::io::Result<()> {
    let mut socket = BufReader::new(socket);
    socket.write_all(b"220 played ESMTP\r\n").await?;
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.split_whitespace().next().unwrap_or_default();
        let answer = match command {
            "RCPT" => {
                let refusal = refusals.lock().unwrap().pop_front();
                refusal.unwrap_or("250 fine").to_owned()
            }
            "DATA" => {
                socket.write_all(b"354 go on\r\n").await?;
                let mut letter = String::new();
                while !letter.ends_with("\r\n.\r\n") {
                    if socket.read_line(&mut letter).await? == 0 {
                        return Ok(());
                    }
                }
                drop(letters.send(plain(&letter)));
                "250 taken".into()
            }
            "QUIT" => {
                socket.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 fine".into(),
        };
        socket.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// Decodes quoted-printable.
fn plain(letter: &str) -> String {
    let joined = letter.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match (first, byte) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
