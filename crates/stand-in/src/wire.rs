//! The messages of OpenTofu's provider protocol, version 5: those that are needed, with the numbers of their fields.

use std::collections::HashMap;

use prost::Message;

/// A value: MessagePack, or JSON in states of old.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) msgpack: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) json: Vec<u8>,
}

/// Something to say; severity 1 is an error.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Diagnostic {
    #[prost(int32, tag = "1")]
    pub(crate) severity: i32,
    #[prost(string, tag = "2")]
    pub(crate) summary: String,
    #[prost(string, tag = "3")]
    pub(crate) detail: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AttributePath {
    #[prost(message, repeated, tag = "1")]
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Step {
    #[prost(string, tag = "1")]
    pub(crate) attribute_name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Schema {
    #[prost(int64, tag = "1")]
    pub(crate) version: i64,
    #[prost(message, optional, tag = "2")]
    pub(crate) block: Option<Block>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Block {
    #[prost(message, repeated, tag = "2")]
    pub(crate) attributes: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Attribute {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) r#type: Vec<u8>,
    #[prost(bool, tag = "4")]
    pub(crate) required: bool,
    #[prost(bool, tag = "5")]
    pub(crate) optional: bool,
    #[prost(bool, tag = "6")]
    pub(crate) computed: bool,
    #[prost(bool, tag = "7")]
    pub(crate) sensitive: bool,
    #[prost(bool, tag = "9")]
    pub(crate) deprecated: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Schemas {
    #[prost(message, optional, tag = "1")]
    pub(crate) provider: Option<Schema>,
    #[prost(map = "string, message", tag = "2")]
    pub(crate) resources: HashMap<String, Schema>,
    #[prost(map = "string, message", tag = "3")]
    pub(crate) data_sources: HashMap<String, Schema>,
    #[prost(map = "string, message", tag = "8")]
    pub(crate) ephemerals: HashMap<String, Schema>,
}

/// `PrepareProviderConfig`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Prepare {
    #[prost(message, optional, tag = "1")]
    pub(crate) config: Option<DynamicValue>,
}

/// `Configure`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Configure {
    #[prost(message, optional, tag = "2")]
    pub(crate) config: Option<DynamicValue>,
}

/// A type and a value: the questions about a data source or an ephemeral resource, and both validations.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Typed {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) value: Option<DynamicValue>,
}

/// An answer with nothing but what there is to say.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Said {
    #[prost(message, repeated, tag = "1")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// An answer that gives a value: a prepared or upgraded one, a resource or a data source that was read.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Given {
    #[prost(message, optional, tag = "1")]
    pub(crate) value: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What the provider keeps beside a resource that was read.
    #[prost(bytes = "vec", tag = "3")]
    pub(crate) private: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Upgrade {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) raw: Option<RawState>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct RawState {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) json: Vec<u8>,
}

/// `PlanResourceChange`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Plan {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) prior: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(crate) proposed: Option<DynamicValue>,
    #[prost(message, optional, tag = "4")]
    pub(crate) config: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Planned {
    #[prost(message, optional, tag = "1")]
    pub(crate) state: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) replaces: Vec<AttributePath>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[prost(bool, tag = "5")]
    pub(crate) legacy_types: bool,
}

/// `ApplyResourceChange`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Apply {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) prior: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(crate) planned: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Applied {
    #[prost(message, optional, tag = "1")]
    pub(crate) state: Option<DynamicValue>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[prost(bool, tag = "4")]
    pub(crate) legacy_types: bool,
}

/// `ImportResourceState`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Import {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(string, tag = "2")]
    pub(crate) id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Imports {
    #[prost(message, repeated, tag = "1")]
    pub(crate) resources: Vec<Imported>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Imported {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) state: Option<DynamicValue>,
}

/// `OpenEphemeralResource` answered.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Opened {
    #[prost(message, repeated, tag = "1")]
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[prost(message, optional, tag = "3")]
    pub(crate) result: Option<DynamicValue>,
}

impl Diagnostic {
    /// An error.
    pub(crate) fn error(summary: impl Into<String>) -> Self {
        Self { severity: 1, summary: summary.into(), detail: String::new() }
    }
}

impl AttributePath {
    /// The path of a whole attribute.
    pub(crate) fn to(name: &str) -> Self {
        Self { steps: vec![Step { attribute_name: name.to_owned() }] }
    }
}
