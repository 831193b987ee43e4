//! The member list: who is online and who is offline.

use crate::accounts::view::{Face, Faces, Name};
use crate::accounts::{AccountKind, Profile};
use crate::communities::rpc::load_members;
use crate::communities::{Member, MemberChanged, MemberPage, Presence, PresenceChanged};
use crate::realtime::{Client, Heard, Replica};
use crate::shared::{AccountId, CommunityId};
use crate::ui::later::load_until_done;
use crate::ui::{Button, letters::lowercase, t, t_with};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// Rows drawn per group; scrolling draws more. Drawing rows that are not visible would cost every
/// page.
const DRAWN: usize = 30;
/// Distance to the end of the list at which more rows are drawn, in CSS pixels.
const NEAR_END: i32 = 400;
/// Delay before members are counted again after a change of presence.
const RECOUNT: Duration = Duration::from_secs(5);

/// The loaded members; a cheap copy.
#[derive(Clone, Copy)]
pub struct Members {
    /// The shown community.
    community: Memo<Option<CommunityId>>,
    /// The community of the list.
    of: StoredValue<Option<CommunityId>>,
    list: RwSignal<Replica<Member>>,
    /// Total and online members, including members that are not loaded.
    figures: RwSignal<Figures>,
    /// true if a new count is scheduled.
    recounting: StoredValue<bool>,
    /// Cursor of the next page.
    next: RwSignal<Option<AccountId>>,
    faces: Faces,
}

/// Numbers of members of a community, people and bots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Figures {
    total: u64,
    online: u64,
}

impl Figures {
    /// Numbers of a page. Adds the bots, which are always online: the server counts connections
    /// only.
    fn of(page: &MemberPage) -> Self {
        let bots = page.members.iter().filter(|member| is_bot(&member.profile));
        Self {
            total: page.total,
            online: (page.online + bots.count() as u64).min(page.total),
        }
    }
}

fn is_bot(profile: &Profile) -> bool {
    profile.kind == AccountKind::Bot
}

impl Members {
    /// Creates the list from the first page of the shown community.
    pub fn new(community: Memo<Option<CommunityId>>, page: Option<MemberPage>) -> Self {
        let figures = page.as_ref().map(Figures::of).unwrap_or_default();
        let rev = page.as_ref().map_or(0, |page| page.rev);
        let (members, next) = page.map_or_else(Default::default, |page| (page.members, page.next));
        Self {
            community,
            of: StoredValue::new(community.get_untracked()),
            list: RwSignal::new(Replica::new(members, rev)),
            figures: RwSignal::new(figures),
            recounting: StoredValue::new(false),
            next: RwSignal::new(next),
            faces: Faces::of_context(),
        }
    }

    /// Starts the list of another community.
    pub fn show(self, community: CommunityId) {
        if self.of.get_value() == Some(community) {
            return;
        }
        self.of.set_value(Some(community));
        self.next.set(None);
        self.figures.set(Figures::default());
        self.list.set(Replica::new(Vec::new(), 0));
        self.load_again(community);
    }

    /// Handles changes of members and of their presence.
    pub fn hear(self, update: &Heard, community: CommunityId) {
        match update {
            Heard::Event(envelope) => {
                if let Some(presence) = envelope.read::<PresenceChanged>() {
                    self.note(presence.changes);
                    self.recount(community);
                } else if let Some(change) = envelope.read::<MemberChanged>()
                    && self.change(change.profile, envelope.rev)
                {
                    self.recount(community);
                }
            }
            Heard::Reset { rev } => {
                self.list.update(|list| list.forget(*rev));
                self.load_again(community);
            }
            // Presence is not counted.
            Heard::Complete { .. } => self.load_again(community),
            Heard::Heartbeat { .. } => {}
        }
    }

    /// Applies a change. false: it is old.
    fn change(self, profile: Profile, rev: i64) -> bool {
        let news = self.list.try_update(|list| {
            if profile.kind == AccountKind::Deleted {
                return list.remove(profile.id.0, rev);
            }
            let online = match list.get_mut(profile.id.0) {
                Some(known) => known.online,
                None => is_bot(&profile),
            };
            let profile = profile.clone();
            list.put(Member { profile, online }, rev)
        });
        if news == Some(true) {
            self.faces.note(profile);
        }
        news == Some(true)
    }

    fn note(self, changes: Vec<Presence>) {
        self.list.update(|list| {
            for Presence { profile, online } in changes {
                let gone = list.is_gone(profile.id.0);
                match list.get_mut(profile.id.0) {
                    Some(member) => member.online = online,
                    None if gone => {}
                    None => list.show(Member { profile, online }),
                }
            }
        });
    }

    /// Requests the numbers, once for all changes within the delay.
    fn recount(self, community: CommunityId) {
        let asked = |asked: &mut bool| std::mem::replace(asked, true);
        if self.next.with_untracked(Option::is_none) {
            // All members are loaded.
            let online = |list: &[Member]| list.iter().filter(|member| member.online).count();
            let (total, online) = self.list.with_untracked(|list| (list.len(), online(list)));
            let figures = Figures {
                total: total as u64,
                online: online as u64,
            };
            self.figures.set(figures);
            return;
        }
        if self.recounting.try_update_value(asked) != Some(false) {
            return;
        }
        let ask = move || {
            if self.recounting.try_set_value(false).is_some() {
                return;
            }
            spawn_local(async move {
                if let Ok(page) = load_members(community, None).await
                    && self.of.try_get_value() == Some(Some(community))
                {
                    self.figures.try_set(Figures::of(&page));
                }
            });
        };
        set_timeout(ask, RECOUNT);
    }

    /// Loads the first page again.
    fn load_again(self, community: CommunityId) {
        let load = move || load_members(community, None);
        load_until_done(load, move |page: MemberPage| {
            if self.of.try_get_value() != Some(Some(community)) {
                return;
            }
            self.figures.set(Figures::of(&page));
            self.faces
                .refresh(page.members.iter().map(|member| &member.profile));
            self.next.set(page.next);
            self.list
                .update(|list| list.restart(page.members, page.rev));
        });
    }

    /// Loads the next page.
    fn load_more(self) {
        let Some(community) = self.community.get_untracked() else {
            return;
        };
        let after = self.next.get_untracked();
        spawn_local(async move {
            let Ok(page) = load_members(community, after).await else {
                return;
            };
            if self.of.try_get_value() != Some(Some(community)) {
                return;
            }
            self.faces
                .refresh(page.members.iter().map(|member| &member.profile));
            self.next.set(page.next);
            self.list
                .update(|list| list.add_page(page.members, page.rev));
        });
    }

    /// Returns the profiles of all loaded members.
    pub fn profiles(self) -> Vec<Profile> {
        let profiles = |list: &Replica<Member>| {
            let all = list.iter();
            all.map(|member| member.profile.clone()).collect()
        };
        self.list.with(profiles)
    }

    /// Size of the larger group, online or offline.
    fn longest_group(self) -> usize {
        self.list.with(|list| {
            let here = list.iter().filter(|member| member.online).count();
            here.max(list.len() - here)
        })
    }

    /// Returns the online or offline members, by name.
    fn group(self, online: bool) -> Vec<Profile> {
        let mut group: Vec<_> = self.list.with(|list| {
            let of_group = list.iter().filter(|member| member.online == online);
            of_group.map(|member| member.profile.clone()).collect()
        });
        group.sort_by_cached_key(|profile| (is_bot(profile), lowercase(&profile.display_name)));
        group
    }
}

/// The member list of the context pane.
#[component]
pub fn MemberList(members: Members) -> impl IntoView {
    let drawn = RwSignal::new(DRAWN);
    let is_cut = Memo::new(move |_| members.longest_group() > drawn.get());
    let more = move || {
        if is_cut.get_untracked() {
            drawn.update(|drawn| *drawn += DRAWN);
        } else {
            members.load_more();
        }
    };
    let scrolled = move |event: leptos::ev::Event| {
        let pane: web_sys::Element = event_target(&event);
        let below = pane.scroll_height() - pane.scroll_top() - pane.client_height();
        if below < NEAR_END && is_cut.get_untracked() {
            more();
        }
    };
    view! {
        <header class="pane-head">
            <h2>{t("members-title")}</h2>
        </header>
        <div
            class="pane-body"
            tabindex="0"
            role="group"
            aria-label=t("members-title")
            on:scroll=scrolled
        >
            <Group members=members online=true drawn=drawn />
            <Group members=members online=false drawn=drawn />
            <Show when=move || is_cut.get() || members.next.get().is_some()>
                <Button press=move |_| more()>{t("members-more")}</Button>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn Group(members: Members, online: bool, drawn: RwSignal<usize>) -> impl IntoView {
    let client = Client::of_context();
    // Presence is only known while connected.
    let here = Memo::new(move |_| online && !client.is_away());
    let group = Memo::new(move |_| members.group(online));
    let title = move || {
        let shown = group.with(Vec::len) as u64;
        let Figures {
            total,
            online: here,
        } = members.figures.get();
        let count = if online {
            here
        } else {
            total.saturating_sub(here)
        };
        let count = i64::try_from(count.max(shown)).unwrap_or(i64::MAX);
        let values = &[("count", count.into())];
        if online && client.is_away() {
            t_with("members-were-here", values)
        } else if online {
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
                    each=move || {
                        group.with(|group| group.iter().take(drawn.get()).cloned().collect::<Vec<_>>())
                    }
                    key=|profile| profile.id
                    children=move |profile| {
                        view! { <MemberLine profile=profile online=online here=here /> }
                    }
                />
            </ul>
        </Show>
    }
    .into_any()
}

#[component]
fn MemberLine(profile: Profile, online: bool, here: Memo<bool>) -> impl IntoView {
    let state = move || match (online, here.get()) {
        (true, true) => t("member-here"),
        (true, false) => t("member-unknown"),
        (false, _) => t("member-away"),
    };
    view! {
        <li class="member" class:away=!online>
            <span class="member-face">
                <Face profile=profile.clone() small=true />
                <span class="presence" class:here=move || here.get()></span>
            </span>
            <span class="member-name" title=format!("@{}", profile.username)>
                <bdi>
                    <Name profile=profile.clone() />
                </bdi>
            </span>
            {is_bot(&profile)
                .then(|| view! { <span class="bot">{t("bot-badge")}</span> })}
            <span class="visually-hidden">{state}</span>
        </li>
    }
    .into_any()
}
