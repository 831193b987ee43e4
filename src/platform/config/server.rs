//! `[server]`: address, public URL and proxies.

use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Deserializer, de::Error};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::PathBuf,
};

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Folder of the database file, the secrets and the uploads.
    pub data: PathBuf,
    /// Public URL, such as `https://rialto.example`; empty: the host that the browser requests.
    /// With `https` cookies are marked Secure.
    pub public_url: String,
    /// Other origins whose pages can call the REST API with Bearer tokens.
    pub cors_origins: Vec<String>,
    /// true if the client's address is read from the `X-Forwarded-For` of trusted proxies.
    pub behind_proxy: bool,
    /// Addresses or networks of trusted proxies. `X-Forwarded-For` from any other peer is ignored.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Maximum number of open connections, including websockets.
    pub connections: u32,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            data: "data".into(),
            public_url: String::new(),
            cors_origins: Vec::new(),
            behind_proxy: false,
            trusted_proxies: loopback(),
            connections: 20_000,
        }
    }
}

impl Server {
    /// true if cookies are marked Secure.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// true if this is the address of a proxy whose `X-Forwarded-For` is trusted.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.behind_proxy
            && self
                .trusted_proxies
                .iter()
                .any(|net| net.contains(&address))
    }
}

/// Default trusted proxies: this machine.
fn loopback() -> Vec<IpNet> {
    vec![
        IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8)),
        IpNet::from(IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ]
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    /// Accepted forms: `"a"`, `"a,b"` (for the environment) or `["a", "b"]`.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        One(String),
        Several(Vec<String>),
    }
    let listed = match Written::deserialize(deserializer)? {
        Written::One(list) => list.split(',').map(ToOwned::to_owned).collect(),
        Written::Several(list) => list,
    };
    let listed = listed.iter().map(|text| text.trim());
    let networks = listed.filter(|text| !text.is_empty()).map(network);
    networks.collect::<Result<_, _>>().map_err(D::Error::custom)
}

/// Parses `10.0.0.0/8` or `10.0.0.1`. IPv4-mapped IPv6 becomes IPv4, as for peer addresses.
fn network(text: &str) -> Result<IpNet, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(address.to_canonical()));
    }
    let network: IpNet = text
        .parse()
        .map_err(|_| format!("{text:?} is neither an address nor a network such as 10.0.0.0/8"))?;
    let mapped = match network.addr() {
        IpAddr::V6(address) => address.to_ipv4_mapped(),
        IpAddr::V4(_) => None,
    };
    let shorter = network.prefix_len().checked_sub(96);
    Ok(mapped
        .zip(shorter)
        .and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok())
        .map_or(network, IpNet::V4))
}
