//! The OpenTofu roots of a repository, resolved: what each declares, which provider and which server it is for.

mod backend;
mod flows;
mod imports;
mod lead;
mod leading;
mod packages;
mod provider;
mod python;
mod reads;
mod releases;
pub(crate) mod secret;
mod server;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use diagnostic::{Diagnostic, FileId, Sources};
use resolve_tofu::{Instance, Module, Modules, Source};
use schema::{Allowed, Package};

use crate::Files;
pub use backend::State;
pub use flows::{PolicyBinding, StageBinding, Subject, number};
pub use lead::{Lead, Led};
use leading::Leading;
pub(crate) use packages::report;
pub(crate) use provider::{Written, arguments, type_of, written};
pub use python::Python;
pub use reads::{Read, reads, reads_of};
pub use releases::{Pin, Provider};
pub use server::{Server, release_of};

/// What OpenTofu will declare in a repository.
#[derive(Debug)]
pub struct Tofu<'a> {
    /// Every module folder.
    pub modules: &'a Modules,
    /// The roots, in order of their folders.
    pub roots: Vec<Root<'a>>,
    /// The modules that no root calls and that pin the authentik provider, each with what it says of that.
    pub modules_alone: Vec<(&'a Module, Provider)>,
    /// The authentik server that the repository runs.
    pub server: Server,
    /// The providers that a person imported, each at one version.
    pub packages: &'a [Package],
}

/// A root module, evaluated.
#[derive(Debug)]
pub struct Root<'a> {
    /// What it declares.
    pub resolved: resolve_tofu::Root<'a>,
    /// Its own module, and all that are called below it and are here.
    pub modules: Vec<&'a Module>,
    /// Which releases of the authentik provider it may run with.
    pub provider: Provider,
    /// Whether all of its modules are here, and were evaluated; if not, what is not found may still be there.
    pub is_whole: bool,
    python: Vec<Python>,
    /// By type and argument; made when it is first asked for.
    leading: Mutex<HashMap<(&'static str, &'static str), Arc<Leading>>>,
}

/// The files of a repository as the resolution reads them.
pub fn view<'a>(sources: &'a Sources, files: &'a Files) -> resolve_tofu::Files<'a> {
    let read = files.iter().filter(|file| file.kind.is_read());
    let mut view = resolve_tofu::Files::new(sources, read.map(|file| file.id));
    for file in files.iter() {
        match &file.content {
            crate::Content::Hcl(parsed) => view.add_parsed(file.id, &parsed.body),
            _ if !file.kind.is_read() => view.add_opaque(file.path.as_str()),
            _ => {}
        }
    }
    for name in files.names.iter().filter(|name| files.get(name).is_none()) {
        view.add_opaque(name.as_str());
    }
    files.closed.iter().for_each(|folder| view.add_closed(folder.as_str()));
    view.set_ignored(files.ignored.clone());
    // OpenTofu follows symlinks; Flux has none in its sources.
    for (link, file) in files.linked() {
        match file.map(|file| files.get(file)) {
            Some(Some(file)) if file.kind.is_read() => view.add_link(link, file.id),
            Some(_) => view.add_opaque(link),
            None => {
                view.add_opaque(link.as_str());
                view.add_closed(link);
            }
        }
    }
    view
}

impl<'a> Tofu<'a> {
    /// Nothing is declared.
    pub fn nothing(modules: &'a Modules) -> Self {
        Self { modules, roots: Vec::new(), modules_alone: Vec::new(), server: Server::default(), packages: &[] }
    }

    /// Evaluates the roots in the folders `roots`, or those that are told to be roots by what stands in them. What is
    /// wrong with a module, whatever the rules say, is pushed to `found`.
    pub fn resolve(
        sources: &Sources,
        files: &Files,
        view: &'a resolve_tofu::Files<'a>,
        modules: &'a Modules,
        roots: Option<&[String]>,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let before = found.len();
        resolve_tofu::check(modules, found);
        let told = modules.roots(view);
        let folders: Vec<&str> = roots.map_or(told, |roots| roots.iter().map(String::as_str).collect());
        let root = |folder: &&str| {
            let resolved = resolve_tofu::evaluate(view, modules, folder, found)?;
            let (below, is_here) = modules_below(folder, modules);
            let is_read = |id: &FileId| files.by_id(*id).is_none_or(|file| file.faults().is_empty());
            let is_whole = |module: &&Module| modules.is_whole(&module.folder) && module.files.iter().all(is_read);
            let is_readable = below.iter().all(is_whole);
            let provider = Provider::of(folder, &below, files);
            let is_whole = resolved.complete && is_here && is_readable;
            Some(Root { resolved, modules: below, provider, is_whole, python: Vec::new(), leading: Mutex::default() })
        };
        let roots: Vec<Root<'a>> = folders.iter().filter_map(root).collect();
        let is_called = |module: &Module| {
            modules.is_called(&module.folder)
                || roots.iter().flat_map(|root| &root.modules).any(|called| called.folder == module.folder)
        };
        let alone = modules.iter().filter(|module| !is_called(module));
        let alone = alone.map(|module| (module, Provider::of(&module.folder, &[module], files)));
        let modules_alone = alone.filter(|(_, provider)| provider.is_pinned()).collect();
        let broken = around_broken(files, modules);
        // A file that is part of several modules need not be whole in the folder that it lies in.
        let linked: BTreeSet<_> = files.linked().into_iter().filter_map(|(_, file)| file).collect();
        let told = found.split_off(before);
        let is_meant = |finding: &Diagnostic| {
            let path = sources.path(finding.primary.span);
            !(is_of_absence(finding.rule) && (broken.contains(folder_of(path)) || linked.contains(path)))
        };
        found.extend(told.into_iter().filter(is_meant));
        Self { modules, roots, modules_alone, server: Server::default(), packages: &[] }
    }

    /// Takes the roots to be for `server`, which decides how their Python is read.
    pub fn run_by(&mut self, server: Server, sources: &Sources, files: &Files) {
        for root in &mut self.roots {
            root.python = Python::of(&root.resolved, sources, files, server.chart.as_ref().map(|chart| chart.value));
        }
        self.server = server;
    }
}

/// The module in `folder` with all that are called below it, and whether all of them are in the repository.
fn modules_below<'a>(folder: &str, modules: &'a Modules) -> (Vec<&'a Module>, bool) {
    let (mut below, mut is_here) = (Vec::new(), true);
    let mut open = vec![folder.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(folder) = open.pop() {
        let Some(module) = modules.get(&folder).filter(|_| seen.insert(folder.clone())) else { continue };
        below.push(module);
        for call in module.calls.values() {
            match modules.source(&folder, call) {
                Source::Local(callee) => open.push(callee),
                Source::Missing(_) | Source::Remote(_) | Source::Unknown => is_here = false,
            }
        }
    }
    (below, is_here)
}

/// The folders of modules with a file that could not be read as a whole, and of those that call or are called by them.
fn around_broken(files: &Files, modules: &Modules) -> BTreeSet<String> {
    let faulty = files.iter().filter(|file| !file.faults().is_empty());
    let mut around: BTreeSet<String> = faulty.map(|file| folder_of(file.path.as_str()).to_owned()).collect();
    let is_faulty = |id: &FileId| files.by_id(*id).is_some_and(|file| !file.faults().is_empty());
    let is_broken = |module: &&Module| !modules.is_whole(&module.folder) || module.files.iter().any(is_faulty);
    around.extend(modules.iter().filter(is_broken).map(|module| module.folder.clone()));
    let broken = around.clone();
    for module in modules.iter().filter(|_| !broken.is_empty()) {
        for call in module.calls.values() {
            let Source::Local(callee) = modules.source(&module.folder, call) else { continue };
            if broken.contains(&module.folder) {
                around.insert(callee);
            } else if broken.contains(&callee) {
                around.insert(module.folder.clone());
            }
        }
    }
    around
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a finding says that something is not there. While a file cannot be read, it may be in that file.
fn is_of_absence(rule: &str) -> bool {
    ["undeclared-", "unused-", "missing-", "import-target", "moved-target"].iter().any(|begin| rule.starts_with(begin))
}

impl<'a> Root<'a> {
    /// The instances of the resource type `kind`.
    pub fn of<'r>(&'r self, kind: &'r str) -> impl Iterator<Item = &'r Instance<'a>> {
        self.resolved.of(kind)
    }

    /// The managed instances whose type begins with `prefix`.
    pub fn of_family<'r>(&'r self, prefix: &'r str) -> impl Iterator<Item = &'r Instance<'a>> {
        let managed = |instance: &&Instance<'_>| instance.resource.mode == resolve_tofu::Mode::Managed;
        self.resolved.instances.iter().filter(managed).filter(move |instance| instance.kind().starts_with(prefix))
    }

    /// The releases of the authentik provider to judge by; `None` where none is known.
    pub fn releases(&self) -> Option<&Allowed<'static>> {
        self.provider.allowed.as_ref()
    }

    /// The Python texts that authentik will run, each in an argument of an instance.
    pub fn python(&self) -> &[Python] {
        &self.python
    }

    /// The Python text in the expression of `instance`.
    pub fn python_of(&self, instance: &Instance<'_>) -> Option<&Python> {
        self.python.iter().find(|python| python.address == instance.address())
    }
}

/// Whether the argument `name` of `instance` is true; `default` where it is not written, `None` where it is unknown, or
/// left as the server has it.
pub fn flag(instance: &Instance<'_>, name: &str, default: bool) -> Option<bool> {
    if is_ignored(instance, name) {
        return None;
    }
    let Some(argument) = instance.argument(name) else { return Some(default) };
    match (argument.value.is_null(), argument.value.as_bool(), argument.value.as_text()) {
        (true, ..) => Some(default),
        (_, Some(flag), _) => Some(flag),
        (.., Some("true")) => Some(true),
        (.., Some("false")) => Some(false),
        _ => None,
    }
}

/// Whether the argument `name` is written with a value that is not null, as far as is known: one that is unknown is.
pub fn is_given(instance: &Instance<'_>, name: &str) -> bool {
    instance.argument(name).is_some_and(|argument| !argument.value.is_null())
}

/// The text of the argument `name`: `default` where it is not written, `None` where it is unknown, or left as the server
/// has it.
pub fn text_or<'i>(instance: &'i Instance<'_>, name: &str, default: &'i str) -> Option<&'i str> {
    match instance.argument(name) {
        _ if is_ignored(instance, name) => None,
        Some(argument) if !argument.value.is_null() => argument.value.as_text(),
        _ => Some(default),
    }
}

/// Where a person looks for the argument `name`: at what made it, or at the block that lacks it.
pub fn place(instance: &Instance<'_>, name: &str) -> diagnostic::Span {
    instance.argument(name).map_or(instance.resource.header, resolve_tofu::Argument::origin)
}

/// The same, where the type of the block is enough to say which block lacks the argument.
pub fn place_or_type(instance: &Instance<'_>, name: &str) -> diagnostic::Span {
    instance.argument(name).map_or(instance.resource.kind.span, resolve_tofu::Argument::origin)
}

/// Whether an argument that no release of the authentik provider has for the type of `instance` is meant to be `name`: that
/// is told where it stands.
pub fn is_misspelt(instance: &Instance<'_>, name: &str) -> bool {
    let known = schema::Provider::authentik().type_named(schema::Kind::Resource, instance.kind());
    let is_unknown = |argument: &str| known.is_some_and(|known| known.attribute(argument).is_empty());
    let mut written = instance.content.arguments.iter().map(|argument| argument.name.value.as_str());
    written.any(|argument| is_unknown(argument) && diagnostic::nearest(argument, [name]).is_some())
}

/// Whether OpenTofu leaves the argument `name` alone once the instance exists.
pub fn is_ignored(instance: &Instance<'_>, name: &str) -> bool {
    use syntax::hcl::Kind;
    let Some(ignored) = instance.resource.lifecycle.iter().find(|one| one.name.value == "ignore_changes") else {
        return false;
    };
    match &ignored.value.kind {
        Kind::Tuple(items) => items.iter().any(|item| matches!(&item.kind, Kind::Variable(word) if word == name)),
        _ => true, // `all`
    }
}
