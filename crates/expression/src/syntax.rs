//! What Python's compiler refuses in a text that its grammar allows.

use std::cell::RefCell;

use ruff_python_ast::PythonVersion;
use ruff_python_parser::semantic_errors::{LazyImportContext, SemanticSyntaxContext, SemanticSyntaxError};
use ruff_text_size::TextRange;

use crate::scopes::{Opening, Scope, binding};

/// The scopes around the place that is being read, as the checks want to be told about them.
pub(crate) struct Place<'a> {
    pub(crate) scopes: Vec<Scope<'a>>,
    pub(crate) source: &'a str,
    pub(crate) python: PythonVersion,
    pub(crate) errors: RefCell<Vec<SemanticSyntaxError>>,
}

impl<'a> Place<'a> {
    /// The innermost scope.
    pub(crate) fn scope(&self) -> &Scope<'a> {
        self.scopes.last().expect("the module's scope is never left")
    }

    /// The openings from the innermost outwards.
    fn openings(&self) -> impl Iterator<Item = Opening> {
        self.scopes.iter().rev().map(|scope| scope.opening)
    }

    /// The scope that a comprehension stands in, and whether one of the comprehensions between is lazy.
    fn around_comprehensions(&self) -> (Opening, bool) {
        let mut any_lazy = false;
        for opening in self.openings() {
            match opening {
                Opening::Comprehension { lazy } => any_lazy |= lazy,
                other => return (other, any_lazy),
            }
        }
        (Opening::Module, any_lazy)
    }
}

impl SemanticSyntaxContext for Place<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        false
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        Some(LazyImportContext::Function)
    }

    fn python_version(&self) -> PythonVersion {
        self.python
    }

    fn source(&self) -> &str {
        self.source
    }

    fn global(&self, name: &str) -> Option<TextRange> {
        self.scope().globals.get(name).copied()
    }

    fn has_nonlocal_binding(&self, name: &str) -> bool {
        let outer = self.scopes.len().saturating_sub(2);
        binding(&self.scopes, name, outer).is_some_and(|at| self.scopes[at].is_function())
    }

    fn in_async_context(&self) -> bool {
        matches!(self.around_comprehensions().0, Opening::Function { is_async: true })
    }

    fn in_await_allowed_context(&self) -> bool {
        matches!(self.around_comprehensions().0, Opening::Function { .. } | Opening::Lambda)
    }

    fn in_yield_allowed_context(&self) -> bool {
        self.scope().is_function()
    }

    fn in_sync_comprehension(&self) -> bool {
        false
    }

    fn in_class_body_comprehension(&self) -> bool {
        self.around_comprehensions().0 == Opening::Class
    }

    fn in_module_scope(&self) -> bool {
        self.scopes.len() == 1
    }

    fn in_function_scope(&self) -> bool {
        self.scope().is_function()
    }

    fn in_generator_context(&self) -> bool {
        self.around_comprehensions().1
    }

    fn in_notebook(&self) -> bool {
        false
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        self.errors.borrow_mut().push(error);
    }

    fn in_loop_context(&self) -> bool {
        self.scope().loops > 0
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        self.scope().is_function() && self.scope().parameters.contains(name)
    }
}
