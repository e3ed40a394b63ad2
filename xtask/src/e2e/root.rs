//! An OpenTofu root with a server behind it, and runs of OpenTofu in it.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value as Json, json};

use super::bench::{Bench, Tofu};
use crate::Failure;

/// A folder that OpenTofu works in.
pub(crate) struct Root {
    pub(crate) folder: Utf8PathBuf,
    /// Where the stand-in keeps its objects.
    store: Utf8PathBuf,
    tofu: Tofu,
}

/// What a run of OpenTofu left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    /// Both streams.
    pub(crate) text: String,
}

/// What OpenTofu would do: an address, and `create`, `update`, `delete`, `delete create` or `import`.
pub(crate) type Plan = BTreeMap<String, String>;

/// What a server has: by type and id, attributes.
pub(crate) type Objects = BTreeMap<(String, String), Map<String, Json>>;

impl Root {
    /// The root in `folder`, with a fresh server whose objects are in `store`.
    pub(crate) fn new(bench: &Bench, folder: Utf8PathBuf, store: Utf8PathBuf) -> Result<Self, Failure> {
        let root = Self { folder, store, tofu: bench.tofu()? };
        root.fresh()?;
        Ok(root)
    }

    /// Makes the server a fresh one: nothing but the token that a person has put into Vault.
    pub(crate) fn fresh(&self) -> Result<(), Failure> {
        fs::write(&self.store, "")?;
        for state in ["terraform.tfstate", "terraform.tfstate.backup"] {
            let state = self.folder.join(state);
            if state.exists() {
                fs::remove_file(state)?;
            }
        }
        let secret = json!({ "mount": "infra", "name": "authentik/token", "data_json": "{\"token\":\"t\"}" });
        self.put("vault_kv_secret_v2", "infra/data/authentik/token", &secret)
    }

    /// Runs OpenTofu.
    pub(crate) fn tofu(&self, arguments: &[&str]) -> Result<Ran, Failure> {
        self.tofu_in(&self.folder, arguments)
    }

    /// Runs OpenTofu in another folder.
    pub(crate) fn tofu_in(&self, folder: &Utf8Path, arguments: &[&str]) -> Result<Ran, Failure> {
        self.run(folder, arguments, &[])
    }

    /// Runs OpenTofu with more in its environment.
    pub(crate) fn tofu_with(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Result<Ran, Failure> {
        self.run(&self.folder, arguments, environment)
    }

    /// Keeps the state in the folder, whatever backend the root names.
    pub(crate) fn keep_state_here(&self) -> Result<(), Failure> {
        Ok(fs::write(self.folder.join("backend_override.tf"), "terraform {\n  backend \"local\" {}\n}\n")?)
    }

    fn run(&self, folder: &Utf8Path, arguments: &[&str], environment: &[(&str, &str)]) -> Result<Ran, Failure> {
        // The stand-in speaks on a socket of this machine, without encryption.
        let stand_in = [("TF_DISABLE_PLUGIN_TLS", "1"), ("STAND_IN_STORE", self.store.as_str())];
        let done = self.tofu.run(folder, arguments, &[environment, &stand_in].concat())?;
        let text = [done.stdout, done.stderr].map(|stream| String::from_utf8_lossy(&stream).into_owned()).concat();
        Ok(Ran { status: done.status.code().unwrap_or(-1), text })
    }

    /// Downloads modules and providers.
    pub(crate) fn init(&self) -> Result<Ran, Failure> {
        self.tofu(&["init", "-no-color", "-input=false"])
    }

    /// Applies whatever there is to do.
    pub(crate) fn apply(&self) -> Result<Ran, Failure> {
        self.tofu(&["apply", "-no-color", "-input=false", "-auto-approve"])
    }

    /// What there is to do; the text of the run where it fails.
    pub(crate) fn plan(&self) -> Result<Result<Plan, String>, Failure> {
        let ran = self.tofu(&["plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=e2e.plan"])?;
        if ran.status != 0 && ran.status != 2 {
            return Ok(Err(ran.text));
        }
        let shown = self.tofu(&["show", "-json", "e2e.plan"])?;
        let shown: Json = serde_json::from_str(&shown.text)?;
        let mut plan = Plan::new();
        for change in shown["resource_changes"].as_array().into_iter().flatten() {
            let (address, change) = (change["address"].as_str().unwrap_or_default(), &change["change"]);
            let actions: Vec<_> = change["actions"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let what = match actions.join(" ") {
                _ if change["importing"].is_object() => "import".to_owned(),
                nothing if nothing == "no-op" || nothing == "read" => continue,
                what => what,
            };
            plan.insert(address.to_owned(), what);
        }
        if (ran.status == 2) == plan.is_empty() {
            return Err(format!("`plan` ends with {} and the plan has {} changes", ran.status, plan.len()).into());
        }
        Ok(Ok(plan))
    }

    /// An object of the server, by its type and something about it.
    pub(crate) fn object(&self, name: &str, key: &str, value: &str) -> Result<(String, Map<String, Json>), Failure> {
        let mut all = self.objects()?.into_iter();
        let found = all.find(|((kind, _), object)| kind == name && object.get(key).is_some_and(|found| found == value));
        let ((_, id), object) = found.ok_or(format!("the server has no {name} whose {key} is {value}"))?;
        Ok((id, object))
    }

    /// All objects of the server, by type and id.
    pub(crate) fn objects(&self) -> Result<Objects, Failure> {
        let mut all = BTreeMap::new();
        for line in fs::read_to_string(&self.store)?.lines() {
            let line: Json = serde_json::from_str(line)?;
            let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            match line["object"].as_object() {
                Some(object) => drop(all.insert((word("type"), word("id")), object.clone())),
                None => drop(all.remove(&(word("type"), word("id")))),
            }
        }
        Ok(all)
    }

    /// The state that is kept in the folder.
    pub(crate) fn state(&self) -> Result<Json, Failure> {
        Ok(serde_json::from_str(&fs::read_to_string(self.folder.join("terraform.tfstate"))?)?)
    }

    /// Puts an object onto the server behind OpenTofu's back.
    pub(crate) fn put(&self, name: &str, id: &str, object: &Json) -> Result<(), Failure> {
        let mut store = OpenOptions::new().append(true).open(&self.store)?;
        Ok(writeln!(store, "{}", json!({ "type": name, "id": id, "object": object }))?)
    }
}
