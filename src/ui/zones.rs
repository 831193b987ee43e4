//! Time zone data of the browser. The page contains no table of its own.

use super::browser::{call, construct, global, member, set};
use super::preferences::fixed_offset;
use leptos::wasm_bindgen::{JsCast, JsValue};

/// Current minutes east of UTC of a zone. None or an unknown zone: the browser's own zone.
pub fn offset_now(zone: Option<&str>) -> i32 {
    let chosen = zone.and_then(|zone| fixed_offset(zone).or_else(|| offset_of(zone)));
    chosen.unwrap_or_else(|| -js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// Current minutes east of UTC of a named zone. None: the browser does not know the name.
pub fn offset_of(zone: &str) -> Option<i32> {
    let options = JsValue::from(js_sys::Object::new());
    set(&options, "timeZone", &JsValue::from(zone))?;
    set(&options, "timeZoneName", &JsValue::from("longOffset"))?;
    let format = member(&global("Intl")?, "DateTimeFormat")?;
    let format = construct(format, [JsValue::from("en"), options])?;
    // Such as `3/1/2013, GMT+01:00`; plain `GMT` is UTC itself.
    let now = JsValue::from(js_sys::Date::new_0());
    let text = call(&format, "format", [now])?.as_string()?;
    let (_, distance) = text.rsplit_once("GMT")?;
    fixed_offset(&format!("UTC{distance}"))
}

/// The names of all zones that the browser knows.
pub fn known() -> Vec<String> {
    let listed = || {
        let zones = call(&global("Intl")?, "supportedValuesOf", ["timeZone".into()])?;
        let zones: js_sys::Array = zones.dyn_into().ok()?;
        Some(zones.iter().filter_map(|zone| zone.as_string()).collect())
    };
    listed().unwrap_or_default()
}
