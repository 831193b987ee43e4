//! Pages: how many rows one answer holds.

use super::{Error, Result};

/// Reads a `limit` as somebody wrote it: `default` when absent, 1 to `max`, else an error.
pub fn limit(asked: Option<&str>, default: u64, max: u64) -> Result<u64> {
    let Some(asked) = asked else {
        return Ok(default);
    };
    match asked.parse::<u64>() {
        Ok(n) if (1..=max).contains(&n) => Ok(n),
        _ => Err(Error::bad_request(
            "bad-limit",
            format!("limit must be a whole number from 1 to {max}"),
        )
        .with("max", max)),
    }
}

#[cfg(test)]
mod tests {
    use super::limit;

    #[test]
    fn only_whole_numbers_in_range() {
        assert_eq!(limit(None, 50, 100).unwrap(), 50);
        assert_eq!(limit(Some("1"), 50, 100).unwrap(), 1);
        assert_eq!(limit(Some("100"), 50, 100).unwrap(), 100);
        for bad in ["0", "-1", "101", "100000", "ten", "", "1.5", "٣"] {
            assert_eq!(limit(Some(bad), 50, 100).unwrap_err().code, "bad-limit");
        }
    }
}
