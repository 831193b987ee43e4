//! Actions on drawings: they belong to one account, whose pages get an event for each change; other
//! accounts do not see them.

use crate::accounts::{self, Copying, Erasure, PersonalData, Viewer};
use crate::markets::rules::drawings::{MAX_EACH, check};
use crate::markets::{DRAWINGS, Drawing, DrawingsChanged, Shape, Symbol, store::drawings as store};
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

/// Maximum number of drawings per account.
const MAX_ALL: usize = 2000;

/// Drawings of members on charts. Clones share their state.
#[derive(Clone)]
pub struct Drawings {
    db: Database,
    bus: SharedBus,
}

impl Drawings {
    /// Starts the service; drawings are personal data, exported and deleted with their account.
    pub fn start(db: Database, bus: SharedBus, accounts: &accounts::Service) -> Self {
        let service = Self { db, bus };
        accounts.add_personal_data(service.clone());
        service
    }

    /// Returns the viewer's drawings on a chart, oldest first.
    ///
    /// # Errors
    /// `bad-symbol`.
    pub async fn of(&self, viewer: &Viewer, code: &str) -> Result<Vec<Drawing>> {
        let symbol: Symbol = code.parse()?;
        store::of(&self.db, viewer.account, symbol.as_str()).await
    }

    /// Saves drawings of the viewer; existing ones do not change.
    ///
    /// # Errors
    /// `bad-symbol`, `bad-drawing`, `too-many-drawings`; `not-found`: one of them belongs to
    /// another account.
    pub async fn save(&self, viewer: &Viewer, code: &str, drawings: Vec<Drawing>) -> Result<()> {
        let kept = self.save_once(viewer, code, drawings, None).await;
        kept.map(drop)
    }

    /// Saves one drawing, under a new id unless it has one; returns its id.
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
        let kept = self.save_once(viewer, code, vec![drawing], once).await?;
        kept.first().copied().ok_or_else(Error::not_found)
    }

    /// Returns the ids of the saved drawings.
    async fn save_once(
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
            tell(&tx, &bus, account, &changed).await?;
            Ok(ids)
        };
        self.db.write_once(account.0, once, job).await
    }

    /// Deletes a drawing of the viewer, from one chart or from any.
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
            tell(&tx, &bus, account, &changed).await
        };
        self.db.write(account.0, job).await
    }
}

#[async_trait]
impl PersonalData for Drawings {
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
        // Bounded by the maximum number of drawings per account.
        let job = move |tx: Tx| async move { store::delete_all(&tx, account).await };
        self.db.write(account.0, job).await.map(|()| None)
    }
}

/// Publishes a change to all pages of an account, after the commit.
async fn tell(
    tx: &Tx,
    bus: &SharedBus,
    account: AccountId,
    changed: &DrawingsChanged,
) -> Result<()> {
    let topic = Topic::new(Scope::Account, account.0);
    let rev = accounts::Service::count_change(tx, account, DRAWINGS).await?;
    let event = Published::new(topic, 0, rev, changed)?;
    bus.publish_after(tx, vec![event]);
    Ok(())
}

fn too_many(place: &str, max: usize) -> Error {
    let message = format!("There are at most {max} drawings {place}");
    Error::conflict("too-many-drawings", message).with("max", max)
}

#[cfg(test)]
mod tests;
