//! What kind of file a path names.

use std::collections::BTreeSet;

use camino::Utf8Path;

/// What a file is, by its name and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// YAML that a person or a tool reads as it is.
    Yaml,
    /// Part of the inventory, which `inventory` reads.
    Inventory,
    /// A template of a Helm chart: YAML only once it is rendered.
    HelmTemplate,
    /// `*.tf`, `*.tofu`.
    Tofu,
    /// `*.tf.json`, `*.tofu.json`.
    TofuJson,
    /// `*.tftest.hcl`, `*.tofutest.hcl`.
    TofuTest,
    /// `*.tfvars`.
    Tfvars,
    /// `*.tfvars.json`.
    TfvarsJson,
    /// `*.tfbackend`: what `tofu init -backend-config` reads.
    Tfbackend,
    /// `.terraform.lock.hcl`.
    ProviderLock,
    /// A state of OpenTofu, or a copy of one. It holds secrets, and is not read.
    State,
    /// `*.py`.
    Python,
    /// A text that OpenTofu or labtree fills in: `*.tpl`, `*.tftpl`.
    Template,
    /// A text that a kustomization puts into a ConfigMap or Secret as it is.
    TakenIn,
    /// `labtree.toml`.
    Settings,
}

impl Kind {
    /// The kind of the file at `path`; `None` for a file that no rule reads. `names` are the texts of all paths of the repository.
    pub fn of(path: &Utf8Path, names: &BTreeSet<String>) -> Option<Self> {
        let name = path.file_name()?;
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending));
        Some(match () {
            () if path == "labtree.toml" => Kind::Settings,
            () if name == ".terraform.lock.hcl" => Kind::ProviderLock,
            () if ends(&[".tfstate", ".tfstate.backup"]) || is_numbered_backup(name) => Kind::State,
            () if ends(&[".tf.json", ".tofu.json"]) => Kind::TofuJson,
            () if ends(&[".tf", ".tofu"]) => Kind::Tofu,
            () if ends(&[".tftest.hcl", ".tofutest.hcl"]) => Kind::TofuTest,
            () if ends(&[".tfvars.json"]) => Kind::TfvarsJson,
            () if ends(&[".tfvars"]) => Kind::Tfvars,
            () if ends(&[".tfbackend"]) => Kind::Tfbackend,
            () if ends(&[".yaml", ".yml"]) && is_in_chart(path, names) => Kind::HelmTemplate,
            () if ends(&[".yaml", ".yml"]) => Kind::Yaml,
            () if ends(&[".py"]) => Kind::Python,
            () if ends(&[".tpl", ".tftpl"]) => Kind::Template,
            () => return None,
        })
    }

    /// Whether the text of such a file is read.
    pub fn is_read(self) -> bool {
        self != Kind::State
    }

    /// Whether `tofu fmt` lays such a file out. OpenTofu writes its lock file itself.
    pub fn is_laid_out(self) -> bool {
        matches!(self, Kind::Tofu | Kind::TofuTest | Kind::Tfvars)
    }
}

/// `terraform.tfstate.1700000000.backup`, as `state mv` leaves it.
fn is_numbered_backup(name: &str) -> bool {
    let number = name.strip_suffix(".backup").and_then(|name| name.rsplit_once(".tfstate."));
    number.is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether `path` lies in the folder `templates` of a chart.
fn is_in_chart(path: &Utf8Path, names: &BTreeSet<String>) -> bool {
    let templates = path.ancestors().skip(1).filter(|folder| folder.file_name() == Some("templates"));
    templates.filter_map(Utf8Path::parent).any(|chart| names.contains(chart.join("Chart.yaml").as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_kind() {
        let names = ["charts/app/Chart.yaml", "charts/app/templates/deployment.yaml"];
        let names: BTreeSet<String> = names.map(str::to_owned).into();
        for (path, kind) in [
            ("tofu/main.tf", Some(Kind::Tofu)),
            ("tofu/main.tofu", Some(Kind::Tofu)),
            ("tofu/main.tf.json", Some(Kind::TofuJson)),
            ("tofu/tests/main.tftest.hcl", Some(Kind::TofuTest)),
            ("tofu/tests/main.tofutest.hcl", Some(Kind::TofuTest)),
            ("tofu/packer.hcl", None),
            ("tofu/home.auto.tfvars", Some(Kind::Tfvars)),
            ("tofu/backend.pg.tfbackend", Some(Kind::Tfbackend)),
            ("tofu/home.tfvars.json", Some(Kind::TfvarsJson)),
            ("tofu/.terraform.lock.hcl", Some(Kind::ProviderLock)),
            ("tofu/terraform.tfstate", Some(Kind::State)),
            ("tofu/terraform.tfstate.backup", Some(Kind::State)),
            ("tofu/terraform.tfstate.1700000000.backup", Some(Kind::State)),
            ("tofu/notes.tfstate.md", None),
            ("flux/apps.yml", Some(Kind::Yaml)),
            (".sops.yaml", Some(Kind::Yaml)),
            (".yaml", None),
            ("charts/app/templates/deployment.yaml", Some(Kind::HelmTemplate)),
            ("charts/app/values.yaml", Some(Kind::Yaml)),
            ("flux/templates/app.yaml", Some(Kind::Yaml)),
            ("policies/avatar.py", Some(Kind::Python)),
            ("cloud-init.tftpl", Some(Kind::Template)),
            ("labtree.toml", Some(Kind::Settings)),
            ("other/labtree.toml", None),
            ("README.md", None),
        ] {
            assert_eq!(Kind::of(Utf8Path::new(path), &names), kind, "{path}");
        }
    }
}
