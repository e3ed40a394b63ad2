//! `record!`: a mapping of the inventory as a struct.

/// A mapping of the inventory: the doc comments are its reference, `= value` behind a field is the default of
/// a key that is not written.
macro_rules! record {
    ($($(#[$attribute:meta])* pub struct $name:ident {
        $($(#[$field_attribute:meta])* $field:ident: $type:ty $(= $default:expr)?,)*
    })*) => {$(
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($(#[$field_attribute])* pub $field: $type,)*
            /// The key this mapping was written under; where nobody wrote it, the nearest one around it.
            pub span: diagnostic::Span,
        }
    )*};
}

pub(crate) use record;
