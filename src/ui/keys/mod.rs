//! Keys: one table of what they do.
//!
//! Whoever handles a key press asks the table what it means ([`pressed`]), and the `?` dialog
//! lists the same table: the list cannot be untrue. What is done is said by the parts of the page
//! that can do it ([`Keys::on`]).

mod sheet;

use leptos::{ev::KeyboardEvent, prelude::*};

pub(super) use sheet::sheet;
pub use sheet::{Caps, KeysSheet};

/// Where a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the whole page.
    Page,
    /// Where one writes a message.
    Composer,
    /// In the list of messages.
    Messages,
    /// In a message that is being changed.
    Edit,
    /// In a list that is open: the finder, the commands.
    List,
}

impl Place {
    /// All of them, in the order of the list, with the keys of their names.
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
        /// What a key does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        /// The table.
        const SHORTCUTS: &[Shortcut] = &[$(Shortcut {
            action: Action::$action,
            place: Place::$place,
            text: $text,
            chords: &$chords,
        },)*];
    };
}

/// A line of the table.
#[derive(Debug)]
struct Shortcut {
    action: Action,
    place: Place,
    /// The catalogue's key of what it does.
    text: &'static str,
    /// Each of these does it: names as browsers give them, after `Ctrl+` (on a Mac the command
    /// key too), `Alt+`, `Shift+`.
    chords: &'static [&'static str],
}

keys! {
    /// Opens the finder.
    Find = Page, "key-find", ["Ctrl+K"];
    /// Lists the keys.
    ShowKeys = Page, "key-keys", ["?", "Ctrl+/"];
    /// To the channel above.
    ChannelUp = Page, "key-channel-up", ["Alt+ArrowUp"];
    /// To the channel below.
    ChannelDown = Page, "key-channel-down", ["Alt+ArrowDown"];
    /// To the channel above in which something is unread.
    UnreadUp = Page, "key-unread-up", ["Alt+Shift+ArrowUp"];
    /// To the channel below in which something is unread.
    UnreadDown = Page, "key-unread-down", ["Alt+Shift+ArrowDown"];
    /// To the newest message, and all is read.
    MarkRead = Page, "key-mark-read", ["Escape"];
    /// Leaves the page for the one before.
    Back = Page, "key-back", ["Escape"];
    /// The focus goes to the next pane.
    NextPane = Page, "key-next-pane", ["F6"];
    /// The focus goes to the pane before.
    PreviousPane = Page, "key-previous-pane", ["Shift+F6"];
    /// Sends what is written.
    Send = Composer, "key-send", ["Enter"];
    /// Begins a new line.
    NewLine = Composer, "key-new-line", ["Shift+Enter"];
    /// Changes the last message of one's own.
    EditLast = Composer, "key-edit-last", ["ArrowUp"];
    /// Writes the chosen command out.
    Complete = Composer, "key-complete", ["Tab"];
    /// To the message before.
    Older = Messages, "key-older", ["ArrowUp"];
    /// To the next message, after the last one to the composer.
    Newer = Messages, "key-newer", ["ArrowDown"];
    /// To the first message on the page.
    First = Messages, "key-first", ["Home"];
    /// To the last one.
    Last = Messages, "key-last", ["End"];
    /// To what can be done with a message, and from one of these to the next.
    Actions = Messages, "key-actions", ["Enter", "ArrowRight"];
    /// Back from there.
    ActionsBack = Messages, "key-actions-back", ["ArrowLeft"];
    /// Changes the message.
    EditThis = Messages, "key-edit", ["E"];
    /// Deletes the message, after a question.
    DeleteThis = Messages, "key-delete", ["Delete", "Backspace"];
    /// Copies the message's text.
    CopyThis = Messages, "key-copy", ["C"];
    /// Back to the composer.
    ToComposer = Messages, "key-to-composer", ["Escape"];
    /// Keeps the change.
    SaveEdit = Edit, "key-save-edit", ["Enter"];
    /// Leaves the message as it was.
    LeaveEdit = Edit, "key-leave-edit", ["Escape"];
    /// The entry above.
    Above = List, "key-above", ["ArrowUp"];
    /// The entry below.
    Below = List, "key-below", ["ArrowDown"];
    /// Takes the entry.
    Take = List, "key-take", ["Enter"];
    /// Closes the list.
    Leave = List, "key-leave", ["Escape"];
}

/// What a key press means in a place.
pub fn pressed(event: &KeyboardEvent, place: Place) -> Option<Action> {
    all_pressed(event, place).into_iter().next()
}

fn all_pressed(event: &KeyboardEvent, place: Place) -> Vec<Action> {
    // A key that is part of writing a character with several keys means nothing by itself.
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

/// A key with what is held down beside it.
#[derive(Debug)]
struct Stroke<'a> {
    key: &'a str,
    command: bool,
    alt: bool,
    shift: bool,
}

/// Several for one key only where different pages mean different things by it.
fn meanings(stroke: &Stroke<'_>, place: Place) -> impl Iterator<Item = Action> {
    let of_place = SHORTCUTS.iter().filter(move |line| line.place == place);
    of_place
        .filter(|line| line.chords.iter().any(|chord| stroke.is(chord)))
        .map(|line| line.action)
}

impl Stroke<'_> {
    fn is(&self, chord: &str) -> bool {
        let (held, key) = chord.rsplit_once('+').unwrap_or(("", chord));
        // Whether a sign needs Shift differs between keyboards.
        let is_sign = key.len() == 1 && !key.chars().all(char::is_alphanumeric);
        key.eq_ignore_ascii_case(self.key)
            && held.contains("Ctrl") == self.command
            && held.contains("Alt") == self.alt
            && (is_sign || held.contains("Shift") == self.shift)
    }
}

type Handler = (u32, Action, Callback<()>);

/// What the keys of the page do at the moment; a copy is the same.
#[derive(Clone, Copy)]
pub struct Keys {
    /// Is the list of keys open?
    pub sheet: RwSignal<bool>,
    /// Is this a Mac, whose keys have other names? Known once the page is alive.
    pub mac: RwSignal<bool>,
    handlers: StoredValue<Vec<Handler>>,
    next: StoredValue<u32>,
}

impl Keys {
    /// Puts the keys into the context and listens to them.
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

    /// The keys of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Says what an action of the page does, until the surrounding component goes. Who said it
    /// last is asked first.
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

    /// Does an action of the page mean something at the moment? Those of other places always do.
    fn means(self, line: &Shortcut) -> bool {
        line.place != Place::Page
            || self
                .handlers
                .with_value(|handlers| handlers.iter().any(|handler| handler.1 == line.action))
    }

    fn hear(self, event: &KeyboardEvent) {
        // Who stands nearer to the key has dealt with it.
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

/// Is the key meant for a text that is being written?
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
                // On the pages that one goes back from by Escape nothing can be read.
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
