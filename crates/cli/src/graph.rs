//! `labtree graph`: what hangs together, as a diagram.

mod diagram;
mod flux;
mod identity;

use diagnostic::{Diagnostic, Severity};
use lint::flux::{self as of_flux, Flux};
use lint::tofu::{self as of_tofu, Server, Tofu};
use resolve_tofu::Modules;
use tree::OnDisk;

use crate::Outcome;
use crate::args::{DiagramFormat, Graph, GraphKind};
use crate::check;
use crate::disk::{Disk, Share};
use crate::failure::Failure;
use crate::generate::run_lock;
use crate::git::{Git, checkout};
use crate::input::Input;
use crate::standing::Standing;
use crate::terminal::Terminal;
use crate::walk::walk;

/// From how many arrows on mermaid refuses a diagram, unless the page around it says otherwise (`maxEdges`).
const ARROWS: usize = 500;

/// Prints the diagram that `arguments` ask for. What keeps a part of the repository from being read is told, as the
/// diagram may lack it.
///
/// # Errors
/// Something cannot be read, or there is nothing to draw.
pub(crate) fn run(
    disk: &impl Disk,
    standing: &Standing,
    arguments: &Graph,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let _readers = run_lock(disk, Share::WithReaders, terminal)?;
    let git = Git::around(&standing.root).ok();
    let disk = &checkout(disk, git.as_ref())?;
    let mut input = Input::of_repository(disk)?;
    let walked = walk(disk, &input.settings)?;
    let mut found = std::mem::take(&mut input.found);
    let (files, _) = check::read(disk, OnDisk::new(), &mut input.sources, walked, None, &mut found)?;
    found.extend(files.iter().flat_map(|file| file.faults()).cloned());
    let diagram = match arguments.kind {
        GraphKind::Flux => {
            let roots = input.settings.flux_roots.as_deref();
            flux::diagram(&Flux::resolve(&of_flux::view(&input.sources, &files), roots, &mut found))
        }
        GraphKind::Apps | GraphKind::Flows => {
            let view = of_tofu::view(&input.sources, &files);
            let modules = Modules::load(&view, &mut found);
            let roots = input.settings.tofu_folders();
            let sources = &input.sources;
            let mut tofu = Tofu::resolve(sources, &files, &view, &modules, roots.as_deref(), &mut found);
            tofu.run_by(Server::default(), sources, &files);
            match arguments.kind {
                GraphKind::Apps => identity::apps(&tofu),
                _ => identity::flows(&tofu),
            }
        }
    };
    found.retain(|finding: &Diagnostic| finding.severity == Severity::Error);
    report::sort(&input.sources, &mut found);
    terminal.findings(&input.sources, &found);
    if diagram.is_empty() {
        let (what, roots) = match arguments.kind {
            GraphKind::Flux => ("Flux Kustomization", "flux.roots"),
            GraphKind::Apps => ("`authentik_application` in an OpenTofu root", "tofu.roots"),
            GraphKind::Flows => ("`authentik_flow` in an OpenTofu root", "tofu.roots"),
        };
        let help = format!("in a lab, run `labtree generate`; elsewhere, `{roots}` in labtree.toml names the folders");
        return Err(Failure::usage(format!("there is no {what} to draw"), help));
    }
    if arguments.format == DiagramFormat::Mermaid && diagram.arrows() >= ARROWS {
        terminal.note(format!(
            "mermaid draws less than {ARROWS} arrows, and here are {}; Graphviz draws all: `--format dot`",
            diagram.arrows()
        ));
    }
    terminal.write(&match arguments.format {
        DiagramFormat::Mermaid => diagram.mermaid(),
        DiagramFormat::Dot => diagram.dot(),
    });
    Ok(if found.is_empty() { Outcome::Clean } else { Outcome::Findings })
}
