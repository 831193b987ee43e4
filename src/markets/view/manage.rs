//! Forms that create, rename and delete watchlists.

use super::watchlist::{CHOSEN, HERE, Shown};
use crate::markets::rpc::{CreateWatchlist, DeleteWatchlist, RenameWatchlist};
use crate::markets::{WatchPage, Watchlist};
use crate::ui::table::failure;
use crate::ui::{
    Button, ButtonKind, Icon, IconName, Toasts, cookies, form_key, settled, t, t_with,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Forms for the watchlist shown, and one for a new one.
pub fn manage(page: &WatchPage, shown: Shown) -> AnyView {
    let create = ServerAction::<CreateWatchlist>::new();
    let rename = ServerAction::<RenameWatchlist>::new();
    let delete = ServerAction::<DeleteWatchlist>::new();
    let toasts = Toasts::of_context();
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(id)) = create.value().get() {
            toasts.say(t("watchlist-made"));
            let place = format!("{HERE}?{CHOSEN}={id}");
            navigate(&place, NavigateOptions::default());
        }
    });
    Effect::new(move || {
        if rename.value().with(|value| matches!(value, Some(Ok(())))) {
            shown.changed();
            toasts.say(t("watchlist-renamed"));
        }
    });
    let away = use_navigate();
    Effect::new(move || {
        if delete.value().with(|value| matches!(value, Some(Ok(())))) {
            cookies::write(CHOSEN, "");
            toasts.say(t("watchlist-deleted"));
            shown.changed();
            away(HERE, NavigateOptions::default());
        }
    });
    let failed = move || {
        let of_create = create.value().get().and_then(Result::err);
        let of_rename = move || rename.value().get().and_then(Result::err);
        let of_delete = move || delete.value().get().and_then(Result::err);
        of_create.or_else(of_rename).or_else(of_delete)
    };
    let current = page.lists.iter().find(|list| Some(list.id) == page.shown);
    let of_current = current.map(|list| of_list(list, rename, delete));
    view! {
        <details class="setting">
            <summary class="button quiet">
                <Icon name=IconName::Menu />
                {t("watchlist-lists")}
            </summary>
            <div role="alert">{move || failed().map(|error| failure(&error))}</div>
            {of_current}
            <ActionForm action=create attr:class="entry-form">
                {form_key(Signal::derive(move || create.value().with(settled)))}
                {name("watchlist-new", t("watchlist-new-name"), "")}
                <div class="entry-send">
                    <Button submit=true busy=create.pending()>
                        {t("watchlist-make")}
                    </Button>
                </div>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn of_list(
    list: &Watchlist,
    rename: ServerAction<RenameWatchlist>,
    delete: ServerAction<DeleteWatchlist>,
) -> AnyView {
    let id = list.id.to_string();
    let deleted = id.clone();
    let field = name("watchlist-name", t("watchlist-name"), &list.name);
    let label = t_with("watchlist-delete", &[("name", list.name.as_str().into())]);
    view! {
        <ActionForm action=rename attr:class="entry-form">
            <input type="hidden" name="list" value=id />
            {field}
            <div class="entry-send">
                <Button submit=true>{t("settings-save")}</Button>
            </div>
        </ActionForm>
        <ActionForm action=delete attr:class="entry-form">
            <input type="hidden" name="list" value=deleted />
            <div class="entry-send">
                <Button kind=ButtonKind::Danger submit=true>
                    {label}
                </Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn name(id: &'static str, label: String, value: &str) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                class="input"
                id=id
                name="name"
                value=value.to_owned()
                autocomplete="off"
                maxlength="80"
                required=true
            />
        </div>
    }
    .into_any()
}
