//! Groups of pages such as the settings: on a desktop the list of sections beside the open one, on
//! a phone the list first and then the section.
//!
//! Uses only links and CSS, so it works without scripts: the bare URL shows the list on a phone,
//! and the list beside the first section on a desktop.

use super::keys::{Action, Keys};
use super::panes::walk_by_keys;
use super::{FinderButton, Icon, IconName, LiveTitle, cookies, t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Cookie with the path to return to from these pages.
const LEFT: &str = "left";

#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Path segment after the base.
    pub slug: &'static str,
    pub icon: IconName,
    /// Message key of its name.
    pub name: &'static str,
}

/// Which of the sections is open.
#[derive(Clone, Copy, Debug)]
enum Opened {
    /// The URL names none: shows the list, and the first section where there is room.
    List(Section),
    /// The URL names this section.
    Page(Section),
}

impl Opened {
    fn of(sections: &[Section], slug: Option<&str>) -> Option<Self> {
        match slug {
            None => sections.first().copied().map(Self::List),
            Some(slug) => sections
                .iter()
                .find(|section| section.slug == slug)
                .copied()
                .map(Self::Page),
        }
    }

    const fn section(self) -> Section {
        match self {
            Self::List(section) | Self::Page(section) => section,
        }
    }
}

/// Stores the current path, to which [`SectionPages`] returns.
pub fn leave_from_here() {
    #[cfg(feature = "hydrate")]
    if let Ok(path) = location().pathname() {
        cookies::write(LEFT, &path);
    }
}

/// The path to return to, else the start page. Cookies are untrusted input: accepts only paths of
/// channels.
pub fn way_back() -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '/';
    cookies::read(LEFT)
        .filter(|path| path.starts_with("/channels/") && path.chars().all(plain))
        .unwrap_or_else(|| "/".to_owned())
}

/// The list of sections and the open one. Escape returns to the previous place.
#[component]
pub fn SectionPages(
    /// Title of the group.
    #[prop(into)]
    title: String,
    /// Path without the section, such as `/settings`.
    base: &'static str,
    /// The sections that this reader can see.
    sections: Vec<Section>,
    /// Returns the content of a section by its slug. Separate from the list, which other pages use
    /// without loading this code.
    views: fn(&str) -> AnyView,
    /// The section in the URL.
    #[prop(into)]
    slug: Signal<Option<String>>,
    /// Content below the list.
    #[prop(optional, into)]
    foot: ViewFnOnce,
) -> impl IntoView {
    let back = way_back();
    escape_leads_to(back.clone());
    let known = sections.clone();
    let opened = Memo::new_with_compare(
        move |_| slug.with(|slug| Opened::of(&known, slug.as_deref())),
        |before, now| describe(before.copied().flatten()) != describe(now.copied().flatten()),
    );
    let on_page = move || matches!(opened.get(), Some(Opened::Page(_)));
    Effect::new(move |before: Option<bool>| {
        let page = on_page();
        // On a phone the followed link is gone, so the focus moves to the section.
        if before == Some(false) && page {
            focus_section();
        }
        page
    });
    let (of_page, label) = (title.clone(), title.clone());
    let page_title = move || {
        let section = opened.get().map(Opened::section);
        section.map_or_else(
            || of_page.clone(),
            |section| format!("{} · {of_page}", t(section.name)),
        )
    };
    let links = sections.into_iter().map(|section| {
        let slug = section.slug;
        let current =
            move || (opened.get().map(|o| o.section().slug) == Some(slug)).then_some("page");
        view! {
            <li>
                <a class="section-link" href=format!("{base}/{slug}") aria-current=current>
                    <Icon name=section.icon />
                    <span>{t(section.name)}</span>
                    <Icon name=IconName::ChevronRight />
                </a>
            </li>
        }
    });
    let links = links.collect_view();
    view! {
        <LiveTitle text=page_title />
        <main class="sections" data-open=move || if on_page() { "page" } else { "list" }>
            <a class="skip-link" href="#section" rel="external">
                {t("skip-to-section")}
            </a>
            <h1 class="visually-hidden">{title.clone()}</h1>
            <nav class="section-list" aria-label=label>
                <header class="pane-head">
                    <a
                        class="button icon-button section-back"
                        href=back.clone()
                        aria-label=t("back-to-chat")
                        title=t("back-to-chat")
                    >
                        <Icon name=IconName::ChevronLeft />
                    </a>
                    <p class="pane-title">{title}</p>
                </header>
                <div class="pane-body">
                    <ul>{links}</ul>
                </div>
                {foot.run()}
            </nav>
            <section class="section-page" id="section" tabindex="-1">
                {move || opened.get().map(|o| opened_view(o.section(), views, base, back.clone()))}
            </section>
        </main>
    }
    .into_any()
}

/// The head and the content of a section.
fn opened_view(
    section: Section,
    views: fn(&str) -> AnyView,
    base: &'static str,
    back: String,
) -> AnyView {
    let name = t(section.name);
    view! {
        <header class="top-line">
            <a
                class="button icon-button to-sections"
                href=base
                aria-label=t("all-sections")
                title=t("all-sections")
            >
                <Icon name=IconName::ChevronLeft />
            </a>
            <h2>{name.clone()}</h2>
            <FinderButton />
            <a class="button icon-button push" href=back aria-label=t("back-to-chat") title=t_with("with-key", &[("what", t("back-to-chat").into()), ("key", "Esc".into())])>
                <Icon name=IconName::Close />
            </a>
        </header>
        // Focusable, so that the keyboard scrolls a section without controls.
        <div class="section-scroll" tabindex="0" role="group" aria-label=name.clone()>
            <div class="section-body">{views(section.slug)}</div>
        </div>
    }
    .into_any()
}

fn describe(opened: Option<Opened>) -> Option<(bool, &'static str)> {
    opened.map(|opened| (matches!(opened, Opened::Page(_)), opened.section().slug))
}

/// Makes Escape navigate to a place, unless an open dialog or menu handles the key; a field first
/// loses the focus.
pub fn escape_leads_to(place: String) {
    escape_leads_to_unless(place, || false);
}

/// Like [`escape_leads_to`], unless `own` returns true: the page has handled the key.
pub fn escape_leads_to_unless(place: String, own: impl Fn() -> bool + Send + Sync + 'static) {
    let navigate = use_navigate();
    Keys::of_context().on(Action::Back, move || {
        if !own() && escape_is_free() {
            navigate(&place, leptos_router::NavigateOptions::default());
        }
    });
    walk_by_keys();
}

#[cfg(feature = "hydrate")]
fn escape_is_free() -> bool {
    use leptos::wasm_bindgen::JsCast;
    if let Ok(Some(_)) = document().query_selector(":popover-open") {
        return false;
    }
    let Some(active) = document().active_element() else {
        return true;
    };
    if !active
        .matches("input, textarea, select")
        .is_ok_and(|yes| yes)
    {
        return true;
    }
    if let Ok(field) = active.dyn_into::<web_sys::HtmlElement>() {
        let _gone = field.blur();
    }
    false
}

#[cfg(not(feature = "hydrate"))]
const fn escape_is_free() -> bool {
    false
}

fn focus_section() {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;
        if let Some(section) = document().get_element_by_id("section")
            && let Ok(section) = section.dyn_into::<web_sys::HtmlElement>()
        {
            let _gone = section.focus();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bare_address_is_the_list_beside_the_first_section() {
        let section = |slug| Section {
            slug,
            icon: IconName::User,
            name: "app-name",
        };
        let sections = [section("a"), section("b")];
        let opened = |slug| describe(Opened::of(&sections, slug));
        assert_eq!(opened(None), Some((false, "a")));
        assert_eq!(opened(Some("b")), Some((true, "b")));
        assert_eq!(opened(Some("c")), None);
        assert_eq!(describe(Opened::of(&[], None)), None);
    }
}
