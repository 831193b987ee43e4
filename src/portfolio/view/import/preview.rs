//! Preview of an import: new transactions, duplicates and errors.

use super::send;
use super::work::Work;
use crate::portfolio::view::entry::kind_key;
use crate::portfolio::view::transactions::count;
use crate::portfolio::{Hindrance, Import, Planned, Problem};
use crate::shared::PortfolioId;
use crate::ui::money::{full_price, money};
use crate::ui::time::date_text;
use crate::ui::{Button, ButtonKind, Column, DataTable, Icon, IconName, error_text, t, t_with};
use leptos::prelude::*;

/// Id of the element with the reasons that prevent the import.
const IN_THE_WAY: &str = "import-in-the-way";

/// Shown while the file is uploaded and the server reads it.
pub fn reading(work: Work, percent: u8) -> AnyView {
    let on_its_way = percent < 100;
    let words = if on_its_way {
        t_with("import-sending", &[("percent", percent.into())])
    } else {
        t("import-reading")
    };
    view! {
        {bar(words, on_its_way.then(|| (usize::from(percent), 100)))}
        <div class="form-send">{give_up(work, t("cancel"))}</div>
    }
    .into_any()
}

/// Shown while the import runs, which continues if the page is left.
pub fn taking(written: Option<(usize, usize)>) -> AnyView {
    let written = written.filter(|(_, of)| *of > 0);
    let words = match written {
        Some((done, of)) => t_with(
            "import-writing",
            &[("done", done.into()), ("total", of.into())],
        ),
        None => t("import-taking"),
    };
    bar(words, written)
}

fn bar(words: String, done: Option<(usize, usize)>) -> AnyView {
    view! {
        <div class="progress">
            <progress
                aria-label=t("import-progress")
                value=done.map(|(done, _)| done.to_string())
                max=done.map(|(_, of)| of.to_string())
            ></progress>
            <p class="section-note" role="status">
                {words}
            </p>
        </div>
    }
    .into_any()
}

/// The preview, with the button that imports.
pub fn seen(work: Work, id: PortfolioId, import: &Import) -> AnyView {
    let (fresh, known, refused) = (import.fresh, import.known, import.refused);
    let sums = [
        t_with("import-fresh", &[("count", fresh.into())]),
        t_with("import-known", &[("count", known.into())]),
        t_with("import-refused", &[("count", refused.into())]),
    ];
    let unasked =
        (import.unasked > 0).then(|| t_with("import-unasked", &[("count", import.unasked.into())]));
    let sums = sums.into_iter().chain(unasked);
    let sums = sums.map(|sum| view! { <li>{sum}</li> }).collect_view();
    let [alone, together] = [&import.hindrance, &import.hindrance_with_duplicates];
    let [of_alone, of_together] = [(fresh, alone), (fresh + known, together)].map(Counts::of);
    let counts = Memo::new(move |_| {
        if work.duplicates.get() {
            of_together
        } else {
            of_alone
        }
    });
    let count = move || counts.with(|counts| counts.taken(work.rest.get()));
    let blocked = move || counts.with(|counts| counts.blocked(work.rest.get()));
    let press = move |_| {
        if count() > 0 && !blocked() {
            send::take_in(work, id);
        }
    };
    let some = move || counts.with(|counts| counts.all > 0);
    let hindrances = [alone.clone(), together.clone()];
    let in_the_way = move || {
        let [alone, together] = &hindrances;
        let with = work.duplicates.get();
        in_the_way(work, if with { together } else { alone }, counts.get())
    };
    let also = (known > 0).then(|| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || work.duplicates.get()
                    on:change=move |event| work.duplicates.set(event_target_checked(&event))
                />
                <span>{t_with("import-duplicates", &[("count", known.into())])}</span>
            </label>
        }
    });
    let additions = (fresh > 0).then(|| list("import-additions", &import.additions, fresh, true));
    let duplicates = (known > 0).then(|| list("import-there", &import.duplicates, known, false));
    let problems = (refused > 0).then(|| problems(&import.problems, refused));
    view! {
        <h4 class="import-file">{move || work.name.get()}</h4>
        <div role="status">
            <ul class="import-sums">{sums}</ul>
        </div>
        {in_the_way}
        {problems}
        {additions}
        {duplicates}
        {also}
        <div class="form-send">
            <Show
                when=some
                fallback=|| view! { <p class="section-note">{t("import-nothing")}</p> }
            >
                <Button
                    kind=ButtonKind::Primary
                    press=press
                    attr:aria-disabled=move || blocked().to_string()
                    attr:aria-describedby=move || blocked().then_some(IN_THE_WAY)
                >
                    {move || t_with("import-take", &[("count", count().into())])}
                </Button>
            </Show>
            {give_up(work, t("import-other-file"))}
        </div>
    }
    .into_any()
}

/// Number of lines to import, and number of lines that prevent it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Counts {
    all: usize,
    hindered: usize,
    /// true if nothing can be imported.
    whole: bool,
}

impl Counts {
    const fn of((all, hindrance): (usize, &Hindrance)) -> Self {
        Self {
            all,
            hindered: hindrance.lines,
            whole: hindrance.whole.is_some(),
        }
    }

    /// true if something can be imported without the lines that prevent it.
    const fn has_rest(self) -> bool {
        !self.whole && self.hindered > 0 && self.hindered < self.all
    }

    const fn taken(self, rest: bool) -> usize {
        if rest && self.has_rest() {
            self.all - self.hindered
        } else {
            self.all
        }
    }

    const fn blocked(self, rest: bool) -> bool {
        self.whole || (self.hindered > 0 && !(rest && self.has_rest()))
    }
}

/// Explains why the file cannot be imported as it is, and what to do.
fn in_the_way(work: Work, hindrance: &Hindrance, counts: Counts) -> Option<AnyView> {
    if hindrance.is_none() {
        return None;
    }
    let told = hindrance.instruments.iter().map(|one| {
        let why = error_text(&one.error);
        let place = one.line.map(|line| {
            let place = t_with("import-at-line", &[("line", line.into())]);
            view! { <strong>{place}</strong> " " }
        });
        view! { <li>{place} {why}</li> }
    });
    let told = told.collect_view();
    let more = first_of(hindrance.instruments.len(), hindrance.count);
    let what_to_do = (hindrance.whole.is_none()).then(|| {
        view! { <p class="section-note">{t("import-put-right")}</p> }
    });
    let rest = counts.has_rest().then(|| {
        let values = [
            ("count", counts.hindered.into()),
            ("symbols", symbols(hindrance).into()),
        ];
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || work.rest.get()
                    on:change=move |event| work.rest.set(event_target_checked(&event))
                />
                <span>{t_with("import-rest", &values)}</span>
            </label>
        }
    });
    let whole = hindrance.whole.as_ref().map(error_text);
    Some(
        view! {
            <div class="import-hindrance" role="group" aria-labelledby="import-in-the-way-head">
                <div id=IN_THE_WAY>
                    <p class="form-error" role="alert" id="import-in-the-way-head">
                        <Icon name=IconName::Alert />
                        <span>{whole.unwrap_or_else(|| t("import-in-the-way"))}</span>
                    </p>
                    <ul class="import-reasons">{told}</ul>
                    {more}
                    {what_to_do}
                </div>
                {rest}
            </div>
        }
        .into_any(),
    )
}

/// The symbols that prevent the import, as many as fit in a line.
fn symbols(hindrance: &Hindrance) -> String {
    const TOLD: usize = 5;
    let some = hindrance.instruments.iter().take(TOLD);
    let mut text = some
        .map(|one| one.symbol.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    if hindrance.count > TOLD {
        text.push_str(" …");
    }
    text
}

/// Some transactions under a heading; `of` is their total number.
fn list(title: &'static str, some: &[Planned], of: usize, open: bool) -> AnyView {
    let columns = vec![
        Column::number("import-line", |one: &Planned| one.line),
        Column::text("label-date", |one: &Planned| date_text(one.date)).heads_row(),
        Column::text("entry-kind", |one: &Planned| t(kind_key(one.kind))),
        Column::text("label-symbol", |one: &Planned| one.symbol.clone()).class("quote-symbol"),
        Column::number("label-quantity", |one: &Planned| {
            count(one.ratio, one.quantity)
        }),
        Column::number("entry-price", |one: &Planned| one.price.map(full_price)),
        Column::number("entry-amount", |one: &Planned| {
            one.amount.map(|amount| money(amount, None))
        }),
    ];
    let title = t_with(title, &[("count", of.into())]);
    view! {
        <details class="import-part" open=open>
            <summary>{title.clone()}</summary>
            {DataTable::new(title, columns, some.to_vec()).draw()}
            {first_of(some.len(), of)}
        </details>
    }
    .into_any()
}

/// The errors, line by line.
fn problems(some: &[Problem], of: usize) -> AnyView {
    let columns = vec![
        Column::number("import-line", |one: &Problem| one.line),
        Column::text("import-column", |one: &Problem| one.column.clone()).heads_row(),
        Column::text("import-written", |one: &Problem| one.written.clone()).class("import-written"),
        Column::text("import-what-to-do", |one: &Problem| error_text(&one.error)),
    ];
    let title = t_with("import-problems", &[("count", of.into())]);
    view! {
        <details class="import-part" open=true>
            <summary>{title.clone()}</summary>
            <p class="section-note">{t("import-problems-note")}</p>
            {DataTable::new(title, columns, some.to_vec()).draw()}
            {first_of(some.len(), of)}
        </details>
    }
    .into_any()
}

/// Says that more exist than are shown.
fn first_of(shown: usize, of: usize) -> Option<AnyView> {
    (shown < of).then(|| {
        let values = [("shown", shown.into()), ("count", of.into())];
        view! { <p class="section-note">{t_with("import-first-of", &values)}</p> }.into_any()
    })
}

/// Button that aborts the upload or discards the preview.
fn give_up(work: Work, label: String) -> AnyView {
    view! { <Button press=move |_| work.reset()>{label}</Button> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_pressed_is_what_can_be_taken_in() {
        let counts = |all, hindered, whole| Counts {
            all,
            hindered,
            whole,
        };
        let free = counts(5, 0, false);
        assert_eq!((free.taken(true), free.blocked(false)), (5, false));
        let some = counts(5, 2, false);
        assert_eq!((some.taken(false), some.blocked(false)), (5, true));
        assert_eq!((some.taken(true), some.blocked(true)), (3, false));
        // Nothing would remain, or the whole import is blocked: the option has no effect.
        for none in [counts(2, 2, false), counts(5, 2, true)] {
            assert!(!none.has_rest() && none.blocked(true) && none.blocked(false));
        }
    }
}
