//! The result of everything that can fail.

/// Errors are only printed.
pub type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;
