//! JSON encoding for the responses of server functions, parsed from text.
//!
//! The default encoding parses bytes, while the data embedded in pages is parsed from text. With
//! one method for both, the WebAssembly module contains each parser once instead of twice.

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};

/// Encoding for `output` of server functions.
pub type Json = Post<Text>;

/// JSON parsed from text.
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

/// Returns the JSON number that is nearest to an exact decimal. For all prices and quantities that
/// occur, it has the same digits. Numbers are exact everywhere except here.
#[cfg(feature = "ssr")]
pub fn number(exact: rust_decimal::Decimal) -> f64 {
    exact.to_string().parse().unwrap_or_default()
}

/// Parses JSON from bytes.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    // Invalid UTF-8 is invalid JSON too; an empty text gives the error.
    serde_json::from_str(std::str::from_utf8(bytes).unwrap_or_default())
}
