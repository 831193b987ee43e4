//! How server functions answer: JSON, read as text.
//!
//! The stock encoding reads bytes, while what pages bring with them is read as text: with one way
//! for both, the browser's module carries each reader once instead of twice.

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};

/// The encoding of answers, for `output` of server functions.
pub type Json = Post<Text>;

/// JSON, read as text.
pub struct Text;

impl ContentType for Text {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Text {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Text {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Text {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        read(&bytes)
    }
}

/// The JSON number that is nearest to an exact figure, which is the one with the same digits for all
/// that is traded: figures are exact everywhere but at this edge.
#[cfg(feature = "ssr")]
pub fn number(exact: rust_decimal::Decimal) -> f64 {
    exact.to_string().parse().unwrap_or_default()
}

/// Reads JSON that came as bytes.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    // What is no text is no JSON either: it ends where that begins.
    serde_json::from_str(std::str::from_utf8(bytes).unwrap_or_default())
}
