//! The text being written: its draft, and what is typed before the caret.

use super::room::Room;
use crate::chat::{Typing, rules};
use crate::markets::is_symbol_char;
use crate::markets::view::Cashtags;
use crate::realtime::Client;
use crate::shared::Error;
use crate::ui::time::present;
use leptos::{html, prelude::*};

/// Minimum interval of typing events, in milliseconds.
const TELL_EVERY: i64 = 3_000;
/// Maximum length of the text that is searched for.
const MAX_TYPED: usize = 20;

/// State that the components of the composer share.
#[derive(Clone, Copy)]
pub struct State {
    room: Room,
    client: Client,
    pub tags: Option<Cashtags>,
    pub node: NodeRef<html::Textarea>,
    pub text: RwSignal<String>,
    pub error: RwSignal<Option<Error>>,
    /// Index of the completion that Enter accepts; None: dismissed.
    pub chosen: RwSignal<Option<usize>>,
    told: StoredValue<i64>,
    /// Maximum length of a message in characters.
    most: usize,
}

impl State {
    pub fn new(room: Room, most: usize) -> Self {
        Self {
            room,
            client: Client::of_context(),
            tags: use_context(),
            node: NodeRef::new(),
            text: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            chosen: RwSignal::new(Some(0)),
            told: StoredValue::new(0),
            most,
        }
    }

    pub fn write(self, text: &str) {
        if let Some(area) = self.node.get_untracked() {
            area.set_value(text);
            let _focused = area.focus();
        }
        self.text.set(text.to_owned());
        self.look_for(None);
        self.save_draft();
    }

    /// Searches symbols for the text typed after `$`.
    pub fn look_for(self, typed: Option<String>) {
        if let Some(tags) = self.tags
            && tags.typed.with_untracked(|now| *now != typed)
        {
            tags.typed.set(typed);
        }
    }

    /// While channels change, the previous composer may still be there and receive input.
    pub fn is_gone(self) -> bool {
        self.text.is_disposed()
    }

    pub fn typed(self) {
        if self.is_gone() {
            return;
        }
        let Some(area) = self.node.get_untracked() else {
            return;
        };
        self.text.set(area.value());
        let caret = area.selection_start().ok().flatten();
        self.look_for(tag_before(&area.value(), caret).map(|(_, typed)| typed));
        self.error.set(None);
        self.chosen.set(Some(0));
        self.save_draft();
        let now = present().timestamp_millis();
        let silent = area.value().trim().is_empty() || area.value().starts_with('/');
        if !silent && (now - self.told.get_value()).abs() > TELL_EVERY {
            self.told.set_value(now);
            let channel_id = self.room.channel;
            self.client.mention(&Typing { channel_id });
        }
    }

    pub fn send(self) {
        if self.is_gone() {
            return;
        }
        let text = self.text.get_untracked();
        match rules::body(&text, self.most) {
            Ok(body) => {
                self.room.send(&body);
                self.told.set_value(0);
                self.write("");
            }
            // Enter in an empty box is not reported.
            Err(error) if error.code == "message-empty" => {}
            Err(error) => self.error.set(Some(error)),
        }
    }

    /// Saves the draft, so that it survives a reload or a visit to another channel.
    fn save_draft(self) {
        let key = format!("draft:{}", self.room.channel);
        if let Some(storage) = drafts() {
            let text = self.text.get_untracked();
            // If the storage is full, only the draft is lost.
            let _kept = if text.is_empty() {
                storage.remove_item(&key)
            } else {
                storage.set_item(&key, &text)
            };
        }
    }

    pub fn restore_draft(self) {
        let key = format!("draft:{}", self.room.channel);
        let Some(area) = self.node.get_untracked() else {
            return;
        };
        // Text typed before hydration has priority over a stored draft. A composer that served
        // another channel before contains no text for this one.
        let typed = if self.room.is_first() {
            area.value()
        } else {
            String::new()
        };
        let kept = drafts().and_then(|storage| storage.get_item(&key).ok().flatten());
        let text = if typed.is_empty() {
            kept.unwrap_or_default()
        } else {
            typed
        };
        if area.value() != text {
            area.set_value(&text);
        }
        self.text.set(text);
    }
}

fn drafts() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Finds the cashtag being typed before the caret, whose position is in UTF-16 units as in
/// browsers. Returns the byte where it starts, and the text after its `$`.
pub fn tag_before(text: &str, caret: Option<u32>) -> Option<(usize, String)> {
    let before = text.get(..caret_byte(text, caret))?;
    let start = before.rfind('$')?;
    let typed = before.get(start + 1..)?;
    let first = typed.chars().next()?;
    let fits = (first.is_ascii_alphabetic() || first == '^')
        && typed.len() <= MAX_TYPED
        && typed.chars().all(is_symbol_char);
    let follows = crate::markets::may_follow(before.get(..start)?.chars().next_back());
    (fits && follows).then(|| (start, typed.to_owned()))
}

/// Byte position of the caret; the end if unknown.
fn caret_byte(text: &str, caret: Option<u32>) -> usize {
    let Some(caret) = caret else {
        return text.len();
    };
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= caret {
            return at;
        }
        units += u32::try_from(c.len_utf16()).unwrap_or(1);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_begun_before_the_caret() {
        let begun = |text: &str, caret| tag_before(text, caret);
        assert_eq!(begun("$aa", None), Some((0, "aa".into())));
        assert_eq!(begun("é $aa b", Some(5)), Some((3, "aa".into())));
        assert_eq!(begun("𝄞 $a", Some(5)), Some((5, "a".into())));
        assert_eq!(begun("$aa b", Some(2)), Some((0, "a".into())));
        for (text, caret) in [
            ("$", None),
            ("$1", None),
            ("$aa ", None),
            ("US$aa", None),
            ("$aa", Some(1)),
            ("$aa", Some(0)),
            ("", None),
            ("$aaaaaaaaaaaaaaaaaaaaaaaa", None),
        ] {
            assert_eq!(begun(text, caret), None, "{text} {caret:?}");
        }
    }
}
