//! The files that generators take the text of.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use syntax::yaml::{Document, Node};

use crate::file::NAMES;
use crate::path;

/// The files whose text a kustomization of `yaml`, documents by their paths, puts into a ConfigMap or Secret, whatever
/// they hold, as far as they are there.
pub fn taken_in<'f>(
    yaml: impl Iterator<Item = (&'f Utf8Path, &'f [Document])>,
    is_there: impl Fn(&Utf8Path) -> bool,
) -> BTreeSet<Utf8PathBuf> {
    let mut all = BTreeSet::new();
    for (at, documents) in yaml.filter(|(at, _)| at.file_name().is_some_and(|name| NAMES.contains(&name))) {
        let folder = at.parent().unwrap_or(Utf8Path::new(""));
        for document in documents {
            let generators = ["configMapGenerator", "secretGenerator"].map(|field| document.root.get(field));
            for item in generators.into_iter().flatten().filter_map(Node::sequence).flatten() {
                all.extend(named(item).filter_map(|named| path::join(folder, named)).filter(|path| is_there(path)));
            }
        }
    }
    all
}

/// What one generator names: `path`, or `key=path`.
fn named(item: &Node) -> impl Iterator<Item = &str> {
    let lists = ["files", "envs"].into_iter().filter_map(|field| item.get(field)?.sequence()).flatten();
    let texts = lists.chain(item.get("env")).filter_map(Node::scalar).map(|scalar| scalar.text.as_str());
    texts.map(|text| text.rsplit_once('=').map_or(text, |(_, path)| path))
}
