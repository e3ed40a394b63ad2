//! `record!`: a mapping of a document, written once.

/// A mapping of a document. From one definition come the struct, its reader, its part of the JSON Schema and
/// its part of the reference page: the doc comments are the descriptions, `= value` behind a field is the default
/// of a key that is not written. A field without a default whose type is an `Option`, or a mapping that needs no
/// key, may be left out; any other must be written.
///
/// `either a or b`: exactly one of these two keys is written. `short a`: the value of `a` may stand in place of
/// the mapping. `never none`: the rule that a list without any of these breaks, and why.
#[macro_export]
macro_rules! record {
    (@default $type:ty) => {
        None::<fn() -> <$type as $crate::read::Field>::Default>
    };
    (@default $type:ty, $default:expr) => {{
        let default: fn() -> <$type as $crate::read::Field>::Default = || $default;
        Some(default)
    }};
    (@show $type:ty) => {
        None
    };
    (@show $type:ty, $default:expr) => {
        Some(|| {
            let default: <$type as $crate::read::Field>::Default = $default;
            <$type as $crate::read::Field>::show(&default)
        })
    };
    (@either) => {
        None
    };
    (@either $first:ident, $second:ident) => {
        Some((stringify!($first), stringify!($second)))
    };
    (@short) => {
        None
    };
    (@short $short:ident) => {
        Some(stringify!($short))
    };
    ($(
        $(#[doc = $doc:literal])+
        pub struct $name:ident
        $(either $first:ident or $second:ident)?
        $(short $short:ident)?
        $(never none: $rule:path, $why:literal)?
    {
        $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty $(= $default:expr)?,)*
    })*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub struct $name {
            $($(#[doc = $field_doc])+ pub $field: $type,)*
            /// The key this mapping was written under; where nobody wrote it, the nearest one around it.
            pub span: $crate::Span,
        }

        impl $crate::keys::Record for $name {
            const INFO: $crate::shape::RecordInfo = $crate::shape::RecordInfo {
                doc: concat!($($doc, "\n"),+),
                fields: &[$($crate::shape::FieldInfo {
                    key: stringify!($field),
                    doc: concat!($($field_doc, "\n"),+),
                    shape: || {
                        let default = $crate::record!(@default $type $(, $default)?);
                        $crate::shape_of::<$type>(default)
                    },
                    required: || {
                        let default = $crate::record!(@default $type $(, $default)?);
                        default.is_none() && <$type as $crate::read::Field>::absent($crate::read::NOWHERE).is_none()
                    },
                    optional: <$type as $crate::read::Field>::OPTIONAL,
                    default: $crate::record!(@show $type $(, $default)?),
                },)*],
                either: $crate::record!(@either $($first, $second)?),
                short: $crate::record!(@short $($short)?),
            };

            fn info() -> &'static $crate::shape::RecordInfo {
                static INFO: $crate::shape::RecordInfo = <$name as $crate::keys::Record>::INFO;
                &INFO
            }
        }

        impl $crate::read::Field for $name {
            type Default = Self;

            fn shape() -> $crate::shape::Shape {
                $crate::shape::Shape::Record(<Self as $crate::keys::Record>::info())
            }

            fn read(node: &$crate::Node, at: &$crate::read::At<'_>, reader: &mut $crate::read::Reader) -> Self {
                let keys = $crate::keys::Keys::of(<Self as $crate::keys::Record>::info(), node, at, reader);
                Self {
                    $($field: keys.field::<$type>(
                        stringify!($field),
                        $crate::record!(@default $type $(, $default)?),
                        reader,
                    ),)*
                    span: at.key,
                }
            }

            fn absent(near: $crate::Span) -> Option<Self> {
                if <Self as $crate::keys::Record>::INFO.either.is_some() {
                    return None;
                }
                Some(Self {
                    $($field: $crate::absent::<$type>($crate::record!(@default $type $(, $default)?), near)?,)*
                    span: near,
                })
            }

            fn stand_in() -> Self {
                Self {
                    $($field: <$type as $crate::read::Field>::stand_in(),)*
                    span: $crate::read::NOWHERE,
                }
            }

            fn from_default(default: Self, _near: $crate::Span) -> Self {
                default
            }

            fn show(_default: &Self) -> $crate::Json {
                $crate::Json::Null
            }

            $(fn none_in_list() -> (&'static str, &'static str) {
                ($rule, $why)
            })?
        }
    )*};
}

use diagnostic::Span;

use crate::read::Field;
use crate::shape::Shape;

/// The shape of a field; a list with a default that is not empty, or without one, must have an item.
pub fn shape_of<T: Field>(default: Option<fn() -> T::Default>) -> Shape {
    match T::shape() {
        Shape::List { item, .. } => Shape::List { item, filled: T::filled(default.map(|default| default()).as_ref()) },
        shape => shape,
    }
}

/// What a field has when nobody wrote its key; `None` if it must be written.
pub fn absent<T: Field>(default: Option<fn() -> T::Default>, near: Span) -> Option<T> {
    match default {
        Some(default) => Some(T::from_default(default(), near)),
        None => T::absent(near),
    }
}
