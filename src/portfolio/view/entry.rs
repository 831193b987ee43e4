//! Form of a transaction, for adding and editing.

use super::Shown;
use crate::portfolio::rpc::WriteTransaction;
use crate::portfolio::{Kind, Transaction, TransactionInput};
use crate::shared::{Error, PortfolioId};
use crate::ui::{Button, ButtonKind, Toasts, Zone, error_text, form_key, settled, t};
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
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<WriteTransaction>::new();
    let (value, pending) = (action.value(), action.pending());
    let editing = of.is_some();
    Effect::new(move || {
        if value.with(|value| matches!(value, Some(Ok(_)))) {
            shown.changed();
            toasts.say(t(if editing {
                "portfolio-edited"
            } else {
                "portfolio-added"
            }));
        }
    });
    let failure = Signal::derive(move || value.get().and_then(Result::err));
    let kind = RwSignal::new(of.as_ref().map_or(Kind::Buy, |of| of.kind));
    let today = Zone::of_context().today;
    // Initial value of a field; a new transaction starts with today's date.
    let input = of.as_ref().map(TransactionInput::from);
    let written = move |pick: fn(&TransactionInput) -> &str| {
        let text = input.as_ref().map(pick).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let date = written(|input| &input.date).unwrap_or_else(|| today.get_untracked().to_string());
    let symbol = written(|input| &input.symbol).or(symbol);
    let quantity = written(|input| &input.quantity);
    let price = written(|input| &input.price);
    let fee = written(|input| &input.fee);
    let amount = written(|input| &input.amount);
    let from = written(|input| &input.from);
    let to = written(|input| &input.to);
    let note = written(|input| &input.note);
    let options = Kind::ALL
        .map(|each| {
            let chosen = kind.get_untracked() == each;
            view! {
                <option value=each.as_str() selected=chosen>
                    {t(kind_key(each))}
                </option>
            }
        })
        .collect_view();
    let choose = move |event| {
        if let Some(chosen) = Kind::named(&event_target_value(&event)) {
            kind.set(chosen);
        }
    };
    // Hides fields that the kind does not use; without scripts all are visible.
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let asked = move |wanted: fn(Kind) -> bool| !alive.get() || wanted(kind.get());
    let is_money = |kind: Kind| !kind.is_trade() && kind != Kind::Split;
    let line = move |name: &'static str, wanted: fn(Kind) -> bool, control: AnyView| {
        field(
            name,
            Signal::derive(move || asked(wanted)),
            control,
            failure,
        )
    };
    view! {
        <ActionForm action=action attr:class="entry-form">
            {form_key(Signal::derive(move || value.with(settled)))}
            {portfolio.map(|id| view! { <input type="hidden" name="portfolio" value=id.to_string() /> })}
            {of.map(|of| view! { <input type="hidden" name="transaction" value=of.id.to_string() /> })}
            {line(
                "kind",
                |_| true,
                view! {
                    <select class="input" id="entry-kind" name="kind" on:change=choose>
                        {options}
                    </select>
                }
                    .into_any(),
            )}
            {line("symbol", Kind::takes_symbol, writing("symbol", symbol, failure))}
            {line(
                "date",
                |_| true,
                view! {
                    <input class="input" id="entry-date" name="date" type="date" value=date required=true />
                }
                    .into_any(),
            )}
            {line("quantity", Kind::is_trade, writing("quantity", quantity, failure))}
            {line("price", Kind::is_trade, writing("price", price, failure))}
            {line("fee", Kind::is_trade, writing("fee", fee, failure))}
            {line("amount", is_money, writing("amount", amount, failure))}
            {line("from", |kind| kind == Kind::Split, writing("from", from, failure))}
            {line("to", |kind| kind == Kind::Split, writing("to", to, failure))}
            {line("note", |_| true, writing("note", note, failure))}
            <div class="entry-send">
                <Button kind=ButtonKind::Primary submit=true busy=pending>
                    {t(if editing { "settings-save" } else { "portfolio-add" })}
                </Button>
            </div>
            <div role="alert" class="form-error-place">
                {move || failure.get().map(|error| crate::ui::table::failure(&error))}
            </div>
        </ActionForm>
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

/// A field with its label.
fn field(
    name: &'static str,
    asked: Signal<bool>,
    control: AnyView,
    failure: Signal<Option<Error>>,
) -> AnyView {
    let label = match name {
        "kind" => "entry-kind",
        "symbol" => "entry-symbol",
        "date" => "entry-date",
        "quantity" => "entry-quantity",
        "price" => "entry-price",
        "fee" => "entry-fee",
        "amount" => "entry-amount",
        "from" => "entry-from",
        "to" => "entry-to",
        _ => "entry-note",
    };
    let wrong = move || failure.with(|error| concerns(error.as_ref(), name));
    view! {
        <div class="field" class:has-error=wrong hidden=move || !asked.get()>
            <label for=format!("entry-{name}")>{t(label)}</label>
            {control}
        </div>
    }
    .into_any()
}

fn concerns(error: Option<&Error>, name: &str) -> bool {
    error.is_some_and(|error| {
        error
            .details
            .get("field")
            .is_some_and(|field| field == name)
    })
}

/// A text input; fields for numbers show a numeric keyboard.
fn writing(name: &'static str, value: Option<String>, failure: Signal<Option<Error>>) -> AnyView {
    let (mode, capitals) = match name {
        "symbol" => ("text", Some("characters")),
        "note" => ("text", None),
        "from" | "to" => ("numeric", None),
        _ => ("decimal", None),
    };
    let wrong = move || {
        failure
            .with(|error| concerns(error.as_ref(), name))
            .then_some("true")
    };
    let explained = move || {
        let error = failure.get()?;
        concerns(Some(&error), name).then(|| error_text(&error))
    };
    view! {
        <input
            class="input"
            id=format!("entry-{name}")
            name=name
            inputmode=mode
            autocomplete="off"
            autocapitalize=capitals
            value=value
            aria-invalid=wrong
            aria-description=explained
        />
    }
    .into_any()
}
