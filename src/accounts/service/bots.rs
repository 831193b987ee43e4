//! Accounts of bots. They are created before anybody can connect, and no person or guest can take
//! their names.

use super::{
    Service,
    registration::{blank, named, viewer},
};
use crate::shared::sync::{read, write};
use crate::{
    accounts::{AccountKind, Viewer, rules, store},
    platform::database::Tx,
    shared::{Result, SessionId, names},
};
use uuid::Uuid;

/// Most names that are tried for a bot whose own belongs to another account.
const NAMES: usize = 50;

impl Service {
    /// The bot of this name; created when it does not exist. From now on people cannot take its
    /// username or its display name. Where another account has the username already, as on an
    /// instance that is older than the bot, the bot gets the next free one, and the log says so.
    /// The bot's viewer has no session.
    ///
    /// # Errors
    /// `username-taken` when no name is left.
    pub async fn ensure_bot(&self, username: &str, display_name: &str) -> Result<Viewer> {
        let username = rules::username(username)?;
        let display_name = rules::display_name(display_name)?;
        let usernames = usernames_of(&username);
        self.reserve([&username, &display_name, &format!("{username}-bot")]);
        let keys: Vec<_> = usernames.iter().map(|name| names::folded(name)).collect();
        if let Some(bot) = store::first_bot(&self.inner.db, &keys).await? {
            return Ok(viewer(SessionId(Uuid::nil()), &bot));
        }
        let service = self.clone();
        let job = move |tx: Tx| async move {
            if let Some(bot) = store::first_bot(&tx, &keys).await? {
                return Ok(bot);
            }
            let new = blank(AccountKind::Bot, display_name);
            store::free_expired_name(&tx, &names::folded(&username), new.created_at).await?;
            let free = service.free_username(&tx, usernames).await?;
            if free != username {
                tracing::warn!(
                    bot.username = %free,
                    "the username `{username}` belongs to another account; the bot gets another"
                );
            }
            service.create(&tx, named(new, free)).await
        };
        let bot = self.inner.db.write(Uuid::nil(), job).await?;
        Ok(viewer(SessionId(Uuid::nil()), &bot))
    }

    /// Keeps people from taking these names, and those that look like them.
    fn reserve<const N: usize>(&self, reserved: [&str; N]) {
        let mut names = write(&self.inner.reserved);
        names.extend(reserved.map(rules::name_key));
    }

    /// Refuses a name that looks like one of the instance's own or of its bots.
    ///
    /// # Errors
    /// `name-reserved`.
    pub(super) fn not_reserved(&self, name: &str) -> Result<()> {
        rules::not_reserved(name)?;
        let reserved = read(&self.inner.reserved);
        if reserved.contains(&rules::name_key(name)) {
            return Err(rules::reserved());
        }
        Ok(())
    }
}

/// The names that a bot may have, in the order in which they are tried.
fn usernames_of(username: &str) -> Vec<String> {
    let numbered = (2..NAMES).map(|n| format!("{username}-bot-{n}"));
    [username.to_owned(), format!("{username}-bot")]
        .into_iter()
        .chain(numbered)
        .collect()
}
