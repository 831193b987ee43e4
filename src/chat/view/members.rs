//! The member list: who is here and who is away.

use crate::accounts::{AccountKind, Profile};
use crate::communities::rpc::load_members;
use crate::communities::{Member, MemberPage, Presence};
use crate::realtime::Heard;
use crate::shared::CommunityId;
use crate::ui::{Avatar, Button, t, t_with};
use leptos::{prelude::*, task::spawn_local};

/// The members that are shown; a copy is the same list.
#[derive(Clone, Copy)]
pub struct Members {
    list: RwSignal<Vec<Member>>,
    /// Where the next page starts.
    next: RwSignal<Option<String>>,
}

impl Members {
    /// The list that starts with a page.
    pub fn new(page: Option<MemberPage>) -> Self {
        let (members, next) = page.map_or_else(Default::default, |page| (page.members, page.next));
        Self {
            list: RwSignal::new(members),
            next: RwSignal::new(next),
        }
    }

    /// Hears who comes and goes; after a new connection the list is read again.
    pub fn hear(self, update: &Heard, community: CommunityId) {
        match update {
            Heard::Event(envelope) => {
                if let Some(presence) = envelope.read::<Presence>() {
                    self.note(presence.profile, presence.online);
                }
            }
            Heard::Complete { .. } | Heard::Reset => self.load(community, true),
            Heard::Heartbeat { .. } => {}
        }
    }

    fn note(self, profile: Profile, online: bool) {
        self.list.update(|list| {
            match list
                .iter_mut()
                .find(|member| member.profile.id == profile.id)
            {
                Some(member) => {
                    member.profile = profile;
                    member.online = online;
                }
                None => list.push(Member { profile, online }),
            }
        });
    }

    fn load(self, community: CommunityId, fresh: bool) {
        let after = if fresh {
            None
        } else {
            self.next.get_untracked()
        };
        spawn_local(async move {
            let Ok(page) = load_members(community, after).await else {
                return;
            };
            self.next.try_set(page.next);
            self.list.try_update(|list| {
                if fresh {
                    list.clear();
                }
                let known: Vec<_> = list.iter().map(|member| member.profile.id).collect();
                let new = page.members.into_iter();
                list.extend(new.filter(|member| !known.contains(&member.profile.id)));
            });
        });
    }

    /// Those who are here, or those who are not, by name.
    fn group(self, online: bool) -> Vec<Profile> {
        let mut group: Vec<_> = self.list.with(|list| {
            let of_group = list.iter().filter(|member| member.online == online);
            of_group.map(|member| member.profile.clone()).collect()
        });
        group.sort_by_cached_key(|profile| {
            (
                profile.kind == AccountKind::Bot,
                profile.display_name.to_lowercase(),
            )
        });
        group
    }
}

/// The context pane's list.
#[component]
pub fn MemberList(members: Members, community: Option<CommunityId>) -> impl IntoView {
    let more = move |_| {
        if let Some(community) = community {
            members.load(community, false);
        }
    };
    view! {
        <header class="pane-head">
            <h2>{t("members-title")}</h2>
        </header>
        <div class="pane-body">
            <Group members=members online=true />
            <Group members=members online=false />
            <Show when=move || members.next.get().is_some()>
                <Button on:click=more>{t("members-more")}</Button>
            </Show>
        </div>
    }
}

#[component]
fn Group(members: Members, online: bool) -> impl IntoView {
    let group = Memo::new(move |_| members.group(online));
    let title = move || {
        let count = group.with(Vec::len);
        let values = &[("count", count.into())];
        if online {
            t_with("members-here", values)
        } else {
            t_with("members-away", values)
        }
    };
    view! {
        <Show when=move || group.with(|group| !group.is_empty())>
            <h3 class="section-title">{title}</h3>
            <ul class="members">
                <For
                    each=move || group.get()
                    key=|profile| profile.id
                    children=move |profile| view! { <MemberLine profile=profile online=online /> }
                />
            </ul>
        </Show>
    }
}

#[component]
fn MemberLine(profile: Profile, online: bool) -> impl IntoView {
    let state = if online {
        t("member-here")
    } else {
        t("member-away")
    };
    view! {
        <li class="member" class:away=!online>
            <span class="member-face">
                <Avatar id=profile.id name=profile.display_name.clone() small=true />
                <span class="presence" class:here=online></span>
            </span>
            <span class="member-name" title=profile.username.clone()>
                {profile.display_name.clone()}
            </span>
            {(profile.kind == AccountKind::Bot)
                .then(|| view! { <span class="bot">{t("bot-badge")}</span> })}
            <span class="visually-hidden">{state}</span>
        </li>
    }
}
