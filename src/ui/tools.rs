//! Split point of the dialogs that most visits do not open: the finder and the keyboard shortcuts.

use super::later::NotLoaded;
use super::{finder, keys};
use leptos::{prelude::*, wasm_split::wasm_split};

#[derive(Clone, Copy)]
pub enum Tool {
    Finder(finder::Finder),
    /// Keyboard shortcuts, with the signal that opens them.
    Keys(RwSignal<bool>),
}

#[wasm_split(tools, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_tools))]
pub fn tool(which: Tool) -> Result<AnyView, NotLoaded> {
    Ok(match which {
        Tool::Finder(finder) => finder::dialog(finder),
        Tool::Keys(open) => keys::sheet(open),
    })
}
