//! What happens with drawings: they belong to one account, whose pages hear of each change, and
//! nobody else learns of them.

use crate::accounts::{self, Copying, Erasure, Keeper, Viewer};
use crate::markets::rules::drawings::{MAX_EACH, check};
use crate::markets::{Drawing, DrawingsChanged, Shape, Symbol, store::drawings as store};
use crate::platform::{
    database::{Database, Tx},
    idempotency::Once,
};
use crate::realtime::{
    Scope, Topic,
    bus::{Published, SharedBus},
};
use crate::shared::{AccountId, DrawingId, Error, Result, time};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::{collections::HashSet, sync::Arc};

/// Most drawings of an account.
const MAX_ALL: usize = 2000;

/// What members draw on charts; a clone is the same service.
#[derive(Clone)]
pub struct Drawings {
    db: Database,
    bus: SharedBus,
}

impl Drawings {
    /// Starts the service; drawings are part of the copy that somebody takes along, and go with
    /// their account.
    pub fn start(db: Database, bus: SharedBus, accounts: &accounts::Service) -> Self {
        let service = Self { db, bus };
        accounts.add_keeper(service.clone());
        service
    }

    /// What the viewer drew on the chart of an instrument, the oldest first.
    ///
    /// # Errors
    /// `bad-symbol`.
    pub async fn of(&self, viewer: &Viewer, code: &str) -> Result<Vec<Drawing>> {
        let symbol: Symbol = code.parse()?;
        store::of(&self.db, viewer.account, symbol.as_str()).await
    }

    /// Keeps what the viewer drew; what is kept already stays as it is.
    ///
    /// # Errors
    /// `bad-symbol`, `bad-drawing`, `too-many-drawings`; `not-found` when one of them is somebody
    /// else's.
    pub async fn keep(&self, viewer: &Viewer, code: &str, drawings: Vec<Drawing>) -> Result<()> {
        let kept = self.keep_once(viewer, code, drawings, None).await;
        kept.map(drop)
    }

    /// Keeps one drawing, under a new id unless it has one; its id.
    pub async fn draw(
        &self,
        viewer: &Viewer,
        code: &str,
        id: Option<DrawingId>,
        shape: Shape,
    ) -> Result<DrawingId> {
        let once = Once::of(viewer.account, "drawings.draw", &(code, id, &shape))?;
        let id = id.unwrap_or_else(DrawingId::new);
        let drawing = Drawing { id, shape };
        let kept = self.keep_once(viewer, code, vec![drawing], once).await?;
        kept.first().copied().ok_or_else(Error::not_found)
    }

    /// The ids of what is kept then.
    async fn keep_once(
        &self,
        viewer: &Viewer,
        code: &str,
        drawings: Vec<Drawing>,
        once: Option<Once>,
    ) -> Result<Vec<DrawingId>> {
        let (account, symbol) = (viewer.account, code.parse::<Symbol>()?);
        if drawings.len() > MAX_EACH {
            return Err(too_many("on a chart", MAX_EACH));
        }
        let mut known = HashSet::new();
        let mut wanted = Vec::new();
        for drawing in drawings {
            check(&drawing.shape)?;
            if known.insert(drawing.id) {
                wanted.push(drawing);
            }
        }
        let bus = Arc::clone(&self.bus);
        let job = move |tx: Tx| async move {
            let ids: Vec<_> = wanted.iter().map(|drawing| drawing.id).collect();
            let owners = store::owners(&tx, &ids).await?;
            if owners.values().any(|owner| *owner != account) {
                return Err(Error::not_found());
            }
            let mut new = wanted;
            new.retain(|drawing| !owners.contains_key(&drawing.id));
            let more = new.len();
            if more == 0 {
                return Ok(ids);
            }
            if store::count(&tx, account, Some(symbol.as_str())).await? + more > MAX_EACH {
                return Err(too_many("on a chart", MAX_EACH));
            }
            if store::count(&tx, account, None).await? + more > MAX_ALL {
                return Err(too_many("in all", MAX_ALL));
            }
            store::insert(&tx, account, symbol.as_str(), &new, time::now()).await?;
            let changed = DrawingsChanged {
                symbol: symbol.to_string(),
                drawn: new,
                removed: Vec::new(),
            };
            tell(&tx, bus, account, &changed)?;
            Ok(ids)
        };
        self.db.write_once(account.0, once, job).await
    }

    /// Takes a drawing of the viewer away: from the chart of an instrument, or wherever it is.
    ///
    /// # Errors
    /// `bad-symbol`, `not-found`.
    pub async fn remove(&self, viewer: &Viewer, code: Option<&str>, id: DrawingId) -> Result<()> {
        let account = viewer.account;
        let from = code.map(str::parse::<Symbol>).transpose()?;
        let bus = Arc::clone(&self.bus);
        let job = move |tx: Tx| async move {
            let from = from.as_ref().map(Symbol::as_str);
            let there = store::delete(&tx, account, from, id).await?;
            let changed = DrawingsChanged {
                symbol: there.ok_or_else(Error::not_found)?,
                drawn: Vec::new(),
                removed: vec![id],
            };
            tell(&tx, bus, account, &changed)
        };
        self.db.write(account.0, job).await
    }
}

#[async_trait]
impl Keeper for Drawings {
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let all = store::all(&self.db, account).await?;
        if all.is_empty() {
            return Ok(());
        }
        let rows = all.into_iter().map(|(symbol, drawing, at)| {
            json!({"id": drawing.id, "symbol": symbol, "shape": drawing.shape, "created_at": at})
        });
        copy.json("drawings.json", &rows.collect::<Vec<Value>>())
            .await
    }

    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
        let account = erasure.account;
        // Bounded by the most drawings of an account.
        let job = move |tx: Tx| async move { store::delete_all(&tx, account).await };
        self.db.write(account.0, job).await.map(|()| None)
    }
}

/// Tells all pages of an account what changed, after the commit.
fn tell(tx: &Tx, bus: SharedBus, account: AccountId, changed: &DrawingsChanged) -> Result<()> {
    let topic = Topic::new(Scope::Account, account.0);
    let event = Published::new(topic, 0, 0, changed)?;
    tx.after_commit(move || bus.publish(event));
    Ok(())
}

fn too_many(place: &str, max: usize) -> Error {
    let message = format!("There are at most {max} drawings {place}");
    Error::conflict("too-many-drawings", message).with("max", max)
}

#[cfg(test)]
mod tests;
