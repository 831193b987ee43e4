//! The signed-in account, at the bottom of the channel list.

use super::faces::{Face, Name};
use super::live::store;
use super::settings::sections;
use crate::accounts::{AccountKind, Profile, rpc};
use crate::offline;
use crate::shared::Result;
use crate::ui::preferences::{Preferences, Theme};
use crate::ui::sections::leave_from_here;
use crate::ui::{Entry, Finder, Icon, IconName, Toasts, error_text, t};
use leptos::{prelude::*, server_fn::ServerFn};

/// Adds account actions and settings pages to the finder.
pub fn offer_account(kind: AccountKind) {
    let sign_out = sign_out();
    Finder::of_context().offer(move || {
        let choose = |theme: Theme| Callback::new(move |()| choose_theme(theme));
        let leave = move |()| {
            offline::leaving();
            sign_out.dispatch(());
        };
        let pages = sections::of(kind).into_iter().map(|section| {
            let path = format!("{}/{}", sections::BASE, section.slug);
            let note = t("settings-title");
            Entry {
                note,
                ..Entry::page(&path, t(section.name), section.icon)
            }
        });
        let actions = [
            Entry::action(
                "theme-dark",
                t("theme-dark"),
                IconName::Moon,
                choose(Theme::Dark),
            ),
            Entry::action(
                "theme-light",
                t("theme-light"),
                IconName::Sun,
                choose(Theme::Light),
            ),
            Entry::action(
                "sign-out",
                t("sign-out"),
                IconName::SignOut,
                Callback::new(leave),
            ),
        ];
        pages.chain(actions).collect()
    });
}

/// Signs out; the server redirects to another page.
fn sign_out() -> Action<(), Result<()>> {
    Action::new(|()| rpc::sign_out())
}

/// Avatar and names of the viewer, with buttons for settings and sign-out.
#[component]
pub fn AccountCard(
    /// The signed-in account.
    profile: Profile,
) -> impl IntoView {
    let username = format!("@{}", profile.username);
    let action = sign_out();
    let toasts = Toasts::of_context();
    Effect::new(move || {
        if let Some(Err(error)) = action.value().get() {
            toasts.error(error_text(&error));
        }
    });
    view! {
        // Shown when the browser offers to install the app.
        <button
            type="button"
            class="button quiet install-app needs-script"
            on:click=|_| offline::install()
        >
            <Icon name=IconName::Install />
            {t("install-app")}
        </button>
        <div class="account-card">
            <Face profile=profile.clone() small=true />
            <span class="account-names">
                <span class="account-name">
                    <Name profile=profile />
                </span>
                <span class="account-username">{username}</span>
            </span>
            <a
                class="button icon-button"
                href="/settings"
                aria-label=t("settings-title")
                title=t("settings-title")
                on:click=|_| leave_from_here()
            >
                <Icon name=IconName::Gear />
            </a>
            // Not an `ActionForm`, which would add form parsing to the first page's module.
            <form
                method="post"
                action=rpc::SignOut::url()
                on:submit=move |event| {
                    event.prevent_default();
                    action.dispatch(());
                }
            >
                <button
                    type="submit"
                    class="button icon-button"
                    on:click=|_| offline::leaving()
                    aria-label=t("sign-out")
                    title=t("sign-out")
                >
                    <Icon name=IconName::SignOut />
                </button>
            </form>
        </div>
    }
}

/// Sets the theme, on all of the viewer's devices.
fn choose_theme(theme: Theme) {
    let mut preferences = Preferences::current();
    preferences.theme = theme;
    preferences.save();
    // This browser has stored it already, so an error is ignored.
    store(&preferences, |_| ());
}
