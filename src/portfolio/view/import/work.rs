//! State of an import.

use crate::portfolio::Import;
use crate::portfolio::rpc::undo_import;
use crate::portfolio::view::shown::Shown;
use crate::shared::{Error, PortfolioId};
use crate::ui::t_with;
use crate::ui::upload::{File, Upload};
use leptos::prelude::*;

/// State of an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Step {
    /// No file is chosen.
    #[default]
    Choosing,
    /// The file is uploaded for a preview: percentage sent; at 100 the server reads it.
    Reading(u8),
    /// The preview.
    Seen(Box<Import>),
    /// The import runs: transactions written, and their total number.
    Taking(Option<(usize, usize)>),
}

/// State shared by the parts of the page. It survives re-rendering after a change.
#[derive(Clone, Copy)]
pub struct Work {
    pub step: RwSignal<Step>,
    pub failure: RwSignal<Option<Error>>,
    /// The chosen file; `name` is its name.
    pub file: StoredValue<Option<File>>,
    pub name: RwSignal<String>,
    /// Identity of the file, and its idempotency key.
    pub key: StoredValue<(String, String)>,
    /// true: imports duplicates too.
    pub duplicates: RwSignal<bool>,
    /// true: skips lines that cannot be imported.
    pub rest: RwSignal<bool>,
    /// The running request; `sent` is its number, so that responses to earlier ones are ignored.
    pub sending: StoredValue<Option<Sending>>,
    pub sent: StoredValue<u32>,
    pub shown: Shown,
}

impl Work {
    pub fn new(shown: Shown) -> Self {
        Self {
            step: RwSignal::new(Step::Choosing),
            failure: RwSignal::new(None),
            file: StoredValue::new(None),
            name: RwSignal::new(String::new()),
            key: StoredValue::new(Default::default()),
            duplicates: RwSignal::new(false),
            rest: RwSignal::new(false),
            sending: StoredValue::new(None),
            sent: StoredValue::new(0),
            shown,
        }
    }

    /// Resets the page, and aborts a running upload.
    pub fn reset(self) {
        stop(self);
        self.file.set_value(None);
        self.duplicates.set(false);
        self.rest.set(false);
        self.failure.set(None);
        self.step.set(Step::Choosing);
    }

    /// Shows an error instead of the preview.
    pub fn failed(self, error: Error) {
        self.step.try_set(Step::Choosing);
        self.failure.try_set(Some(error));
    }

    /// Shows the result, with an undo button.
    pub fn taken(self, portfolio: PortfolioId, import: &Import) {
        self.file.set_value(None);
        self.key.set_value(Default::default());
        self.step.set(Step::Choosing);
        let said = t_with("import-done", &[("count", import.fresh.into())]);
        if let Some(id) = import.id {
            let changes = self.shown.changes;
            changes.say_with_undo(said, move || undo_import(portfolio, id));
        }
    }
}

/// A running request.
pub struct Sending {
    pub upload: Upload,
    /// Timer that polls the progress.
    pub asking: Option<IntervalHandle>,
}

pub fn is_taking(work: Work) -> Option<bool> {
    work.step
        .try_with_untracked(|step| matches!(step, Step::Taking(_)))
}

/// Aborts the upload of a preview. An import continues: half of it would be useless.
pub fn stop(work: Work) {
    let taking = is_taking(work);
    work.sent.try_update_value(|sent| *sent += 1);
    if let Some(sending) = work.sending.try_update_value(Option::take).flatten() {
        if let Some(asking) = sending.asking {
            asking.clear();
        }
        if taking != Some(true) {
            sending.upload.abort();
        }
    }
}
