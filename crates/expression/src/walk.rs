//! How the walk goes through Python: in the order of evaluation, scope by scope.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt, TypeParams};

use crate::guards::{catches, catches_missing_key, left_standing};
use crate::keys::{How, Use};
use crate::mentions::{Spelling, Text};
use crate::reader::Reader;
use crate::scopes::{Opening, Scope};
use crate::{flow, refusals};

impl<'a> Visitor<'a> for Reader<'a> {
    fn visit_body(&mut self, body: &'a [Stmt]) {
        let before = self.guards.len();
        for stmt in body {
            self.visit_stmt(stmt);
            let mut guards = std::mem::take(&mut self.guards);
            left_standing(self.values(), stmt, &mut guards);
            self.guards = guards;
        }
        self.guards.truncate(before);
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.checker.visit_stmt(stmt, &self.place);
        refusals::of_stmt(stmt, self.place.scope(), &mut self.refusals);
        self.usage = Use::Whole;
        match stmt {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => {
                class.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                class.type_params.iter().for_each(|params| self.visit_type_params(params));
                class.arguments.iter().for_each(|arguments| self.visit_arguments(arguments));
                let scope = Scope::with_body(Opening::Class, None, &class.body);
                self.enter(scope, |reader| reader.visit_body(&class.body));
            }
            Stmt::TypeAlias(alias) => {
                self.annotations += 1;
                walk_stmt(self, stmt);
                self.annotations -= 1;
                self.visit(&alias.name, Use::Kept);
            }
            Stmt::Assign(assign) => {
                self.visit(&assign.value, Use::Kept);
                for target in &assign.targets {
                    self.visit(target, Use::Kept);
                    self.assigned(target, Some(&assign.value), How::Item);
                }
            }
            Stmt::AnnAssign(assign) => {
                assign.value.iter().for_each(|value| self.visit(value, Use::Kept));
                self.visit_annotation(&assign.annotation);
                self.visit(&assign.target, Use::Kept);
                self.assigned(&assign.target, assign.value.as_deref(), How::Item);
            }
            Stmt::AugAssign(assign) => {
                self.visit(&assign.value, Use::Whole);
                self.visit(&assign.target, Use::Kept);
                self.augmented(assign);
            }
            Stmt::Expr(expr) => self.visit(&expr.value, Use::Kept),
            Stmt::Assert(assert) => {
                self.visit(&assert.test, Use::Kept);
                assert.msg.iter().for_each(|message| self.visit(message, Use::Whole));
            }
            Stmt::If(choice) => {
                let before = self.guards.len();
                self.refused_by(&choice.test, &choice.body);
                self.visit(&choice.test, Use::Kept);
                self.given(&choice.test, true, |reader| reader.visit_body(&choice.body));
                self.assert(&choice.test, false);
                for clause in &choice.elif_else_clauses {
                    let Some(test) = &clause.test else {
                        self.visit_body(&clause.body);
                        continue;
                    };
                    self.refused_by(test, &clause.body);
                    self.visit(test, Use::Kept);
                    self.given(test, true, |reader| reader.visit_body(&clause.body));
                    self.assert(test, false);
                }
                self.guards.truncate(before);
            }
            Stmt::Return(answer) => {
                answer.value.iter().for_each(|value| self.looked_for(value, false));
                walk_stmt(self, stmt);
            }
            Stmt::While(repeat) => {
                self.visit(&repeat.test, Use::Kept);
                self.given(&repeat.test, true, |reader| reader.loop_body(&repeat.body));
                self.visit_body(&repeat.orelse);
            }
            Stmt::For(each) => {
                self.visit(&each.iter, Use::Whole);
                self.visit(&each.target, Use::Kept);
                self.loop_body(&each.body);
                self.visit_body(&each.orelse);
            }
            Stmt::Try(attempt) => {
                let (anything, missing_key) = catches(&attempt.handlers);
                self.caught(anything, missing_key, |reader| reader.visit_body(&attempt.body));
                for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    handler.type_.iter().for_each(|class| self.visit(class, Use::Whole));
                    self.visit_body(&handler.body);
                }
                self.visit_body(&attempt.orelse);
                self.visit_body(&attempt.finalbody);
            }
            Stmt::With(with) => {
                with.items.iter().for_each(|item| self.visit_with_item(item));
                let classes: Vec<_> =
                    with.items.iter().filter_map(|item| flow::suppressed(&item.context_expr)).collect();
                let missing_key = classes.iter().flat_map(|classes| classes.iter()).any(catches_missing_key);
                self.caught(!classes.is_empty(), missing_key, |reader| reader.visit_body(&with.body));
            }
            Stmt::Match(choice) => {
                self.visit(&choice.subject, Use::Kept);
                for case in &choice.cases {
                    self.visit_pattern(&case.pattern);
                    case.guard.iter().for_each(|guard| self.visit(guard, Use::Kept));
                    self.visit_body(&case.body);
                }
            }
            Stmt::Import(import) => {
                import.names.iter().for_each(|alias| self.names.import(alias.name.as_str()));
            }
            Stmt::ImportFrom(import) => {
                import.module.iter().for_each(|module| self.names.import(module.as_str()));
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_annotation(&mut self, annotation: &'a Expr) {
        self.annotations += 1;
        self.visit(annotation, Use::Kept);
        self.annotations -= 1;
    }

    fn visit_type_params(&mut self, params: &'a TypeParams) {
        self.annotations += 1;
        params.iter().for_each(|param| self.visit_type_param(param));
        self.annotations -= 1;
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        for parameter in parameters {
            parameter.default().into_iter().for_each(|default| self.visit(default, Use::Whole));
            parameter.annotation().into_iter().for_each(|annotation| self.visit_annotation(annotation));
        }
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        refusals::of_pattern(pattern, &mut self.refusals);
        walk_pattern(self, pattern);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let usage = std::mem::take(&mut self.usage);
        self.checker.visit_expr(expr, &self.place);
        refusals::of_expr(expr, self.place.scope(), &mut self.refusals);
        match expr {
            Expr::Name(name) => {
                self.mention(Spelling::Name, &name.id, name.range, None);
                if name.ctx != ExprContext::Store && self.annotations == 0 {
                    self.names.load(&self.place.scopes, &name.id, name.range);
                }
            }
            Expr::Attribute(attribute) => {
                self.visit(&attribute.value, Use::Chained);
                self.mention(Spelling::Attribute, &attribute.attr, attribute.attr.range, Some(&attribute.value));
                self.attribute(attribute, usage);
            }
            Expr::Subscript(item) => {
                self.visit(&item.value, Use::Chained);
                self.visit(&item.slice, Use::Whole);
                self.item(item, usage);
            }
            Expr::Call(call) => {
                self.visit(&call.func, Use::Called);
                let keeps = call.func.as_name_expr().is_some_and(|name| keeps_argument(&name.id));
                for (index, argument) in call.arguments.args.iter().enumerate() {
                    self.visit(argument, if keeps && index == 0 { Use::Kept } else { Use::Whole });
                }
                for keyword in &call.arguments.keywords {
                    if let Some(name) = &keyword.arg {
                        self.mention(Spelling::Keyword, name, name.range, None);
                    }
                    self.visit(&keyword.value, Use::Whole);
                }
                self.names.call(call);
                self.call(call);
                self.keys_of_call(call, usage);
            }
            Expr::Compare(compare) => {
                self.visit(&compare.left, Use::Kept);
                compare.comparators.iter().for_each(|right| self.visit(right, Use::Kept));
                self.contains(compare);
                self.measured(compare);
            }
            Expr::BoolOp(operation) => {
                let before = self.guards.len();
                let inner = if usage == Use::Chained { Use::Kept } else { usage };
                for value in &operation.values {
                    self.visit(value, inner);
                    self.assert(value, operation.op.is_and());
                }
                self.guards.truncate(before);
                return;
            }
            Expr::If(either) => {
                self.visit(&either.test, Use::Kept);
                self.given(&either.test, true, |reader| reader.visit(&either.body, usage));
                self.given(&either.test, false, |reader| reader.visit(&either.orelse, usage));
                return;
            }
            Expr::Named(named) => {
                self.visit(&named.value, usage);
                self.visit(&named.target, Use::Kept);
                return;
            }
            Expr::UnaryOp(operation) if operation.op.is_not() => self.visit(&operation.operand, Use::Kept),
            Expr::Tuple(tuple) if usage == Use::Kept => tuple.elts.iter().for_each(|value| self.visit(value, usage)),
            Expr::List(list) if usage == Use::Kept => list.elts.iter().for_each(|value| self.visit(value, usage)),
            Expr::Lambda(lambda) => {
                let parameters = lambda.parameters.as_deref();
                parameters.into_iter().for_each(|parameters| self.visit_parameters(parameters));
                self.enter(Scope::of_lambda(parameters, &lambda.body), |reader| reader.visit(&lambda.body, Use::Whole));
            }
            Expr::ListComp(list) => self.comprehension(&list.generators, false, [Some(&list.elt), None]),
            Expr::SetComp(set) => self.comprehension(&set.generators, false, [Some(&set.elt), None]),
            Expr::Generator(lazy) => self.comprehension(&lazy.generators, true, [Some(&lazy.elt), None]),
            Expr::DictComp(dict) => {
                self.comprehension(&dict.generators, false, [dict.key.as_deref(), Some(&dict.value)]);
            }
            Expr::StringLiteral(text) => {
                let (text, range) = (text.value.to_str().to_owned(), self.text.written(text.range));
                self.facts.strings.push(Text { text, range });
            }
            _ => walk_expr(self, expr),
        }
        if usage == Use::Whole && is_load(expr) {
            self.whole(expr);
        }
    }
}

/// Functions that only look at their first argument, or whose answer is followed further.
fn keeps_argument(function: &str) -> bool {
    matches!(
        function,
        "bool"
            | "copy"
            | "deepcopy"
            | "delattr"
            | "dict"
            | "getattr"
            | "hasattr"
            | "isinstance"
            | "len"
            | "setattr"
            | "type"
    )
}

/// Whether an expression is read, and may be one of authentik's objects.
fn is_load(expr: &Expr) -> bool {
    match expr {
        Expr::Name(name) => name.ctx.is_load(),
        Expr::Attribute(attribute) => attribute.ctx.is_load(),
        Expr::Subscript(item) => item.ctx.is_load(),
        Expr::Call(_) | Expr::BinOp(_) | Expr::Dict(_) => true,
        _ => false,
    }
}
