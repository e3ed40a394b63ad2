//! Type constraints: what is written for `type`, with the defaults of optional attributes.

use std::collections::BTreeMap;
use std::rc::Rc;

use syntax::hcl::{Expression, Kind};

use super::{Evaluator, Repeated, Scope};
use crate::config::Variable;
use crate::value::{self, Data, Entries, Provenance, Type, Value};

/// How deep types may lie in each other.
const DEPTH: usize = 100;

/// A type constraint.
#[derive(Clone, Debug)]
pub(crate) enum Constraint {
    Any,
    Plain(Type),
    List(Box<Constraint>),
    Set(Box<Constraint>),
    Map(Box<Constraint>),
    Tuple(Vec<Constraint>),
    Object(BTreeMap<String, Field>),
}

/// An attribute of an object type.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    constraint: Constraint,
    optional: bool,
    default: Option<Value>,
}

impl Constraint {
    /// The type, every optional attribute of which is there.
    pub(crate) fn of_type(&self) -> Type {
        match self {
            Constraint::Any => Type::Any,
            Constraint::Plain(plain) => plain.clone(),
            Constraint::List(of) => Type::List(Box::new(of.of_type())),
            Constraint::Set(of) => Type::Set(Box::new(of.of_type())),
            Constraint::Map(of) => Type::Map(Box::new(of.of_type())),
            Constraint::Tuple(of) => Type::Tuple(of.iter().map(Constraint::of_type).collect()),
            Constraint::Object(fields) => {
                Type::Object(fields.iter().map(|(name, field)| (name.clone(), field.constraint.of_type())).collect())
            }
        }
    }

    /// An unknown value of this type that remembers where it comes from.
    pub(crate) fn unknown_of(&self, provenance: Provenance) -> Value {
        value::typed_unknown_of(self.of_type(), provenance)
    }

    /// `found` as a value of this type, with the defaults of attributes that it lacks.
    pub(crate) fn convert(&self, found: &Value) -> Result<Value, String> {
        if value::is_null(found) {
            return value::convert(found, &self.of_type());
        }
        value::convert(&self.with_defaults(found)?, &self.of_type())
    }

    fn with_defaults(&self, found: &Value) -> Result<Value, String> {
        if !value::is_known(found) && self.has_fields() {
            let of_type = self.of_type();
            return self.takes(&value::shape(found)).map(|()| value::instead(Data::Unknown(of_type), found));
        }
        let of_each = |of: &Constraint| -> Result<Option<Vec<(Value, Value)>>, String> {
            match value::entries(found) {
                Entries::Items(entries) if !value::is_null(found) => {
                    let each = entries.into_iter().map(|(key, element)| Ok((key, of.with_defaults(&element)?)));
                    each.collect::<Result<Vec<_>, String>>().map(Some)
                }
                _ => Ok(None),
            }
        };
        match self {
            Constraint::Any | Constraint::Plain(_) => Ok(found.clone()),
            Constraint::List(of) | Constraint::Set(of) if of.has_fields() && value::is_sequence(found) => {
                Ok(of_each(of)?.map_or_else(
                    || found.clone(),
                    |each| value::rebuilt(value::tuple(each.into_iter().map(|(_, element)| element).collect()), found),
                ))
            }
            Constraint::Map(of) if of.has_fields() && value::is_keyed(found) => {
                Ok(of_each(of)?.map_or_else(|| found.clone(), |each| value::rebuilt(value::object(keyed(each)), found)))
            }
            Constraint::Tuple(of) if value::is_sequence(found) => match value::entries(found) {
                Entries::Items(entries) if entries.len() == of.len() => {
                    let each = entries.iter().zip(of).map(|((_, element), of)| of.with_defaults(element));
                    Ok(value::rebuilt(value::tuple(each.collect::<Result<Vec<_>, String>>()?), found))
                }
                _ => Ok(found.clone()),
            },
            Constraint::Object(fields) if value::is_keyed(found) && !value::is_null(found) => {
                let Entries::Items(entries) = value::entries(found) else { return Ok(found.clone()) };
                let mut written = keyed(entries);
                let mut made = BTreeMap::new();
                for (name, field) in fields {
                    let given = written.remove(name);
                    let given = match (given, &field.default) {
                        (Some(given), Some(default)) if value::is_null(&given) => Some(default.clone()),
                        (None, Some(default)) => Some(default.clone()),
                        (None, None) if field.optional => Some(value::null()),
                        (given, _) => given,
                    };
                    let Some(given) = given else {
                        return Err(format!("the attribute `{name}` is missing"));
                    };
                    let given = if value::is_null(&given) { given } else { field.constraint.with_defaults(&given)? };
                    made.insert(name.clone(), given);
                }
                Ok(value::rebuilt(value::object(made), found))
            }
            _ => Ok(found.clone()),
        }
    }

    /// That a value of the type `of` can be one of this type, an optional attribute of which may be missing; why not.
    fn takes(&self, of: &Type) -> Result<(), String> {
        match (self, of) {
            (_, Type::Any) => Ok(()),
            (Constraint::List(to) | Constraint::Set(to), Type::List(of) | Type::Set(of))
            | (Constraint::Map(to), Type::Map(of)) => to.takes(of),
            (Constraint::List(to) | Constraint::Set(to), Type::Tuple(of)) => of.iter().try_for_each(|of| to.takes(of)),
            (Constraint::Map(to), Type::Object(of)) => of.values().try_for_each(|of| to.takes(of)),
            (Constraint::Tuple(to), Type::Tuple(of)) if to.len() == of.len() => {
                to.iter().zip(of).try_for_each(|(to, of)| to.takes(of))
            }
            (Constraint::Object(fields), Type::Map(of)) => {
                fields.values().try_for_each(|field| field.constraint.takes(of))
            }
            (Constraint::Object(fields), Type::Object(of)) => {
                fields.iter().try_for_each(|(name, field)| match of.get(name) {
                    Some(of) => field.constraint.takes(of).map_err(|message| format!("`{name}`: {message}")),
                    None if field.optional => Ok(()),
                    None => Err(format!("the attribute `{name}` is missing")),
                })
            }
            _ => value::convert(&value::unknown(of.clone()), &self.of_type()).map(drop),
        }
    }

    fn has_fields(&self) -> bool {
        match self {
            Constraint::Any | Constraint::Plain(_) => false,
            Constraint::List(of) | Constraint::Set(of) | Constraint::Map(of) => of.has_fields(),
            Constraint::Tuple(of) => of.iter().any(Constraint::has_fields),
            Constraint::Object(_) => true,
        }
    }
}

fn keyed(entries: Vec<(Value, Value)>) -> BTreeMap<String, Value> {
    entries.into_iter().filter_map(|(key, element)| Some((value::text(&key)?.to_owned(), element))).collect()
}

impl Evaluator<'_> {
    /// The constraint that is written for `type` in `variable`, read once for all instances of its module.
    pub(crate) fn constraint(&self, variable: &Variable) -> Rc<Constraint> {
        if let Some(known) = self.constraints.borrow().get(&variable.header) {
            return Rc::clone(known);
        }
        let read = Rc::new(self.written(variable.constraint.as_ref()));
        self.constraints.borrow_mut().insert(variable.header, Rc::clone(&read));
        read
    }

    /// None allows anything.
    fn written(&self, constraint: Option<&Expression>) -> Constraint {
        match constraint {
            None => Constraint::Any,
            Some(Expression { kind: Kind::Variable(word), .. }) if word == "list" => {
                Constraint::List(Box::new(Constraint::Any))
            }
            Some(Expression { kind: Kind::Variable(word), .. }) if word == "map" => {
                Constraint::Map(Box::new(Constraint::Any))
            }
            Some(written) => self.type_of(written, 0),
        }
    }

    fn type_of(&self, written: &Expression, depth: usize) -> Constraint {
        let refuse = |message: &str| {
            self.fault("invalid-type", written.span, message);
            Constraint::Any
        };
        if depth > DEPTH {
            return refuse("the type is nested too deeply");
        }
        match &written.kind {
            Kind::Variable(word) => match word.as_str() {
                "any" => Constraint::Any,
                "string" => Constraint::Plain(Type::String),
                "number" => Constraint::Plain(Type::Number),
                "bool" => Constraint::Plain(Type::Bool),
                "list" | "set" | "map" => refuse(&format!("`{word}` takes the type of its elements: `{word}(string)`")),
                "object" => refuse("`object` takes its attributes: `object({ name = string })`"),
                "tuple" => refuse("`tuple` takes the types of its elements: `tuple([string, number])`"),
                other => {
                    let near = diagnostic::did_you_mean(
                        other,
                        ["any", "bool", "list", "map", "number", "object", "set", "string", "tuple"],
                    );
                    refuse(&format!("`{other}` is not a type{near}"))
                }
            },
            Kind::Call { name, arguments, .. } => match (name.value.as_str(), arguments.as_slice()) {
                ("list", [of]) => Constraint::List(Box::new(self.type_of(of, depth + 1))),
                ("set", [of]) => Constraint::Set(Box::new(self.type_of(of, depth + 1))),
                ("map", [of]) => Constraint::Map(Box::new(self.type_of(of, depth + 1))),
                ("tuple", [Expression { kind: Kind::Tuple(elements), .. }]) => {
                    Constraint::Tuple(elements.iter().map(|element| self.type_of(element, depth + 1)).collect())
                }
                ("object", [Expression { kind: Kind::Object(items), .. }]) => {
                    let mut fields = BTreeMap::new();
                    for item in items {
                        let Kind::Text(name) = &item.key.kind else {
                            self.fault("invalid-type", item.key.span, "the name of an attribute is written out");
                            continue;
                        };
                        fields.insert(name.clone(), self.field(&item.value, depth + 1));
                    }
                    Constraint::Object(fields)
                }
                ("optional", _) => refuse("`optional` stands only for an attribute of `object`"),
                ("list" | "set" | "map" | "tuple" | "object", _) => {
                    refuse(&format!("`{}` takes one type in parentheses", name.value))
                }
                (other, _) => refuse(&format!("`{other}` is not a type")),
            },
            Kind::Parentheses(of) => self.type_of(of, depth + 1),
            Kind::Text(text) => refuse(&format!("a type is written without quotes: `{text}`")),
            Kind::Invalid => Constraint::Any,
            _ => refuse("this is not a type"),
        }
    }

    fn field(&self, written: &Expression, depth: usize) -> Field {
        match &written.kind {
            Kind::Call { name, arguments, .. } if name.value == "optional" => {
                let (of, default) = match arguments.as_slice() {
                    [of] => (of, None),
                    [of, default] => (of, Some(default)),
                    _ => {
                        self.fault("invalid-type", written.span, "`optional` takes a type, and a default");
                        return Field { constraint: Constraint::Any, optional: true, default: None };
                    }
                };
                let constraint = self.type_of(of, depth);
                let default = default.and_then(|default| {
                    let mut scope = Scope { closed: true, ..Scope::of(0, Repeated::default()) };
                    let found = self.value(default, &mut scope);
                    match constraint.convert(&found) {
                        Ok(found) => Some(found).filter(|found| !value::is_null(found)),
                        Err(message) => {
                            let message = format!("the default does not fit its type: {message}");
                            self.fault("invalid-type", default.span, message);
                            None
                        }
                    }
                });
                Field { constraint, optional: true, default }
            }
            _ => Field { constraint: self.type_of(written, depth), optional: false, default: None },
        }
    }
}
