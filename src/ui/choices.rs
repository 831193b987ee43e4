//! Enums of a few options, each with the name that is stored.

/// Defines an enum with a name for each variant; the first one is the default.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$choice_doc:meta])* $choice:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name {
            #[default]
            $($(#[$choice_doc])* $choice,)*
        }

        impl $name {
            /// All variants, the default first.
            pub const ALL: &[Self] = &[$(Self::$choice,)*];

            /// Name in cookies, URLs, forms and document attributes; empty for the default.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$choice => $word,)*
                }
            }

            /// The variant with this name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.as_str() == name)
            }
        }
    };
}

pub(crate) use choices;
