//! What any document can be found guilty of.

/// Lists the ids of a crate: a constant for each, and `RULES` with every id and the sentence on what breaks it.
#[macro_export]
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $constant:ident = $id:literal;)*) => {
        $($(#[doc = $doc])+ pub const $constant: &str = $id;)*

        /// Every rule of this list: its id, and what breaks it. What YAML itself forbids is in none of them.
        pub const RULES: &[(&str, &str)] = &[$(($id, concat!($($doc),+).trim_ascii_start()),)*];
    };
}

rules! {
    /// A plain scalar below `values` is read one way by YAML 1.2 and another way by Kubernetes.
    AMBIGUOUS_SCALAR = "ambiguous-scalar";
    /// A list has the same item twice.
    DUPLICATE_ITEM = "duplicate-item";
    /// A key is set twice, in one file or in two.
    DUPLICATE_KEY = "duplicate-key";
    /// Of two keys that exclude each other both are written, or neither.
    EITHER_OR = "either-or";
    /// A list that needs an item has none.
    EMPTY_LIST = "empty-list";
    /// Nothing is written behind a key.
    EMPTY_VALUE = "empty-value";
    /// A number is out of range, or not written as one.
    INVALID_NUMBER = "invalid-number";
    /// A text of one line holds a line break or a control character.
    INVALID_TEXT = "invalid-text";
    /// A key that has no default is not written.
    MISSING_KEY = "missing-key";
    /// A number loses digits because it is not written as text.
    NUMBER_LOSES_DIGITS = "number-loses-digits";
    /// A key is none of those that the document knows.
    UNKNOWN_KEY = "unknown-key";
    /// A word is none of those that the key takes.
    UNKNOWN_WORD = "unknown-word";
    /// The value of a secret is written in the document.
    WRITTEN_SECRET = "written-secret";
    /// A list stands where a mapping is wanted, a text where a number is, and so on.
    WRONG_KIND = "wrong-kind";
    /// A merge key (`<<`), which no document reads.
    YAML_MERGE_KEY = "yaml-merge-key";
    /// A tag other than `!!str`.
    YAML_TAG = "yaml-tag";
}
