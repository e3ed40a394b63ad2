//! Rendered YAML as values.

use yaml_serde::{Deserializer, Value};

use crate::Sample;

impl Sample {
    /// The documents of the file at `path`.
    #[track_caller]
    pub fn documents(&self, path: &str) -> Vec<Value> {
        let read = |document| serde::Deserialize::deserialize(document).expect("it is YAML");
        Deserializer::from_str(self.text(path)).map(read).collect()
    }

    /// The only document of the file at `path`.
    #[track_caller]
    pub fn document(&self, path: &str) -> Value {
        let mut documents = self.documents(path);
        assert_eq!(documents.len(), 1, "{path}");
        documents.remove(0)
    }
}

/// The texts in a list of texts.
#[track_caller]
pub fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_sequence().unwrap_or_else(|| panic!("{list:?} is a list"));
    list.iter().map(|item| item.as_str().expect("each item is text")).collect()
}

/// The `name` of each item of a list.
#[track_caller]
pub fn names(list: &Value) -> Vec<&str> {
    let list = list.as_sequence().unwrap_or_else(|| panic!("{list:?} is a list"));
    list.iter().map(|item| item["name"].as_str().expect("each item has a name")).collect()
}
