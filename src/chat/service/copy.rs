//! A member's messages for the export of personal data: for each channel a JSON Lines file for
//! programs and an HTML page for reading.

use super::super::store::{self, OwnStretch, Row};
use super::Service;
use crate::accounts::{Copying, Erasure, PersonalData};
use crate::shared::{AccountId, ChannelId, Error, Result, Timestamp};
use async_trait::async_trait;
use serde::Serialize;
use std::fmt::Write;

/// Message numbers of a channel read at once; bounds memory and the length of a read.
const STRETCH: i64 = 500;

/// One line of the JSON Lines file.
#[derive(Serialize)]
struct Line<'a> {
    id: String,
    channel_id: ChannelId,
    seq: i64,
    text: &'a str,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
}

#[async_trait]
impl PersonalData for Service {
    async fn copy(&self, author: AccountId, copying: &Copying) -> Result<()> {
        let stretches = store::own_stretches(&self.inner.db, author).await?;
        let ids: Vec<_> = stretches.iter().map(|own| own.channel_id).collect();
        // Deleted channels are not exported: their messages are being removed.
        let names = self.inner.communities.channel_names(&ids).await?;
        let stretches: Vec<_> = stretches
            .into_iter()
            .filter_map(|own| Some((names.get(&own.channel_id)?.as_str(), own)))
            .collect();
        for (_, own) in &stretches {
            // Each message is written to both files.
            copying.expect(own.count * 2);
        }
        for (name, own) in stretches {
            let file = file_name(name, own.channel_id);
            copying.file(&format!("{file}.jsonl")).await?;
            self.copy_rows(author, &own, copying, line).await?;
            copying.file(&format!("{file}.html")).await?;
            copying.write(page_head(name)).await?;
            self.copy_rows(author, &own, copying, |row| Ok(article(row)))
                .await?;
            copying.write("</ol></main></body></html>\n".into()).await?;
        }
        Ok(())
    }

    async fn erase(&self, erasure: Erasure, place: Option<String>) -> Result<Option<String>> {
        self.erase_step(erasure, place).await
    }
}

impl Service {
    /// Writes an author's messages of a channel, one range of numbers at a time.
    async fn copy_rows(
        &self,
        author: AccountId,
        own: &OwnStretch,
        copying: &Copying,
        write: impl Fn(&Row) -> Result<String>,
    ) -> Result<()> {
        let mut after = own.first - 1;
        while after < own.last {
            let to = after + STRETCH;
            let db = &self.inner.db;
            let rows = store::own_between(db, author, own.channel_id, after, to).await?;
            let mut text = String::new();
            for row in &rows {
                text.push_str(&write(row)?);
            }
            if !text.is_empty() {
                copying.write(text).await?;
            }
            copying.done(i64::try_from(rows.len()).unwrap_or(0));
            after = to;
        }
        Ok(())
    }
}

/// Path of a channel's file in the export, without extension. Members choose channel names, so
/// characters that are special in paths are replaced; the id keeps equal names apart.
fn file_name(channel: &str, id: ChannelId) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let name: String = channel
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .take(48)
        .collect();
    let id = id.0.simple().to_string();
    let tail = id.get(20..).unwrap_or_default();
    format!("messages/{name}-{tail}")
}

fn line(row: &Row) -> Result<String> {
    let line = Line {
        id: row.id.to_string(),
        channel_id: row.channel_id,
        seq: row.seq,
        text: &row.body,
        created_at: row.created_at,
        edited_at: row.edited_at,
    };
    let mut line = serde_json::to_string(&line).map_err(Error::internal)?;
    line.push('\n');
    Ok(line)
}

/// Start of a self-contained page without scripts or external resources.
fn page_head(channel: &str) -> String {
    let channel = escaped(channel);
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\"><title>#{channel}</title><style>\
         :root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;\
         margin:2rem auto;padding:0 1rem}}ol{{list-style:none;padding:0}}li{{margin:0 0 1rem}}\
         time{{display:block;font-size:.8rem;opacity:.7}}p{{margin:0;white-space:pre-wrap;\
         overflow-wrap:anywhere}}</style></head><body><main><h1>#{channel}</h1><ol>\n"
    )
}

fn article(row: &Row) -> String {
    let at = row.created_at;
    let machine = at.to_rfc3339();
    let people = at.format("%Y-%m-%d %H:%M UTC");
    let text = escaped(&row.body);
    format!("<li><time datetime=\"{machine}\">{people}</time><p dir=\"auto\">{text}</p></li>\n")
}

/// Escapes text for HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' => {
                // Writing to a string does not fail.
                let _written = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn files_have_harmless_names() {
        let id: ChannelId = "01920000-0000-7000-8000-0123456789ab".parse().unwrap();
        for (name, file) in [
            ("general", "messages/general-0123456789ab"),
            ("../../etc", "messages/------etc-0123456789ab"),
            ("日本 株", "messages/日本-株-0123456789ab"),
            ("", "messages/-0123456789ab"),
        ] {
            assert_eq!(file_name(name, id), file);
        }
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in ".{0,80}") {
            let escaped = escaped(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
        }
    }
}
