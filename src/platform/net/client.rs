//! The client's address: the peer's, or the one that trusted proxies report.

use crate::platform::config;
use axum::http::{HeaderMap, HeaderName};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Once,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Returns the address of the client that sent a request. Each trusted proxy appends its own peer
/// to `X-Forwarded-For`, so the header is read from the right up to the first address that is not a
/// trusted proxy: everything left of it is the client's own claim.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, server: &config::Server) -> IpAddr {
    let mut client = peer.to_canonical();
    if !server.behind_proxy {
        return client;
    }
    if !server.trusts(client) && headers.contains_key(FORWARDED_FOR) {
        warn_of_untrusted();
    }
    let values = headers.get_all(FORWARDED_FOR).iter().rev();
    let mut hops = values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    while server.trusts(client) {
        // An invalid hop ends the search, so nothing before it is trusted.
        let Some(hop) = hops.next().and_then(read_hop) else {
            break;
        };
        client = hop;
    }
    client
}

/// Parses `192.0.2.1`, `2001:db8::1`, and both with a port.
fn read_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok();
    let address = address.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// Warns once that a proxy may be missing in the configuration: all its clients count as one.
fn warn_of_untrusted() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::warn!(
            "X-Forwarded-For of a peer that is not in server.trusted_proxies was ignored"
        );
    });
}

/// Returns the key under which an address is counted: for IPv6 the whole /64.
pub fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// true if a request has any header that proxies add. Anyone can add one, and a proxy can omit
/// them, so the header proves nothing about the sender.
pub fn says_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("x-forwarded-")
            || matches!(
                name,
                "forwarded" | "via" | "x-real-ip" | "cf-connecting-ip" | "true-client-ip"
            )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        headers
    }

    fn server(trusted: &[&str]) -> config::Server {
        config::Server {
            behind_proxy: true,
            trusted_proxies: trusted.iter().map(|net| net.parse().unwrap()).collect(),
            ..config::Server::default()
        }
    }

    #[track_caller]
    fn client(peer: &str, values: &[&'static str], server: &config::Server) -> String {
        client_address(peer.parse().unwrap(), &headers(values), server).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let told = &["6.6.6.6", "7.7.7.7, ::ffff:192.0.2.9"];
        let direct = config::Server::default();
        assert_eq!(client("127.0.0.1", told, &direct), "127.0.0.1");
        let proxied = config::Server {
            behind_proxy: true,
            ..config::Server::default()
        };
        assert_eq!(client("127.0.0.1", told, &proxied), "192.0.2.9");
        assert_eq!(client("::ffff:127.0.0.1", told, &proxied), "192.0.2.9");
        assert_eq!(client("::1", told, &proxied), "192.0.2.9");
        for peer in ["10.0.0.1", "198.51.100.7", "2001:db8::1"] {
            assert_eq!(client(peer, told, &proxied), peer);
        }
        assert_eq!(client("127.0.0.1", told, &server(&[])), "127.0.0.1");
    }

    #[test]
    fn the_client_is_the_first_from_the_right_that_is_no_proxy() {
        let proxied = server(&["10.0.0.0/8", "fd00::/8"]);
        let of = |values| client("10.0.0.1", values, &proxied);
        assert_eq!(of(&["6.6.6.6, 192.0.2.9, 10.0.0.2,10.0.0.3"]), "192.0.2.9");
        assert_eq!(
            of(&["6.6.6.6", "192.0.2.9", "fd00::7, 10.0.0.3"]),
            "192.0.2.9"
        );
        // All addresses are trusted proxies: the first in the chain is the client.
        assert_eq!(of(&["10.0.0.9, 10.0.0.2"]), "10.0.0.9");
        assert_eq!(of(&[]), "10.0.0.1");
        assert_eq!(of(&["192.0.2.9:4711"]), "192.0.2.9");
        assert_eq!(of(&["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(of(&["[2001:db8::1]"]), "2001:db8::1");
        // An invalid hop ends the search: what is before it is not trusted.
        assert_eq!(of(&["192.0.2.9, unknown"]), "10.0.0.1");
        assert_eq!(of(&["192.0.2.9, unknown, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(of(&[""]), "10.0.0.1");
    }

    #[test]
    fn a_network_counts_as_one() {
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:0:1:aaaa::1"), network("2001:db8:0:1::2"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_eq!(network(""), "");
    }

    #[test]
    fn any_header_of_a_proxy_says_forwarded() {
        let with = |name: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static("x"));
            says_forwarded(&headers)
        };
        for name in [
            "x-forwarded-for",
            "x-forwarded-proto",
            "forwarded",
            "via",
            "x-real-ip",
        ] {
            assert!(with(name), "{name}");
        }
        assert!(!with("x-request-id"));
        assert!(!says_forwarded(&HeaderMap::new()));
    }
}
