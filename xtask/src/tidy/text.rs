//! Rules for all files that people write.

use super::file::{File, Problem};

/// Longest file in lines; longer ones must be split.
const LINES: usize = 500;
/// The limit for tests, which may be longer.
const TEST_LINES: usize = 800;

/// Words that mark unfinished or skipped work. Concatenated, because this file is checked too.
const UNFINISHED: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("#[ign", "ore"),
    concat!("test.", "skip"),
    concat!("test.", "only"),
];

/// Extensions whose length counts; catalogues and documents may be long.
const COUNTED: [&str; 3] = [".rs", ".ts", ".css"];

/// Reports files that are too long.
pub fn length(file: &File, text: &str) -> Vec<Problem> {
    let limit = if file.is_test() { TEST_LINES } else { LINES };
    let lines = text.lines().count();
    if lines > limit && COUNTED.iter().any(|ending| file.path.ends_with(ending)) {
        vec![file.problem(
            limit + 1,
            format!("{lines} lines, more than {limit}: find the seam"),
        )]
    } else {
        Vec::new()
    }
}

/// Reports unfinished work and skipped tests.
pub fn unfinished(file: &File, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in UNFINISHED {
            if line.contains(word) {
                problems.push(
                    file.problem(number + 1, format!("`{word}`: finish it or open an issue")),
                );
            }
        }
    }
    problems
}

/// Banned idioms, each with its plain alternative.
const IDIOMS: [(&str, &str); 9] = [
    ("whoever", "who, you or a role"),
    ("somebody", "you or a role"),
    ("nobody", "no member or a role"),
    ("that is none", "virtual or no"),
    ("stands in", "replaces"),
    ("is told", "notifies"),
    ("comes to", "is"),
    ("so many", "the number"),
    ("per cent", "%"),
];

/// Reports idioms in English texts, documents and descriptions of the API.
pub fn idioms(file: &File, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let read = match file.path.rsplit('.').next() {
            Some("md") => line,
            Some("ftl") if file.path == super::catalogue::ENGLISH => {
                line.split_once('=').map_or(line, |(_, text)| text)
            }
            Some("rs") if line.trim_start().starts_with("//") => line,
            Some("rs") => match line.split_once("description = ") {
                Some((_, text)) => text,
                None => continue,
            },
            _ => return problems,
        };
        let read = read.to_lowercase();
        for (idiom, instead) in IDIOMS {
            if read.contains(idiom) {
                problems
                    .push(file.problem(number + 1, format!("\"{idiom}\": say {instead} instead")));
            }
        }
    }
    problems
}

/// The longest text of a catalogue, in characters: what takes more belongs in the documents.
const MAX_TEXT: usize = 140;

/// Finds texts of catalogues that are too long for a label or a hint.
pub fn long_texts(file: &File, text: &str) -> Vec<Problem> {
    if !file.path.ends_with(".ftl") {
        return Vec::new();
    }
    let lines = text.lines().enumerate().filter_map(|(number, line)| {
        // A whole text, or the form for one of the plurals.
        let (key, said) = line.split_once(" = ").or_else(|| line.split_once("] "))?;
        let count = said.chars().count();
        let problem = format!(
            "{:?} has {count} characters, at most {MAX_TEXT}",
            key.trim()
        );
        (count > MAX_TEXT && !line.starts_with('#')).then(|| file.problem(number + 1, problem))
    });
    lines.collect()
}

/// Blanks at the end of lines.
pub fn trailing_blanks(file: &File, text: &str) -> Vec<Problem> {
    let trailing = |line: &str| line.ends_with([' ', '\t', '\r']);
    text.split('\n')
        .enumerate()
        .filter(|(_, line)| trailing(line))
        .map(|(number, _)| file.problem(number + 1, "blanks at the end of the line".into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files() {
        let text = "x\n".repeat(501);
        assert_eq!(length(&File::new("src/a.rs"), &text).len(), 1);
        assert!(length(&File::new("src/a/tests.rs"), &text).is_empty());
        assert!(length(&File::new("README.md"), &text).is_empty());
        assert!(length(&File::new("src/a.rs"), &"x\n".repeat(500)).is_empty());
    }

    #[test]
    fn unfinished_work() {
        let text = format!(
            "fine\n// {}: later\n{}](x)",
            concat!("TO", "DO"),
            concat!("#[ign", "ore")
        );
        let lines: Vec<_> = unfinished(&File::new("src/a.rs"), &text)
            .iter()
            .map(|problem| problem.line)
            .collect();
        assert_eq!(lines, [2, 3]);
    }

    #[test]
    fn idioms_are_found() {
        let found = |path: &str, text: &str| idioms(&File::new(path), text).len();
        assert_eq!(found("docs/api.md", "Nobody is told"), 2);
        assert_eq!(found("src/ui/text/en.ftl", "nobody = No member"), 0);
        assert_eq!(found("src/ui/text/en.ftl", "who = Somebody"), 1);
        // Concatenated, because this file is checked too.
        let described = format!("(status = 200, {} \"So many\")", "description =");
        assert_eq!(found("src/a/api.rs", &described), 1);
        assert_eq!(found("src/a/api.rs", "let nobody = 1;"), 0);
        let comment = ["    //", "/ What some", "body asks"].concat();
        assert_eq!(found("src/a/api.rs", &comment), 1);
    }

    #[test]
    fn texts_have_a_limit() {
        let found = |path: &str, count: usize| {
            let text = format!("a = {}", "ñ".repeat(count));
            long_texts(&File::new(path), &text).len()
        };
        assert_eq!(found("src/ui/text/es.ftl", MAX_TEXT), 0);
        assert_eq!(found("src/ui/text/es.ftl", MAX_TEXT + 1), 1);
        assert_eq!(found("docs/api.md", MAX_TEXT + 1), 0);
    }

    #[test]
    fn blanks() {
        let lines: Vec<_> = trailing_blanks(&File::new("a.css"), "a \nb\nc\t\nd\r\n")
            .iter()
            .map(|problem| problem.line)
            .collect();
        assert_eq!(lines, [1, 3, 4]);
    }
}
