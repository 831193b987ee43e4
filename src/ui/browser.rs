//! Access to browser APIs by name. Avoids additional bindings for the few places that need one.

use leptos::wasm_bindgen::{JsCast, JsValue};

/// A property of an object. None: undefined or null.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(object, &JsValue::from(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// A global object such as `Intl`.
pub fn global(name: &str) -> Option<JsValue> {
    member(&JsValue::from(js_sys::global()), name)
}

/// Calls a method. None: no such method, or it throws.
pub fn call<const N: usize>(
    object: &JsValue,
    method: &str,
    arguments: [JsValue; N],
) -> Option<JsValue> {
    let method: js_sys::Function = member(object, method)?.dyn_into().ok()?;
    js_sys::Reflect::apply(&method, object, &list(arguments)).ok()
}

/// Creates an object. None: the constructor throws.
pub fn construct<const N: usize>(class: JsValue, arguments: [JsValue; N]) -> Option<JsValue> {
    let class: js_sys::Function = class.dyn_into().ok()?;
    js_sys::Reflect::construct(&class, &list(arguments)).ok()
}

/// Sets a property of an object.
pub fn set(object: &JsValue, name: &str, value: &JsValue) -> Option<()> {
    js_sys::Reflect::set(object, &JsValue::from(name), value)
        .ok()
        .map(drop)
}

fn list<const N: usize>(values: [JsValue; N]) -> js_sys::Array {
    let list = js_sys::Array::new();
    for value in &values {
        list.push(value);
    }
    list
}

/// Lets the browser save a data URL as a file.
pub fn save(address: &str, name: &str) {
    if let Ok(link) = leptos::prelude::document().create_element("a") {
        let _set = link.set_attribute("href", address);
        let _set = link.set_attribute("download", name);
        let _done = call(&link, "click", []);
    }
}

/// Lets the browser save a text as a file.
pub fn save_text(kind: &str, text: &str, name: &str) {
    let text = String::from(js_sys::encode_uri_component(text));
    save(&format!("data:{kind};charset=utf-8,{text}"), name);
}

/// Moves the focus to an element, if it can have it.
pub fn focus(element: Option<web_sys::Element>) {
    let element = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _gone = element.focus();
    }
}
