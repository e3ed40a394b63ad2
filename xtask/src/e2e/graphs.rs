//! The judge `graphs`: mermaid and a parser of Graphviz's language read every diagram of `labtree graph`.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::mkdocs::mermaid;
use super::{Bench, Verdict};
use crate::{Failure, binary, repository};

/// Reads diagrams as pydot does; prints what is wrong with each, or its nodes and arrows.
const DOT: &str = "
import sys, pydot
def count(graph):
    below = [count(inner) for inner in graph.get_subgraphs()]
    nodes = [node for node in graph.get_nodes() if node.get_name() != 'node']
    return len(nodes) + sum(n for n, _ in below), len(graph.get_edges()) + sum(e for _, e in below)
for file in sys.argv[1:]:
    try: graphs = pydot.graph_from_dot_file(file)
    except Exception as error: graphs = None
    print(file, *(count(graphs[0]) if graphs else ('not', 'read')))
";

/// Judges the diagrams of all labs, and of a root with odd names.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("diagrams");
    let program = binary("labtree", &[])?;
    let out = bench.folder("diagrams")?;
    let (mut of_mermaid, mut of_dot) = (Vec::new(), Vec::new());
    let odd = repository().join("fixtures/diagrams");
    let mut roots: Vec<(Utf8PathBuf, &[&str])> = vec![(odd, &["apps", "flows"])];
    let labs = bench.labs()?;
    roots.extend(labs.iter().map(|lab| (lab.folder.clone(), &["apps", "flows", "flux"][..])));
    for (root, kinds) in &roots {
        for kind in *kinds {
            let name = format!("{}-{kind}", root.file_name().unwrap_or_default());
            of_mermaid.extend(draw(&program, root, kind, "mermaid", &out.join(format!("{name}.mmd")), &mut verdict)?);
            of_dot.extend(draw(&program, root, kind, "dot", &out.join(format!("{name}.dot")), &mut verdict)?);
        }
    }
    verdict.judged = of_mermaid.len() + of_dot.len();
    verdict.faults.extend(mermaid(bench, &of_mermaid)?);
    let control = out.join("control.dot");
    fs::write(&control, "digraph { a [label=\"open ] -> }\n")?;
    let mut read = Command::new(bench.tools.reader("python")?);
    let done = read.args(["-c", DOT]).args(&of_dot).arg(&control).output()?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
    }
    let text = String::from_utf8(done.stdout)?;
    let told: Vec<_> = text.lines().filter(|line| line.contains(".dot ")).collect();
    for file in of_dot.iter().chain([&control]) {
        let wanted = if *file == control { "not read".to_owned() } else { counted(&fs::read_to_string(file)?) };
        verdict.must(told.contains(&format!("{file} {wanted}").as_str()), || {
            format!("pydot: {file}: not {wanted}: {told:?}")
        });
    }
    Ok(verdict)
}

fn draw(
    program: &Utf8Path,
    root: &Utf8Path,
    kind: &str,
    format: &str,
    to: &Utf8Path,
    verdict: &mut Verdict,
) -> Result<Option<Utf8PathBuf>, Failure> {
    let mut graph = Command::new(program);
    let done = graph.args(["graph", kind, "--format", format, "--root", root.as_str()]).output()?;
    let text = String::from_utf8_lossy(&done.stderr).into_owned();
    if done.status.code() == Some(2) && text.contains("to draw") {
        return Ok(None);
    }
    verdict.must(done.status.success(), || format!("labtree graph {kind} in {root}: {text}"));
    fs::write(to, done.stdout)?;
    // Too much for mermaid, which labtree says.
    Ok(Some(to.to_owned()).filter(|_| !text.contains("mermaid draws less than 500 arrows")))
}

/// How many nodes and arrows labtree wrote, each on a line of its own.
fn counted(text: &str) -> String {
    let is_arrow = |line: &&str| line.split_once(" -> ").is_some_and(|(from, _)| !from.contains('['));
    let lines: Vec<_> = text.lines().map(str::trim_start).filter(|line| line.starts_with('n')).collect();
    let arrows = lines.iter().filter(|line| is_arrow(line)).count();
    let nodes = lines.iter().filter(|line| !is_arrow(line) && !line.starts_with("node ")).count();
    format!("{nodes} {arrows}")
}
