//! Accounts of bots. They are created before the server accepts connections, and reserve their
//! names.

use super::{
    Service,
    registration::{blank, named},
    sessions::viewer,
};
use crate::shared::sync::{read, write};
use crate::{
    accounts::{AccountKind, Viewer, rules, store},
    platform::database::Tx,
    shared::{Kind, Result, SessionId, names},
};
use uuid::Uuid;

/// Most usernames that are tried for a bot whose own is taken.
const NAMES: usize = 50;

impl Service {
    /// Returns the bot with this username; creates it if missing. Reserves its username and display
    /// name. If another account has the username, e.g. on an instance older than the bot, the bot
    /// gets the next free one, which is logged. The bot's viewer has no session.
    ///
    /// # Errors
    /// `username-taken` if no name is free.
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
        let wanted = keys.clone();
        let job = move |tx: Tx| async move {
            let new = blank(AccountKind::Bot, display_name);
            store::free_expired_name(&tx, &names::folded(&username), new.created_at).await?;
            let free = service.free_username(&tx, usernames).await?;
            // Read last: if another node has just created the bot, its name is the one that is taken.
            if let Some(bot) = store::first_bot(&tx, &keys).await? {
                return Ok(bot);
            }
            if free != username {
                tracing::warn!(
                    bot.username = %free,
                    "the username `{username}` belongs to another account; the bot gets another"
                );
            }
            service.create(&tx, named(new, free)).await
        };
        let bot = match self.inner.db.write(Uuid::nil(), job).await {
            // Another node has created the bot since this one looked.
            Err(error) if error.kind == Kind::Conflict => {
                let bot = store::first_bot(&self.inner.db, &wanted).await?;
                bot.ok_or(error)?
            }
            created => created?,
        };
        Ok(viewer(SessionId(Uuid::nil()), &bot))
    }

    /// Reserves these names and names that look like them.
    fn reserve<const N: usize>(&self, reserved: [&str; N]) {
        let mut names = write(&self.inner.reserved);
        names.extend(reserved.map(rules::name_key));
    }

    /// Refuses a name that looks like that of the instance or of a bot.
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

/// Usernames for a bot, in the order in which they are tried.
fn usernames_of(username: &str) -> Vec<String> {
    let numbered = (2..NAMES).map(|n| format!("{username}-bot-{n}"));
    [username.to_owned(), format!("{username}-bot")]
        .into_iter()
        .chain(numbered)
        .collect()
}
