//! Names that nothing defines.

use std::collections::BTreeSet;
use std::ops::Range;

use ruff_python_ast::ExprCall;
use ruff_python_stdlib::builtins::{is_python_builtin, python_builtins};
use ruff_text_size::TextRange;

use crate::environment::{Context, ServerVersion};
use crate::scopes::{Scope, binding};
use crate::text::Wrapped;

/// A name that does not exist where it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The name.
    pub name: String,
    /// The release of authentik that has it, if it is one that the server is too old for.
    pub since: Option<ServerVersion>,
    /// Where it is written.
    pub range: Range<usize>,
}

/// What the walk has seen of names.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    free: Vec<(String, TextRange)>,
    /// Whatever some function declares `global` may be set anywhere.
    declared: BTreeSet<&'a str>,
    bound: BTreeSet<&'a str>,
    /// Something may define names that nobody can see.
    is_wild: bool,
}

impl<'a> Seen<'a> {
    pub(crate) fn declare(&mut self, scope: &Scope<'a>) {
        self.declared.extend(scope.globals.keys());
        self.bound.extend(scope.definitions.keys().chain(&scope.parameters));
    }

    pub(crate) fn load(&mut self, scopes: &[Scope<'_>], name: &str, range: TextRange) {
        self.is_wild |= matches!(name, "exec" | "globals" | "locals" | "__builtins__");
        if binding(scopes, name, scopes.len() - 1).is_none() {
            self.free.push((name.to_owned(), range));
        }
    }

    pub(crate) fn import(&mut self, module: &str) {
        self.is_wild |= module == "builtins";
    }

    pub(crate) fn call(&mut self, call: &ExprCall) {
        let is_vars = call.func.as_name_expr().is_some_and(|name| name.id.as_str() == "vars");
        self.is_wild |= is_vars && call.arguments.args.is_empty();
    }

    /// The free names that do not exist; none if something may define what nobody can see.
    pub(crate) fn unknown(&self, context: Context, text: &Wrapped) -> Vec<UnknownName> {
        let unknown = |(name, range): &(String, TextRange)| {
            let since = match context.name(name) {
                Some(given) => given.since.filter(|since| context.server.is_some_and(|server| server < *since)),
                None if is_builtin(name, context) || self.declared.contains(name.as_str()) => None,
                None => return Some(UnknownName { name: name.clone(), since: None, range: text.written(*range) }),
            };
            since.map(|_| UnknownName { name: name.clone(), since, range: text.written(*range) })
        };
        if self.is_wild { Vec::new() } else { self.free.iter().filter_map(unknown).collect() }
    }

    /// All names that somebody may have meant.
    pub(crate) fn candidates(&self, context: Context) -> Vec<String> {
        let exists = |since: ServerVersion| context.server.is_none_or(|server| server >= since);
        let given = context.names().filter(|name| name.since.is_none_or(exists)).map(|name| name.name);
        let builtins = python_builtins(context.python().minor, false).filter(|name| !name.starts_with('_'));
        let mut names: BTreeSet<String> = given.chain(builtins).map(str::to_owned).collect();
        names.extend(self.bound.iter().map(|&name| name.to_owned()));
        names.into_iter().collect()
    }
}

/// Whether Python itself has the name; the likes of `__class__` come and go, so that none of them is unknown.
fn is_builtin(name: &str, context: Context) -> bool {
    let is_dunder = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
    let is_of_site = matches!(name, "copyright" | "credits" | "exit" | "help" | "license" | "quit");
    is_dunder || is_of_site || is_python_builtin(name, context.python().minor, false)
}
