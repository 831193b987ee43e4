//! The section of calls.
