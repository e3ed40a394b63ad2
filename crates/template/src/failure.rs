//! minijinja's errors as diagnostics at their place in the template.

use std::error::Error as _;

use diagnostic::{Diagnostic, FileId, Span};
use minijinja::{Error, ErrorKind};

use crate::filters::Refused;

/// The diagnostic of `rule` for `error`. `file` knows the source of each template, and `fallback` is the template
/// to point at where the error does not say.
pub(crate) fn diagnostic(
    rule: &'static str,
    error: &Error,
    fallback: FileId,
    file: impl Fn(&str) -> Option<FileId>,
) -> Diagnostic {
    let error = innermost(error);
    let template = error.name().and_then(file).unwrap_or(fallback);
    let span = Span::new(template, error.range().unwrap_or(0..0));
    let mut diagnostic = Diagnostic::error(rule, span, message(error));
    let refused = error.source().and_then(|source| source.downcast_ref::<Refused>());
    for from in refused.iter().flat_map(|refused| &refused.from) {
        diagnostic = diagnostic.related(*from, "the value follows from here");
    }
    diagnostic
}

/// The variable that `error` is about, if it is undefined: `` `app.nme` is undefined `` gives `app.nme`.
pub(crate) fn undefined(error: &Error) -> Option<&str> {
    let error = innermost(error);
    (error.kind() == ErrorKind::UndefinedError).then_some(())?;
    error.detail()?.strip_prefix('`')?.split('`').next()
}

/// Whether `error` is about an included template that is not there.
pub(crate) fn is_missing_template(error: &Error) -> bool {
    innermost(error).kind() == ErrorKind::TemplateNotFound
}

/// The error itself, inside the "error in …" of every `include` around it.
fn innermost(mut error: &Error) -> &Error {
    while error.kind() == ErrorKind::BadInclude {
        match error.source().and_then(|source| source.downcast_ref()) {
            Some(inner) => error = inner,
            None => break,
        }
    }
    error
}

fn message(error: &Error) -> String {
    let undefined = error.kind() == ErrorKind::UndefinedError;
    match error.detail() {
        Some(detail) if undefined && detail.starts_with('`') => detail.to_owned(),
        Some(detail) if error.kind() == ErrorKind::InvalidOperation => detail.to_owned(),
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}
