//! `cargo xtask e2e`: real tools judge what is rendered.

mod bench;
mod builds;
mod clusters;
mod evaluate;
mod fmt;
mod formats;
mod graphs;
mod imports;
mod kinds;
mod kubeconform;
mod kustomize;
mod labs;
mod layout;
mod lifecycle;
mod markdownlint;
mod meaning;
mod mkdocs;
mod modules;
mod mutate;
mod policies;
mod postgresql;
mod precommit;
mod readers;
mod refusals;
mod restless;
mod root;
mod schemas;
mod tools;
mod verdicts;
mod workflows;
mod yamllint;

use std::time::{Duration, Instant};

use crate::{Failure, say};
use bench::Bench;
use labs::Lab;
pub(crate) use tools::Tools;

/// A judge: its name, what it says no to, and its work.
struct Judge {
    name: &'static str,
    about: &'static str,
    run: fn(&Bench) -> Result<Verdict, Failure>,
}

/// The judges, in the order in which they run.
const JUDGES: &[Judge] = &[
    Judge {
        name: "builds",
        about: "a kustomization that labtree builds otherwise than kustomize does",
        run: builds::judge,
    },
    Judge {
        name: "clusters",
        about: "a Flux Kustomization that labtree builds otherwise than Flux does",
        run: clusters::judge,
    },
    Judge {
        name: "evaluate",
        about: "an expression or a root that OpenTofu evaluates to something else than is recorded",
        run: evaluate::judge,
    },
    Judge { name: "fmt", about: "a file that `tofu fmt` would lay out anew", run: fmt::judge },
    Judge {
        name: "layout",
        about: "a file of the corpus that labtree lays out as `tofu fmt` does not",
        run: layout::judge,
    },
    Judge {
        name: "lifecycle",
        about: "a plan that fails, is not empty the second time, or touches more than was edited",
        run: lifecycle::judge,
    },
    Judge {
        name: "meaning",
        about: "a server that is not what the inventory promises once the root is applied",
        run: meaning::judge,
    },
    Judge {
        name: "postgresql",
        about: "a state that is not in the schema the inventory names, not locked, or not behind a password",
        run: postgresql::judge,
    },
    Judge { name: "modules", about: "a module that does not do what its tests say", run: modules::judge },
    Judge { name: "refusals", about: "a broken root that is applied", run: refusals::judge },
    Judge { name: "restless", about: "a second plan that is empty where authentik's is not", run: restless::judge },
    Judge {
        name: "policies",
        about: "a policy that CPython does not compile, or that does not behave",
        run: policies::judge,
    },
    Judge {
        name: "kustomize",
        about: "a kustomization that is not built, an object twice or in the wrong namespace",
        run: kustomize::judge,
    },
    Judge { name: "kubeconform", about: "an object that does not fit the schema of its kind", run: kubeconform::judge },
    Judge {
        name: "schemas",
        about: "an object that labtree and kubeconform judge differently, by the same sources",
        run: kinds::judge,
    },
    Judge {
        name: "apiserver",
        about: "an object of a custom kind that labtree and the API server's own code judge differently",
        run: kinds::apiserver::judge,
    },
    Judge {
        name: "precommit",
        about: "a commit that pre-commit lets pass or refuses through labtree's hooks, and should not",
        run: precommit::judge,
    },
    Judge { name: "readers", about: "a YAML file that YAML 1.1 and 1.2 read differently", run: readers::judge },
    Judge { name: "yamllint", about: "a YAML file with a lint", run: yamllint::judge },
    Judge {
        name: "mkdocs",
        about: "a page with a warning, or a diagram that mermaid does not read",
        run: mkdocs::judge,
    },
    Judge {
        name: "verdicts",
        about: "a module that OpenTofu's own tests refuse and labtree takes, or the other way round",
        run: verdicts::judge,
    },
    Judge {
        name: "formats",
        about: "output for programs that those do not read, or that says another thing in another format",
        run: formats::judge,
    },
    Judge {
        name: "graphs",
        about: "a diagram that mermaid or a parser of Graphviz's language does not read",
        run: graphs::judge,
    },
    Judge {
        name: "imports",
        about: "a block of an imported provider that labtree and `tofu validate` judge differently",
        run: imports::judge,
    },
    Judge {
        name: "workflows",
        about: "a workflow or an action that its host or a linter refuses",
        run: workflows::judge,
    },
    Judge { name: "markdownlint", about: "a page with a lint", run: markdownlint::judge },
];

/// What a judge found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// How many files, or roots, it looked at.
    pub(crate) judged: usize,
    /// What those are.
    pub(crate) what: &'static str,
    /// What else there is to know.
    pub(crate) aside: String,
    /// What is wrong.
    pub(crate) faults: Vec<String>,
}

impl Verdict {
    /// Nothing judged yet.
    pub(crate) fn of(what: &'static str) -> Self {
        Self { what, ..Self::default() }
    }

    /// What is wrong with `lab`.
    fn blame(&mut self, lab: &Lab, faults: impl IntoIterator<Item = String>) {
        self.faults.extend(faults.into_iter().map(|fault| format!("the lab `{}`: {fault}", lab.name)));
    }

    /// A fault, unless `good`.
    pub(crate) fn must(&mut self, good: bool, fault: impl FnOnce() -> String) {
        if !good {
            self.faults.push(fault());
        }
    }
}

/// Runs the judges of those names, or all, and prints what they found.
pub(crate) fn run(names: &[String]) -> Result<bool, Failure> {
    if let [first, prefixes @ ..] = names
        && first == "mutate"
    {
        return mutate::run(&Bench::new()?, prefixes);
    }
    for name in names {
        if !JUDGES.iter().any(|judge| judge.name == name) {
            let known: Vec<_> = JUDGES.iter().map(|judge| judge.name).collect();
            return Err(format!("there is no judge `{name}`; there are {}", known.join(", ")).into());
        }
    }
    let bench = Bench::new()?;
    let mut rows = Vec::new();
    for judge in JUDGES.iter().filter(|judge| names.is_empty() || names.iter().any(|name| name == judge.name)) {
        say(format!("{} …", judge.name));
        let start = Instant::now();
        let verdict = (judge.run)(&bench).map_err(|failure| format!("the judge `{}`: {failure}", judge.name))?;
        for fault in &verdict.faults {
            say(format!("{}: {fault}", judge.name));
        }
        rows.push((judge, verdict, start.elapsed()));
    }
    print(&rows);
    Ok(rows.iter().all(|(_, verdict, _)| verdict.faults.is_empty()))
}

fn print(rows: &[(&Judge, Verdict, Duration)]) {
    say("");
    say("| judge | says no to | judged | time | verdict |");
    say("| --- | --- | ---: | ---: | --- |");
    for (judge, verdict, time) in rows {
        let said = match verdict.faults.len() {
            0 if verdict.judged == 0 => "nothing judged".to_owned(),
            0 => "good".to_owned(),
            1 => "1 fault".to_owned(),
            many => format!("{many} faults"),
        };
        let aside = if verdict.aside.is_empty() { String::new() } else { format!(", {}", verdict.aside) };
        let judged = format!("{} {}{aside}", verdict.judged, verdict.what);
        say(format!("| {} | {} | {judged} | {:.1} s | {said} |", judge.name, judge.about, time.as_secs_f64()));
    }
}
