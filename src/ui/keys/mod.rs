//! Keyboard shortcuts: one table of what each key does.
//!
//! Handlers of key presses look the action up in the table ([`pressed`]), and the `?` dialog lists
//! the same table, so the list is always correct. Components register what an action does
//! ([`Keys::on`]).

mod sheet;

use leptos::{ev::KeyboardEvent, prelude::*};

pub use sheet::Caps;
pub(super) use sheet::sheet;

/// Where a shortcut applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Page,
    /// The input of a new message.
    Composer,
    /// The list of messages.
    Messages,
    /// A message being edited.
    Edit,
    /// An open list: the finder or the commands.
    List,
}

impl Place {
    /// All places in the order of the dialog, with the message keys of their names.
    const ALL: [(Self, &'static str); 5] = [
        (Self::Page, "keys-page"),
        (Self::Composer, "keys-composer"),
        (Self::Messages, "keys-messages"),
        (Self::Edit, "keys-edit"),
        (Self::List, "keys-list"),
    ];
}

macro_rules! keys {
    ($($(#[$doc:meta])* $action:ident = $place:ident, $text:literal, $chords:expr;)*) => {
        /// What a shortcut does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        const SHORTCUTS: &[Shortcut] = &[$(Shortcut {
            action: Action::$action,
            place: Place::$place,
            text: $text,
            chords: &$chords,
        },)*];
    };
}

/// A row of the table.
#[derive(Debug)]
struct Shortcut {
    action: Action,
    place: Place,
    /// Message key of its description.
    text: &'static str,
    /// Each of these triggers it: a name from `KeyboardEvent.key` after `Ctrl+` (on a Mac also the
    /// command key), `Alt+`, `Shift+`.
    chords: &'static [&'static str],
}

keys! {
    /// Opens the finder.
    Find = Page, "key-find", ["Ctrl+K"];
    /// Lists the keyboard shortcuts.
    ShowKeys = Page, "key-keys", ["?", "Ctrl+/"];
    /// Opens the channel above.
    ChannelUp = Page, "key-channel-up", ["Alt+ArrowUp"];
    /// Opens the channel below.
    ChannelDown = Page, "key-channel-down", ["Alt+ArrowDown"];
    /// Opens the nearest unread channel above.
    UnreadUp = Page, "key-unread-up", ["Alt+Shift+ArrowUp"];
    /// Opens the nearest unread channel below.
    UnreadDown = Page, "key-unread-down", ["Alt+Shift+ArrowDown"];
    /// Scrolls to the newest message and marks all as read.
    MarkRead = Page, "key-mark-read", ["Escape"];
    /// Returns to the previous page.
    Back = Page, "key-back", ["Escape"];
    /// Moves the focus to the next pane.
    NextPane = Page, "key-next-pane", ["F6"];
    /// Moves the focus to the previous pane.
    PreviousPane = Page, "key-previous-pane", ["Shift+F6"];
    /// Sends the message.
    Send = Composer, "key-send", ["Enter"];
    /// Inserts a line break.
    NewLine = Composer, "key-new-line", ["Shift+Enter"];
    /// Edits the member's own last message.
    EditLast = Composer, "key-edit-last", ["ArrowUp"];
    /// Completes the selected command.
    Complete = Composer, "key-complete", ["Tab"];
    /// Moves to the previous message.
    Older = Messages, "key-older", ["ArrowUp"];
    /// Moves to the next message, from the last one to the composer.
    Newer = Messages, "key-newer", ["ArrowDown"];
    /// Moves to the first message on the page.
    First = Messages, "key-first", ["Home"];
    /// Moves to the last message.
    Last = Messages, "key-last", ["End"];
    /// Moves to the actions of a message, and from one action to the next.
    Actions = Messages, "key-actions", ["Enter", "ArrowRight"];
    /// Moves back through the actions.
    ActionsBack = Messages, "key-actions-back", ["ArrowLeft"];
    /// Edits the message.
    EditThis = Messages, "key-edit", ["E"];
    /// Deletes the message after a confirmation.
    DeleteThis = Messages, "key-delete", ["Delete", "Backspace"];
    /// Copies the message's text.
    CopyThis = Messages, "key-copy", ["C"];
    /// Moves back to the composer.
    ToComposer = Messages, "key-to-composer", ["Escape"];
    /// Saves the edit.
    SaveEdit = Edit, "key-save-edit", ["Enter"];
    /// Cancels the edit.
    LeaveEdit = Edit, "key-leave-edit", ["Escape"];
    /// Moves to the entry above.
    Above = List, "key-above", ["ArrowUp"];
    /// Moves to the entry below.
    Below = List, "key-below", ["ArrowDown"];
    /// Selects the entry.
    Take = List, "key-take", ["Enter"];
    /// Closes the list.
    Leave = List, "key-leave", ["Escape"];
}

/// The action of a key press in a place.
pub fn pressed(event: &KeyboardEvent, place: Place) -> Option<Action> {
    all_pressed(event, place).into_iter().next()
}

fn all_pressed(event: &KeyboardEvent, place: Place) -> Vec<Action> {
    // A key press that is part of an input method's composition is not a shortcut.
    if event.is_composing() {
        return Vec::new();
    }
    let stroke = Stroke {
        key: &event.key(),
        command: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        shift: event.shift_key(),
    };
    meanings(&stroke, place).collect()
}

/// A key with its modifiers.
#[derive(Debug)]
struct Stroke<'a> {
    key: &'a str,
    command: bool,
    alt: bool,
    shift: bool,
}

/// Returns several actions only for a key that means different things on different pages.
fn meanings(stroke: &Stroke<'_>, place: Place) -> impl Iterator<Item = Action> {
    let of_place = SHORTCUTS.iter().filter(move |line| line.place == place);
    of_place
        .filter(|line| line.chords.iter().any(|chord| stroke.is(chord)))
        .map(|line| line.action)
}

impl Stroke<'_> {
    fn is(&self, chord: &str) -> bool {
        let (held, key) = chord.rsplit_once('+').unwrap_or(("", chord));
        // Whether a symbol needs Shift depends on the keyboard layout.
        let is_sign = key.len() == 1 && !key.chars().all(char::is_alphanumeric);
        key.eq_ignore_ascii_case(self.key)
            && held.contains("Ctrl") == self.command
            && held.contains("Alt") == self.alt
            && (is_sign || held.contains("Shift") == self.shift)
    }
}

type Handler = (u32, Action, Callback<()>);

/// The registered shortcuts of the page; a copy shares the state.
#[derive(Clone, Copy)]
pub struct Keys {
    /// true while the list of shortcuts is open.
    pub sheet: RwSignal<bool>,
    /// true on a Mac, whose keys have other names. Known after hydration.
    pub mac: RwSignal<bool>,
    handlers: StoredValue<Vec<Handler>>,
    next: StoredValue<u32>,
}

impl Keys {
    /// Puts the shortcuts into the context and listens for key presses.
    pub fn provide() -> Self {
        let keys = Self {
            sheet: RwSignal::new(false),
            mac: RwSignal::new(false),
            handlers: StoredValue::new(Vec::new()),
            next: StoredValue::new(0),
        };
        provide_context(keys);
        keys.on(Action::ShowKeys, move || {
            keys.sheet.update(|open| *open = !*open)
        });
        Effect::new(move || {
            let platform = window().navigator().platform().unwrap_or_default();
            keys.mac
                .set(platform.starts_with("Mac") || platform.starts_with("iP"));
            let listener =
                window_event_listener(leptos::ev::keydown, move |event| keys.hear(&event));
            on_cleanup(move || listener.remove());
        });
        keys
    }

    /// The shortcuts of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Registers the handler of an action until the surrounding component is disposed. The handler
    /// registered last runs first.
    pub fn on(self, action: Action, act: impl Fn() + Send + Sync + 'static) {
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        let act = Callback::new(move |()| act());
        self.handlers
            .update_value(|handlers| handlers.push((number, action, act)));
        on_cleanup(move || {
            self.handlers
                .try_update_value(|handlers| handlers.retain(|(known, ..)| *known != number));
        });
    }

    /// true if an action has a handler now. Always true outside [`Place::Page`].
    fn means(self, line: &Shortcut) -> bool {
        line.place != Place::Page
            || self
                .handlers
                .with_value(|handlers| handlers.iter().any(|handler| handler.1 == line.action))
    }

    fn hear(self, event: &KeyboardEvent) {
        // A handler nearer to the target has handled the key.
        if event.default_prevented() {
            return;
        }
        let actions = all_pressed(event, Place::Page);
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if plain && event.key().len() == 1 && is_text(event) {
            return;
        }
        let own = |action: &Action| matches!(action, Action::Find | Action::ShowKeys);
        if actions.is_empty() || (is_dialog_open() && !actions.iter().any(own)) {
            return;
        }
        let act = self.handlers.with_value(|handlers| {
            let mut latest_first = handlers.iter().rev();
            latest_first
                .find(|handler| actions.contains(&handler.1))
                .map(|handler| handler.2)
        });
        if let Some(act) = act {
            event.prevent_default();
            act.run(());
        }
    }
}

/// true if the key goes to a text input.
fn is_text(event: &KeyboardEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = event.target();
    let element = target.and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    element.is_some_and(|element| {
        element.is_content_editable()
            || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

fn is_dialog_open() -> bool {
    matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(chord: &str, shift_too: bool) -> (String, bool, bool, bool) {
        let (held, key) = chord.rsplit_once('+').unwrap_or(("", chord));
        let held = |name| held.contains(name);
        (
            key.to_owned(),
            held("Ctrl"),
            held("Alt"),
            held("Shift") || shift_too,
        )
    }

    fn means(chord: &str, shift_too: bool, place: Place) -> Option<Action> {
        let (key, command, alt, shift) = stroke(chord, shift_too);
        let stroke = Stroke {
            key: &key,
            command,
            alt,
            shift,
        };
        meanings(&stroke, place).next()
    }

    #[test]
    fn every_line_of_the_table_does_what_it_says() {
        for line in SHORTCUTS {
            for chord in line.chords {
                // No messages can be marked as read on pages where Escape goes back.
                if line.action != Action::Back {
                    assert_eq!(
                        means(chord, false, line.place),
                        Some(line.action),
                        "{chord} has two meanings in one place"
                    );
                }
                assert!(
                    crate::ui::text::t(line.text) != line.text,
                    "{} has no text",
                    line.text
                );
            }
        }
    }

    #[test]
    fn what_is_held_down_matters() {
        assert_eq!(means("?", true, Place::Page), Some(Action::ShowKeys));
        assert_eq!(means("Ctrl+/", true, Place::Page), Some(Action::ShowKeys));
        assert_eq!(means("Ctrl+k", false, Place::Page), Some(Action::Find));
        assert_eq!(means("k", false, Place::Page), None);
        assert_eq!(means("Ctrl+K", true, Place::Page), None);
        assert_eq!(means("ArrowUp", false, Place::Page), None);
        assert_eq!(means("Enter", true, Place::Composer), Some(Action::NewLine));
        assert_eq!(means("Ctrl+E", false, Place::Messages), None);
    }
}
