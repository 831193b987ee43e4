//! The client that signs in.

/// How a client sends its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// In cookies that are renewed.
    Browser,
    /// In Bearer tokens.
    Program,
}

/// The client that signs in.
#[derive(Clone, Debug)]
pub struct Device {
    /// Kind of the client.
    pub kind: DeviceKind,
    /// Network address, for the rate limits and the list of sessions.
    pub address: String,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// true if a header claims that a proxy forwarded the request.
    pub forwarded: bool,
}
