//! The JSON Schema of a document, for editors.
//!
//! It is draft-07, the newest that the YAML language server reads completely, and without `$ref`: beside one,
//! draft-07 ignores the description and the default of the key.

use serde_json::{Map, Value as Json, json};

use crate::shape::{FieldInfo, RecordInfo, Shape, TextInfo};

/// The JSON Schema of a document called `title` that is the record `info`.
pub fn json_schema(title: &str, info: &RecordInfo) -> Json {
    let mut schema = Map::new();
    schema.insert(String::from("$schema"), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert(String::from("title"), json!(title));
    describe(&mut schema, info.doc);
    schema.extend(record(info));
    Json::Object(schema)
}

/// The text of the file that holds `schema`.
pub fn schema_text(schema: &Json) -> String {
    serde_json::to_string_pretty(schema).expect("a schema has only text as keys") + "\n"
}

/// Doc comments as they are read: without the blank that starts each line, paragraphs kept.
pub fn prose(doc: &str) -> String {
    let mut text = String::new();
    for line in doc.lines().map(str::trim) {
        if line.is_empty() {
            text.push_str("\n\n");
        } else {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    // A link between types, [`Label`], is only code to whoever reads the schema or the page.
    text.trim().replace("[`", "`").replace("`]", "`")
}

fn describe(schema: &mut Map<String, Json>, doc: &str) {
    let text = prose(doc);
    if text.contains('`') {
        schema.insert(String::from("markdownDescription"), json!(text));
    }
    schema.insert(String::from("description"), json!(text));
}

fn field(field: &FieldInfo) -> Json {
    let shape = (field.shape)();
    let mut schema = Map::new();
    let doc = match &shape {
        Shape::Text(info) => format!("{}\n\n{}", field.doc, info.doc),
        _ => String::from(field.doc),
    };
    describe(&mut schema, &doc);
    if let Some(default) = field.default {
        schema.insert(String::from("default"), default());
    }
    schema.extend(of(&shape));
    Json::Object(schema)
}

fn of(shape: &Shape) -> Map<String, Json> {
    let schema = match shape {
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Integer { minimum, maximum, .. } => json!({ "type": "integer", "minimum": minimum, "maximum": maximum }),
        Shape::Text(info) => json!({ "type": text_types(info), "pattern": info.pattern, "examples": info.examples }),
        Shape::Words(info) => {
            let words: Vec<_> = info.words.iter().map(|(word, _)| word).collect();
            let meanings: Vec<_> = info.words.iter().map(|(_, doc)| prose(doc)).collect();
            json!({ "enum": words, "markdownEnumDescriptions": meanings })
        }
        Shape::Record(info) => match info.short.and_then(|key| info.field(key)) {
            Some(short) => json!({ "anyOf": [of(&(short.shape)()), record(info)] }),
            None => return record(info),
        },
        Shape::List { item, filled } => {
            let mut schema =
                Map::from_iter([(String::from("type"), json!("array")), (String::from("items"), json!(of(item)))]);
            if matches!(**item, Shape::Text(_) | Shape::Words(_)) {
                schema.insert(String::from("uniqueItems"), json!(true));
            }
            if *filled {
                schema.insert(String::from("minItems"), json!(1));
            }
            return schema;
        }
        Shape::Entries { key, value } => {
            let names = match &**key {
                Shape::Text(info) => json!({ "pattern": info.pattern }),
                _ => json!({}),
            };
            json!({ "type": ["object", "null"], "propertyNames": names, "additionalProperties": of(value) })
        }
        Shape::WordOrList { word, doc, item } => json!({
            "anyOf": [
                { "enum": [word], "markdownEnumDescriptions": [doc] },
                of(&Shape::List { item: item.clone(), filled: true }),
            ]
        }),
        Shape::Any => json!({}),
    };
    match schema {
        Json::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// A text takes the characters that are written, so what YAML reads as a number or a boolean is a text as well
/// where its characters are fine.
fn text_types(info: &TextInfo) -> Json {
    let number = ["2026", "2026.5"].iter().any(|text| (info.accepts)(text));
    let boolean = (info.accepts)("true");
    match (number, boolean) {
        (false, false) => json!("string"),
        (true, false) => json!(["string", "number"]),
        (false, true) => json!(["string", "boolean"]),
        (true, true) => json!(["string", "number", "boolean"]),
    }
}

fn record(info: &RecordInfo) -> Map<String, Json> {
    let properties: Map<_, _> = info.fields.iter().map(|info| (String::from(info.key), field(info))).collect();
    let required: Vec<_> = info.fields.iter().filter(|field| (field.required)()).map(|field| field.key).collect();
    let mut schema = Map::new();
    let kind = if info.demands() { json!("object") } else { json!(["object", "null"]) };
    schema.insert(String::from("type"), kind);
    schema.insert(String::from("additionalProperties"), json!(false));
    if !required.is_empty() {
        schema.insert(String::from("required"), json!(required));
    }
    if let Some((first, second)) = info.either {
        schema.insert(String::from("oneOf"), json!([{ "required": [first] }, { "required": [second] }]));
    }
    schema.insert(String::from("properties"), Json::Object(properties));
    schema
}
