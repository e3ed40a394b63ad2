//! What is written for other providers than authentik's, beside what a person imported of them.

use diagnostic::{Sources, Span, did_you_mean};
use resolve_tofu::{Mode, Module, Resource};
use schema::{Block, Kind, Mode as Written, Package, Version};
use syntax::hcl::{Block as HclBlock, Body, Item};

use super::Root;
use super::releases::locked;
use crate::{Files, Findings, Repo};

/// Something that the provider refuses, or is about to.
#[derive(Debug)]
struct Fault {
    rule: &'static str,
    span: Span,
    message: String,
    help: String,
}

/// What a provider is called, and what of it is judged.
struct Judge<'r> {
    /// `hashicorp/random 3.6.0`.
    called: String,
    package: &'r Package,
    faults: Vec<Fault>,
}

/// Reports what `rule` says of the blocks of imported providers. They are judged where the lock file of the root names
/// the version that was imported.
pub(crate) fn report(repo: &Repo<'_>, rule: &str, findings: &mut Findings<'_>) {
    if repo.tofu.packages.is_empty() {
        return;
    }
    for root in &repo.tofu.roots {
        for fault in faults(root, repo.tofu.packages, repo.files, repo.sources) {
            if fault.rule == rule {
                findings.report(fault.span, fault.message).help(fault.help);
            }
        }
    }
}

fn faults(root: &Root<'_>, packages: &[Package], files: &Files, sources: &Sources) -> Vec<Fault> {
    let folder = &root.resolved.module.folder;
    let mut faults = Vec::new();
    for package in packages {
        let is_meant = |address: &str| is_same(address, &package.address);
        let version: Option<Version> = locked(folder, files, is_meant).map(|locked| locked.value);
        if version.as_ref() != Some(&package.version) {
            continue;
        }
        let mut judge = Judge { called: format!("{} {}", short(&package.address), package.version), package, faults };
        for module in &root.modules {
            let resources =
                module.resources.values().filter(|resource| is_same(&address(module, resource), &package.address));
            // In JSON, blocks are written as arguments.
            let resources = resources.filter(|resource| !sources.path(resource.header).ends_with(".json"));
            resources.for_each(|resource| judge.resource(resource));
        }
        faults = judge.faults;
    }
    faults
}

/// The provider that a resource is of, as its module requires it.
fn address(module: &Module, resource: &Resource) -> String {
    let name = resource.provider_name();
    let source = module.required_providers.get(name).and_then(|required| required.source.as_ref());
    source.map_or_else(|| name.to_owned(), |source| source.value.clone())
}

/// Whether two addresses name one provider: `random` and `hashicorp/random` are in the public registry, of which
/// OpenTofu and Terraform have one each.
fn is_same(one: &str, other: &str) -> bool {
    whole(one) == whole(other)
}

fn whole(address: &str) -> (String, String, String) {
    let mut parts = address.rsplitn(3, '/');
    let name = parts.next().unwrap_or_default().to_lowercase();
    let namespace = parts.next().unwrap_or("hashicorp").to_lowercase();
    let host = parts.next().unwrap_or(PUBLIC[0]).to_lowercase();
    let host = if PUBLIC.contains(&host.as_str()) { String::new() } else { host };
    (host, namespace, name)
}

const PUBLIC: [&str; 2] = ["registry.opentofu.org", "registry.terraform.io"];

/// `hashicorp/random`.
fn short(address: &str) -> &str {
    PUBLIC.iter().find_map(|host| address.strip_prefix(host)?.strip_prefix('/')).unwrap_or(address)
}

impl Judge<'_> {
    fn say(&mut self, rule: &'static str, span: Span, message: String, help: impl Into<String>) {
        self.faults.push(Fault { rule, span, message, help: help.into() });
    }

    fn resource(&mut self, resource: &Resource) {
        let (kind, word) = match resource.mode {
            Mode::Managed => (Kind::Resource, "resource type"),
            Mode::Data => (Kind::DataSource, "data source"),
            Mode::Ephemeral => return,
        };
        let name = resource.kind.value.as_str();
        let package = self.package;
        match package.block(kind, name) {
            Some(block) => {
                let what = format!("`{name}`");
                self.block(block, &resource.body, resource.kind.span, &what);
            }
            None => {
                let near = did_you_mean(name, package.types(kind));
                let message = format!("{} has no {word} `{name}`{near}", self.called);
                self.say(
                    "unknown-provider-type",
                    resource.kind.span,
                    message,
                    "`tofu providers schema -json` has them all",
                );
            }
        }
    }

    /// What stands in `body`, of what is called `what` and begins at `header`.
    fn block(&mut self, block: &Block, body: &Body, header: Span, what: &str) {
        let mut there = Vec::new();
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    there.push(attribute.name.value.as_str());
                    self.argument(block, &attribute.name.value, attribute.name.span, what);
                }
                Item::Block(inner) => {
                    let Some((name, span, body)) = made(inner) else { continue };
                    there.push(name);
                    self.nested(block, name, span, body, what);
                }
            }
        }
        let arguments = block.arguments.iter().filter(|(_, argument)| argument.mode == Written::Required);
        let arguments = arguments.map(|(name, _)| (name, format!("write `{name} = …`")));
        let blocks = block.blocks.iter().filter(|(_, nested)| nested.least > 0);
        let blocks = blocks.map(|(name, _)| (name, format!("write a block `{name} {{ … }}`")));
        for (name, help) in arguments.chain(blocks) {
            if !there.contains(&name.as_str()) {
                let message = format!("{what} requires `{name}`, by {}", self.called);
                self.say("missing-provider-argument", header, message, help);
            }
        }
    }

    fn argument(&mut self, block: &Block, name: &str, span: Span, what: &str) {
        match block.arguments.get(name) {
            Some(argument) if argument.mode == Written::Computed => {
                let message = format!("`{name}` of {what} can only be read");
                self.say(
                    "unknown-provider-argument",
                    span,
                    message,
                    format!("take `{name}` out; the provider decides it"),
                );
            }
            Some(argument) if argument.deprecated => {
                let message = format!("`{name}` of {what} is deprecated in {}", self.called);
                self.say(
                    "deprecated-provider-argument",
                    span,
                    message,
                    "the documentation of the provider says what to write instead",
                );
            }
            Some(_) => {}
            None if block.blocks.contains_key(name) => {
                let message = format!("`{name}` is a block, and is written as an argument");
                self.say("unknown-provider-argument", span, message, format!("write `{name} {{ … }}`"));
            }
            None => self.unknown(block, name, span, what),
        }
    }

    fn nested(&mut self, block: &Block, name: &str, span: Span, body: &Body, what: &str) {
        match (block.blocks.get(name), block.arguments.get(name)) {
            (Some(nested), _) => self.block(&nested.block, body, span, &format!("`{name}` in {what}")),
            (None, Some(argument)) if argument.blocks => {}
            (None, Some(_)) => {
                let message = format!("`{name}` is an argument, and is written as a block");
                self.say("unknown-provider-argument", span, message, format!("write `{name} = …`"));
            }
            (None, None) => self.unknown(block, name, span, what),
        }
    }

    fn unknown(&mut self, block: &Block, name: &str, span: Span, what: &str) {
        let known =
            block.arguments.iter().filter(|(_, argument)| argument.mode != Written::Computed).map(|(name, _)| name);
        let near = did_you_mean(name, known.chain(block.blocks.keys()).map(String::as_str));
        let message = format!("{what} has no argument `{name}` in {}{near}", self.called);
        self.say("unknown-provider-argument", span, message, "`tofu providers schema -json` has them all");
    }
}

/// The name of a block, where it stands, and what it holds; what is `dynamic` makes those of its label. `None` where
/// that cannot be told.
fn made(block: &HclBlock) -> Option<(&str, Span, &Body)> {
    if block.kind.value != "dynamic" {
        return Some((&block.kind.value, block.kind.span, &block.body));
    }
    let label = block.labels.first()?;
    let content = block.body.items.iter().find_map(|item| match item {
        Item::Block(content) if content.kind.value == "content" => Some(&content.body),
        _ => None,
    })?;
    Some((&label.value, label.span, content))
}

#[cfg(test)]
mod tests;
