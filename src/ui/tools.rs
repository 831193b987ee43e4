//! The door to the dialogs that most visits do without: the finder and the list of keys.

use super::later::NotLoaded;
use super::{finder, keys};
use leptos::{prelude::*, wasm_split::wasm_split};

/// One of the dialogs.
#[derive(Clone, Copy)]
pub enum Tool {
    /// The finder.
    Finder(finder::Finder),
    /// The list of keys, with what says whether it is open.
    Keys(RwSignal<bool>),
}

/// Draws it.
#[wasm_split(tools, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_tools))]
pub fn tool(which: Tool) -> Result<AnyView, NotLoaded> {
    Ok(match which {
        Tool::Finder(finder) => finder::dialog(finder),
        Tool::Keys(open) => keys::sheet(open),
    })
}
