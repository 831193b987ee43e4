//! Bindings for the parts of ECharts that the charts use.
//!
//! The library is a separate module (`public/charts/echarts.js`, built by `xtask/charts`), loaded
//! when the first chart is shown. Dropping a [`Chart`] removes its listeners and disposes it.

use super::browser::{call, construct, global, member, set};
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use serde_json::Value;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = rialto, js_name = load)]
    async fn load_module(address: &str) -> Result<JsValue, JsValue>;
}

/// The loaded library.
#[derive(Clone)]
pub struct Library(JsValue);

impl Library {
    /// Loads the library; later calls return at once.
    pub async fn load() -> Result<Self, JsValue> {
        load_module(super::CHARTS).await.map(Self)
    }
}

/// A chart in an element of the page.
pub struct Chart {
    instance: JsValue,
    place: web_sys::Element,
    /// Kept alive as long as the chart can call them.
    listeners: Vec<Listener>,
    observers: Vec<JsValue>,
}

/// Callbacks of the chart.
enum Listener {
    Event(#[expect(dead_code, reason = "it is kept, not called")] Closure<dyn Fn(JsValue)>),
    Text(
        #[expect(dead_code, reason = "it is kept, not called")] Closure<dyn Fn(JsValue) -> String>,
    ),
}

impl Chart {
    /// Creates a chart that fills an element. None: the library failed.
    pub fn begin(library: &Library, place: web_sys::Element) -> Option<Self> {
        let instance = call(
            &library.0,
            "init",
            [place.clone().into(), JsValue::NULL, JsValue::UNDEFINED],
        )?;
        Some(Self {
            instance,
            place,
            listeners: Vec::new(),
            observers: Vec::new(),
        })
    }

    /// Replaces the chart's whole option. `formats` format the labels of the axes.
    pub fn show(&self, option: &Value, formats: &Formats) -> Option<()> {
        let option = js_sys::JSON::parse(&option.to_string()).ok()?;
        for (Axes { name, only }, label, write) in &formats.0 {
            let axes = js_sys::Array::from(&member(&option, name)?);
            for (at, axis) in (0_usize..).zip(axes.iter()) {
                if only.is_some_and(|only| only != at) {
                    continue;
                }
                let place = match label {
                    Place::Ticks => member(&axis, "axisLabel"),
                    Place::Crosshair => member(&axis, "axisPointer").and_then(|pointer| {
                        if member(&pointer, "label").is_none() {
                            set(&pointer, "label", &js_sys::Object::new())?;
                        }
                        member(&pointer, "label")
                    }),
                };
                set(&place?, "formatter", write)?;
            }
        }
        // `notMerge`: removed parts must disappear.
        call(&self.instance, "setOption", [option, JsValue::TRUE]).map(drop)
    }

    /// Creates a function that formats labels.
    pub fn formatter(&mut self, write: impl Fn(JsValue) -> String + 'static) -> JsValue {
        let closure: Closure<dyn Fn(JsValue) -> String> = Closure::new(write);
        let function = closure.as_ref().clone();
        self.listeners.push(Listener::Text(closure));
        function
    }

    /// Listens for an event of the chart.
    pub fn on(&mut self, event: &str, hear: impl Fn(JsValue) + 'static) {
        let instance = self.instance.clone();
        self.listen(&instance, event, hear);
    }

    /// Listens for an event of the whole canvas, `click` or `globalout`, also where nothing is
    /// drawn.
    pub fn on_surface(&mut self, event: &str, hear: impl Fn(JsValue) + 'static) {
        if let Some(surface) = call(&self.instance, "getZr", []) {
            self.listen(&surface, event, hear);
        }
    }

    fn listen(&mut self, of: &JsValue, event: &str, hear: impl Fn(JsValue) + 'static) {
        let closure: Closure<dyn Fn(JsValue)> = Closure::new(hear);
        let _set = call(of, "on", [event.into(), closure.as_ref().clone()]);
        self.listeners.push(Listener::Event(closure));
    }

    /// Calls back when the element is resized and when the page's theme changes.
    pub fn on_change(&mut self, hear: impl Fn() + Clone + 'static) {
        let (resized, themed, system) = (hear.clone(), hear.clone(), hear);
        let root = leptos::prelude::document().document_element();
        let options = js_sys::Object::new();
        let _set = set(&options, "attributes", &JsValue::TRUE);
        if let Some(observer) = self.observe("ResizeObserver", resized) {
            let _begun = call(&observer, "observe", [self.place.clone().into()]);
        }
        if let (Some(observer), Some(root)) = (self.observe("MutationObserver", themed), root) {
            let _begun = call(&observer, "observe", [root.into(), options.into()]);
        }
        let query = leptos::prelude::window().match_media("(prefers-color-scheme: light)");
        if let Ok(Some(query)) = query {
            let closure: Closure<dyn Fn(JsValue)> = Closure::new(move |_| system());
            query.set_onchange(Some(closure.as_ref().unchecked_ref()));
            self.listeners.push(Listener::Event(closure));
            self.observers.push(query.into());
        }
    }

    fn observe(&mut self, class: &str, hear: impl Fn() + 'static) -> Option<JsValue> {
        let closure: Closure<dyn Fn(JsValue)> = Closure::new(move |_| hear());
        let observer = construct(global(class)?, [closure.as_ref().clone()])?;
        self.listeners.push(Listener::Event(closure));
        self.observers.push(observer.clone());
        Some(observer)
    }

    /// Resizes the chart to its element.
    pub fn resize(&self) {
        let _done = call(&self.instance, "resize", []);
    }

    /// Width and height of its element in pixels.
    pub fn size(&self) -> (f64, f64) {
        let bounds = self.place.get_bounding_client_rect();
        (bounds.width(), bounds.height())
    }

    /// The current color of a token such as `--up`. The token itself is text that names the colors
    /// of both themes; as a property that colors nothing here, it becomes one of them.
    pub fn token(&self, name: &str) -> String {
        const UNUSED: &str = "stop-color";
        let Some(place) = self.place.dyn_ref::<web_sys::HtmlElement>() else {
            return String::new();
        };
        let _set = place.style().set_property(UNUSED, &format!("var({name})"));
        let style = leptos::prelude::window().get_computed_style(place);
        let style = style.ok().flatten();
        let color = style.and_then(|style| style.get_property_value(UNUSED).ok());
        color.unwrap_or_default()
    }

    /// Dispatches an ECharts action.
    pub fn act(&self, action: &Value) {
        if let Ok(action) = js_sys::JSON::parse(&action.to_string()) {
            let _done = call(&self.instance, "dispatchAction", [action]);
        }
    }

    /// Coordinates on the axes of the first grid of a point on the canvas. None: outside the grid.
    pub fn place_at(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (grid, point) = (first_grid(), pair(x, y));
        let inside = call(
            &self.instance,
            "containPixel",
            [grid.clone(), point.clone()],
        )?;
        if !inside.is_truthy() {
            return None;
        }
        read_pair(&call(&self.instance, "convertFromPixel", [grid, point])?)
    }

    /// The point on the canvas at these coordinates of the first grid.
    pub fn point_of(&self, at: f64, value: f64) -> Option<(f64, f64)> {
        let point = call(
            &self.instance,
            "convertToPixel",
            [first_grid(), pair(at, value)],
        )?;
        read_pair(&point)
    }

    /// A PNG image of the chart as a data URL.
    pub fn picture(&self, background: &str) -> Option<String> {
        let how = js_sys::Object::new();
        set(&how, "type", &"png".into())?;
        set(&how, "pixelRatio", &2.into())?;
        set(&how, "backgroundColor", &background.into())?;
        call(&self.instance, "getDataURL", [how.into()])?.as_string()
    }
}

impl Drop for Chart {
    fn drop(&mut self) {
        for observer in &self.observers {
            if call(observer, "disconnect", []).is_none() {
                let _set = set(observer, "onchange", &JsValue::NULL);
            }
        }
        let _gone = call(&self.instance, "dispose", []);
    }
}

/// Position of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Along the axis.
    Ticks,
    /// At the crosshair.
    Crosshair,
}

/// Axes of one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axes {
    /// `xAxis` or `yAxis`.
    pub name: &'static str,
    /// Index of the axis. None: all of them.
    pub only: Option<usize>,
}

/// Functions that format the labels of axes; the last one for an axis applies.
#[derive(Clone, Default)]
pub struct Formats(pub Vec<(Axes, Place, JsValue)>);

fn first_grid() -> JsValue {
    let finder = js_sys::Object::new();
    let _set = set(&finder, "gridIndex", &0.into());
    finder.into()
}

fn pair(a: f64, b: f64) -> JsValue {
    js_sys::Array::of2(&a.into(), &b.into()).into()
}

fn read_pair(list: &JsValue) -> Option<(f64, f64)> {
    let list = js_sys::Array::from(list);
    list.get(0).as_f64().zip(list.get(1).as_f64())
}

/// Sets a performance mark.
pub fn mark(name: &str) {
    if let Some(performance) = global("performance") {
        let _noted = call(&performance, "mark", [name.into()]);
    }
}
