use diagnostic::{Diagnostic, FileId, Span};
use syntax::hcl::Body;
pub(crate) fn file(id: FileId, _text: &str, _found: &mut Vec<Diagnostic>) -> Body {
    Body { items: Vec::new(), span: Span::new(id, 0..0) }
}
