//! `words!`: values that are one of a few words.

use crate::field::Fault;
use crate::read::{Reader, shorten};
use crate::rules;
use crate::shape::alternatives;

/// A type of a few words: from one definition come the enum, its reader and its part of schema and reference page.
#[macro_export]
macro_rules! words {
    ($($(#[doc = $doc:literal])+ pub enum $name:ident {
        $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)*
    })*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $word_doc])+ $variant,)*
        }

        impl $name {
            /// Every word, in the order of the reference page.
            pub const WORDS: &'static [(&'static str, $name)] = &[$(($word, $name::$variant),)*];

            /// The word as it is written.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }

        impl $crate::field::Scalar for $name {
            fn shape() -> $crate::shape::Shape {
                static INFO: $crate::shape::WordsInfo = $crate::shape::WordsInfo {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    words: &[$(($word, concat!($($word_doc, "\n"),+)),)*],
                };
                $crate::shape::Shape::Words(&INFO)
            }

            fn read(scalar: &$crate::YamlScalar, reader: &mut $crate::read::Reader) -> Result<Self, $crate::field::Fault> {
                $crate::words::word(&scalar.text, $name::WORDS, reader)
            }

            fn stand_in(_text: &str) -> Self {
                $name::WORDS[0].1
            }

            fn json(&self) -> $crate::Json {
                $crate::Json::from(self.as_str())
            }
        }
    )*};
}

/// The value that `text` is the word of.
pub fn word<T: Copy>(text: &str, words: &[(&str, T)], reader: &mut Reader) -> Result<T, Fault> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*value);
    }
    let near = reader.did_you_mean(text, words.iter().map(|(word, _)| *word));
    let list = alternatives(words.iter().map(|(word, _)| *word));
    Err(Fault::new(rules::UNKNOWN_WORD, format!("unknown word `{}`{near}", shorten(text)))
        .help(format!("write {list}")))
}
