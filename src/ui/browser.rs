//! What the browser has and our bindings do not name: by hand, so that nothing more has to be
//! bound for the few places that need it.

use leptos::wasm_bindgen::{JsCast, JsValue};

/// A member of an object; none when it has none of that name.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(object, &JsValue::from(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// Something that every page has, such as `Intl`.
pub fn global(name: &str) -> Option<JsValue> {
    member(&JsValue::from(js_sys::global()), name)
}

/// Calls a method; none when there is no such method and when it throws.
pub fn call<const N: usize>(
    object: &JsValue,
    method: &str,
    arguments: [JsValue; N],
) -> Option<JsValue> {
    let method: js_sys::Function = member(object, method)?.dyn_into().ok()?;
    js_sys::Reflect::apply(&method, object, &list(arguments)).ok()
}

/// Makes a new object; none when the constructor throws.
pub fn construct<const N: usize>(class: JsValue, arguments: [JsValue; N]) -> Option<JsValue> {
    let class: js_sys::Function = class.dyn_into().ok()?;
    js_sys::Reflect::construct(&class, &list(arguments)).ok()
}

/// Sets a member of an object.
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
