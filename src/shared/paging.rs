//! Parses page sizes, counts and cursors of requests.

use super::{Error, Result};
use std::str::FromStr;

/// Parses a `limit`: `default` if absent, else 1 to `max`, or the error `bad-limit`.
pub fn limit(asked: Option<&str>, default: u64, max: u64) -> Result<u64> {
    let refused = ("bad-limit", "limit must be a whole number");
    count(asked, default, max, refused)
}

/// Parses a count: `default` if absent, else 1 to `max`, or an error with this code and text and
/// the bounds.
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

/// Parses the id after which a page starts. None: the first page. `bad-cursor` if it is invalid.
pub fn cursor<T: FromStr>(asked: Option<&str>) -> Result<Option<T>> {
    let read = asked.map(|text| text.parse().map_err(|_| bad_cursor()));
    read.transpose()
}

/// Cuts rows, read with one more than `limit`, to the page. True: there is a next page.
pub fn cut<T>(rows: &mut Vec<T>, limit: u64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

/// 400: the cursor is invalid.
pub fn bad_cursor() -> Error {
    Error::bad_request("bad-cursor", "Invalid cursor")
}

#[cfg(test)]
mod tests {
    use super::{cursor, cut, limit};
    use crate::shared::AccountId;

    #[test]
    fn a_page_begins_at_an_id() {
        assert_eq!(cursor::<AccountId>(None).unwrap(), None);
        let id = "01a20808-3902-71e1-8583-2a08dc24b443";
        let read = cursor::<AccountId>(Some(id)).unwrap().unwrap();
        assert_eq!(read.to_string(), id);
        for bad in ["", "7", "01a20808"] {
            assert_eq!(
                cursor::<AccountId>(Some(bad)).unwrap_err().code,
                "bad-cursor"
            );
        }
    }

    #[test]
    fn an_extra_row_means_another_page() {
        for (count, more, left) in [(0, false, 0), (2, false, 2), (3, true, 2)] {
            let mut rows = vec![(); count];
            assert_eq!((cut(&mut rows, 2), rows.len()), (more, left));
        }
    }

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
