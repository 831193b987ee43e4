//! Who is signed in, at the foot of the channels pane.

use crate::accounts::{Profile, rpc};
use crate::ui::{Avatar, Icon, IconName, ThemeToggle, t};
use leptos::prelude::*;

/// Avatar and names of the viewer, the theme, and the way out.
#[component]
pub fn AccountCard(
    /// Who is signed in.
    profile: Profile,
) -> impl IntoView {
    let action = ServerAction::<rpc::SignOut>::new();
    view! {
        <div class="account-card">
            <Avatar id=profile.id name=profile.display_name.clone() small=true />
            <span class="account-names">
                <span class="account-name">{profile.display_name}</span>
                <span class="account-username">{format!("@{}", profile.username)}</span>
            </span>
            <ThemeToggle />
            <ActionForm action=action>
                <button
                    type="submit"
                    class="button icon-button"
                    aria-label=t("sign-out")
                    title=t("sign-out")
                >
                    <Icon name=IconName::SignOut />
                </button>
            </ActionForm>
        </div>
    }
}
