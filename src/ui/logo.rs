//! The logo and the line drawing of the bridge.

use super::t;
use leptos::prelude::*;

/// The logo: an arched bridge over its reflection, in the lantern color.
#[component]
pub fn Logo(
    /// Adds the name.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    view! {
        <span class="logo">
            <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <path class="logo-bridge" d="M1.5 21.5 14.7 8.2a1.8 1.8 0 0 1 2.6 0L30.5 21.5h-7.8a6.7 6.7 0 0 0-13.4 0Z"></path>
                <path class="logo-water" d="M4 25.5h6.5M13.5 25.5h14.5M9 29h9M21.5 29h3"></path>
            </svg>
            {named.then(|| view! { <span class="logo-name">{t("app-name")}</span> })}
        </span>
    }
}

/// Line drawing of the bridge for wide pages; decorative only.
#[component]
pub fn BridgeDrawing() -> impl IntoView {
    // The arcade: six arches on either side of the portico, along the slope of the stairs.
    let arches: String = (0..6)
        .map(|step| {
            let rise = 11 * step;
            let left = 92 + 26 * step;
            let right = 488 - 26 * step - 18;
            format!(
                "M{left} {base}v-24a9 9 0 0 1 18 0v{foot}M{right} {base_right}v-{foot_right}a9 9 0 0 1 18 0v24",
                base = 208 - rise,
                foot = 24 - 8,
                base_right = 200 - rise,
                foot_right = 16,
            )
        })
        .collect();
    view! {
        <svg class="bridge-drawing" viewBox="0 0 580 320" aria-hidden="true" focusable="false">
            <path class="drawing-strong" d="M20 246h40L262 138h56l202 108h40"></path>
            <path d="M60 246v-22L262 116v22M520 246v-22L318 116v22"></path>
            <path class="drawing-strong" d="M172 246a118 82 0 0 1 236 0"></path>
            <path d="M162 246a128 90 0 0 1 256 0"></path>
            <path d="M262 116V84h56v32M256 84l34-24 34 24ZM276 138V106a14 14 0 0 1 28 0v32"></path>
            <path d="M78 190 256 96M502 190 324 96"></path>
            <path d=arches></path>
            <path class="drawing-lantern" d="M290 66v8M287 74h6v8h-6Z"></path>
            <path class="drawing-water" d="M8 262h96M122 262h60M214 262h150M388 262h84M492 262h80M60 278h120M206 278h44M276 278h150M452 278h70M120 294h70M222 294h120M372 294h60M200 310h50M280 310h70"></path>
        </svg>
    }
}
