//! Sends requests to a server under test.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Time limit for a response.
const LIMIT: Duration = Duration::from_secs(30);

/// A response, unparsed.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The status line and the headers, in lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns the body as JSON.
    pub fn json(&self) -> Result<Value> {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).with_context(|| format!("{}{text}", self.head))
    }

    /// Fails unless the status is 2xx.
    pub fn successful(self) -> Result<Self> {
        if !(200..300).contains(&self.status) {
            let text = String::from_utf8_lossy(&self.body);
            bail!("{}{text}", self.head);
        }
        Ok(self)
    }
}

/// Sends a request; `header` contains whole lines, each with its line break.
pub fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    header: &str,
    body: &str,
) -> Result<Answer> {
    let ask = || {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(LIMIT))?;
        let length = body.len();
        // HTTP/1.0 responses are never chunked.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {address}\r\n{header}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        parse(&answer).context("no answer")
    };
    ask().with_context(|| format!("{method} {path}"))
}

fn parse(answer: &[u8]) -> Option<Answer> {
    const END: &[u8] = b"\r\n\r\n";
    let end = answer.windows(END.len()).position(|bytes| bytes == END)?;
    let (head, body) = answer.split_at(end + END.len());
    let head = String::from_utf8_lossy(head).to_lowercase();
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        head,
        body: body.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_apart() {
        let answer =
            parse(b"HTTP/1.0 404 Not Found\r\nContent-Encoding: br\r\n\r\n{}\r\n\r\n").unwrap();
        assert_eq!(answer.status, 404);
        assert!(answer.head.contains("\r\ncontent-encoding: br\r\n"));
        assert_eq!(answer.body, b"{}\r\n\r\n");
        assert!(answer.json().is_ok());
        assert!(answer.successful().is_err());
        assert!(parse(b"").is_none());
        assert!(parse(b"HTTP/1.0 ok\r\n\r\n").is_none());
    }
}
