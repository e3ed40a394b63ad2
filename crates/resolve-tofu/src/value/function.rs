//! Functions that gather, choose and take apart: what they are given comes out of them as it was, with its place and
//! its provenance. The functions that compute something new of plain values are in `plain`, and in
//! `known` where they need all of their arguments to be known.

mod gather;
mod known;
mod pick;
mod plain;

use super::{Data, Type, Value, convert, is_known, is_null, kind, unknown};

/// What a function gives, or why it refuses.
pub(super) type Outcome = Result<Value, String>;

type Function = fn(&[Value]) -> Outcome;

/// The functions by name, in order.
const FUNCTIONS: &[(&str, Function)] = &[
    ("abs", plain::abs),
    ("alltrue", plain::all_true),
    ("anytrue", plain::any_true),
    ("base64decode", plain::base64_decode),
    ("base64encode", plain::base64_encode),
    ("base64sha256", plain::base64_sha256),
    ("base64sha512", plain::base64_sha512),
    ("basename", plain::base_name),
    ("ceil", plain::ceil),
    ("chomp", plain::chomp),
    ("chunklist", gather::chunk_list),
    ("coalesce", pick::coalesce),
    ("coalescelist", pick::coalesce_list),
    ("compact", gather::compact),
    ("concat", gather::concat),
    ("contains", pick::contains),
    ("dirname", plain::dir_name),
    ("distinct", gather::distinct),
    ("element", pick::element),
    ("endswith", plain::ends_with),
    ("ephemeralasnull", pick::ephemeral_as_null),
    ("flatten", gather::flatten),
    ("floor", plain::floor),
    ("format", plain::format),
    ("formatlist", plain::format_list),
    ("indent", plain::indent),
    ("index", pick::index_of),
    ("issensitive", pick::is_sensitive),
    ("join", plain::join),
    ("jsondecode", plain::json_decode),
    ("jsonencode", plain::json_encode),
    ("keys", gather::keys),
    ("length", pick::length),
    ("lookup", pick::lookup),
    ("lower", plain::lower),
    ("max", plain::max),
    ("merge", gather::merge),
    ("min", plain::min),
    ("nonsensitive", pick::nonsensitive),
    ("one", pick::one),
    ("range", gather::range),
    ("regex", plain::regex),
    ("regexall", plain::regex_all),
    ("replace", plain::replace),
    ("reverse", gather::reverse),
    ("sensitive", pick::sensitive),
    ("setintersection", gather::set_intersection),
    ("setproduct", gather::set_product),
    ("setsubtract", gather::set_subtract),
    ("setunion", gather::set_union),
    ("sha256", plain::sha256),
    ("sha512", plain::sha512),
    ("signum", plain::signum),
    ("slice", gather::slice),
    ("sort", gather::sort),
    ("split", plain::split),
    ("startswith", plain::starts_with),
    ("strcontains", plain::str_contains),
    ("strrev", plain::str_rev),
    ("substr", plain::sub_str),
    ("sum", plain::sum),
    ("title", plain::title),
    ("tobool", pick::to_bool),
    ("tolist", pick::to_list),
    ("tomap", pick::to_map),
    ("tonumber", pick::to_number),
    ("toset", pick::to_set),
    ("tostring", pick::to_string),
    ("trim", plain::trim),
    ("trimprefix", plain::trim_prefix),
    ("trimspace", plain::trim_space),
    ("trimsuffix", plain::trim_suffix),
    ("upper", plain::upper),
    ("values", gather::values),
    ("zipmap", gather::zipmap),
];

/// Calls the function `name`; none if OpenTofu does not have it.
pub(crate) fn call(name: &str, given: &[Value]) -> Option<Outcome> {
    let secret = |found: Value| given.iter().fold(found, |found, argument| super::walk_marks(argument, found));
    if let Ok(at) = known::KNOWN.binary_search_by_key(&name, |function| function.name) {
        return Some(known::KNOWN[at].call(given).map(secret));
    }
    let at = FUNCTIONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    let found = FUNCTIONS[at].1(given);
    // What passes values on has marked them itself; a secret that went into anything else is a secret that comes out.
    let passes_on = PASSES_ON.contains(&name);
    Some(found.map(|found| if passes_on { found } else { secret(found) }))
}

/// Functions whose results hold their arguments, each as secret as it was.
const PASSES_ON: &[&str] = &[
    "chunklist",
    "coalesce",
    "coalescelist",
    "concat",
    "element",
    "ephemeralasnull",
    "issensitive",
    "keys",
    "length",
    "lookup",
    "merge",
    "nonsensitive",
    "one",
    "reverse",
    "sensitive",
    "slice",
    "tolist",
    "tomap",
    "toset",
    "values",
    "zipmap",
];

/// The names of all functions.
pub(crate) fn functions() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).chain(known::KNOWN.iter().map(|function| function.name)).collect()
}

/// The functions in order: name, why it is not worked out if it is not, and the type of what it gives of arguments
/// that are unknown. That is asked of the function itself, with as few arguments as it takes.
pub(crate) fn described() -> Vec<(&'static str, Option<&'static str>, Type)> {
    let unknown = vec![super::dynamic(); 5];
    let gives = |name: &str| (1..=unknown.len()).chain([0]).find_map(|count| call(name, &unknown[..count])?.ok());
    let reason = |name: &str| known::KNOWN.iter().find(|function| function.name == name)?.why_left_out();
    functions().into_iter().filter_map(|name| Some((name, reason(name), gives(name)?.of_type()))).collect()
}

/// The arguments, if there are as many as wanted.
fn exactly<const N: usize>(given: &[Value]) -> Result<&[Value; N], String> {
    given.try_into().map_err(|_| format!("{N} arguments are required, and {} are given", given.len()))
}

/// An argument that may not be null.
fn not_null(found: &Value) -> Result<&Value, String> {
    if is_null(found) { Err("an argument is null".to_owned()) } else { Ok(found) }
}

/// The elements of a list, set or tuple; none if they are unknown.
fn elements(found: &Value) -> Result<Option<&[Value]>, String> {
    not_null(found)?;
    match (found.as_elements(), found.of_type()) {
        (Some(elements), _) => Ok(Some(elements)),
        (None, Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)) => Ok(None),
        _ => Err(format!("a list is required, and this is {}", kind(found))),
    }
}

/// The text of an argument; none if it is unknown.
fn text(found: &Value) -> Result<Option<String>, String> {
    not_null(found)?;
    match convert(found, &Type::String)?.data {
        Data::Text(text) => Ok(Some(text.to_string())),
        _ => Ok(None),
    }
}

/// An argument as text, known or not: for the functions that look at files and are no pure ones.
pub(crate) fn text_argument(found: &Value) -> Result<Value, String> {
    convert(not_null(found)?, &Type::String)
}

/// A whole number; none if it is unknown.
fn whole(found: &Value) -> Result<Option<i64>, String> {
    use bigdecimal::ToPrimitive;
    match super::convert::exact_number(found)? {
        Some(number) if number.is_integer() => {
            number.to_i64().map(Some).ok_or_else(|| "the number is too large".to_owned())
        }
        Some(_) => Err("a whole number is required".to_owned()),
        None => Ok(None),
    }
}

/// A list of `made`, of the one type that all have; a tuple where there is none.
fn list_or_tuple(made: Vec<Value>) -> Value {
    match super::convert::unify_all(&made) {
        Some(of) => list_of(of, made),
        None => super::tuple(made),
    }
}

fn list_of(of: Type, made: Vec<Value>) -> Value {
    let made = made.iter().map(|element| convert(element, &of)).collect::<Result<Vec<_>, _>>().unwrap_or(made);
    Data::List(of, std::sync::Arc::new(made)).into()
}

fn any_unknown(given: &[Value]) -> bool {
    !given.iter().all(is_known)
}

fn unknown_list_of(of: Type) -> Value {
    unknown(Type::List(Box::new(of)))
}
