//! The accounts of the instance and their actions.

use crate::accounts::{AccountKind, Listed};
use crate::admin::rpc::{ActOnAccount, MakeResetLink, list_accounts};
use crate::admin::{AccountAct, AccountsPage, ResetLink};
use crate::shared::AccountId;
use crate::ui::facts::fact;
use crate::ui::form::{FormError, failure_of, row_button};
use crate::ui::loaded::when_loaded;
use crate::ui::{Avatar, RowMenu, SearchForm, When, address, pager, t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The search, the table, and the link to the next page.
#[component]
pub fn Accounts() -> impl IntoView {
    let act = ServerAction::<ActOnAccount>::new();
    let link = ServerAction::<MakeResetLink>::new();
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        query.with(|query| {
            let before = query.get("before").and_then(|id| id.parse().ok());
            (query.get("search").unwrap_or_default(), before)
        })
    });
    let page = Resource::new_blocking(
        move || (wanted.get(), act.version().get()),
        |((search, before), _): ((String, Option<AccountId>), usize)| {
            list_accounts(Some(search), before)
        },
    );
    let (of_act, of_link) = (failure_of(act), failure_of(link));
    let failed = Signal::derive(move || of_act.get().or_else(|| of_link.get()));
    view! {
        <SearchForm
            action="/admin/accounts"
            name="search"
            label=t("admin-search")
            value=Signal::derive(move || Some(wanted.get().0))
        />
        <FormError error=failed />
        <div role="status">
            {move || link.value().get().and_then(Result::ok).map(|made| view! { <LinkMade made /> })}
        </div>
        {when_loaded(page, move |page| table(page, &wanted.get_untracked().0, act, link))}
    }
    .into_any()
}

fn table(
    page: AccountsPage,
    search: &str,
    act: ServerAction<ActOnAccount>,
    link: ServerAction<MakeResetLink>,
) -> AnyView {
    if page.accounts.is_empty() {
        return view! { <p class="section-note">{t("admin-no-accounts")}</p> }.into_any();
    }
    let next = page.next.map(|next| {
        let before = next.to_string();
        let wanted = [("search", Some(search)), ("before", Some(before.as_str()))];
        address("/admin/accounts", &wanted)
    });
    let rows = page.accounts.into_iter();
    view! {
        <ul class="ledger">{rows.map(|listed| row(listed, act, link)).collect_view()}</ul>
        {pager(next, t("admin-more-accounts"))}
    }
    .into_any()
}

/// One account: its profile, its activity and its actions.
fn row(
    listed: Listed,
    act: ServerAction<ActOnAccount>,
    link: ServerAction<MakeResetLink>,
) -> AnyView {
    let Listed {
        account,
        sessions,
        last_seen,
        second_factor,
    } = listed;
    let profile = account.profile;
    let person = profile.kind == AccountKind::Person;
    let suspended = account.suspended_at.is_some();
    let marks = [
        (account.admin, "admin-is-admin", "badge"),
        (suspended, "admin-is-suspended", "badge warn"),
        (
            profile.kind == AccountKind::Guest,
            "admin-is-guest",
            "badge",
        ),
        (profile.kind == AccountKind::Bot, "bot-badge", "badge"),
        (second_factor, "admin-has-factor", "badge"),
    ];
    let marks = marks
        .into_iter()
        .filter(|(shown, ..)| *shown)
        .map(|(_, key, class)| view! { <span class=class>{t(key)}</span> })
        .collect_view();
    let acts = [
        (sessions > 0, AccountAct::EndSessions, "admin-end-sessions"),
        (
            profile.kind != AccountKind::Bot && !suspended,
            AccountAct::Suspend,
            "admin-suspend",
        ),
        (suspended, AccountAct::Unsuspend, "admin-unsuspend"),
        (
            person && !account.admin,
            AccountAct::MakeAdmin,
            "admin-make-admin",
        ),
        (account.admin, AccountAct::RemoveAdmin, "admin-remove-admin"),
        (
            second_factor,
            AccountAct::RemoveFactor,
            "admin-remove-factor",
        ),
    ];
    let buttons = |guarded: bool| {
        acts.iter()
            .filter(|(possible, act, _)| *possible && act.takes_password() == guarded)
            .map(|(_, act, key)| {
                view! {
                    <button type="submit" class="button quiet small" name="act" value=name_of(*act)>
                        {t(key)}
                    </button>
                }
            })
            .collect_view()
    };
    let (plain, guarded) = (buttons(false), buttons(true));
    let takes_password = acts
        .iter()
        .any(|(possible, act, _)| *possible && act.takes_password());
    let seen = match last_seen {
        Some(at) => view! { <When at /> }.into_any(),
        None => t("admin-never").into_any(),
    };
    let id = profile.id;
    let named = t_with(
        "admin-actions-of",
        &[("name", profile.display_name.as_str().into())],
    );
    let menu = (profile.kind != AccountKind::Bot).then(|| {
        let account = move || view! { <input type="hidden" name="account" value=id.to_string() /> };
        view! {
            <RowMenu text=t("actions") label=named>
                {person
                    .then(|| {
                        view! {
                            <ActionForm action=link>
                                {account()} <OwnPassword />
                                {row_button(t("admin-reset-link"), None)}
                            </ActionForm>
                        }
                    })}
                {takes_password
                    .then(|| {
                        view! {
                            <ActionForm action=act>{account()} <OwnPassword /> {guarded}</ActionForm>
                        }
                    })}
                <ActionForm action=act>{account()} {plain}</ActionForm>
            </RowMenu>
        }
    });
    view! {
        <li class="ledger-row" data-account=profile.username.clone()>
            <Avatar id=profile.id name=profile.display_name.clone() small=true />
            <div class="ledger-who">
                <p class="ledger-name">
                    <strong>{profile.display_name}</strong>
                    <span class="fine-print">{format!("@{}", profile.username)}</span>
                    {marks}
                </p>
                <p class="fine-print">{account.email}</p>
            </div>
            <dl class="key-figures">
                {fact(t("admin-created"), view! { <When at=account.created_at /> })}
                {fact(t("admin-last-seen"), seen)}
                {fact(t("admin-sessions"), sessions)}
            </dl>
            {menu}
        </li>
    }
    .into_any()
}

/// The admin's own password, for actions that give access to an account.
#[component]
fn OwnPassword() -> impl IntoView {
    view! {
        <label class="ledger-password">
            <span>{t("admin-own-password")}</span>
            <input
                class="input"
                type="password"
                name="password"
                autocomplete="current-password"
                required
            />
        </label>
    }
}

/// The name that the form's decoder expects.
const fn name_of(act: AccountAct) -> &'static str {
    match act {
        AccountAct::EndSessions => "end_sessions",
        AccountAct::Suspend => "suspend",
        AccountAct::Unsuspend => "unsuspend",
        AccountAct::MakeAdmin => "make_admin",
        AccountAct::RemoveAdmin => "remove_admin",
        AccountAct::RemoveFactor => "remove_factor",
    }
}

/// A new password link: shown once.
#[component]
fn LinkMade(made: ResetLink) -> impl IntoView {
    let link = made.link.unwrap_or_else(|| {
        // The instance does not know its address, but the browser does.
        let origin = location().origin().unwrap_or_default();
        format!("{origin}{}", made.path)
    });
    let name = made.profile.display_name;
    let select_all = |event: leptos::ev::FocusEvent| {
        event_target::<web_sys::HtmlInputElement>(&event).select();
    };
    view! {
        <div class="ledger-link">
            <p>{t_with("admin-link-made", &[("name", name.as_str().into())])}</p>
            <input
                class="input"
                readonly
                aria-label=t("admin-reset-link")
                value=link
                on:focus=select_all
            />
            <p class="section-note">{t("admin-link-once")}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_the_server_reads() {
        for act in [
            AccountAct::EndSessions,
            AccountAct::Suspend,
            AccountAct::Unsuspend,
            AccountAct::MakeAdmin,
            AccountAct::RemoveAdmin,
            AccountAct::RemoveFactor,
        ] {
            assert_eq!(serde_json::to_value(act).unwrap(), name_of(act));
        }
    }
}
