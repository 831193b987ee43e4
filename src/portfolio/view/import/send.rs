//! Uploads a file for a preview or an import. Uses `XMLHttpRequest`, because `fetch` reports no
//! upload progress.

pub use sending::{Sending, dropped, first_of, stop, take_in};

#[cfg(not(feature = "hydrate"))]
mod sending {
    //! The server sends nothing: empty implementations.

    use super::super::Work;
    use crate::shared::PortfolioId;
    use leptos::{ev::DragEvent, wasm_bindgen::JsValue};

    pub struct Sending;

    pub fn first_of(_holder: &JsValue, _work: Work, _id: PortfolioId) {}

    pub fn dropped(_event: &DragEvent, _work: Work, _id: PortfolioId) {}

    pub fn take_in(_work: Work, _id: PortfolioId) {}

    pub fn stop(_work: Work) {}
}

#[cfg(feature = "hydrate")]
mod sending {
    use super::super::{Step, Work};
    use crate::portfolio::{Import, rpc::load_imports};
    use crate::shared::{Error, Kind, PortfolioId};
    use crate::ui::browser::{call, construct, global, member, set};
    use crate::ui::{address, new_key};
    use leptos::{
        ev::DragEvent,
        prelude::*,
        task::spawn_local,
        wasm_bindgen::{JsValue, closure::Closure},
    };
    use send_wrapper::SendWrapper;
    use std::time::Duration;

    /// Interval for polling the progress of the import.
    const EVERY: Duration = Duration::from_millis(700);

    /// A running request.
    pub struct Sending {
        request: JsValue,
        /// Timer that polls the progress.
        asking: Option<IntervalHandle>,
    }

    /// Previews the first file of an input or a drop, if there is one.
    pub fn first_of(holder: &JsValue, work: Work, id: PortfolioId) {
        let files = member(holder, "files");
        let file = files.and_then(|files| call(&files, "item", [0.into()]));
        if let Some(file) = file.filter(|file| !file.is_null()) {
            look_at(file, work, id);
        }
    }

    /// Previews a dropped file.
    pub fn dropped(event: &DragEvent, work: Work, id: PortfolioId) {
        if let Some(data) = member(event.as_ref(), "dataTransfer") {
            first_of(&data, work, id);
        }
    }

    fn look_at(file: JsValue, work: Work, id: PortfolioId) {
        work.reset();
        let figure = |name| member(&file, name).and_then(|figure| figure.as_f64());
        if figure("size").is_some_and(|size| size > Import::MOST_BYTES as f64) {
            let most = Import::MOST_BYTES / 1024 / 1024;
            let error = Error::new(Kind::TooLarge, "file-too-large", "").with("max", most);
            work.failed(error);
            return;
        }
        let name = member(&file, "name").and_then(|name| name.as_string());
        let name = name.unwrap_or_default();
        // The same file again after a lost response keeps its key.
        let which = format!(
            "{id} {name} {:?} {:?}",
            figure("size"),
            figure("lastModified")
        );
        work.key.update_value(|(last, key)| {
            if *last != which {
                (*last, *key) = (which, new_key());
            }
        });
        work.name.set(name);
        work.file.set_value(Some(SendWrapper::new(file)));
        work.step.set(Step::Reading(0));
        let address = format!("/api/portfolios/{id}/imports?preview=true");
        send(&address, work, move |answer| match answer {
            Ok(import) => work.step.set(Step::Seen(Box::new(import))),
            Err(error) => work.failed(error),
        });
    }

    /// Imports the file of the preview.
    pub fn take_in(work: Work, id: PortfolioId) {
        let name = work.name.get_untracked();
        let duplicates = work.duplicates.get_untracked().to_string();
        let rest = work.rest.get_untracked().to_string();
        let wanted = [
            ("name", Some(name.as_str())),
            ("duplicates", Some(duplicates.as_str())),
            ("rest", Some(rest.as_str())),
        ];
        let address = address(&format!("/api/portfolios/{id}/imports"), &wanted);
        work.failure.set(None);
        work.step.set(Step::Taking(None));
        let sent = send(&address, work, move |answer| match answer {
            Ok(import) => work.taken(id, &import),
            Err(error) => {
                if error.code == "idempotency-key-reused" {
                    work.key.set_value(Default::default());
                }
                work.failed(error);
            }
        });
        let ask = move || {
            spawn_local(async move {
                let Ok(imports) = load_imports(id, None).await else {
                    return;
                };
                if work.sent.try_get_value() == sent
                    && work
                        .step
                        .try_with_untracked(|step| matches!(step, Step::Taking(_)))
                        == Some(true)
                    && imports.running.is_some()
                {
                    work.step.set(Step::Taking(imports.running));
                }
            });
        };
        let asking = set_interval_with_handle(ask, EVERY).ok();
        work.sending.update_value(|sending| match sending {
            Some(sending) => sending.asking = asking,
            None => {
                if let Some(asking) = asking {
                    asking.clear();
                }
            }
        });
    }

    /// Aborts the upload of a preview. An import continues: half of it would be useless.
    pub fn stop(work: Work) {
        let taking = work
            .step
            .try_with_untracked(|step| matches!(step, Step::Taking(_)));
        work.sent.try_update_value(|sent| *sent += 1);
        let sending = work.sending.try_update_value(Option::take).flatten();
        if let Some(sending) = sending.map(SendWrapper::take) {
            if let Some(asking) = sending.asking {
                asking.clear();
            }
            if taking != Some(true) {
                call(&sending.request, "abort", []);
            }
        }
    }

    /// Sends the file; returns the number of the request. None: it could not be sent.
    fn send(
        address: &str,
        work: Work,
        then: impl FnOnce(Result<Import, Error>) + 'static,
    ) -> Option<u32> {
        let file = work.file.get_value()?;
        work.sent.update_value(|sent| *sent += 1);
        let sent = work.sent.get_value();
        let Some(request) = started(&file, address, work, sent, then) else {
            work.failed(Error::unavailable());
            return None;
        };
        let sending = Sending {
            request,
            asking: None,
        };
        work.sending.set_value(Some(SendWrapper::new(sending)));
        Some(sent)
    }

    fn started(
        file: &JsValue,
        address: &str,
        work: Work,
        sent: u32,
        then: impl FnOnce(Result<Import, Error>) + 'static,
    ) -> Option<JsValue> {
        let request = construct(global("XMLHttpRequest")?, [])?;
        call(&request, "open", ["POST".into(), address.into()])?;
        let (_, key) = work.key.get_value();
        call(
            &request,
            "setRequestHeader",
            ["Idempotency-Key".into(), key.into()],
        )?;
        let moved = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let figure = |name| member(&event, name).and_then(|figure| figure.as_f64());
            let (Some(loaded), Some(total)) = (figure("loaded"), figure("total")) else {
                return;
            };
            let reading = work
                .step
                .try_with_untracked(|step| matches!(step, Step::Reading(_)));
            if total > 0.0 && reading == Some(true) && work.sent.try_get_value() == Some(sent) {
                let percent = (loaded / total * 100.0) as u8;
                work.step.set(Step::Reading(percent));
            }
        });
        set(
            &member(&request, "upload")?,
            "onprogress",
            &moved.into_js_value(),
        )?;
        let answered = request.clone();
        let ended = Closure::once_into_js(move || {
            // The request was aborted, or a newer one was sent.
            if work.sent.try_get_value() != Some(sent) {
                return;
            }
            let sending = work.sending.try_update_value(Option::take).flatten();
            if let Some(asking) = sending.and_then(|sending| sending.take().asking) {
                asking.clear();
            }
            then(answer(&answered));
        });
        set(&request, "onloadend", &ended)?;
        call(&request, "send", [file.clone()])?;
        Some(request)
    }

    fn answer(request: &JsValue) -> Result<Import, Error> {
        let text = member(request, "responseText").and_then(|text| text.as_string());
        let text = text.unwrap_or_default();
        let status = member(request, "status").and_then(|status| status.as_f64());
        if status != Some(200.0) {
            return Err(refusal(&text, status.unwrap_or_default()));
        }
        serde_json::from_str(&text).map_err(|_| Error::unavailable())
    }

    /// Returns the server's error, or `unavailable` if there is none.
    fn refusal(text: &str, status: f64) -> Error {
        if let Some(error) = Error::from_body(text) {
            return error;
        }
        // A proxy can reject large files itself.
        if status == f64::from(Kind::TooLarge.status()) {
            let most = Import::MOST_BYTES / 1024 / 1024;
            return Error::new(Kind::TooLarge, "file-too-large", "").with("max", most);
        }
        Error::unavailable()
    }
}
