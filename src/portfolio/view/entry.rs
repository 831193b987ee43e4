//! Form of a transaction, for adding and editing.

use super::shown::Shown;
use crate::portfolio::rpc::WriteTransaction;
use crate::portfolio::{Kind, Transaction, TransactionInput};
use crate::shared::PortfolioId;
use crate::ui::form::{Form, on_success, options};
use crate::ui::{FormErrors, TextField, Zone, t};
use chrono::NaiveDate;
use leptos::prelude::*;

/// The form. Without a portfolio it creates the first one. Works without scripts; then all fields
/// are visible, and unused ones are ignored.
#[component]
pub fn EntryForm(
    portfolio: Option<PortfolioId>,
    /// Transaction to edit. None: adds one.
    #[prop(optional_no_strip)]
    of: Option<Transaction>,
    /// Symbol to prefill.
    #[prop(optional_no_strip, into)]
    symbol: Option<String>,
    /// The market's day. None: the reader's.
    today: Option<NaiveDate>,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let action = ServerAction::<WriteTransaction>::new();
    let editing = of.is_some();
    on_success(action, move |_| {
        shown.changes.say(t(if editing {
            "portfolio-edited"
        } else {
            "portfolio-added"
        }));
    });
    let errors = FormErrors::of(action);
    let kind = RwSignal::new(of.as_ref().map_or(Kind::Buy, |of| of.kind));
    let zone = Zone::of_context();
    let today = today.unwrap_or_else(|| zone.today.get_untracked());
    // Initial value of a field; a new transaction starts with today's date.
    let input = of.as_ref().map(TransactionInput::from);
    let written = move |pick: fn(&TransactionInput) -> &str| {
        let text = input.as_ref().map(pick).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let date = written(|input| &input.date).unwrap_or_else(|| today.to_string());
    let symbol = written(|input| &input.symbol).or(symbol);
    let quantity = written(|input| &input.quantity);
    let price = written(|input| &input.price);
    let fee = written(|input| &input.fee);
    let amount = written(|input| &input.amount);
    let from = written(|input| &input.from);
    let to = written(|input| &input.to);
    let note = written(|input| &input.note);
    let kinds = Kind::ALL.iter().copied().map(|each| {
        let chosen = kind.get_untracked() == each;
        (each.as_str().to_owned(), t(kind_key(each)), chosen)
    });
    let choose = move |event| {
        if let Some(chosen) = Kind::named(&event_target_value(&event)) {
            kind.set(chosen);
        }
    };
    // Hides fields that the kind does not use; without scripts all are visible.
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let input_of = move |name: &'static str, value: Option<String>, wanted: fn(Kind) -> bool| {
        let (mode, capitals) = match name {
            "symbol" => ("text", true),
            "note" => ("text", false),
            "from" | "to" => ("numeric", false),
            _ => ("decimal", false),
        };
        let shown = Signal::derive(move || !alive.get() || wanted(kind.get()));
        let (id, label) = (format!("entry-{name}"), t(label_key(name)));
        view! { <TextField name id label value mode capitals shown errors /> }
    };
    let is_money = |kind: Kind| !kind.is_trade() && kind != Kind::Split;
    let is_split = |kind| kind == Kind::Split;
    let kinds = view! {
        <select class="input" id="entry-kind" name="kind" on:change=choose>
            {options(kinds)}
        </select>
    };
    let date = view! {
        <input class="input" id="entry-date" name="date" type="date" value=date required=true />
    };
    let submit = t(if editing { "save" } else { "portfolio-add" });
    view! {
        <Form action=action submit=submit keyed=true>
            {portfolio.map(|id| view! { <input type="hidden" name="portfolio" value=id.to_string() /> })}
            {of.map(|of| view! { <input type="hidden" name="transaction" value=of.id.to_string() /> })}
            {errors.labeled("kind", "entry-kind", t("entry-kind"), kinds)}
            {input_of("symbol", symbol, Kind::takes_symbol)}
            {errors.labeled("date", "entry-date", t("label-date"), date)}
            {input_of("quantity", quantity, Kind::is_trade)}
            {input_of("price", price, Kind::is_trade)}
            {input_of("fee", fee, Kind::is_trade)}
            {input_of("amount", amount, is_money)}
            {input_of("from", from, is_split)}
            {input_of("to", to, is_split)}
            {input_of("note", note, |_| true)}
        </Form>
    }
    .into_any()
}

/// Returns the text key of a kind's name.
pub const fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Buy => "transaction-buy",
        Kind::Sell => "transaction-sell",
        Kind::Dividend => "transaction-dividend",
        Kind::Fee => "transaction-fee",
        Kind::Split => "transaction-split",
        Kind::Deposit => "transaction-deposit",
        Kind::Withdrawal => "transaction-withdrawal",
    }
}

fn label_key(field: &str) -> &'static str {
    match field {
        "symbol" => "label-symbol",
        "quantity" => "label-quantity",
        "price" => "entry-price",
        "fee" => "entry-fee",
        "amount" => "entry-amount",
        "from" => "entry-from",
        "to" => "entry-to",
        _ => "entry-note",
    }
}
