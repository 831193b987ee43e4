//! Pages: how many rows one answer holds, and other counts that are asked for.

use super::{Error, Result};

/// Reads a `limit` as somebody wrote it: `default` when absent, 1 to `max`, else `bad-limit`.
pub fn limit(asked: Option<&str>, default: u64, max: u64) -> Result<u64> {
    let refused = ("bad-limit", "limit must be a whole number");
    count(asked, default, max, refused)
}

/// Reads a count as somebody wrote it: `default` when absent, 1 to `max`, else an error of this code
/// that says this, and the bounds.
pub fn count(
    asked: Option<&str>,
    default: u64,
    max: u64,
    (code, must): (&'static str, &'static str),
) -> Result<u64> {
    let Some(asked) = asked else {
        return Ok(default);
    };
    match asked.parse::<u64>() {
        Ok(n) if (1..=max).contains(&n) => Ok(n),
        _ => {
            let message = format!("{must} from 1 to {max}");
            Err(Error::bad_request(code, message).with("max", max))
        }
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
