//! Forms of actions: their frame, errors, fields, and forms of a single button.

use super::{Button, ButtonKind, Icon, IconName, error_text, form_key, settled, t};
use crate::shared::{Error, json::Json};
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::{Http, ServerFn};
use leptos::{ev, html, prelude::*};
use serde::de::DeserializeOwned;

/// A server function that a form can send.
pub trait FormAction:
    ServerFn<
        Client = BrowserClient,
        Protocol = Http<PostUrl, Json>,
        Error = Error,
        Output: Clone + Send + Sync + 'static,
    > + DeserializeOwned
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> FormAction for S where
    S: ServerFn<
            Client = BrowserClient,
            Protocol = Http<PostUrl, Json>,
            Error = Error,
            Output: Clone + Send + Sync + 'static,
        > + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The error of the last answer.
pub fn failure_of<S: FormAction>(action: ServerAction<S>) -> Signal<Option<Error>> {
    let value = action.value();
    Signal::derive(move || value.with(|value| value.as_ref()?.as_ref().err().cloned()))
}

/// Runs `then` after each success.
pub fn on_success<S: FormAction>(
    action: ServerAction<S>,
    then: impl Fn(S::Output) + Send + Sync + 'static,
) {
    Effect::new(move || {
        if let Some(Ok(made)) = action.value().get() {
            then(made);
        }
    });
}

/// The error of a form's last answer, by the field that it is about.
#[derive(Clone, Copy, Debug)]
pub struct FormErrors {
    error: Signal<Option<Error>>,
    field_of: fn(&Error) -> Option<&str>,
}

impl FormErrors {
    /// The errors of an action, which name the field in their details.
    pub fn of<S: FormAction>(action: ServerAction<S>) -> Self {
        Self::by(action, |error| {
            error.details.get("field").map(String::as_str)
        })
    }

    /// The errors of an action, with the field that each is about.
    pub fn by<S: FormAction>(
        action: ServerAction<S>,
        field_of: fn(&Error) -> Option<&str>,
    ) -> Self {
        Self {
            error: failure_of(action),
            field_of,
        }
    }

    /// The error about this field, in words.
    pub fn about(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.error.with(|error| {
                let error = error.as_ref()?;
                ((self.field_of)(error) == Some(field)).then(|| error_text(error))
            })
        })
    }

    /// A label above its control, marked if the error is about this field.
    pub fn labeled(
        self,
        field: &'static str,
        id: &'static str,
        label: String,
        control: impl IntoView + 'static,
    ) -> AnyView {
        let error = self.about(field);
        labeled(id, label, control)
            .add_any_attr(leptos::tachys::html::class::class((
                "has-error",
                move || error.with(Option::is_some),
            )))
            .into_any()
    }

    /// The error if it is about no field.
    pub fn about_none(self) -> Signal<Option<Error>> {
        let error = self.error;
        Signal::derive(move || error.get().filter(|error| (self.field_of)(error).is_none()))
    }
}

/// Place of a form's error; screen readers announce it at once.
#[component]
pub fn FormError(
    /// The error to show.
    #[prop(into)]
    error: Signal<Option<Error>>,
) -> impl IntoView {
    view! {
        <div class="form-error-place" role="alert">
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <p class="form-error">
                                <Icon name=IconName::Alert />
                                <span>{error_text(&error)}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// A form: its fields, the button that sends it, and its error. After an error the focus goes to
/// the field that has to be corrected. It is not sent twice at a time.
#[component]
pub fn Form<S: FormAction>(
    action: ServerAction<S>,
    /// Text of the button.
    #[prop(into)]
    submit: Signal<String>,
    /// Its text while the form is busy.
    #[prop(optional, into)]
    busy_text: Option<String>,
    /// Emphasis of the button.
    #[prop(default = ButtonKind::Primary)]
    kind: ButtonKind,
    /// CSS class.
    #[prop(default = "entry-form")]
    class: &'static str,
    /// Has a key, so that a repeat is harmless.
    #[prop(optional)]
    keyed: bool,
    /// A success leads to another page: the form stays busy until it is there.
    #[prop(optional)]
    leaves: bool,
    /// Shows the error above the fields, not below the button.
    #[prop(optional)]
    error_above: bool,
    /// The error to show instead of the action's.
    #[prop(optional, into)]
    error: Option<Signal<Option<Error>>>,
    /// Id of the field that gets the focus after an error that marks none.
    #[prop(optional)]
    focus: Option<fn(&Error) -> &'static str>,
    /// The fields.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (value, pending, failed) = (action.value(), action.pending(), failure_of(action));
    let busy = Signal::derive(move || {
        let done = || value.with(|value| matches!(value, Some(Ok(_))));
        pending.get() || leaves && done()
    });
    let hold = move |event: ev::SubmitEvent| {
        // A form that is being replaced is still shown for a moment.
        if busy.try_get_untracked() == Some(true) {
            event.prevent_default();
        }
    };
    let node = NodeRef::<html::Form>::new();
    focus_on_failure(node, failed, focus);
    let key = keyed.then(|| form_key(Signal::derive(move || value.with(settled))));
    let error = view! { <FormError error=error.unwrap_or(failed) /> }.into_any();
    let (above, below) = if error_above {
        (Some(error), None)
    } else {
        (None, Some(error))
    };
    view! {
        <ActionForm action=action node_ref=node attr:class=class on:submit:capture=hold>
            {above}
            {key}
            {children.map(|children| children())}
            <div class="form-send">
                <Button kind=kind submit=true busy=busy>
                    {move || {
                        let busy_text = busy_text.clone().filter(|_| busy.get());
                        busy_text.unwrap_or_else(|| submit.get())
                    }}
                </Button>
            </div>
            {below}
        </ActionForm>
    }
    .into_any()
}

/// Moves the focus to the field that has to be corrected.
fn focus_on_failure(
    form: NodeRef<html::Form>,
    failed: Signal<Option<Error>>,
    otherwise: Option<fn(&Error) -> &'static str>,
) {
    Effect::new(move || {
        let Some(error) = failed.get() else { return };
        let otherwise = otherwise.map(|id| id(&error));
        // The fields are marked by then.
        request_animation_frame(move || focus_invalid(form, otherwise));
    });
}

fn focus_invalid(_form: NodeRef<html::Form>, _otherwise: Option<&str>) {
    #[cfg(feature = "hydrate")]
    {
        let form = _form.try_get_untracked().flatten();
        let marked = form.and_then(|form| form.query_selector("[aria-invalid=true]").ok()?);
        super::browser::focus(marked.or_else(|| document().get_element_by_id(_otherwise?)));
    }
}

/// A label above its control.
pub fn labeled(id: impl Into<String>, label: String, control: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="field">
            <label for=id.into()>{label}</label>
            {control.into_any()}
        </div>
    }
    .into_any()
}

/// The options of a `select`: value, name, and true for the chosen one.
pub fn options(options: impl IntoIterator<Item = (String, String, bool)>) -> AnyView {
    let option = |(value, name, chosen)| {
        view! {
            <option value=value selected=chosen>
                {name}
            </option>
        }
    };
    options.into_iter().map(option).collect_view().into_any()
}

/// A single-line text field of an [`entry form`](Form). A listener for `input` goes to its group.
#[component]
pub fn TextField(
    name: &'static str,
    #[prop(into)] id: String,
    /// Text of the label.
    #[prop(into)]
    label: Signal<String>,
    /// Initial value.
    #[prop(optional_no_strip, into)]
    value: Option<String>,
    /// Keyboard of phones: `text`, `numeric` or `decimal`.
    #[prop(default = "text")]
    mode: &'static str,
    /// Starts with capitals, as for symbols.
    #[prop(optional)]
    capitals: bool,
    /// Maximum number of characters.
    #[prop(optional, into)]
    most: Option<usize>,
    #[prop(optional)] required: bool,
    /// Shown while true.
    #[prop(default = true.into(), into)]
    shown: Signal<bool>,
    /// The form's errors.
    #[prop(optional, into)]
    errors: Option<FormErrors>,
    /// Id of a `datalist` with suggestions.
    #[prop(optional)]
    list: Option<String>,
    /// The input.
    #[prop(optional)]
    node: NodeRef<html::Input>,
) -> impl IntoView {
    let error = errors.map(|errors| errors.about(name));
    let error = move || error?.get();
    let wrong = move || error().is_some();
    view! {
        <div class="field" class:has-error=wrong hidden=move || !shown.get()>
            <label for=id.clone()>{move || label.get()}</label>
            <input
                class="input"
                id=id
                name=name
                value=value
                inputmode=mode
                autocomplete="off"
                autocapitalize=capitals.then_some("characters")
                maxlength=most.map(|most| most.to_string())
                required=required
                list=list
                aria-invalid=move || wrong().then_some("true")
                aria-description=error
                node_ref=node
            />
        </div>
    }
    .into_any()
}

/// A search that works without scripts: the query parameter `name`, more controls, the button.
#[component]
pub fn SearchForm(
    /// Address of the list.
    #[prop(into)]
    action: String,
    name: &'static str,
    /// Label of the input, shown while it is empty.
    #[prop(into)]
    label: String,
    /// Current value.
    #[prop(into)]
    value: Signal<Option<String>>,
    /// Starts with capitals, as for symbols.
    #[prop(optional)]
    capitals: bool,
    /// More controls.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <form class="search-form" method="get" action=action role="search">
            <input
                class="input"
                type="search"
                name=name
                aria-label=label.clone()
                placeholder=label
                autocomplete="off"
                autocapitalize=capitals.then_some("characters")
                value=move || value.get()
            />
            {children.map(|children| children())}
            <button type="submit" class="button quiet">
                <Icon name=IconName::Search />
                {t("search")}
            </button>
        </form>
    }
    .into_any()
}

/// A form of hidden fields and a button.
pub fn button_form<S: FormAction>(
    action: ServerAction<S>,
    fields: Vec<(&'static str, String)>,
    button: impl IntoView + 'static,
) -> AnyView {
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let button = button.into_any();
    view! {
        <ActionForm action=action>
            {fields}
            {button}
        </ActionForm>
    }
    .into_any()
}

/// The small button of a row's form. `label` is its accessible name where the text says too little.
pub fn row_button(text: String, label: Option<String>) -> AnyView {
    view! {
        <button type="submit" class="button quiet small" aria-label=label>
            {text}
        </button>
    }
    .into_any()
}

/// The icon button of a row's form; its label is its accessible name and the tooltip.
pub fn row_icon(icon: IconName, label: String) -> AnyView {
    view! {
        <button type="submit" class="button icon-button" aria-label=label.clone() title=label>
            <Icon name=icon />
        </button>
    }
    .into_any()
}
