//! What the names of a module stand for: variables, local values, outputs of called modules, `path` and the like.

use diagnostic::{Span, Spanned};

use super::{Evaluator, ModuleId, Scope, Thing};
use crate::config::Module;
use crate::root::Key;
use crate::value::{self, Value};

impl<'a> Evaluator<'a> {
    /// `local.name`
    pub(crate) fn local(&self, module: ModuleId, name: &str, span: Span) -> Value {
        let declared: &'a Module = self.instance(module).module;
        // An undeclared name was reported by the check of the module.
        let Some(local) = declared.locals.get(name) else { return value::dynamic() };
        self.once(module, Thing::Local(&local.name.value), span, || {
            self.value(&local.value, &mut Scope::of(module, super::Repeated::default()))
        })
    }

    /// `output.name` of a module instance, as its caller sees it.
    pub(crate) fn output(&self, module: ModuleId, name: &str, span: Span) -> Value {
        let instance = self.instance(module);
        let declared: &'a Module = instance.module;
        let Some(output) = declared.outputs.get(name) else { return value::dynamic() };
        let value = self.once(module, Thing::Output(&output.name.value), span, || match &output.value {
            Some(expression) => {
                let found = self.value(expression, &mut Scope::of(module, super::Repeated::default()));
                if instance.parent.is_none() && value::is_ephemeral(&found) {
                    self.fault(
                        "invalid-expression",
                        expression.span,
                        format!("`output.{name}` of the root is kept in the state, and its value is ephemeral"),
                    );
                } else if instance.parent.is_none() && value::is_sensitive(&found) && !output.sensitive {
                    self.push(
                        diagnostic::Diagnostic::error(
                            "invalid-expression",
                            output.header,
                            format!("the value of `output.{name}` is sensitive, and the output is not"),
                        )
                        .help("write `sensitive = true`"),
                    );
                }
                found
            }
            None => value::dynamic(),
        });
        let value = if output.sensitive { value::sensitive(value) } else { value };
        if output.ephemeral { value::ephemeral(value) } else { value }
    }

    /// All outputs of a module instance.
    pub(crate) fn outputs(&self, module: ModuleId, span: Span) -> Value {
        let instance = self.instance(module);
        let names = instance.module.outputs.keys();
        value::object(names.map(|name| (name.clone(), self.output(module, name, span))).collect())
    }

    /// `path.name`
    pub(crate) fn path(&self, module: ModuleId, name: &str) -> Value {
        let root = self.instance(0).module.folder.clone();
        match name {
            "root" => value::string("."),
            "module" => {
                let folder = &self.instance(module).module.folder;
                match relative(&root, folder) {
                    path if path.is_empty() => value::string("."),
                    path => value::string(&path),
                }
            }
            _ => value::unknown_string(),
        }
    }

    /// The instance of the module that `name` calls under `key`, made when it is first asked for.
    pub(crate) fn child(&self, module: ModuleId, name: &Spanned<String>, key: &Key) -> Option<ModuleId> {
        self.child_instance(module, &name.value, key)
    }
}

/// How `to` is written as seen from `from`.
fn relative(from: &str, to: &str) -> String {
    let parts =
        |path: &str| -> Vec<String> { path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect() };
    let (from, to) = (parts(from), parts(to));
    let shared = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    up.chain(to[shared..].iter().cloned()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn a_folder_is_seen_from_the_root_that_is_run() {
        assert_eq!(relative("tofu/home", "tofu/modules/ldap"), "../modules/ldap");
        assert_eq!(relative("tofu", "tofu/modules/ldap"), "modules/ldap");
        assert_eq!(relative("", "modules"), "modules");
        assert_eq!(relative("tofu", "tofu"), "");
    }
}
