//! What the reader changed on a page: the page loads its data again, a toast says what happened and
//! offers to undo it.

use super::form::FormAction;
use super::{Toasts, error_text, t};
use crate::shared::Error;
use leptos::{prelude::*, task::spawn_local};

/// Counts the changes; resources that read the count load again. A copy shares the state.
#[derive(Clone, Copy)]
pub struct Changes {
    count: RwSignal<usize>,
    toasts: Toasts,
    /// Owner of the page: what it owns outlives the row or form that made a change.
    owner: StoredValue<Owner>,
}

impl Changes {
    /// Puts the count of a page into its context.
    pub fn provide() -> Self {
        let changes = Self {
            count: RwSignal::new(0),
            toasts: Toasts::of_context(),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        };
        provide_context(changes);
        changes
    }

    /// The count of the page.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// The number of changes so far.
    pub fn count(self) -> usize {
        self.count.get()
    }

    /// Loads the page's data again.
    pub fn made(self) {
        self.count.update(|count| *count += 1);
    }

    /// Loads the page's data again and shows a toast.
    pub fn say(self, text: String) {
        self.made();
        self.toasts.say(text);
    }

    /// Does both after each success of an action; after an error, shows that.
    pub fn follow<S: FormAction>(
        self,
        action: ServerAction<S>,
        said: impl Fn(S::Output) -> String + Send + Sync + 'static,
    ) {
        self.after(action, move |made| self.say(said(made)));
    }

    /// Runs `then` after each success of an action; after an error, shows that.
    pub fn after<S: FormAction>(
        self,
        action: ServerAction<S>,
        then: impl Fn(S::Output) + Send + Sync + 'static,
    ) {
        Effect::new(move || match action.value().get() {
            Some(Ok(made)) => then(made),
            Some(Err(error)) => self.toasts.error(error_text(&error)),
            None => {}
        });
    }

    /// Loads the page's data again, and says what happened with a button that undoes it.
    pub fn say_with_undo<T, Undoing>(
        self,
        text: String,
        undo: impl Fn() -> Undoing + Send + Sync + 'static,
    ) where
        Undoing: Future<Output = Result<T, Error>> + 'static,
    {
        self.made();
        let undo = move |()| {
            let undoing = undo();
            spawn_local(async move {
                match undoing.await {
                    Ok(_) => self.made(),
                    Err(error) => self.toasts.error(error_text(&error)),
                }
            });
        };
        let owner = self.owner.get_value();
        let undo = owner.with(|| Callback::new(undo));
        self.toasts.with_action(text, t("undo"), undo);
    }
}
