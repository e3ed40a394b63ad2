//! Rendering a lab in memory, and reading what came out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use diagnostic::Sources;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body};
use inventory::Inventory;
use sample::Sample;
use tree::Tree;

/// The example lab.
pub(crate) use sample::INVENTORY as EXAMPLE;

/// The root of the example lab.
pub(crate) const ROOT: &str = "tofu/tf-deploy/authentik";

/// The tree of `inventory`, without any finding. Many tests ask for the same one.
#[track_caller]
pub(crate) fn render(inventory: &str) -> Arc<Tree> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Tree>>> = Mutex::new(BTreeMap::new());
    if let Some(tree) = KNOWN.lock().expect("no test fails while it holds the lock").get(inventory) {
        return Arc::clone(tree);
    }
    let rendered = try_render(inventory);
    assert_eq!(rendered.found, [], "{inventory}");
    let tree = Arc::new(rendered.tree);
    KNOWN.lock().expect("no test fails while it holds the lock").insert(inventory.to_owned(), Arc::clone(&tree));
    tree
}

/// The tree of `inventory` with what was found; the inventory itself has no errors.
#[track_caller]
pub(crate) fn try_render(inventory: &str) -> Sample {
    sample::render(inventory, render_tofu::render)
}

/// The inventory as it is read.
#[track_caller]
pub(crate) fn read(inventory: &str) -> Inventory {
    sample::parse(inventory, &mut Sources::default())
}

/// The example lab with `from` replaced, which stands in it once.
#[track_caller]
pub(crate) fn example_with(from: &str, to: &str) -> String {
    assert_eq!(EXAMPLE.matches(from).count(), 1, "{from}");
    EXAMPLE.replace(from, to)
}

/// The example lab, pinned to a release of the authentik provider.
pub(crate) fn example_at(release: &str) -> String {
    example_with("authentik: \"~> 2026.5.0\"", &format!("authentik: \"{release}\""))
}

/// The example lab without its LDAP apps.
pub(crate) fn example_without_ldap_apps() -> String {
    let at = EXAMPLE.find("\n  jellyfin:\n    url").expect("the example lab has Jellyfin");
    EXAMPLE[..=at].to_owned()
}

/// A file of HCL that was rendered.
pub(crate) struct Hcl {
    text: String,
    body: Body,
}

impl Hcl {
    /// Reads the file `path` of `tree`.
    #[track_caller]
    pub(crate) fn of(tree: &Tree, path: &str) -> Self {
        let text = text(tree, path).to_owned();
        let body = text.parse().unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
        Self { text, body }
    }

    /// All its blocks.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.body.blocks()
    }

    /// Its attributes that stand in no block.
    pub(crate) fn top(&self) -> Arguments<'_> {
        Arguments { text: &self.text, body: &self.body }
    }

    /// The block with this word and these labels: `["resource", "authentik_flow", "enrollment"]`.
    #[track_caller]
    pub(crate) fn block(&self, path: &[&str]) -> Arguments<'_> {
        self.find(path).unwrap_or_else(|| panic!("there is no {path:?} in\n{}", self.text))
    }

    /// The same, if there is one.
    pub(crate) fn find(&self, path: &[&str]) -> Option<Arguments<'_>> {
        let (word, labels) = path.split_first()?;
        let block = self.body.blocks().find(|block| block.has_ident(word) && block.has_exact_labels(labels))?;
        Some(Arguments { text: &self.text, body: &block.body })
    }

    /// The `locals` of the file, as values.
    #[track_caller]
    pub(crate) fn local(&self, name: &str) -> Literal {
        let locals = self.body.get_blocks("locals").find_map(|block| block.body.get_attribute(name));
        literal(&locals.unwrap_or_else(|| panic!("there is no local `{name}`")).value)
    }

    /// The order of the labels `type.name` of all resources.
    pub(crate) fn resources(&self) -> Vec<String> {
        let label = |block: &Block| block.labels.iter().map(|label| label.as_str()).collect::<Vec<_>>().join(".");
        self.body.get_blocks("resource").map(label).collect()
    }
}

/// The inside of a block.
pub(crate) struct Arguments<'h> {
    text: &'h str,
    body: &'h Body,
}

impl<'h> Arguments<'h> {
    /// The text of an argument's value, on one line and with single spaces.
    #[track_caller]
    pub(crate) fn written(&self, name: &str) -> String {
        let attribute = self.body.get_attribute(name).unwrap_or_else(|| panic!("there is no argument `{name}`"));
        let span = attribute.value.span().expect("a parsed value has a span");
        self.text[span].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of an argument that is written as a literal.
    #[track_caller]
    pub(crate) fn value(&self, name: &str) -> Literal {
        literal(&self.body.get_attribute(name).unwrap_or_else(|| panic!("there is no argument `{name}`")).value)
    }

    /// The names of all arguments.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.body.attributes().map(|attribute| attribute.key.as_str()).collect()
    }

    /// Whether there is an argument of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.body.has_attribute(name)
    }

    /// The blocks in it of that word.
    pub(crate) fn inner(&self, word: &str) -> Vec<Arguments<'h>> {
        let text = self.text;
        self.body
            .blocks()
            .filter(|block| block.has_ident(word))
            .map(|block| Arguments { text, body: &block.body })
            .collect()
    }
}

/// A value without variables in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Literal>),
    Map(BTreeMap<String, Literal>),
    /// An expression.
    Computed,
}

impl Literal {
    /// The value under `key`.
    #[track_caller]
    pub(crate) fn at(&self, key: &str) -> &Literal {
        match self {
            Literal::Map(map) => map.get(key).unwrap_or_else(|| panic!("there is no `{key}` in {map:#?}")),
            other => panic!("{other:?} has no keys"),
        }
    }

    /// The keys, in order.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Literal::Map(map) => map.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether there is something under `key`.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys().contains(&key)
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Literal::Text(text.to_owned())
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Literal::Bool(value)
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Literal::Number(value.to_string())
    }
}

/// A list of texts.
pub(crate) fn list(items: &[&str]) -> Literal {
    Literal::List(items.iter().map(|item| Literal::from(*item)).collect())
}

/// `expression` as a value, `Computed` where it is none.
pub(crate) fn literal(expression: &Expression) -> Literal {
    match expression {
        Expression::Null(_) => Literal::Null,
        Expression::Bool(value) => Literal::Bool(*value.value()),
        Expression::Number(number) => Literal::Number(number.value().to_string()),
        Expression::String(text) => Literal::Text(text.value().clone()),
        Expression::Array(items) => Literal::List(items.iter().map(literal).collect()),
        Expression::Object(entries) => Literal::Map(
            entries
                .iter()
                .map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Ident(name) => name.as_str().to_owned(),
                        ObjectKey::Expression(Expression::String(text)) => text.value().clone(),
                        ObjectKey::Expression(Expression::Variable(name)) => name.as_str().to_owned(),
                        other => panic!("a key that is no name: {other:?}"),
                    };
                    (key, literal(value.expr()))
                })
                .collect(),
        ),
        Expression::UnaryOp(operation) => match literal(&operation.expr) {
            Literal::Number(number) => Literal::Number(format!("-{number}")),
            _ => Literal::Computed,
        },
        _ => Literal::Computed,
    }
}

/// The text of the file `path`.
#[track_caller]
pub(crate) fn text<'t>(tree: &'t Tree, path: &str) -> &'t str {
    let found = tree.get(path);
    let paths = || tree.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>();
    &found.unwrap_or_else(|| panic!("there is no `{path}` in {:#?}", paths())).text
}

/// The path of the file `name` of the root.
pub(crate) fn root(name: &str) -> String {
    format!("{ROOT}/{name}")
}
