//! Layout of an email: paragraphs around one link, as plain text and as simple HTML that all mail
//! clients support.

use crate::platform::smtp::Letter;
use std::fmt::Write;

/// Builds an email: some paragraphs, a link with its label, more paragraphs.
pub fn letter(
    to: String,
    subject: String,
    language: &str,
    before: &[String],
    (label, link): (&str, &str),
    after: &[String],
) -> Letter {
    let mut text = String::new();
    let mut html = format!(
        "<!doctype html><html lang=\"{language}\"><body style=\"font-family: sans-serif; \
         font-size: 16px; line-height: 1.5; color: #172025; max-width: 34em\">"
    );
    let paragraph = |text: &mut String, html: &mut String, line: &str| {
        // Writing to a string does not fail.
        let _text = write!(text, "{line}\n\n");
        let _html = write!(html, "<p>{}</p>", escaped(line));
    };
    for line in before {
        paragraph(&mut text, &mut html, line);
    }
    let _text = write!(text, "{label}:\n{link}\n\n");
    let _html = write!(
        html,
        "<p><a href=\"{0}\" style=\"color: #0b6f7c\">{1}</a><br><small>{0}</small></p>",
        escaped(link),
        escaped(label)
    );
    for line in after {
        paragraph(&mut text, &mut html, line);
    }
    html.push_str("</body></html>");
    Letter {
        to,
        subject,
        text,
        html,
    }
}

/// Escapes text for HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_are_only_text(name in "\\PC{0,40}") {
            let line = format!("Hello {name}");
            let made = letter(
                String::new(),
                String::new(),
                "en",
                std::slice::from_ref(&line),
                ("label", "https://x.example/reset/1"),
                &[],
            );
            prop_assert!(made.text.contains(&line));
            let inside = made.html.split("<p>Hello ").nth(1).unwrap().split("</p>").next().unwrap();
            prop_assert!(!inside.contains(['<', '>', '"']));
        }
    }
}
