//! A file that is named `.yaml` and is no YAML.

use crate::{Content, Findings, Kind, Repo};

crate::rule! {
    /// A file that is named `.yaml` or `.yml` is no YAML.
    ///
    /// ## Why
    /// Nothing can read it. One such file keeps a Flux Kustomization from applying anything at all, since
    /// [kustomize](https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/) reads every file
    /// before it builds.
    ///
    /// The same faults have ids of their own where more can be said: `yaml-tab`, `yaml-alias`, `yaml-nesting`,
    /// `yaml-size`, `control-character`.
    ///
    /// ## Fix
    /// The message says what is wrong at the place, and the help what to type.
    ///
    /// ## Example
    /// ```text
    /// #- flux/apps/base/grafana/release.yaml
    /// metadata:
    ///   name: grafana
    /// spec:
    ///   interval: "30m
    /// #           ^ error[yaml-syntax]: this `"` is never closed
    /// ```
    ///
    /// With its closing quote:
    /// ```text
    /// #- flux/apps/base/grafana/release.yaml
    /// metadata:
    ///   name: grafana
    /// spec:
    ///   interval: "30m"
    /// ```
    ///
    /// ## When to allow
    /// When the file is a template of another tool: add it to `exclude` in `labtree.toml`. Templates of Helm charts,
    /// and files in which a line or a value begins with `{{` or `{%`, are passed over anyway.
    "yaml-syntax", Error, Yaml, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for file in repo.files.of(Kind::Yaml) {
        if let Content::Broken(faults) = &file.content {
            faults.iter().for_each(|fault| findings.pass_on(fault.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn faults_with_an_id_of_their_own_have_it() {
        check("#- a.yaml\na:\n\tb: 1\n^ error[yaml-tab]: a tab in the indentation\n");
        check(
            "#- a.yaml\na: *nothing\n#  ^^^^^^^^ error[yaml-alias]: `*nothing` refers to an anchor that is not defined above\n",
        );
    }

    #[test]
    fn a_template_of_another_tool_is_left_alone() {
        check("#- a.yaml\nname: app\n{% if mail %}\nmail: {{ mail }}: 1\n{% endif %}\n");
        check("#- a.yaml\nname: {{ .name }}/app\nids:\n  - {{ .one }}_two\n");
        check("#- a.yaml\n  {{- range .apps }}\nname: {{ .name }}: 1\n  {{- end }}\n");
    }

    #[test]
    fn braces_elsewhere_make_no_template() {
        check("#- a.yaml\na: [\n#  ^ error[yaml-syntax]: this `[` is never closed\n# about {{ .name }}\n");
    }

    #[test]
    fn blanks_comments_several_documents_and_variables_of_flux_are_yaml() {
        check("#- a.yaml\n\n# nothing yet\n");
        check("#- a.yaml\n---\na: 1\n---\n---\nb: ${DOMAIN}\nc: \"${DOMAIN:=example.org}\"\n");
    }
}
