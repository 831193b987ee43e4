//! Just enough of Rust's grammar to separate code from comments and string literals.

/// True if a character can be part of a name.
pub fn is_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Returns as many blanks as the character has bytes, so that offsets stay the same.
pub fn blank(c: char) -> impl Iterator<Item = char> {
    let blank = if c == '\n' { '\n' } else { ' ' };
    std::iter::repeat_n(blank, c.len_utf8())
}

/// Returns the length of the comment `/* ... */` at the start of `rest`; comments nest.
pub fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(tail) = rest.get(at..) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            match tail.chars().next() {
                Some(c) => at += c.len_utf8(),
                None => break,
            }
        }
    }
    rest.len()
}

/// Reads a string literal at the start of `rest`: its length with quotes and prefix, and its value.
pub fn text(rest: &str) -> Option<(usize, String)> {
    let bare = rest.strip_prefix(['b', 'c']).unwrap_or(rest);
    if let Some(raw) = bare.strip_prefix('r') {
        let inner = raw.trim_start_matches('#');
        let hashes = raw.len() - inner.len();
        let body = inner.strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = body.find(&close)?;
        let length = rest.len() - body.len() + end + close.len();
        return Some((length, body.get(..end)?.to_owned()));
    }
    let body = bare.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((rest.len() - body.len() + at + 1, body.get(..at)?.to_owned())),
            _ => {}
        }
    }
    None
}

/// Returns the length of a character literal; None for a lifetime.
pub fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        chars.next()?;
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    chars
        .next()
        .filter(|(_, c)| *c == '\'')
        .map(|(at, _)| at + 1)
}

/// Returns the length up to the end of the first block in braces; None if a `;` comes first.
pub fn block(tail: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in tail.char_indices() {
        match c {
            ';' if depth == 0 => return None,
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Splits code into names, `::` and single characters, with their lines, starting at 1.
pub fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let (mut line, mut rest) = (1, code);
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("::") {
            2
        } else if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        line += usize::from(first == '\n');
        if !first.is_whitespace() {
            tokens.push((line, token));
        }
        rest = after;
    }
    tokens
}
