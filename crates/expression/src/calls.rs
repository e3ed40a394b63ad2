//! What an expression calls, with what, and on what.

use std::collections::BTreeSet;
use std::ops::Range;

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use crate::objects::Object;
use crate::reader::Reader;

/// What a method is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// One of authentik's objects.
    Object(Object),
    /// A list, set or dictionary that the text itself made.
    OwnContainer,
    /// Something else; for a function: nothing.
    Other,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name, of one that is passed by name.
    pub keyword: Option<String>,
    /// Whether it stands for several, by `*` or `**`.
    pub unpacked: bool,
    /// Its text, where it is a literal string or a name for one.
    pub text: Option<String>,
    /// `True` or `False`, where the argument is just that.
    pub flag: Option<bool>,
    /// The object, where the argument is one of authentik's.
    pub object: Option<Object>,
    /// The objects that it comes from.
    pub origins: BTreeSet<Object>,
    /// Where it is written.
    pub range: Range<usize>,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The dotted path of what is called, imports resolved: `authentik.core.models.Group.objects.filter().first`.
    /// A part without a name is empty: `.join`.
    pub callee: String,
    /// What it is called on.
    pub receiver: Receiver,
    /// The objects that the receiver comes from.
    pub receiver_origins: BTreeSet<Object>,
    /// The arguments, in their order.
    pub arguments: Vec<Argument>,
    /// Whether it stands in a `try` with an `except`, or in a `with suppress(...)`.
    pub caught: bool,
    /// Whether it stands in a function that the text defines: whoever calls that may catch what it raises.
    pub in_function: bool,
    /// Where what is called is written.
    pub callee_range: Range<usize>,
    /// Where the whole call is written.
    pub range: Range<usize>,
}

impl Call {
    /// The last part of what is called.
    pub fn method(&self) -> &str {
        self.callee.rsplit('.').next().unwrap_or_default()
    }

    /// Whether the path ends so: `Group.objects.get` is, wherever `Group` was imported from.
    pub fn is(&self, path: &str) -> bool {
        self.callee.strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }

    /// The argument of that name.
    pub fn keyword(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.keyword.as_deref() == Some(name))
    }

    /// Whether it waits for the network, the clock or another program.
    pub fn is_blocking(&self) -> bool {
        BLOCKING.iter().any(|(module, names)| {
            let name = self.callee.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'));
            name.is_some_and(|name| names.contains(&name))
        })
    }
}

const VERBS: &[&str] = &["delete", "get", "head", "options", "patch", "post", "put", "request", "send"];

/// Functions that wait, by their module.
const BLOCKING: &[(&str, &[&str])] = &[
    ("requests", VERBS),
    ("requests.Session()", VERBS),
    ("httpx", VERBS),
    ("urllib.request", &["urlopen", "urlretrieve"]),
    ("http.client", &["HTTPConnection", "HTTPSConnection"]),
    ("smtplib", &["SMTP", "SMTP_SSL"]),
    ("socket", &["create_connection", "getaddrinfo", "getfqdn", "gethostbyaddr", "gethostbyname", "socket"]),
    ("subprocess", &["Popen", "call", "check_call", "check_output", "run"]),
    ("os", &["popen", "system"]),
    ("time", &["sleep"]),
];

impl<'a> Reader<'a> {
    pub(crate) fn call(&mut self, call: &'a ExprCall) {
        let values = self.values();
        let (receiver, receiver_origins) = match call.func.as_ref() {
            Expr::Attribute(method) => {
                let object = values.objects(&method.value).first().map(|held| held.object);
                let own = || values.is_own_container(&method.value).then_some(Receiver::OwnContainer);
                let receiver = object.map(Receiver::Object).or_else(own).unwrap_or(Receiver::Other);
                (receiver, values.origins(&method.value))
            }
            _ => (Receiver::Other, BTreeSet::new()),
        };
        let positional = call.arguments.args.iter().map(|value| match value {
            Expr::Starred(starred) => self.argument(None, true, &starred.value, value.range()),
            value => self.argument(None, false, value, value.range()),
        });
        let named = call.arguments.keywords.iter().map(|keyword| {
            let name = keyword.arg.as_ref().map(ToString::to_string);
            self.argument(name, keyword.arg.is_none(), &keyword.value, keyword.range)
        });
        let found = Call {
            callee: values.path(&call.func),
            receiver,
            receiver_origins,
            arguments: positional.chain(named).collect(),
            caught: self.catching > 0,
            in_function: self.functions > 0,
            callee_range: self.text.written(call.func.range()),
            range: self.text.written(call.range()),
        };
        self.facts.calls.push(found);
    }

    fn argument(&self, keyword: Option<String>, unpacked: bool, value: &Expr, range: TextRange) -> Argument {
        let values = self.values();
        let text = match values.texts(value).as_deref() {
            Some([text]) => Some(text.clone()),
            _ => None,
        };
        let object = values.objects(value).first().map(|held| held.object);
        let flag = value.as_boolean_literal_expr().map(|flag| flag.value);
        let origins = values.origins(value);
        Argument { keyword, unpacked, text, flag, object, origins, range: self.text.written(range) }
    }
}
