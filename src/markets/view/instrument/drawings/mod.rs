//! A member's drawings on a chart: shown at once, then saved by the server.
//!
//! Changes are sent one by one, in order, so that tabs and devices do not undo what others did, and
//! get it at once. Until the server has confirmed a drawing, it is stored in the browser too, and
//! sent again on the next visit.

#[cfg(feature = "hydrate")]
mod live;
mod local;

use crate::markets::rpc::{remove_drawing, save_drawings};
use crate::markets::{Drawing, Shape};
use crate::shared::sync::lock;
use crate::shared::{AccountId, DrawingId, Error, Kind};
use crate::ui::{Toasts, error_text, t, t_with};
use leptos::{prelude::*, task::spawn_local};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Number of deletions that can be undone.
const UNDOS: usize = 20;

/// A change that the server does not have yet.
#[derive(Clone, Debug)]
enum Change {
    Save(Vec<Drawing>),
    /// With its former position.
    Remove(usize, Drawing),
}

/// Changes in order; the first one is being sent.
type Line = Arc<Mutex<VecDeque<Change>>>;

/// The drawings of a chart. Copies share their state.
#[derive(Clone, Copy)]
pub struct Drawings {
    /// Shown drawings, oldest first.
    pub all: RwSignal<Vec<Drawing>>,
    symbol: StoredValue<String>,
    /// The owner, once known.
    account: StoredValue<Option<AccountId>>,
    line: StoredValue<Line>,
    removed: StoredValue<Vec<Drawing>>,
    /// Counts received events and sent changes.
    #[cfg(feature = "hydrate")]
    heard: StoredValue<u32>,
    /// true if an event conflicted with changes that were not sent yet.
    #[cfg(feature = "hydrate")]
    in_doubt: StoredValue<bool>,
    toasts: Toasts,
    /// The page's owner: rows disappear, but the undo that they offered stays.
    owner: StoredValue<Owner>,
}

impl Drawings {
    /// Starts without drawings.
    pub fn new(symbol: String) -> Self {
        Self {
            all: RwSignal::new(Vec::new()),
            symbol: StoredValue::new(symbol),
            account: StoredValue::new(None),
            line: StoredValue::new(Line::default()),
            removed: StoredValue::new(Vec::new()),
            #[cfg(feature = "hydrate")]
            heard: StoredValue::new(0),
            #[cfg(feature = "hydrate")]
            in_doubt: StoredValue::new(false),
            toasts: Toasts::of_context(),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Adds a drawing.
    pub fn add(self, shape: Shape) {
        let drawing = drawing(shape);
        self.all.update(|all| all.push(drawing));
        self.send(Change::Save(vec![drawing]));
    }

    /// Deletes a drawing, and offers to undo it.
    pub fn remove(self, id: DrawingId, name: &str) {
        let at = |all: &Vec<Drawing>| all.iter().position(|one| one.id == id);
        let Some(at) = self.all.with_untracked(at) else {
            return;
        };
        let drawing = self.all.try_update(|all| all.remove(at));
        let Some(drawing) = drawing else { return };
        self.removed.update_value(|removed| {
            removed.push(drawing);
            let more = removed.len().saturating_sub(UNDOS);
            removed.drain(..more);
        });
        let back = self.lasting(move || self.bring_back(id));
        if let Some(back) = back {
            let text = t_with("drawing-removed", &[("name", name.into())]);
            self.toasts.with_action(text, t("undo"), back);
        }
        self.send(Change::Remove(at, drawing));
    }

    /// Restores the last deleted drawing.
    #[cfg(feature = "hydrate")]
    pub fn undo(self) {
        let last = |removed: &Vec<Drawing>| removed.last().map(|one| one.id);
        if let Some(id) = self.removed.with_value(last) {
            self.bring_back(id);
        }
    }

    fn bring_back(self, id: DrawingId) {
        let found = self.removed.try_update_value(|removed| {
            let at = removed.iter().position(|one| one.id == id)?;
            Some(removed.remove(at))
        });
        // Notice and keyboard both offer this, but it happens once. The drawing is now the newest,
        // as on the server.
        if let Some(drawing) = found.flatten() {
            let end = self.all.with_untracked(Vec::len);
            self.put_back(end, drawing);
            self.send(Change::Save(vec![drawing]));
        }
    }

    fn put_back(self, at: usize, drawing: Drawing) {
        let _gone = self.all.try_update(|all| {
            if !all.iter().any(|one| one.id == drawing.id) {
                all.insert(at.min(all.len()), drawing);
            }
        });
    }

    /// Returns a callback that works as long as the page exists; `None` if it does not.
    fn lasting(self, act: impl Fn() + Send + Sync + 'static) -> Option<Callback<()>> {
        let owner = self.owner.try_get_value()?;
        Some(owner.with(|| Callback::new(move |()| act())))
    }

    fn send(self, change: Change) {
        let known = self.line.try_get_value().zip(self.symbol.try_get_value());
        let Some((line, symbol)) = known else {
            return;
        };
        let place = self.place(&symbol);
        match &change {
            Change::Save(drawings) => local::add(&place, drawings),
            Change::Remove(_, drawing) => local::forget(&place, std::slice::from_ref(drawing)),
        }
        {
            let mut waiting = lock(&line);
            waiting.push_back(change);
            if waiting.len() > 1 {
                return;
            }
        }
        // Continues when the reader leaves the page.
        spawn_local(async move {
            loop {
                let first = lock(&line).front().cloned();
                let Some(change) = first else { break };
                let done = tell(&symbol, &change).await;
                lock(&line).pop_front();
                match (done, change) {
                    (Ok(()), Change::Save(drawings)) => local::forget(&place, &drawings),
                    (Ok(()), Change::Remove(..)) => {}
                    (Err(error), change) => self.failed(&place, change, &error),
                }
                #[cfg(feature = "hydrate")]
                self.told(&line);
            }
        });
    }

    /// Returns the storage key of unconfirmed drawings: per account, as others may use the same
    /// browser; empty, which stores nothing, while the account is not known.
    fn place(self, symbol: &str) -> String {
        let account = self.account.try_get_value().flatten();
        let place = account.map(|account| format!("drawings-waiting:{account}:{symbol}"));
        place.unwrap_or_default()
    }

    /// Reverts a change that was rejected; a temporary failure can be retried.
    fn failed(self, place: &str, change: Change, error: &Error) {
        let text = error_text(error);
        let (text, again) = match change {
            Change::Save(drawings) if is_final(error) => {
                local::forget(place, &drawings);
                let _gone = self
                    .all
                    .try_update(|all| all.retain(|one| !drawings.contains(one)));
                (text, None)
            }
            Change::Save(drawings) => {
                let text = t_with("drawing-not-kept", &[("error", text.into())]);
                (
                    text,
                    self.lasting(move || self.send(Change::Save(drawings.clone()))),
                )
            }
            // Another tab or device was first.
            Change::Remove(..) if error.kind == Kind::NotFound => return,
            Change::Remove(at, drawing) => {
                self.put_back(at, drawing);
                let again = move || {
                    let _gone = self.all.try_update(|all| all.retain(|one| *one != drawing));
                    self.send(Change::Remove(at, drawing));
                };
                let text = t_with("drawing-not-removed", &[("error", text.into())]);
                (text, self.lasting(again))
            }
        };
        match again {
            Some(again) => self.toasts.with_action(text, t("retry"), again),
            None => self.toasts.error(text),
        }
    }
}

fn drawing(shape: Shape) -> Drawing {
    Drawing {
        id: DrawingId(Uuid::new_v4()),
        shape,
    }
}

#[cfg(any(feature = "hydrate", test))]
fn is_among(all: &[Drawing], one: &Drawing) -> bool {
    all.iter().any(|other| other.id == one.id)
}

/// Returns those of these shapes that are valid and not saved yet, as drawings.
#[cfg(any(feature = "hydrate", test))]
fn missing(shapes: &[Shape], kept: &[Drawing]) -> Vec<Drawing> {
    use crate::markets::rules::drawings::{MAX_EACH, check};
    let room = MAX_EACH.saturating_sub(kept.len());
    let mut found: Vec<Drawing> = Vec::new();
    for shape in shapes {
        let mut known = kept.iter().chain(&found);
        if check(shape).is_ok() && !known.any(|one| is_same(&one.shape, shape)) {
            found.push(drawing(*shape));
        }
    }
    found.truncate(room);
    found
}

/// true if both look the same. Numbers can lose a last digit on the way.
#[cfg(any(feature = "hydrate", test))]
fn is_same(one: &Shape, other: &Shape) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    match (one, other) {
        (Shape::Level(a), Shape::Level(b)) => near(*a, *b),
        (Shape::Trend(a, b), Shape::Trend(c, d)) => {
            (a.0, b.0) == (c.0, d.0) && near(a.1, c.1) && near(b.1, d.1)
        }
        _ => false,
    }
}

/// Returns what to show of the server's drawings: changes that are not sent yet count as done, in
/// order.
#[cfg(any(feature = "hydrate", test))]
fn with_waiting<'a>(
    mut kept: Vec<Drawing>,
    waiting: &[Drawing],
    line: impl IntoIterator<Item = &'a Change>,
) -> Vec<Drawing> {
    let add = |all: &mut Vec<Drawing>, new: &[Drawing]| {
        for one in new {
            if !is_among(all, one) {
                all.push(*one);
            }
        }
    };
    add(&mut kept, waiting);
    for change in line {
        match change {
            Change::Save(new) => add(&mut kept, new),
            Change::Remove(_, gone) => kept.retain(|one| one.id != gone.id),
        }
    }
    kept
}

/// true if a retry would be refused again.
const fn is_final(error: &Error) -> bool {
    matches!(
        error.kind,
        Kind::BadRequest | Kind::Conflict | Kind::Forbidden | Kind::NotFound
    )
}

async fn tell(symbol: &str, change: &Change) -> Result<(), Error> {
    match change {
        Change::Save(drawings) => save_drawings(symbol.to_owned(), drawings.clone()).await,
        Change::Remove(_, drawing) => remove_drawing(drawing.id).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_kept_is_taken_over_once() {
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        let line = Shape::Trend((day("2012-01-03"), 411.23), (day("2013-03-01"), 430.47));
        let kept = [drawing(Shape::Level(450.5)), drawing(line)];
        let nearly = Shape::Trend(
            (day("2012-01-03"), 411.230_000_000_1),
            (day("2013-03-01"), 430.47),
        );
        let other = Shape::Trend((day("2012-01-03"), 411.24), (day("2013-03-01"), 430.47));
        let waiting = [
            Shape::Level(450.5),
            Shape::Level(451.0),
            Shape::Level(451.0),
            Shape::Level(-1.0),
            nearly,
            other,
        ];
        let found = missing(&waiting, &kept);
        let shapes: Vec<_> = found.iter().map(|one| one.shape).collect();
        assert_eq!(shapes, [Shape::Level(451.0), other]);
        // Takes only what fits below the limit of drawings.
        let many: Vec<_> = (1..200).map(|n| Shape::Level(f64::from(n))).collect();
        assert_eq!(missing(&many, &kept).len(), 98);
    }

    #[test]
    fn what_waits_counts_as_told() {
        let [one, two, three, four] =
            [1.0, 2.0, 3.0, 4.0].map(|price| drawing(Shape::Level(price)));
        let line = [
            Change::Remove(0, one),
            Change::Save(vec![two, three]),
            Change::Remove(1, two),
            Change::Save(vec![one]),
        ];
        assert_eq!(
            with_waiting(vec![one, four], &[three], &line),
            [four, three, one]
        );
        assert_eq!(with_waiting(vec![one, four], &[four], &[]), [one, four]);
    }

    #[test]
    fn what_browsers_kept_before_can_be_read() {
        let text = r#"[{"Level":450.5},{"Trend":[["2012-01-03",411.23],["2013-03-01",430.47]]}]"#;
        let shapes: Vec<Shape> = serde_json::from_str(text).unwrap();
        assert_eq!(missing(&shapes, &[]).len(), 2);
    }
}
