//! The schema of any provider, as `tofu providers schema -json` tells it and a person imported it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::{Kind, Mode, Version, stamp};

/// What the files are stamped with.
const SORT: &str = "provider";

/// A provider at one version.
#[derive(Debug)]
pub struct Package {
    /// Its address: `registry.opentofu.org/hashicorp/random`.
    pub address: String,
    /// Its version.
    pub version: Version,
    text: String,
    resources: BTreeMap<String, LazyBlock>,
    data_sources: BTreeMap<String, LazyBlock>,
}

/// What may stand in a block, parsed when it is asked for.
#[derive(Debug)]
struct LazyBlock {
    /// Where it stands in the text.
    range: std::ops::Range<usize>,
    parsed: OnceLock<Block>,
}

/// What may stand in a block.
#[derive(Debug, Default, Deserialize)]
pub struct Block {
    /// The arguments by name.
    #[serde(default)]
    pub arguments: BTreeMap<String, Argument>,
    /// The blocks in it by name.
    #[serde(default)]
    pub blocks: BTreeMap<String, Nested>,
}

/// An argument.
#[derive(Debug, Deserialize)]
pub struct Argument {
    /// Whether it is written.
    pub mode: Mode,
    /// Whether the provider says not to use it any more.
    #[serde(default)]
    pub deprecated: bool,
    /// Whether it may be written as blocks too: a list or set of objects, as old providers have it.
    #[serde(default)]
    pub blocks: bool,
}

/// A block in a block.
#[derive(Debug, Deserialize)]
pub struct Nested {
    /// The least number of them.
    #[serde(default)]
    pub least: u64,
    /// What may stand in each.
    #[serde(flatten)]
    pub block: Block,
}

impl Package {
    /// The provider in `text`; `None` for a text that labtree has not written.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read(text: String) -> Option<Result<Self, &'static str>> {
        let about = match stamp::about(SORT, &text)? {
            Ok(about) => about,
            Err(why) => return Some(Err(why)),
        };
        let word = |key: &str| about.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let Ok(version) = word("version").parse() else { return Some(Err("it is not as labtree wrote it")) };
        let (mut resources, mut data_sources) = (BTreeMap::new(), BTreeMap::new());
        let (mut offset, mut section) = (0, None);
        for line in text.split_inclusive('\n') {
            let start = offset;
            offset += line.len();
            match line.trim_end() {
                "\"resources\":{" => section = Some(&mut resources),
                "\"data_sources\":{" => section = Some(&mut data_sources),
                line => {
                    let Some((name, block)) = line.strip_prefix('"').and_then(|line| line.split_once("\":")) else {
                        continue;
                    };
                    let Some(section) = &mut section else { continue };
                    let (from, length) = (start + name.len() + 3, block.trim_end_matches(',').len());
                    let lazy = LazyBlock { range: from..from + length, parsed: OnceLock::new() };
                    section.insert(name.to_owned(), lazy);
                }
            }
        }
        Some(Ok(Self { address: word("provider"), version, text, resources, data_sources }))
    }

    /// The names of all types of that kind.
    pub fn types(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.of(kind).keys().map(String::as_str)
    }

    /// What may stand in a block of the type of that name.
    pub fn block(&self, kind: Kind, name: &str) -> Option<&Block> {
        let lazy = self.of(kind).get(name)?;
        let text = &self.text[lazy.range.clone()];
        let parse = || serde_json::from_str(text).unwrap_or_else(|error| panic!("the schema of `{name}`: {error}"));
        Some(lazy.parsed.get_or_init(parse))
    }

    fn of(&self, kind: Kind) -> &BTreeMap<String, LazyBlock> {
        match kind {
            Kind::Resource => &self.resources,
            Kind::DataSource => &self.data_sources,
        }
    }
}

/// The addresses of the providers in `schemas`, the output of `tofu providers schema -json`, but those that are built
/// into OpenTofu.
///
/// # Errors
/// It is no such output.
pub fn addresses(schemas: &Json) -> Result<Vec<&str>, String> {
    let version = schemas["format_version"].as_str().unwrap_or_default();
    if version.split('.').next() != Some("1") {
        return Err(format!("its `format_version` is {}, not 1", schemas["format_version"]));
    }
    let all = schemas["provider_schemas"].as_object().ok_or("it has no `provider_schemas`")?;
    Ok(all.keys().map(String::as_str).filter(|address| !address.starts_with("terraform.io/builtin/")).collect())
}

/// The file of the provider `address` in `schemas`, at `version`.
pub fn import(schemas: &Json, address: &str, version: &Version) -> String {
    let provider = &schemas["provider_schemas"][address];
    let section = |name: &str, of: &str| {
        let mut types: Vec<String> = provider[of]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, one)| format!("{}:{}", json!(name), block(&one["block"])))
            .collect();
        types.sort();
        format!("\"{name}\":{{\n{}\n}}", types.join(",\n"))
    };
    let rest = format!(
        "{},\n{}\n}}\n",
        section("resources", "resource_schemas"),
        section("data_sources", "data_source_schemas")
    );
    stamp::stamped(SORT, &[("provider", address), ("version", &version.to_string())], &rest)
}

/// What is kept of a block: names, and what is needed to judge them.
fn block(block: &Json) -> Json {
    let entries = |key: &str| block[key].as_object().into_iter().flatten();
    let arguments: Map<String, Json> = entries("attributes").map(|(name, one)| (name.clone(), argument(one))).collect();
    let blocks: Map<String, Json> = entries("block_types").map(|(name, one)| (name.clone(), nested(one))).collect();
    let parts = [("arguments", arguments), ("blocks", blocks)].into_iter().filter(|(_, part)| !part.is_empty());
    Json::Object(parts.map(|(name, part)| (name.to_owned(), sorted(part).into())).collect())
}

fn nested(nested: &Json) -> Json {
    let mut out = block(&nested["block"]);
    if let Some(least) = nested["min_items"].as_u64().filter(|least| *least > 0) {
        out["least"] = least.into();
    }
    out
}

fn argument(argument: &Json) -> Json {
    let is = |key: &str| argument[key] == true;
    let mode = match () {
        () if is("required") => "required",
        () if is("optional") => "optional",
        () => "computed",
    };
    let mut out = json!({ "mode": mode });
    if is("deprecated") {
        out["deprecated"] = true.into();
    }
    let shape = &argument["type"];
    if matches!(shape[0].as_str(), Some("list" | "set")) && shape[1][0] == "object" {
        out["blocks"] = true.into();
    }
    out
}

fn sorted(map: Map<String, Json>) -> Map<String, Json> {
    map.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas() -> Json {
        json!({ "format_version": "1.0", "provider_schemas": {
            "terraform.io/builtin/terraform": {},
            "registry.opentofu.org/hashicorp/random": {
                "resource_schemas": { "random_id": { "version": 0, "block": {
                    "attributes": {
                        "prefix": { "type": "string", "optional": true, "deprecated": true, "description": "long" },
                        "byte_length": { "type": "number", "required": true },
                        "hex": { "type": "string", "computed": true },
                        "id": { "type": "string", "optional": true, "computed": true },
                        "rules": { "type": ["set", ["object", { "a": "string" }]], "optional": true } },
                    "block_types": { "keeper": { "nesting_mode": "list", "min_items": 1,
                        "block": { "attributes": { "name": { "type": "string", "required": true } } } } } } } },
                "data_source_schemas": {} } } })
    }

    const ADDRESS: &str = "registry.opentofu.org/hashicorp/random";

    #[test]
    fn what_is_imported_is_read_again() {
        let schemas = schemas();
        assert_eq!(addresses(&schemas).expect("it is an output"), [ADDRESS]);
        let text = import(&schemas, ADDRESS, &"3.6.0".parse().expect("a version"));
        let package = Package::read(text).expect("it is ours").expect("it is whole");
        assert_eq!((package.address.as_str(), package.version.to_string()), (ADDRESS, "3.6.0".to_owned()));
        assert_eq!(package.types(Kind::Resource).collect::<Vec<_>>(), ["random_id"]);
        assert_eq!(package.types(Kind::DataSource).count(), 0);
        let block = package.block(Kind::Resource, "random_id").expect("it is a type");
        let modes: Vec<_> = block.arguments.iter().map(|(name, one)| (name.as_str(), one.mode)).collect();
        let expected = [
            ("byte_length", Mode::Required),
            ("hex", Mode::Computed),
            ("id", Mode::Optional),
            ("prefix", Mode::Optional),
            ("rules", Mode::Optional),
        ];
        assert_eq!(modes, expected);
        assert!(block.arguments["prefix"].deprecated && block.arguments["rules"].blocks);
        let keeper = &block.blocks["keeper"];
        assert_eq!((keeper.least, keeper.block.arguments["name"].mode), (1, Mode::Required));
    }

    #[test]
    fn what_is_no_output_is_refused() {
        for (text, why) in [
            (json!({}), "its `format_version` is null, not 1"),
            (json!({ "format_version": "2.0" }), "its `format_version` is \"2.0\", not 1"),
            (json!({ "format_version": "1.0" }), "it has no `provider_schemas`"),
        ] {
            assert_eq!(addresses(&text), Err(why.to_owned()));
        }
    }

    #[test]
    fn a_file_that_somebody_changed_is_not_read() {
        let text = import(&schemas(), ADDRESS, &"3.6.0".parse().expect("a version"));
        assert!(matches!(Package::read(text.replace("keeper", "keepers")), Some(Err(_))));
        assert!(Package::read("{}".to_owned()).is_none());
    }
}
