//! Reads the files of a module folder, lets overrides override, and decodes what stands there.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, FileId, Span, did_you_mean};
use syntax::hcl::{Block, Body, Expression, Item, Kind};

use super::body::{Reader, text_of};
use super::decode;
use super::folder::{ConfigFile, config_files};
use super::merge::merge_block;
use super::settings::{Settings, language, terraform};
use super::{Local, Mode, Module, resource};
use crate::files::Files;
use crate::parse;

/// The blocks of a file, with how many labels each has.
const TOP: &[(&str, usize)] = &[
    ("check", 1),
    ("data", 2),
    ("ephemeral", 2),
    ("import", 0),
    ("language", 0),
    ("locals", 0),
    ("module", 1),
    ("moved", 0),
    ("output", 1),
    ("provider", 1),
    ("removed", 0),
    ("resource", 2),
    ("terraform", 0),
    ("variable", 1),
];

/// What a block is known by among those of its kind.
type Key = (String, Vec<String>);

/// What `folder` declares. Faults are pushed to `found`, and what can be read is read.
pub fn load(files: &Files<'_>, folder: &str, found: &mut Vec<Diagnostic>) -> Module {
    let configuration = config_files(files, folder);
    let json: BTreeSet<FileId> = configuration.iter().filter(|file| file.json).map(|file| file.id).collect();
    let mut loading = Loading {
        reader: Reader { json: &json, found },
        module: Module { folder: folder.to_owned(), ..Module::default() },
        blocks: BTreeMap::new(),
        order: Vec::new(),
        locals: Vec::new(),
        required_providers: None,
    };
    let (overrides, primary): (Vec<&ConfigFile>, Vec<&ConfigFile>) =
        configuration.iter().partition(|file| file.is_override);
    loading.module.files = configuration.iter().map(|file| file.id).collect();
    for file in primary {
        let body = parse::file(files, file.id, file.json, loading.reader.found);
        let mut settings = Settings::default();
        for block in loading.top(body) {
            loading.declare(block, &mut settings);
        }
        loading.settle(settings);
    }
    for file in overrides {
        let body = parse::file(files, file.id, file.json, loading.reader.found);
        let mut settings = Settings::default();
        for block in loading.top(body) {
            loading.change(block, &mut settings);
        }
        loading.override_settings(settings);
    }
    loading.decode()
}

struct Loading<'a> {
    reader: Reader<'a>,
    module: Module,
    blocks: BTreeMap<Key, Block>,
    order: Vec<Key>,
    locals: Vec<Local>,
    required_providers: Option<Span>,
}

impl Loading<'_> {
    fn top(&mut self, body: Body) -> Vec<Block> {
        let mut blocks = Vec::new();
        for item in body.items {
            match item {
                Item::Attribute(attribute) => {
                    let name = &attribute.name;
                    let known = TOP.iter().find(|(kind, _)| *kind == name.value);
                    match known {
                        Some((kind, labels)) if self.reader.is_json(name.span) => {
                            self.reader.json_blocks(&attribute, kind, *labels, &mut blocks);
                        }
                        Some((kind, _)) => self.reader.error(
                            "misplaced-argument",
                            name.span,
                            format!("`{kind}` is a block, and is written as an argument"),
                        ),
                        None if name.value == "//" => {}
                        None => {
                            let near = did_you_mean(&name.value, TOP.iter().map(|(kind, _)| *kind));
                            let message = format!("a file holds blocks, and `{}` is an argument{near}", name.value);
                            self.reader.error("unknown-argument", name.span, message);
                        }
                    }
                }
                Item::Block(block) => match TOP.iter().find(|(kind, _)| *kind == block.kind.value) {
                    Some((_, labels)) => {
                        if self.reader.labels_fit(&block, *labels) {
                            blocks.push(block);
                        }
                    }
                    None => {
                        let kind = &block.kind.value;
                        let near = did_you_mean(kind, TOP.iter().map(|(kind, _)| *kind));
                        let mut finding = Diagnostic::error(
                            "unknown-block",
                            block.header,
                            format!("there is no block `{kind}`{near}"),
                        );
                        if kind == "required_providers" {
                            finding = finding.help("write it in a `terraform` block");
                        }
                        self.reader.found.push(finding);
                    }
                },
            }
        }
        blocks
    }

    fn declare(&mut self, block: Block, settings: &mut Settings) {
        match block.kind.value.as_str() {
            "terraform" => terraform(block, settings, &mut self.reader),
            "language" => language(block, settings, &mut self.reader),
            "locals" => {
                let locals = decode::locals(block, &mut self.reader);
                self.locals.extend(locals);
            }
            "moved" => self.module.moved.extend(decode::moved(block, &mut self.reader)),
            "import" => self.module.imports.extend(decode::import(block, &mut self.reader)),
            "removed" => self.module.removed.extend(decode::removed(block, &mut self.reader)),
            _ => {
                let key = key_of(&block);
                match self.blocks.get(&key) {
                    Some(first) => self.reader.found.push(
                        Diagnostic::error(
                            "duplicate-declaration",
                            block.header,
                            format!("{} is declared twice", named(&block)),
                        )
                        .related(first.header, "it is declared here already"),
                    ),
                    None => {
                        self.order.push(key.clone());
                        self.blocks.insert(key, block);
                    }
                }
            }
        }
    }

    /// Takes what a file that declares says in `terraform` blocks.
    fn settle(&mut self, settings: Settings) {
        let module = &mut self.module;
        for backend in settings.backends {
            match &module.backend {
                Some(first) => twice(backend.header, first.header, "the backend", self.reader.found),
                None => module.backend = Some(backend),
            }
        }
        for cloud in settings.clouds {
            match &module.cloud {
                Some(first) => twice(cloud.header, first.header, "the cloud backend", self.reader.found),
                None => module.cloud = Some(cloud),
            }
        }
        if let (Some(backend), Some(cloud)) = (&module.backend, &module.cloud)
            && !self.reader.found.iter().any(|finding| finding.primary.span == backend.header)
        {
            let message = "a module has a backend or a cloud backend, and this one has both";
            let finding = Diagnostic::error("duplicate-declaration", backend.header, message);
            self.reader.found.push(finding.related(cloud.header, "the other is here"));
        }
        for encryption in settings.encryptions {
            match &module.encryption {
                Some(first) => twice(encryption.header, first.header, "the encryption", self.reader.found),
                None => module.encryption = Some(encryption),
            }
        }
        for (block, providers) in settings.required_providers {
            match self.required_providers {
                Some(first) => twice(block.header, first, "`required_providers`", self.reader.found),
                None => {
                    self.required_providers = Some(block.header);
                    module.required_providers = providers;
                }
            }
        }
        module.provider_metas.extend(settings.provider_metas);
        module.required_versions.extend(settings.required_versions);
    }

    fn change(&mut self, block: Block, settings: &mut Settings) {
        match block.kind.value.as_str() {
            "terraform" => terraform(block, settings, &mut self.reader),
            "locals" => {
                for local in decode::locals(block, &mut self.reader) {
                    match self.locals.iter_mut().find(|base| base.name.value == local.name.value) {
                        Some(base) => *base = local,
                        None => {
                            let message =
                                format!("an override changes `local.{}`, which is not declared", local.name.value);
                            self.reader.error("invalid-override", local.name.span, message);
                        }
                    }
                }
            }
            kind @ ("language" | "moved" | "import" | "removed" | "check") => {
                let message = format!("an override file cannot hold a `{kind}` block");
                self.reader.error("invalid-override", block.header, message);
            }
            _ => {
                let key = key_of(&block);
                match self.blocks.get_mut(&key) {
                    Some(base) => merge_block(base, block, self.reader.found),
                    // An absent configuration of a provider counts as an empty one.
                    None if key.0 == "provider" && key.1.len() == 1 => self.declare(block, settings),
                    None => {
                        let message = format!("an override changes {}, which is not declared", named(&block));
                        self.reader.error("invalid-override", block.header, message);
                    }
                }
            }
        }
    }

    fn override_settings(&mut self, settings: Settings) {
        let module = &mut self.module;
        if let [_, second, ..] = settings.backends.as_slice() {
            twice(second.header, settings.backends[0].header, "the backend", self.reader.found);
        }
        if let [first, second, ..] = settings.clouds.as_slice() {
            twice(second.header, first.header, "the cloud backend", self.reader.found);
        }
        if let Some(backend) = settings.backends.into_iter().next() {
            (module.backend, module.cloud) = (Some(backend), None);
        }
        if let Some(cloud) = settings.clouds.into_iter().next() {
            (module.backend, module.cloud) = (None, Some(cloud));
        }
        if let Some(encryption) = settings.encryptions.into_iter().next() {
            module.encryption = Some(encryption);
        }
        for (_, providers) in settings.required_providers {
            module.required_providers.extend(providers);
        }
        module.required_versions.extend(settings.required_versions);
    }

    fn decode(mut self) -> Module {
        for local in std::mem::take(&mut self.locals) {
            match self.module.locals.get(&local.name.value) {
                Some(first) => {
                    let what = format!("`local.{}`", local.name.value);
                    twice(local.name.span, first.name.span, &what, self.reader.found);
                }
                None => {
                    self.module.locals.insert(local.name.value.clone(), local);
                }
            }
        }
        for key in std::mem::take(&mut self.order) {
            let Some(block) = self.blocks.remove(&key) else { continue };
            let reader = &mut self.reader;
            match key.0.as_str() {
                "variable" => {
                    let variable = decode::variable(block, reader);
                    self.module.variables.insert(variable.name.value.clone(), variable);
                }
                "output" => {
                    let output = decode::output(block, reader);
                    self.module.outputs.insert(output.name.value.clone(), output);
                }
                "module" => {
                    let call = decode::module_call(block, reader);
                    self.module.calls.insert(call.name.value.clone(), call);
                }
                "provider" => {
                    let provider = resource::provider(block, reader);
                    self.module.providers.push(provider);
                }
                "check" => {
                    let (check, data) = resource::check(block, reader);
                    if let Some(data) = data {
                        self.add_resource(data);
                    }
                    self.module.checks.insert(check.name.value.clone(), check);
                }
                kind => {
                    let mode = match kind {
                        "data" => Mode::Data,
                        "ephemeral" => Mode::Ephemeral,
                        _ => Mode::Managed,
                    };
                    let resource = resource::resource(mode, block, reader);
                    self.add_resource(resource);
                }
            }
        }
        self.module
    }

    fn add_resource(&mut self, resource: super::Resource) {
        let name = resource.resource_name();
        match self.module.resources.get(&name) {
            Some(first) => twice(resource.header, first.header, &format!("`{name}`"), self.reader.found),
            None => {
                self.module.resources.insert(name, resource);
            }
        }
    }
}

fn twice(later: Span, first: Span, what: &str, found: &mut Vec<Diagnostic>) {
    found.push(
        Diagnostic::error("duplicate-declaration", later, format!("{what} is declared twice"))
            .related(first, "it is declared here already"),
    );
}

fn key_of(block: &Block) -> Key {
    let mut labels: Vec<String> = block.labels.iter().map(|label| label.value.clone()).collect();
    if block.kind.value == "provider" {
        let alias = block.body.items.iter().find_map(|item| match item {
            Item::Attribute(attribute) if attribute.name.value == "alias" => text_of(&attribute.value),
            _ => None,
        });
        labels.extend(alias);
    }
    (block.kind.value.clone(), labels)
}

/// The block as a person would name it.
fn named(block: &Block) -> String {
    let (kind, labels) = key_of(block);
    let prefix = match kind.as_str() {
        "variable" => "var.",
        "resource" | "provider" => "",
        other => &format!("{other}."),
    };
    format!("`{prefix}{}`", labels.join("."))
}

/// The expression that `text`, which is written at `span` in a JSON file, holds.
pub(super) fn expression_in_text(text: &str, span: Span) -> Option<Expression> {
    let mut ignored = Vec::new();
    let expression = parse::expression(text, span, &mut ignored);
    (ignored.is_empty() && !matches!(expression.kind, Kind::Invalid)).then_some(expression)
}
