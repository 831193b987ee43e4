//! Uploads a file for a preview or an import.

use super::work::{Sending, Step, Work, is_taking};
use crate::portfolio::{Import, rpc::load_imports};
use crate::shared::{Error, Kind, PortfolioId};
use crate::ui::upload::{File, Request, Response, Upload};
use crate::ui::{address, new_key};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// Interval for polling the progress of the import.
const EVERY: Duration = Duration::from_millis(700);

/// Uploads a file for its preview.
pub fn look_at(file: File, work: Work, id: PortfolioId) {
    work.reset();
    if file.size() > Import::MOST_BYTES as f64 {
        work.failed(too_large());
        return;
    }
    let (name, size, modified) = (file.name(), file.size(), file.modified());
    // The same file again after a lost response keeps its key.
    let which = format!("{id} {name} {size} {modified}");
    work.key.update_value(|(last, key)| {
        if *last != which {
            (*last, *key) = (which, new_key());
        }
    });
    work.name.set(name);
    work.file.set_value(Some(file));
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
                && is_taking(work) == Some(true)
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

/// Sends the file; returns the number of the request. None: it could not be sent.
fn send(
    address: &str,
    work: Work,
    then: impl FnOnce(Result<Import, Error>) + 'static,
) -> Option<u32> {
    let file = work.file.get_value()?;
    work.sent.update_value(|sent| *sent += 1);
    let sent = work.sent.get_value();
    let (_, key) = work.key.get_value();
    let request = Request {
        method: "POST",
        address,
        key: Some(key),
        file: &file,
    };
    let moved = move |percent| {
        let reading = work
            .step
            .try_with_untracked(|step| matches!(step, Step::Reading(_)));
        if reading == Some(true) && work.sent.try_get_value() == Some(sent) {
            work.step.set(Step::Reading(percent));
        }
    };
    let ended = move |response| {
        // The request was aborted, or a newer one was sent.
        if work.sent.try_get_value() != Some(sent) {
            return;
        }
        let sending = work.sending.try_update_value(Option::take).flatten();
        if let Some(asking) = sending.and_then(|sending| sending.asking) {
            asking.clear();
        }
        then(answer(response));
    };
    let Some(upload) = Upload::begin(request, moved, ended) else {
        work.failed(Error::unavailable());
        return None;
    };
    work.sending.set_value(Some(Sending {
        upload,
        asking: None,
    }));
    Some(sent)
}

fn answer(response: Response) -> Result<Import, Error> {
    let status = response.status;
    match response.success() {
        Ok(text) => serde_json::from_str(&text).map_err(|_| Error::unavailable()),
        // A proxy can reject large files itself, without the server's error.
        Err(error) if status == Kind::TooLarge.status() && error.kind == Kind::Unavailable => {
            Err(too_large())
        }
        Err(error) => Err(error),
    }
}

fn too_large() -> Error {
    let most = Import::MOST_BYTES / 1024 / 1024;
    Error::new(Kind::TooLarge, "file-too-large", "").with("max", most)
}
