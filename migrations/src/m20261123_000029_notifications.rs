//! One table of notifications for all features. What an alert must still post to a channel moves to
//! a table of its own.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Kind of the notifications of alerts.
const TRIGGERED: &str = "alerts.triggered";

/// Index, columns, unique.
type Indexed = (&'static str, &'static [&'static str], bool);

const INDEXES: &[Indexed] = &[
    (
        "notifications_once",
        &["account_id", "kind", "subject"],
        true,
    ),
    ("notifications_account", &["account_id", "id"], false),
    ("notifications_unseen", &["account_id", "seen_at"], false),
    ("notifications_age", &["created_at"], false),
];

const POST_INDEXES: &[Indexed] = &[("alert_posts_account", &["account_id"], false)];

const OLD_INDEXES: &[Indexed] = &[
    ("notifications_once", &["kind", "subject_id"], true),
    ("notifications_account", &["account_id", "id"], false),
    (
        "notifications_unseen",
        &["account_id", "seen_by_owner_at"],
        false,
    ),
    ("notifications_age", &["created_at"], false),
];

const OLD_ALERT_INDEXES: &[Indexed] = &[
    ("alert_notifications_once", &["alert_id", "armed"], true),
    ("alert_notifications_account", &["account_id", "id"], false),
    ("alert_notifications_posting", &["posting", "id"], false),
    ("alert_notifications_age", &["created_at"], false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing, also on `SQLite`.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Sql::of(manager);
        let table = of_account("notifications")
            // What it is about: one notification per account, kind and subject.
            .col(text("kind"))
            .col(text("subject"))
            // Data that the feature turns into a sentence, JSON.
            .col(text("body"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("seen_at"))
            .to_owned();
        let posts = of_account("alert_posts")
            .col(uuid("channel_id"))
            // The alert, and how many times it was activated.
            .col(text("subject"))
            // The notification's body.
            .col(text("body"))
            .to_owned();
        let run = async |statement: String| {
            let db = manager.get_connection();
            db.execute_unprepared(&statement).await.map(drop)
        };
        rename(manager, "notifications", "notifications_old").await?;
        manager.create_table(table).await?;
        manager.create_table(posts).await?;
        let columns = "id, account_id, kind, subject, body, created_at, seen_at";
        run(format!(
            "INSERT INTO notifications ({columns}) SELECT id, account_id, kind, {}, body, \
             created_at, seen_by_owner_at FROM notifications_old",
            sql.id_as_text("subject_id")
        ))
        .await?;
        let alert = sql.id_as_text("alert_id");
        let subject = format!("{alert} || ':' || armed");
        let body = sql.object(&format!(
            "'alert_id', {alert}, 'symbol', symbol, 'kind', kind, 'value', value, \
             'period', period, 'price', price, 'price_at', price_at, 'source', source, \
             'note', note, 'posting', posting"
        ));
        run(format!(
            "INSERT INTO notifications ({columns}) SELECT id, account_id, '{TRIGGERED}', \
             {subject}, {body}, created_at, seen_by_owner_at FROM alert_notifications"
        ))
        .await?;
        run(format!(
            "INSERT INTO alert_posts (id, account_id, channel_id, subject, body) \
             SELECT id, account_id, channel_id, {subject}, {body} FROM alert_notifications \
             WHERE posting = 'waiting' AND channel_id IS NOT NULL"
        ))
        .await?;
        drop_table(manager, "notifications_old").await?;
        drop_table(manager, "alert_notifications").await?;
        index(manager, "notifications", INDEXES).await?;
        index(manager, "alert_posts", POST_INDEXES).await
    }

    /// Forgets the channels of posts that are done, and what several members were notified of stays
    /// with one of them.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = Sql::of(manager);
        let table = of_account("notifications")
            .col(text("kind"))
            .col(uuid("subject_id"))
            .col(text("body"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("seen_by_owner_at"))
            .to_owned();
        let of_alerts = of_account("alert_notifications")
            .col(uuid("alert_id"))
            .col(integer("armed"))
            .col(text("symbol"))
            .col(text("kind"))
            .col(text_null("value"))
            .col(integer_null("period"))
            .col(text("price"))
            .col(text("price_at"))
            .col(text("source"))
            .col(text("note"))
            .col(uuid_null("channel_id"))
            .col(text("posting"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("seen_by_owner_at"))
            .to_owned();
        let run = async |statement: String| {
            let db = manager.get_connection();
            db.execute_unprepared(&statement).await.map(drop)
        };
        rename(manager, "notifications", "notifications_new").await?;
        manager.create_table(table).await?;
        manager.create_table(of_alerts).await?;
        run(format!(
            "INSERT INTO notifications \
             (id, account_id, kind, subject_id, body, created_at, seen_by_owner_at) \
             SELECT id, account_id, kind, {}, body, created_at, seen_at FROM \
             (SELECT *, row_number() OVER (PARTITION BY kind, subject ORDER BY id) AS place \
             FROM notifications_new WHERE length(subject) = 36) AS n WHERE place = 1",
            sql.text_as_id("subject")
        ))
        .await?;
        let fields = [
            "symbol", "kind", "value", "period", "price", "price_at", "source", "note", "posting",
        ];
        let [
            symbol,
            kind,
            value,
            period,
            price,
            price_at,
            source,
            note,
            posting,
        ] = fields.map(|name| sql.field("n.body", name));
        run(format!(
            "INSERT INTO alert_notifications (id, account_id, alert_id, armed, symbol, kind, \
             value, period, price, price_at, source, note, channel_id, posting, created_at, \
             seen_by_owner_at) \
             SELECT n.id, n.account_id, {}, CAST(substr(n.subject, 38) AS integer), {symbol}, \
             {kind}, {value}, CAST({period} AS integer), {price}, {price_at}, {source}, {note}, \
             p.channel_id, {posting}, n.created_at, n.seen_at \
             FROM notifications_new AS n \
             LEFT JOIN alert_posts AS p ON p.account_id = n.account_id AND p.subject = n.subject \
             WHERE n.kind = '{TRIGGERED}'",
            sql.text_as_id("substr(n.subject, 1, 36)")
        ))
        .await?;
        drop_table(manager, "notifications_new").await?;
        drop_table(manager, "alert_posts").await?;
        index(manager, "notifications", OLD_INDEXES).await?;
        index(manager, "alert_notifications", OLD_ALERT_INDEXES).await
    }
}

/// Table with an id, whose rows are deleted with their account.
fn of_account(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid("id").primary_key())
        .col(uuid("account_id"))
        .foreign_key(
            ForeignKey::create()
                .name(format!("{name}_owner"))
                .from(name, "account_id")
                .to("accounts", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

async fn rename(
    manager: &SchemaManager<'_>,
    old: &'static str,
    new: &'static str,
) -> Result<(), DbErr> {
    let rename = Table::rename().table(old, new).to_owned();
    manager.rename_table(rename).await
}

async fn drop_table(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    manager
        .drop_table(Table::drop().table(table).to_owned())
        .await
}

async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    indexes: &[Indexed],
) -> Result<(), DbErr> {
    for (name, columns, unique) in indexes {
        let mut index = Index::create();
        index.name(*name).table(table);
        for column in *columns {
            index.col(*column);
        }
        if *unique {
            index.unique();
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Expressions in the SQL of a database.
enum Sql {
    Sqlite,
    Postgres,
}

impl Sql {
    fn of(manager: &SchemaManager<'_>) -> Self {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => Self::Postgres,
            _ => Self::Sqlite,
        }
    }

    /// An id with hyphens.
    fn id_as_text(&self, column: &str) -> String {
        match self {
            Self::Postgres => format!("CAST({column} AS text)"),
            Self::Sqlite => {
                let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
                    .map(|(from, length)| format!("substr(hex({column}), {from}, {length})"));
                format!("lower({})", parts.join(" || '-' || "))
            }
        }
    }

    fn text_as_id(&self, text: &str) -> String {
        match self {
            Self::Postgres => format!("CAST({text} AS uuid)"),
            Self::Sqlite => format!("unhex(replace({text}, '-', ''))"),
        }
    }

    /// A JSON object as text.
    fn object(&self, fields: &str) -> String {
        match self {
            Self::Postgres => format!("CAST(json_build_object({fields}) AS text)"),
            Self::Sqlite => format!("json_object({fields})"),
        }
    }

    /// A field of a JSON object, as text.
    fn field(&self, object: &str, name: &str) -> String {
        match self {
            Self::Postgres => format!("(CAST({object} AS json) ->> '{name}')"),
            Self::Sqlite => format!("({object} ->> '{name}')"),
        }
    }
}
