//! The dialogs that most visits do not open, behind one split point: the finder and the keyboard
//! shortcuts.

use super::finder::{self, Finder};
use super::keys::{self, Keys};
use super::later::{NotLoaded, once_loaded};
use leptos::{prelude::*, wasm_split::wasm_split};

#[derive(Clone, Copy)]
enum Tool {
    Finder(Finder),
    /// Keyboard shortcuts, with the signal that opens them.
    Keys(RwSignal<bool>),
}

#[wasm_split(tools, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_tools))]
fn tool(which: Tool) -> Result<AnyView, NotLoaded> {
    Ok(match which {
        Tool::Finder(finder) => finder::dialog::dialog(finder),
        Tool::Keys(open) => keys::sheet(open),
    })
}

/// The dialog; rendered while it is open.
#[component]
pub fn FinderDialog() -> impl IntoView {
    let finder = Finder::of_context();
    let shown = move || {
        let draw = move || tool(Tool::Finder(finder));
        once_loaded(load_tools, draw, move || finder.open.set(false))
    };
    view! { <Show when=move || finder.open.get()>{shown}</Show> }
}

/// The dialog with all keyboard shortcuts, rendered when it is first opened.
#[component]
pub fn KeysSheet() -> impl IntoView {
    let open = Keys::of_context().sheet;
    let wanted = Memo::new(move |before: Option<&bool>| open.get() || before == Some(&true));
    let shown = move || {
        let draw = move || tool(Tool::Keys(open));
        once_loaded(load_tools, draw, move || open.set(false))
    };
    view! { <Show when=move || wanted.get()>{shown}</Show> }
}
