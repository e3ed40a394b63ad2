//! `texts!`: texts that have a form, checked when they are read.

/// A text takes the characters that are written, whatever YAML would make of them: `version: 2026.5` is the text
/// `2026.5`, `name: 0755` is `0755`, and `name: yes` is `yes`. Only nothing at all, `~` and `null` are no text.
#[macro_export]
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ pub struct $name:ident {
        check: $check:path,
        pattern: $pattern:literal,
        examples: $examples:expr,
    })*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) String);

        impl $name {
            /// `text`, if it has the form; else what is wrong with it, and what to type.
            ///
            /// # Errors
            /// It does not have the form.
            pub fn new(text: &str) -> Result<Self, $crate::field::Fault> {
                $check(text).map(|()| Self(text.to_owned()))
            }

            /// The text as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl $crate::field::Scalar for $name {
            fn shape() -> $crate::shape::Shape {
                static INFO: $crate::shape::TextInfo = $crate::shape::TextInfo {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    pattern: $pattern,
                    examples: &$examples,
                    accepts: |text| $check(text).is_ok(),
                };
                $crate::shape::Shape::Text(&INFO)
            }

            fn read(scalar: &$crate::YamlScalar, _reader: &mut $crate::read::Reader) -> Result<Self, $crate::field::Fault> {
                $check(&scalar.text).map(|()| Self(scalar.text.clone()))
            }

            fn stand_in(text: &str) -> Self {
                Self(text.to_owned())
            }

            fn json(&self) -> $crate::Json {
                $crate::Json::from(self.as_str())
            }
        }
    )*};
}
