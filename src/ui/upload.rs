//! Files that the reader chooses or drops, and their upload. Only a browser has any.

use crate::shared::Error;
use leptos::{ev::DragEvent, wasm_bindgen::JsValue};
use send_wrapper::SendWrapper;

/// A file of the browser.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser has one")
)]
pub struct File(SendWrapper<JsValue>);

/// A running upload.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser has one")
)]
pub struct Upload(SendWrapper<JsValue>);

/// What is uploaded, and where.
pub struct Request<'a> {
    /// HTTP method.
    pub method: &'static str,
    pub address: &'a str,
    /// Idempotency key.
    pub key: Option<String>,
    pub file: &'a File,
}

/// The status and the text of a response.
pub struct Response {
    pub status: u16,
    pub text: String,
}

impl Response {
    /// The text of a success, else the server's error; `unavailable` if it sent none.
    pub fn success(self) -> Result<String, Error> {
        if self.status == 200 {
            return Ok(self.text);
        }
        Err(Error::from_body(&self.text).unwrap_or_else(Error::unavailable))
    }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use super::{DragEvent, File, JsValue, Request, Response, Upload};

    impl File {
        /// The first file of an input.
        pub fn of(_input: &JsValue) -> Option<Self> {
            None
        }

        /// The first file of a drop.
        pub fn dropped(_event: &DragEvent) -> Option<Self> {
            None
        }

        /// Its name.
        pub fn name(&self) -> String {
            String::new()
        }

        /// Its size in bytes.
        pub fn size(&self) -> f64 {
            0.0
        }

        /// When it was changed, in milliseconds.
        pub fn modified(&self) -> f64 {
            0.0
        }
    }

    impl Upload {
        /// Sends a file. None: it failed at once.
        pub fn begin(
            _request: Request<'_>,
            _moved: impl Fn(u8) + 'static,
            _ended: impl FnOnce(Response) + 'static,
        ) -> Option<Self> {
            None
        }

        /// Ends the upload.
        pub fn abort(&self) {}
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{DragEvent, File, JsValue, Request, Response, SendWrapper, Upload};
    use crate::ui::browser::{call, construct, global, member, set};
    use leptos::wasm_bindgen::closure::Closure;

    fn number(of: &JsValue, name: &str) -> Option<f64> {
        member(of, name).and_then(|number| number.as_f64())
    }

    impl File {
        /// The first file of an input.
        pub fn of(input: &JsValue) -> Option<Self> {
            let file = call(&member(input, "files")?, "item", [0.into()])?;
            (!file.is_null()).then(|| Self(SendWrapper::new(file)))
        }

        /// The first file of a drop.
        pub fn dropped(event: &DragEvent) -> Option<Self> {
            Self::of(&member(event.as_ref(), "dataTransfer")?)
        }

        /// Its name.
        pub fn name(&self) -> String {
            let name = member(&self.0, "name").and_then(|name| name.as_string());
            name.unwrap_or_default()
        }

        /// Its size in bytes.
        pub fn size(&self) -> f64 {
            number(&self.0, "size").unwrap_or_default()
        }

        /// When it was changed, in milliseconds.
        pub fn modified(&self) -> f64 {
            number(&self.0, "lastModified").unwrap_or_default()
        }
    }

    impl Upload {
        /// Sends a file; `moved` gets the progress in percent. Uses `XMLHttpRequest`, since `fetch`
        /// reports no upload progress. None: it failed at once.
        pub fn begin(
            request: Request<'_>,
            moved: impl Fn(u8) + 'static,
            ended: impl FnOnce(Response) + 'static,
        ) -> Option<Self> {
            let sent = construct(global("XMLHttpRequest")?, [])?;
            call(
                &sent,
                "open",
                [request.method.into(), request.address.into()],
            )?;
            if let Some(key) = request.key {
                call(
                    &sent,
                    "setRequestHeader",
                    ["Idempotency-Key".into(), key.into()],
                )?;
            }
            let moved = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
                let (loaded, total) = (number(&event, "loaded"), number(&event, "total"));
                if let Some((loaded, total)) = loaded.zip(total)
                    && total > 0.0
                {
                    moved((loaded / total * 100.0) as u8);
                }
            });
            set(
                &member(&sent, "upload")?,
                "onprogress",
                &moved.into_js_value(),
            )?;
            let answered = sent.clone();
            let ended = Closure::once_into_js(move || {
                let text = member(&answered, "responseText").and_then(|text| text.as_string());
                ended(Response {
                    status: number(&answered, "status").unwrap_or_default() as u16,
                    text: text.unwrap_or_default(),
                });
            });
            set(&sent, "onloadend", &ended)?;
            call(&sent, "send", [(*request.file.0).clone()])?;
            Some(Self(SendWrapper::new(sent)))
        }

        /// Ends the upload.
        pub fn abort(&self) {
            call(&self.0, "abort", []);
        }
    }
}
