//! Values as OpenTofu sends them: MessagePack in which an extension is a value that is not known yet.

use rmpv::Value;
use serde_json::{Map, Value as Json};

use crate::shape::Shape;
use crate::wire::DynamicValue;

/// An object of the server, or a resource of which everything is known.
pub(crate) type Object = Map<String, Json>;

/// What OpenTofu sent: a map from attribute to value, or nil where there is none.
pub(crate) fn read(sent: Option<&DynamicValue>) -> Result<Value, String> {
    let sent = sent.ok_or("a value is missing")?;
    if sent.msgpack.is_empty() {
        let json = serde_json::from_slice(&sent.json).map_err(|error| format!("a value is no JSON: {error}"))?;
        return Ok(pack(&json));
    }
    rmpv::decode::read_value(&mut sent.msgpack.as_slice()).map_err(|error| format!("a value cannot be read: {error}"))
}

/// What OpenTofu is sent.
pub(crate) fn write(value: &Value) -> DynamicValue {
    let mut msgpack = Vec::new();
    rmpv::encode::write_value(&mut msgpack, value).expect("a vector takes all");
    DynamicValue { msgpack, json: Vec::new() }
}

/// `object` as a resource of that shape: every attribute is there, and no other.
pub(crate) fn shaped(shape: &Shape, object: &Object) -> Value {
    let pairs = shape.attributes.keys().map(|name| {
        let value = object.get(name).map_or(Value::Nil, pack);
        (Value::from(name.as_str()), value)
    });
    Value::Map(pairs.collect())
}

/// The attributes of `value` of which everything is known and that are not null.
pub(crate) fn known(value: &Value) -> Object {
    let pairs = value.as_map().into_iter().flatten().filter_map(|(name, value)| {
        let value = json(value).filter(|value| !value.is_null())?;
        Some((name.as_str()?.to_owned(), value))
    });
    pairs.collect()
}

/// The attribute `name` of `value`; nil where it has none.
pub(crate) fn get<'v>(value: &'v Value, name: &str) -> &'v Value {
    let pairs = value.as_map().into_iter().flatten();
    pairs.filter(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value).next().unwrap_or(&Value::Nil)
}

/// A value that is not known yet.
pub(crate) fn unknown() -> Value {
    Value::Ext(0, vec![0])
}

/// The value; `None` where some of it is not known yet.
pub(crate) fn json(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Nil => Json::Null,
        Value::Boolean(is) => Json::Bool(*is),
        Value::Integer(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_u64()?.into(),
        },
        Value::F32(number) => f64::from(*number).into(),
        Value::F64(number) => (*number).into(),
        Value::String(text) => text.as_str()?.into(),
        Value::Binary(bytes) => String::from_utf8(bytes.clone()).ok()?.into(),
        Value::Array(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        Value::Map(pairs) => {
            let pair = |(name, value): &(Value, Value)| Some((name.as_str()?.to_owned(), json(value)?));
            Json::Object(pairs.iter().map(pair).collect::<Option<_>>()?)
        }
        Value::Ext(..) => return None,
    })
}

/// The value as MessagePack.
pub(crate) fn pack(value: &Json) -> Value {
    match value {
        Json::Null => Value::Nil,
        Json::Bool(is) => Value::Boolean(*is),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => number.into(),
            (None, number) => number.unwrap_or_default().into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::Array(items.iter().map(pack).collect()),
        Json::Object(pairs) => {
            Value::Map(pairs.iter().map(|(name, value)| (Value::from(name.as_str()), pack(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let object = json!({ "name": "a", "count": 3, "far": -5_000_000_000_i64, "half": 0.5, "on": true,
                             "none": null, "list": ["x", "y"], "maps": [{ "url": "u" }] });
        let sent = write(&pack(&object));
        assert_eq!(json(&read(Some(&sent)).unwrap()), Some(object));
    }

    #[test]
    fn what_is_not_known_yet_makes_the_whole_unknown_and_is_left_out_of_what_is_known() {
        let list = Value::Array(vec![Value::from("a"), unknown()]);
        assert_eq!(json(&list), None);
        let object = Value::Map(vec![("list".into(), list), ("name".into(), "a".into()), ("no".into(), Value::Nil)]);
        assert_eq!(Json::Object(known(&object)), json!({ "name": "a" }));
        let sent = write(&object);
        assert_eq!(read(Some(&sent)), Ok(object));
    }

    #[test]
    fn the_states_that_are_kept_as_json_are_read_too() {
        let sent = DynamicValue { msgpack: Vec::new(), json: br#"{"id":"1"}"#.to_vec() };
        assert_eq!(json(&read(Some(&sent)).unwrap()), Some(json!({ "id": "1" })));
        assert!(read(None).is_err());
    }
}
