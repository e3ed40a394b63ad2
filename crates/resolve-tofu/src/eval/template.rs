//! Text with something to fill in.

use diagnostic::Span;
use syntax::hcl::{Expression, Segment};

use super::{Evaluator, Scope};
use crate::value::{self, Entries, Value};

/// Longer texts are unknown, so that a text that doubles itself cannot fill the memory.
const LONGEST: usize = 8 << 20;

/// A text that is being put together.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    sensitive: bool,
    ephemeral: bool,
}

impl Evaluator<'_> {
    /// The value of a template: text, or what a single interpolation holds.
    pub(crate) fn template(&self, segments: &[Segment], scope: &mut Scope) -> Value {
        if let [Segment::Interpolation { value, .. }] = segments {
            return self.value(value, scope);
        }
        let mut text = Text::default();
        self.segments(segments, scope, &mut text);
        let found = if text.unknown { value::unknown_string() } else { value::string(&text.text) };
        let found = if text.sensitive { value::sensitive(found) } else { found };
        if text.ephemeral { value::ephemeral(found) } else { found }
    }

    fn segments(&self, segments: &[Segment], scope: &mut Scope, text: &mut Text) {
        for segment in segments {
            if !self.spend(1) || text.text.len() > LONGEST {
                text.unknown = true;
                return;
            }
            match segment {
                Segment::Literal(literal) => text.text.push_str(&literal.value),
                Segment::Interpolation { value, .. } => {
                    let found = self.value(value, scope);
                    self.fill_in(&found, value.span, text);
                }
                Segment::If { condition, yes, no, .. } => {
                    let test = self.value(condition, scope);
                    text.sensitive |= value::is_sensitive(&test);
                    text.ephemeral |= value::is_ephemeral(&test);
                    match value::to_bool(&test) {
                        Ok(Some(true)) => self.segments(yes, scope, text),
                        Ok(Some(false)) => self.segments(no, scope, text),
                        Ok(None) if !value::is_null(&test) => text.unknown = true,
                        _ => {
                            let message = "the condition takes `true` or `false`";
                            self.fault("invalid-expression", condition.span, message);
                            text.unknown = true;
                        }
                    }
                }
                Segment::For { key, value, collection, body, .. } => {
                    let found = self.value(collection, scope);
                    self.repeat(&found, collection, scope, text, |evaluator, (at, element), scope, text| {
                        let outside = scope.names.len();
                        scope.names.extend(key.iter().map(|key| (key.value.clone(), at.clone())));
                        scope.names.push((value.value.clone(), element));
                        evaluator.segments(body, scope, text);
                        scope.names.truncate(outside);
                    });
                }
            }
        }
    }

    fn repeat(
        &self,
        found: &Value,
        collection: &Expression,
        scope: &mut Scope,
        text: &mut Text,
        mut body: impl FnMut(&Self, (Value, Value), &mut Scope, &mut Text),
    ) {
        text.sensitive |= value::is_sensitive(found);
        text.ephemeral |= value::is_ephemeral(found);
        match value::entries(found) {
            Entries::Items(entries) if !value::is_null(found) => {
                for entry in entries {
                    body(self, entry, scope, text);
                }
            }
            Entries::Unknown => text.unknown = true,
            _ => {
                let what = value::kind(found);
                self.fault(
                    "invalid-expression",
                    collection.span,
                    format!("`for` goes through a collection, and this is {what}"),
                );
                text.unknown = true;
            }
        }
    }

    fn fill_in(&self, found: &Value, span: Span, text: &mut Text) {
        text.sensitive |= value::is_sensitive(found);
        text.ephemeral |= value::is_ephemeral(found);
        if value::is_null(found) {
            self.fault("invalid-expression", span, "the value is null, and cannot be filled into text");
            text.unknown = true;
            return;
        }
        match value::to_text(found) {
            Ok(Some(filled)) => text.text.push_str(&filled),
            Ok(None) => text.unknown = true,
            Err(_) => {
                let what = value::kind(found);
                self.fault("invalid-expression", span, format!("the value is {what}, and cannot be filled into text"));
                text.unknown = true;
            }
        }
    }
}
