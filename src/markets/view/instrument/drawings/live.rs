//! Drawings made on other pages and devices of the same member, before and while this page is open.

use super::{Change, Drawings, Line, is_among, local, lock, missing, with_waiting};
use crate::accounts::AccountChanged;
use crate::markets::rpc::load_drawings;
use crate::markets::{DRAWINGS, Drawing, DrawingsChanged};
use crate::realtime::{Client, Heard, Scope, Topic};
use crate::shared::AccountId;
use crate::ui::later::load_until_done;
use crate::ui::{error_text, t_with};
use leptos::{prelude::*, task::spawn_local};

impl Drawings {
    /// Loads existing drawings, and listens for changes from now on.
    pub fn follow(self) {
        let symbol = self.symbol.get_value();
        let client = Client::of_context();
        spawn_local(async move {
            match load_drawings(symbol.clone()).await {
                Ok((account, rev, kept)) => {
                    self.begin(account, &symbol, kept);
                    self.listen(client, account, rev);
                }
                Err(error) => {
                    let error = error_text(&error);
                    let values = [("error", error.into())];
                    self.toasts.error(t_with("drawings-not-loaded", &values));
                }
            }
        });
    }

    /// Shows the server's drawings, and sends the server what the browser stored.
    fn begin(self, account: AccountId, symbol: &str, mut kept: Vec<Drawing>) {
        // The page may be gone; then unsent drawings stay stored.
        if self.line.try_get_value().is_none() {
            return;
        }
        self.account.set_value(Some(account));
        let place = self.place(symbol);
        let (there, mut waiting): (Vec<_>, Vec<_>) = local::waiting(&place)
            .into_iter()
            .partition(|one| is_among(&kept, one));
        local::forget(&place, &there);
        kept.extend(waiting.iter().copied());
        let old = missing(&local::old(symbol), &kept);
        kept.extend(old.iter().copied());
        waiting.extend(old);
        let _gone = self.all.try_update(|all| {
            // Drawings made while the request was under way.
            let new = all.iter().copied();
            let new: Vec<_> = new.filter(|one| !is_among(&kept, one)).collect();
            kept.extend(new);
            *all = kept;
        });
        if !waiting.is_empty() {
            self.send(Change::Save(waiting));
        }
    }

    fn listen(self, client: Client, account: AccountId, rev: i64) {
        let Some(owner) = self.owner.try_get_value() else {
            return;
        };
        client.open(account.0);
        let topic = Topic::new(Scope::Account, account.0);
        owner.with(|| client.follow(topic, rev, move |update| self.hear(&update)));
    }

    fn hear(self, update: &Heard) {
        match update {
            Heard::Reset { .. } => self.look_again(),
            Heard::Event(envelope) => {
                if let Some(changed) = envelope.read::<DrawingsChanged>() {
                    self.apply(&changed);
                } else if let Some(changed) = envelope.read::<AccountChanged>()
                    && changed.kinds.iter().any(|kind| kind == DRAWINGS)
                {
                    self.look_again();
                }
            }
            Heard::Complete { .. } | Heard::Heartbeat { .. } => {}
        }
    }

    /// Applies an event. Those about this page's own changes have no effect.
    fn apply(self, changed: &DrawingsChanged) {
        let own = self.symbol.try_get_value();
        let line = self.line.try_get_value();
        let Some(line) = line.filter(|_| own.as_ref() == Some(&changed.symbol)) else {
            return;
        };
        self.heard
            .update_value(|heard| *heard = heard.wrapping_add(1));
        let Some(mut now) = self.all.try_get_untracked() else {
            return;
        };
        now.retain(|one| !changed.removed.contains(&one.id));
        let plainly = with_waiting(now, &changed.drawn, &[]);
        let shown = with_waiting(plainly.clone(), &[], &*lock(&line));
        if shown != plainly {
            // Which came first is known when all changes are sent.
            self.in_doubt.set_value(true);
        }
        self.show(shown);
    }

    /// A change was sent and has its response.
    pub(super) fn told(self, line: &Line) {
        let counted = self
            .heard
            .try_update_value(|heard| *heard = heard.wrapping_add(1));
        if counted.is_none() || !lock(line).is_empty() {
            return;
        }
        if self.in_doubt.try_update_value(std::mem::take) == Some(true) {
            self.look_again();
        }
    }

    /// Loads the current drawings; again if an event comes meanwhile, which may be newer than the
    /// response.
    fn look_again(self) {
        let known = self.heard.try_get_value().zip(self.symbol.try_get_value());
        let Some((heard, symbol)) = known else { return };
        let of = symbol.clone();
        let load = move || load_drawings(of.clone());
        load_until_done(load, move |(_, _, kept)| {
            let (Some(now), Some(line)) = (self.heard.try_get_value(), self.line.try_get_value())
            else {
                return;
            };
            if now == heard {
                let waiting = local::waiting(&self.place(&symbol));
                self.show(with_waiting(kept, &waiting, &*lock(&line)));
            } else {
                self.look_again();
            }
        });
    }

    fn show(self, drawings: Vec<Drawing>) {
        if self.all.try_with_untracked(|all| *all != drawings) == Some(true) {
            self.all.set(drawings);
        }
    }
}
