//! Forms that create, rename and delete watchlists.

use super::watchlist_state::{CHOSEN, HERE, Shown};
use crate::markets::rpc::{CreateWatchlist, DeleteWatchlist, RenameWatchlist};
use crate::markets::{WatchPage, Watchlist};
use crate::ui::form::{Form, on_success};
use crate::ui::{ButtonKind, Icon, IconName, TextField, Toasts, cookies, t, t_with};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Forms for the watchlist shown, and one for a new one.
pub fn manage(page: &WatchPage, shown: Shown) -> AnyView {
    let create = ServerAction::<CreateWatchlist>::new();
    let rename = ServerAction::<RenameWatchlist>::new();
    let delete = ServerAction::<DeleteWatchlist>::new();
    let toasts = Toasts::of_context();
    let navigate = use_navigate();
    on_success(create, move |id| {
        toasts.say(t("watchlist-made"));
        let place = format!("{HERE}?{CHOSEN}={id}");
        navigate(&place, NavigateOptions::default());
    });
    on_success(rename, move |()| shown.changes.say(t("watchlist-renamed")));
    let away = use_navigate();
    on_success(delete, move |()| {
        cookies::write(CHOSEN, "");
        shown.changes.say(t("watchlist-deleted"));
        away(HERE, NavigateOptions::default());
    });
    let current = page.lists.iter().find(|list| Some(list.id) == page.shown);
    let of_current = current.map(|list| of_list(list, rename, delete));
    view! {
        <details class="setting">
            <summary class="button quiet">
                <Icon name=IconName::Menu />
                {t("watchlist-lists")}
            </summary>
            {of_current}
            <Form action=create submit=t("watchlist-make") kind=ButtonKind::Quiet keyed=true>
                {name("watchlist-new", t("watchlist-new-name"), "")}
            </Form>
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
    let label = t_with("watchlist-delete", &[("name", list.name.as_str().into())]);
    let fields = name("watchlist-name", t("watchlist-name"), &list.name);
    let deleted = id.clone();
    view! {
        <Form action=rename submit=t("save") kind=ButtonKind::Quiet>
            <input type="hidden" name="list" value=id />
            {fields}
        </Form>
        <Form action=delete submit=label kind=ButtonKind::Danger>
            <input type="hidden" name="list" value=deleted />
        </Form>
    }
    .into_any()
}

fn name(id: &'static str, label: String, value: &str) -> AnyView {
    view! { <TextField name="name" id=id label=label value=value.to_owned() most=80_usize required=true /> }
        .into_any()
}
