//! The JSON Schema of the inventory, for editors.

use document::schema;
use serde_json::Value as Json;

use crate::Inventory;
use crate::keys::Record;

/// The JSON Schema of the inventory.
pub fn json_schema() -> Json {
    schema::json_schema("labtree inventory", Inventory::info())
}

/// The text of `schemas/inventory.schema.json`.
pub fn schema_text() -> String {
    schema::schema_text(&json_schema())
}
