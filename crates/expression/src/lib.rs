//! authentik's expressions as Python: policies, property mappings, prompts and webhooks.
//!
//! [`Expression::parse`] reads a text as authentik compiles it, the body of a function, and answers with facts:
//! what Python refuses, which names do not exist, where it may answer `None`, which keys it reads and writes, what
//! it calls. Every fact has its place as a range of bytes in the text. Nothing here weighs a fact, and whatever can't
//! be known is left out.

mod calls;
mod checks;
mod depth;
mod environment;
mod faults;
mod flow;
mod guards;
mod indentation;
mod keys;
mod mentions;
mod names;
mod objects;
mod reader;
mod refusals;
mod scopes;
mod syntax;
mod text;
mod values;
mod walk;

#[cfg(test)]
mod tests;

use std::ops::Range;

use ruff_python_ast::{Mod, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

pub use calls::{Argument, Call, Receiver};
pub use checks::Source;
pub use environment::{Context, Kind, ServerVersion};
pub use faults::Fault;
pub use flow::{Answer, Ending, NoneReturn, Return};
pub use keys::{Access, BROUGHT, How, Key};
pub use mentions::{Mention, Spelling, Text};
pub use names::UnknownName;
pub use objects::{Object, Whose};

/// A text longer than this is not read.
const MAX_LENGTH: usize = 1 << 20;
/// Nor is one that nests deeper.
const MAX_DEPTH: usize = 2_000;
/// What one step down may need of the stack while parsing, reading and dropping a tree.
const STACK_PER_STEP: usize = 16 << 10;

/// What is known about a text.
#[derive(Debug, Default)]
pub struct Expression {
    is_read: bool,
    faults: Vec<Fault>,
    unknown_names: Vec<UnknownName>,
    candidates: Vec<String>,
    facts: Facts,
}

/// What the walk gathers.
#[derive(Debug, Default)]
struct Facts {
    reads: Vec<Access>,
    writes: Vec<Access>,
    calls: Vec<Call>,
    mentions: Vec<Mention>,
    strings: Vec<Text>,
    checks: checks::Checks,
    endings: flow::Endings,
}

impl Expression {
    /// Reads a text. One that Python refuses has faults and no other facts.
    pub fn parse(text: &str, context: Context) -> Self {
        if text.len() > MAX_LENGTH {
            return Self::default();
        }
        let wrapped = text::Wrapped::around(text);
        let nesting = depth::of(&wrapped.text);
        if let Some(fault) = faults::of_nesting(&nesting, text.len()) {
            return Self::refused(vec![fault]);
        }
        if nesting.deepest > MAX_DEPTH {
            return Self::default();
        }
        let stack = (nesting.deepest + 20) * STACK_PER_STEP;
        stacker::maybe_grow(stack, stack, || Self::read(&wrapped, context))
    }

    fn refused(faults: Vec<Fault>) -> Self {
        Self { is_read: true, faults, ..Self::default() }
    }

    fn read(text: &text::Wrapped, context: Context) -> Self {
        let options = ParseOptions::from(Mode::Module).with_target_version(context.python());
        let parsed = parse_unchecked(&text.text, options);
        let Mod::Module(module) = parsed.syntax() else { return Self::default() };
        let Some(handler @ Stmt::FunctionDef(function)) = module.body.first() else { return Self::default() };
        if function.body.is_empty() {
            return Self::refused(vec![faults::of_nothing(text.length())]);
        }
        let faults = faults::of_parser(&parsed, text);
        if !faults.is_empty() {
            return Self::refused(faults);
        }
        let reader = reader::read(handler, &function.body, text, context);
        let faults = faults::of_checks(&reader.place.errors.borrow(), &reader.refusals, text);
        if !faults.is_empty() {
            return Self::refused(faults);
        }
        Self {
            is_read: true,
            faults,
            unknown_names: reader.names.unknown(context, text),
            candidates: reader.names.candidates(context),
            facts: reader.facts,
        }
    }

    /// Whether the text was read at all: not if it is longer than a mebibyte or nests deeper than anybody writes.
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// Why authentik refuses the text, in the order of the text.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Names that neither Python nor authentik nor the text itself defines.
    pub fn unknown_names(&self) -> &[UnknownName] {
        &self.unknown_names
    }

    /// All names that exist, for a "did you mean".
    pub fn known_names(&self) -> &[String] {
        &self.candidates
    }

    /// The places where it answers `None`; none for a generator, which always counts as true.
    pub fn may_return_none(&self) -> &[NoneReturn] {
        &self.facts.endings.nones
    }

    /// What it returns.
    pub fn returns(&self) -> &[Return] {
        &self.facts.endings.returns
    }

    /// What its answers have in common: [`Answer::False`] where some path answers what counts as false, or nothing;
    /// [`Answer::True`] where every answer counts as true.
    pub fn answer(&self) -> Answer {
        if !self.is_read || !self.faults.is_empty() {
            return Answer::Unknown;
        }
        let mut answers = self.returns().iter().map(|answer| answer.answer);
        if !self.may_return_none().is_empty() || answers.clone().any(|answer| answer == Answer::False) {
            return Answer::False;
        }
        if answers.any(|answer| answer == Answer::Unknown) { Answer::Unknown } else { Answer::True }
    }

    /// The first `yield` of the expression itself: the answer is a generator then, and nothing of the text runs.
    pub fn generator(&self) -> Option<Range<usize>> {
        self.facts.endings.generator.clone()
    }

    /// The keys and attributes that it reads.
    pub fn reads(&self) -> &[Access] {
        &self.facts.reads
    }

    /// The keys and attributes that it writes or removes.
    pub fn writes(&self) -> &[Access] {
        &self.facts.writes
    }

    /// What it calls.
    pub fn calls(&self) -> &[Call] {
        &self.facts.calls
    }

    /// Where it mentions a name; `.groups` finds attributes only.
    pub fn uses(&self, name: &str) -> impl Iterator<Item = &Mention> {
        self.facts.mentions.iter().filter(move |mention| mention.is_of(name))
    }

    /// The literal strings in it.
    pub fn strings(&self) -> &[Text] {
        &self.facts.strings
    }

    /// Whether the length of what is written is compared with a limit, before or after.
    pub fn is_measured(&self, write: &Access) -> bool {
        self.facts.checks.measure(&write.sources)
    }

    /// The objects whose values it looks for in a list that is written out in it.
    pub fn chosen(&self) -> impl Iterator<Item = Object> {
        self.facts.checks.chosen.iter().map(|(object, _)| *object)
    }

    /// Whether the answer is no where the literal string `text` is found.
    pub fn is_refused(&self, text: &Text) -> bool {
        self.facts.checks.refused.contains(&(text.range.start, text.range.end))
    }

    /// Writes to a user that nothing saves: the text calls no `save` on that user and hands the user to nobody. Those
    /// to the pending user of a flow are left out, since a later stage may save it.
    pub fn unsaved(&self) -> impl Iterator<Item = &Access> {
        self.writes().iter().filter(|write| match write.object {
            Object::User(whose) | Object::Attributes(whose) if whose != Whose::Pending => {
                !self.calls().iter().any(|call| may_save(call, whose))
            }
            _ => false,
        })
    }
}

/// Whether a call saves the user, or may do so out of sight.
fn may_save(call: &Call, whose: Whose) -> bool {
    let user = Object::User(whose);
    let comes_from_user =
        |argument: &Argument| argument.origins.contains(&user) || argument.origins.contains(&Object::Attributes(whose));
    let is_query = !matches!(call.receiver, Receiver::Object(_) | Receiver::OwnContainer);
    match call.method() {
        "save" | "asave" | "save_base" => call.receiver == Receiver::Object(user),
        "update" | "aupdate" if is_query => call.arguments.iter().any(comes_from_user),
        _ => {
            let is_builtin = ruff_python_stdlib::builtins::is_python_builtin(&call.callee, 14, false);
            let is_harmless = is_builtin || call.callee.starts_with("ak_");
            !is_harmless && call.arguments.iter().any(|argument| argument.object == Some(user))
        }
    }
}
