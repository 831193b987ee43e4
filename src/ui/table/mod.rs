//! Tables: columns described as data, sorting by the address, two-line rows on a phone, CSV.

mod csv;

use super::{query_param, t};
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::cmp::Ordering;
use std::sync::Arc;

/// Query parameter with the key of the column that sorts the table; a minus before it reverses the
/// order.
const SORT: &str = "sort";

type Of<T, V> = Box<dyn Fn(&T) -> V + Send + Sync>;
type Compare<T> = Box<dyn Fn(&T, &T) -> Ordering + Send + Sync>;
type Head = Box<dyn Fn() -> AnyView + Send + Sync>;

/// A column of a [`DataTable`].
pub struct Column<T> {
    label: String,
    /// Shown in the head instead of the label.
    head: Option<Head>,
    class: &'static str,
    number: bool,
    heads_row: bool,
    leads: bool,
    cell: Of<T, AnyView>,
    order: Option<Order<T>>,
    csv: Option<Of<T, String>>,
}

/// How a column sorts the rows.
struct Order<T> {
    /// Its name in the address.
    key: &'static str,
    /// true if the table has this order anyway.
    given: bool,
    compare: Compare<T>,
}

impl<T> Column<T> {
    /// A column of texts; `key` is the text of its head.
    pub fn text<V: IntoView + 'static>(
        key: &str,
        cell: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        Self::labeled(t(key), cell)
    }

    /// A column of numbers, aligned at their end.
    pub fn number<V: IntoView + 'static>(
        key: &str,
        cell: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        Self::labeled(t(key), cell).is_number()
    }

    /// A column of texts with a head in the reader's language.
    pub fn labeled<V: IntoView + 'static>(
        label: String,
        cell: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        Self {
            label,
            head: None,
            class: "",
            number: false,
            heads_row: false,
            leads: false,
            cell: Box::new(move |row| cell(row).into_any()),
            order: None,
            csv: None,
        }
    }

    /// The column of the rows' buttons and links.
    pub fn acts<V: IntoView + 'static>(cell: impl Fn(&T) -> V + Send + Sync + 'static) -> Self {
        Self::labeled(String::new(), cell)
            .class("row-acts")
            .head(|| view! { <span class="visually-hidden">{t("actions")}</span> })
    }

    /// Aligns the cells at their end, as numbers are.
    pub fn is_number(mut self) -> Self {
        self.number = true;
        self
    }

    /// Shows this in the head instead of the label.
    pub fn head<V: IntoView + 'static>(
        mut self,
        head: impl Fn() -> V + Send + Sync + 'static,
    ) -> Self {
        self.head = Some(Box::new(move || head().into_any()));
        self
    }

    /// Shows the currency of the column's amounts in the head.
    pub fn in_currency(self, code: Option<&'static str>) -> Self {
        let Some(code) = code else { return self };
        let label = self.label.clone();
        self.head(move || view! { {label.clone()} " " {super::money::currency(code)} })
    }

    /// Adds a CSS class to the cells.
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// The cells are the heads of their rows.
    pub fn heads_row(mut self) -> Self {
        self.heads_row = true;
        self
    }

    /// On a phone this column is in the first line of each row, beside the row's head, and the
    /// others are below.
    pub fn leads(mut self) -> Self {
        self.leads = true;
        self
    }

    /// A click on the head sorts the rows: numbers from the largest, texts from A. `key` is the
    /// column's name in the address.
    pub fn sorts<K: Ord>(
        mut self,
        key: &'static str,
        by: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Self {
        let compare = move |one: &T, other: &T| by(one).cmp(&by(other));
        self.order = Some(Order {
            key,
            given: false,
            compare: Box::new(compare),
        });
        self
    }

    /// The rows are sorted by this column already.
    pub fn sorted(mut self) -> Self {
        self.order.iter_mut().for_each(|order| order.given = true);
        self
    }

    /// Adds the column to the CSV file, with a value for programs.
    pub fn csv<V: ToString>(mut self, value: impl Fn(&T) -> V + Send + Sync + 'static) -> Self {
        self.csv = Some(Box::new(move |row| value(row).to_string()));
        self
    }

    /// The head's cell. A sorting column has a link, which works without scripts too.
    fn draw_head(&self, asked: Memo<Option<String>>) -> AnyView {
        let head = match &self.head {
            Some(head) => head(),
            None => self.label.clone().into_any(),
        };
        let class = self.number.then_some("number");
        let Some(Order { key, given, .. }) = self.order else {
            return view! { <th scope="col" class=class>{head}</th> }.into_any();
        };
        let first = self.number;
        let descends = move || descends(asked.get().as_deref(), key, given, first);
        let query = use_query_map();
        let address = move || {
            let minus = if descends() == Some(first) { "-" } else { "" };
            let mut query = query.get();
            query.replace(SORT, format!("{minus}{key}"));
            query.to_query_string()
        };
        let way = move || {
            Some(if descends()? {
                "descending"
            } else {
                "ascending"
            })
        };
        view! {
            <th scope="col" class=class aria-sort=way>
                <a href=address>{head}</a>
            </th>
        }
        .into_any()
    }
}

/// true if this column sorts the rows from the largest, false: from the smallest. `None`: another
/// column sorts them.
fn descends(asked: Option<&str>, key: &str, given: bool, first: bool) -> Option<bool> {
    match asked {
        None => given.then_some(first),
        Some(asked) if asked == key => Some(first),
        Some(asked) => (asked.strip_prefix('-') == Some(key)).then_some(!first),
    }
}

/// A table in a region of its own, which scrolls if it is too wide or too long.
pub struct DataTable<T> {
    name: String,
    class: &'static str,
    file: Option<String>,
    foot: Option<AnyView>,
    content: Content<T>,
}

/// Name of an attribute of the rows, and its value.
type DataAttribute<T> = (&'static str, fn(&T) -> String);

struct Content<T> {
    columns: Vec<Column<T>>,
    rows: Vec<T>,
    row_class: fn(&T) -> &'static str,
    data: Option<DataAttribute<T>>,
    /// The rows have two lines on a phone.
    stacked: bool,
}

impl<T: Send + Sync + 'static> DataTable<T> {
    /// A table with this accessible name.
    pub fn new(name: String, columns: Vec<Column<T>>, rows: Vec<T>) -> Self {
        let stacked = columns.iter().any(|column| column.leads);
        Self {
            name,
            class: "",
            file: None,
            foot: None,
            content: Content {
                columns,
                rows,
                row_class: |_| "",
                data: None,
                stacked,
            },
        }
    }

    /// Adds a CSS class to the table.
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// Adds a CSS class to rows.
    pub fn row_class(mut self, class: fn(&T) -> &'static str) -> Self {
        self.content.row_class = class;
        self
    }

    /// Adds a `data-` attribute to the rows.
    pub fn data(mut self, name: &'static str, value: fn(&T) -> String) -> Self {
        self.content.data = Some((name, value));
        self
    }

    /// Adds a `tfoot`.
    pub fn foot(mut self, foot: Option<AnyView>) -> Self {
        self.foot = foot;
        self
    }

    /// Offers the columns that have a CSV value as a file of this name.
    pub fn file(mut self, name: impl Into<String>) -> Self {
        self.file = Some(name.into());
        self
    }

    /// Draws the table in its region.
    pub fn draw(mut self) -> AnyView {
        let (name, file) = (self.name.clone(), self.file.take());
        let (table, content) = self.parts();
        let save = file.map(|file| csv::save_button(file, move || csv_of(&content)));
        view! {
            {wide(name, table)}
            {save}
        }
        .into_any()
    }

    /// Draws the table alone.
    pub fn bare(self) -> AnyView {
        self.parts().0
    }

    fn parts(self) -> (AnyView, Arc<Content<T>>) {
        let content = Arc::new(self.content);
        let sorts = content.columns.iter().any(|column| column.order.is_some());
        let query = sorts.then(use_query_map);
        let asked = Memo::new(move |_| query?.with(|query| query_param(query, SORT)));
        let heads = content.columns.iter();
        let heads = heads.map(|column| column.draw_head(asked)).collect_view();
        let stacked = if content.stacked { " stacked" } else { "" };
        let class = format!("figure-table{stacked} {}", self.class);
        let drawn = content.clone();
        let rows = move || {
            let order = drawn.order(asked.get().as_deref()).into_iter();
            order.map(|one| drawn.row(one)).collect_view()
        };
        let table = view! {
            <table class=class.trim_end().to_owned()>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
                {self.foot}
            </table>
        };
        (table.into_any(), content)
    }
}

impl<T> Content<T> {
    /// The rows in the order that the address asks for.
    fn order(&self, asked: Option<&str>) -> Vec<&T> {
        let mut rows: Vec<&T> = self.rows.iter().collect();
        for column in &self.columns {
            let Some(order) = &column.order else { continue };
            match descends(asked, order.key, false, column.number) {
                Some(true) => rows.sort_by(|one, other| (order.compare)(other, one)),
                Some(false) => rows.sort_by(|one, other| (order.compare)(one, other)),
                None => {}
            }
        }
        rows
    }

    fn row(&self, one: &T) -> AnyView {
        let cells = self.columns.iter().map(|column| {
            let label = self.stacked.then(|| column.label.clone());
            cell(column, (column.cell)(one), label)
        });
        let (name, value) = self
            .data
            .map_or(("data-row", None), |(name, value)| (name, Some(value(one))));
        let class = Some((self.row_class)(one)).filter(|class| !class.is_empty());
        view! { <tr class=class>{cells.collect_view()}</tr> }
            .add_any_attr(custom_attribute(name, value))
            .into_any()
    }
}

/// A cell; `label` names it where the heads are not beside it.
fn cell<T>(column: &Column<T>, content: AnyView, label: Option<String>) -> AnyView {
    let class = [
        (column.number, "number"),
        (column.leads, "lead"),
        (!column.class.is_empty(), column.class),
    ];
    let class = class.into_iter().filter(|(on, _)| *on);
    let class: Vec<_> = class.map(|(_, class)| class).collect();
    let class = (!class.is_empty()).then(|| class.join(" "));
    if column.heads_row {
        return view! {
            <th scope="row" class=class>
                {content}
            </th>
        }
        .into_any();
    }
    let label = label.filter(|label| !label.is_empty());
    view! {
        <td class=class data-label=label>
            {content}
        </td>
    }
    .into_any()
}

/// A table that may be larger than its place: scrolls by itself, with the keyboard too.
pub fn wide(label: String, table: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="wide-table" tabindex="0" role="region" aria-label=label>
            {table}
        </div>
    }
    .into_any()
}

/// Link to the next page of a list; nothing on the last one.
pub fn pager(next: Option<String>, label: String) -> AnyView {
    next.map(|next| {
        view! {
            <a class="button quiet" href=next>
                {label}
            </a>
        }
    })
    .into_any()
}

/// The rows as CSV, in their first order.
fn csv_of<T>(content: &Content<T>) -> String {
    let columns = || content.columns.iter().filter(|column| column.csv.is_some());
    let heads = columns().map(|column| column.label.clone());
    let mut text = csv::line(heads);
    for row in &content.rows {
        let values = columns().filter_map(|column| Some(column.csv.as_ref()?(row)));
        text.push_str(&csv::line(values));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column<(&'static str, i64)>> {
        vec![
            Column::text("table-csv", |row: &(&str, i64)| row.0)
                .heads_row()
                .sorts("name", |row| row.0)
                .csv(|row| row.0),
            Column::number("actions", |row: &(&str, i64)| row.1)
                .leads()
                .sorts("count", |row| row.1)
                .sorted()
                .csv(|row| row.1),
        ]
    }

    fn content() -> Content<(&'static str, i64)> {
        let rows = vec![("b", 3), ("=c", 2), ("a", 1)];
        DataTable::new(String::new(), columns(), rows).content
    }

    #[test]
    fn the_address_sorts() {
        let content = content();
        let order = |asked| {
            let rows = content.order(asked).into_iter();
            rows.map(|(name, _)| *name).collect::<Vec<_>>()
        };
        assert_eq!(order(None), ["b", "=c", "a"]);
        assert_eq!(order(Some("count")), ["b", "=c", "a"]);
        assert_eq!(order(Some("-count")), ["a", "=c", "b"]);
        assert_eq!(order(Some("name")), ["=c", "a", "b"]);
        assert_eq!(order(Some("-name")), ["b", "a", "=c"]);
        assert_eq!(order(Some("other")), ["b", "=c", "a"]);
    }

    #[test]
    fn a_head_knows_its_order() {
        assert_eq!(descends(None, "name", true, false), Some(false));
        assert_eq!(descends(None, "name", false, true), None);
        assert_eq!(descends(Some("name"), "name", false, true), Some(true));
        assert_eq!(descends(Some("-name"), "name", false, true), Some(false));
        assert_eq!(descends(Some("other"), "name", true, true), None);
    }

    #[test]
    fn csv_has_the_values() {
        let lines = csv_of(&content());
        assert_eq!(
            lines.lines().skip(1).collect::<Vec<_>>(),
            ["b,3", "'=c,2", "a,1"]
        );
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn cells_say_what_they_are() {
        let plain = vec![
            Column::text("table-csv", |row: &(&str, i64)| row.0).heads_row(),
            Column::number("actions", |row: &(&str, i64)| row.1).leads(),
        ];
        let table = DataTable::new("All".into(), plain, vec![("a", 1)])
            .data("data-name", |row| row.0.to_owned())
            .row_class(|_| "sold");
        let html = Owner::new().with(|| table.draw().to_html());
        for part in [
            "role=\"region\"",
            "aria-label=\"All\"",
            "<th scope=\"col\" class=\"number\"",
            "<th scope=\"row\"",
            "class=\"number lead\"",
            "data-label=\"Actions\"",
            "data-name=\"a\"",
            "class=\"sold\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
