//! Functions that compute of arguments that are all known: the table says what each takes and gives, and what is null,
//! unknown or of another type never reaches the computation.

mod address;
mod bytes;
mod collection;
mod csv;
mod encoding;
mod number;
mod path;
mod time;
mod yaml;
mod yaml_text;

use super::Outcome;
use crate::value::{Type, Value, convert, is_known, is_null, unknown};

/// What an argument has to be.
#[derive(Clone, Copy)]
enum Takes {
    /// Anything, null as well.
    Any,
    /// Anything but null.
    Some,
    List,
    MapOfTexts,
    Number,
    Text,
}

/// What a function gives.
#[derive(Clone, Copy)]
enum Gives {
    Any,
    Bool,
    List,
    MapOfTexts,
    Number,
    Text,
    Texts,
}

/// What a function does.
enum Work {
    Done(fn(&[Value]) -> Outcome),
    /// It is not worked out here, and this is why.
    LeftOut(&'static str),
}

/// A function.
pub(super) struct Known {
    pub(super) name: &'static str,
    takes: &'static [Takes],
    /// What each further argument has to be, if there may be any.
    rest: Option<Takes>,
    gives: Gives,
    work: Work,
}

const fn done(name: &'static str, takes: &'static [Takes], gives: Gives, work: fn(&[Value]) -> Outcome) -> Known {
    Known { name, takes, rest: None, gives, work: Work::Done(work) }
}

const fn left_out(name: &'static str, takes: &'static [Takes], why: &'static str) -> Known {
    Known { name, takes, rest: None, gives: Gives::Text, work: Work::LeftOut(why) }
}

const CLOCK: &str = "the clock decides when OpenTofu runs";
const CHANCE: &str = "chance decides when OpenTofu runs";

/// The functions by name, in order.
pub(super) const KNOWN: &[Known] = &[
    done("abspath", &[Takes::Text], Gives::Text, path::absolute),
    done("base64gunzip", &[Takes::Text], Gives::Text, bytes::base64_gunzip),
    left_out("base64gzip", &[Takes::Text], "another compressor than OpenTofu's gives other bytes"),
    Known { rest: Some(Takes::Number), ..left_out("bcrypt", &[Takes::Text], CHANCE) },
    done("cidrcontains", &[Takes::Text; 2], Gives::Bool, address::contains),
    done("cidrhost", &[Takes::Text, Takes::Number], Gives::Text, address::host),
    done("cidrnetmask", &[Takes::Text], Gives::Text, address::netmask),
    done("cidrsubnet", &[Takes::Text, Takes::Number, Takes::Number], Gives::Text, address::subnet),
    Known { rest: Some(Takes::Number), ..done("cidrsubnets", &[Takes::Text], Gives::Texts, address::subnets) },
    done("csvdecode", &[Takes::Text], Gives::Any, csv::decode),
    done("formatdate", &[Takes::Text; 2], Gives::Text, time::format_date),
    done("log", &[Takes::Number; 2], Gives::Number, number::log),
    done("matchkeys", &[Takes::List; 3], Gives::List, collection::match_keys),
    done("md5", &[Takes::Text], Gives::Text, bytes::md5),
    done("parseint", &[Takes::Some, Takes::Number], Gives::Number, number::parse_int),
    done("pathexpand", &[Takes::Text], Gives::Text, path::expand),
    left_out("plantimestamp", &[], CLOCK),
    done("pow", &[Takes::Number; 2], Gives::Number, number::pow),
    left_out("rsadecrypt", &[Takes::Text; 2], "a private key has no place in a repository"),
    done("sha1", &[Takes::Text], Gives::Text, bytes::sha1),
    done("textdecodebase64", &[Takes::Text; 2], Gives::Text, encoding::decode),
    done("textencodebase64", &[Takes::Text; 2], Gives::Text, encoding::encode),
    done("timeadd", &[Takes::Text; 2], Gives::Text, time::add),
    done("timecmp", &[Takes::Text; 2], Gives::Number, time::compare),
    left_out("timestamp", &[], CLOCK),
    done("transpose", &[Takes::MapOfTexts], Gives::MapOfTexts, collection::transpose),
    done("urldecode", &[Takes::Text], Gives::Text, bytes::url_decode),
    done("urlencode", &[Takes::Text], Gives::Text, bytes::url_encode),
    left_out("uuid", &[], CHANCE),
    done("uuidv5", &[Takes::Text; 2], Gives::Text, bytes::uuid_v5),
    done("yamldecode", &[Takes::Text], Gives::Any, yaml::decode),
    done("yamlencode", &[Takes::Any], Gives::Text, yaml_text::encode),
];

impl Takes {
    fn of(self) -> Type {
        match self {
            Self::Any | Self::Some => Type::Any,
            Self::List => Type::List(Box::new(Type::Any)),
            Self::MapOfTexts => Gives::MapOfTexts.of(),
            Self::Number => Type::Number,
            Self::Text => Type::String,
        }
    }
}

impl Gives {
    fn of(self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::List => Type::List(Box::new(Type::Any)),
            Self::MapOfTexts => Type::Map(Box::new(Self::Texts.of())),
            Self::Number => Type::Number,
            Self::Text => Type::String,
            Self::Texts => Type::List(Box::new(Type::String)),
        }
    }
}

impl Known {
    /// Why it is not worked out here, if it is not.
    pub(super) fn why_left_out(&self) -> Option<&'static str> {
        match self.work {
            Work::Done(_) => None,
            Work::LeftOut(why) => Some(why),
        }
    }

    /// What it gives of `given`.
    pub(super) fn call(&self, given: &[Value]) -> Outcome {
        let fits = if self.rest.is_some() { given.len() >= self.takes.len() } else { given.len() == self.takes.len() };
        if !fits {
            let least = if self.rest.is_some() { "at least " } else { "" };
            return Err(format!("{least}{} arguments are required, and {} are given", self.takes.len(), given.len()));
        }
        let takes = self.takes.iter().copied().chain(self.rest.into_iter().cycle());
        let mut arguments = Vec::with_capacity(given.len());
        for (found, takes) in given.iter().zip(takes) {
            if is_null(found) && !matches!(takes, Takes::Any) {
                return Err("an argument is null".to_owned());
            }
            arguments.push(convert(found, &takes.of())?);
        }
        match self.work {
            Work::Done(work) if arguments.iter().all(is_known) => work(&arguments),
            _ => Ok(unknown(self.gives.of())),
        }
    }
}

/// An argument that is known text by now.
fn text(given: &Value) -> &str {
    given.as_text().expect("the table says that it is text, and it is known")
}
