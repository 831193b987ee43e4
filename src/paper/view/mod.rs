//! The section of paper trading.
