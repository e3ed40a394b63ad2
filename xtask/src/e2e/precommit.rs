//! The judge `precommit`: the real pre-commit builds the hooks, and git commits through them.

mod ground;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;

use super::{Bench, Verdict};
use crate::{Failure, lab};
use ground::{Ground, Repo};

/// Nothing is wrong with it.
const GOOD: &str = "kind: Note\n";
/// It is no YAML.
const BAD: &str = "a: [\n";
/// Flux applies the folder `app`.
const APPLIED: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n\
    metadata: { name: app, namespace: flux-system }\n\
    spec:\n  interval: 1h\n  path: ./app\n  prune: true\n  wait: true\n\
    \x20 sourceRef: { kind: GitRepository, name: flux-system }\n";
/// What is said of a file that holds it.
const SAID: &str = "error[yaml-";

type Situation = fn(&Ground, &mut Verdict) -> Result<(), Failure>;

/// What people do to their repositories.
const SITUATIONS: &[Situation] = &[
    first_commit,
    half_staged,
    moved_and_renamed,
    deleted,
    submodule,
    working_trees,
    merge,
    named_files,
    odd_paths,
    executable,
    in_a_folder,
    generated,
    line_ends,
];

/// Commits in all situations.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("commits");
    let ground = Ground::new(bench)?;
    for situation in SITUATIONS {
        situation(&ground, &mut verdict)?;
    }
    Ok(verdict)
}

/// That a commit is made, or refused for what `said` says.
fn expect(
    verdict: &mut Verdict,
    what: &str,
    repo: &Repo<'_>,
    commit: &[&str],
    refused: &[&str],
) -> Result<(), Failure> {
    verdict.judged += 1;
    let ran = repo.commit(commit)?;
    verdict.must(ran.made == refused.is_empty() && refused.iter().all(|said| ran.said.contains(said)), || {
        let wanted = if refused.is_empty() { "made".to_owned() } else { format!("refused for {refused:?}") };
        format!("{what}: the commit was not {wanted}:\n{}", ran.said)
    });
    Ok(())
}

fn first_commit(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.repo("first")?;
    repo.stage("a.yaml", BAD)?;
    expect(verdict, "the first commit", &repo, &[], &[SAID, "a.yaml:"])?;
    repo.stage("a.yaml", GOOD)?;
    expect(verdict, "the first commit, mended", &repo, &[], &[])
}

fn half_staged(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("half")?;
    repo.stage("a.yaml", GOOD)?;
    repo.write("a.yaml", BAD)?;
    expect(verdict, "what is not staged", &repo, &[], &[])?;
    repo.stage("a.yaml", BAD)?;
    repo.write("a.yaml", GOOD)?;
    expect(verdict, "what is mended and not staged", &repo, &[], &[SAID, "a.yaml:"])
}

fn moved_and_renamed(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("renames")?;
    repo.stage("old.yaml", BAD)?;
    repo.unchecked()?;
    repo.stage("old.yaml", &format!("# A line more.\n{BAD}"))?;
    expect(verdict, "an old finding on another line", &repo, &[], &[])?;
    repo.git(&["mv", "old.yaml", "new.yaml"])?;
    expect(verdict, "an old finding in a file of another name", &repo, &[], &[])?;
    repo.stage("copy.yaml", BAD)?;
    expect(verdict, "a copy", &repo, &[], &[SAID, "copy.yaml:"])
}

fn deleted(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("deletions")?;
    repo.stage("clusters/home/app.yaml", APPLIED)?;
    repo.stage("app/kustomization.yaml", "kind: Kustomization\nresources: [a.yaml]\n")?;
    repo.stage("app/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n")?;
    expect(verdict, "a file and who names it", &repo, &[], &[])?;
    repo.git(&["rm", "--quiet", "app/a.yaml"])?;
    expect(
        verdict,
        "a deletion and nothing else",
        &repo,
        &[],
        &["error[missing-resource]", "app/kustomization.yaml:2"],
    )?;
    repo.stage(
        "app/kustomization.yaml",
        "kind: Kustomization\nconfigMapGenerator: [{ name: a, namespace: b, literals: [b=c] }]\n",
    )?;
    expect(verdict, "a deletion with who named it", &repo, &[], &[])
}

fn submodule(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let other = ground.begun("other")?;
    other.stage("a.yaml", BAD)?;
    other.unchecked()?;
    let repo = ground.begun("submodules")?;
    repo.git(&["submodule", "--quiet", "add", other.folder.as_str(), "vendor/other"])?;
    expect(verdict, "a submodule", &repo, &[], &[])?;
    repo.stage("clusters/home/app.yaml", APPLIED)?;
    repo.stage("app/kustomization.yaml", "kind: Kustomization\nresources: [../vendor/other/a.yaml]\n")?;
    expect(verdict, "a file that names what lies in a submodule", &repo, &[], &[])?;
    repo.git(&["submodule", "--quiet", "deinit", "--force", "vendor/other"])?;
    repo.stage("app/kustomization.yaml", "kind: Kustomization\nresources: [../vendor/other/b.yaml]\n")?;
    expect(verdict, "the same while the submodule is not checked out", &repo, &[], &[])?;
    repo.stage("app/kustomization.yaml", "kind: Kustomization\nresources: [../vendor/b.yaml]\n")?;
    expect(verdict, "a path beside a submodule", &repo, &[], &["error[missing-resource]"])?;
    repo.git(&["restore", "--staged", "--worktree", "app/kustomization.yaml"])?;
    repo.stage("a.yaml", BAD)?;
    expect(verdict, "a file beside a submodule", &repo, &[], &[SAID, " a.yaml:"])
}

fn working_trees(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("trees")?;
    let tree = repo.tree("second")?;
    repo.stage("a.yaml", BAD)?;
    tree.stage("b.yaml", GOOD)?;
    expect(verdict, "a second working tree", &tree, &[], &[])?;
    tree.stage("c.yaml", BAD)?;
    expect(verdict, "a second working tree with an error", &tree, &[], &[SAID, "c.yaml:"])
}

fn merge(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    for brings in [false, true] {
        let repo = ground.begun("merges")?;
        repo.git(&["checkout", "--quiet", "-b", "other"])?;
        repo.stage("theirs.yaml", BAD)?;
        repo.stage("both.yaml", "kind: Theirs\n")?;
        repo.unchecked()?;
        repo.git(&["checkout", "--quiet", "main"])?;
        repo.stage("ours.yaml", BAD)?;
        repo.stage("both.yaml", "kind: Ours\n")?;
        repo.unchecked()?;
        verdict.must(!repo.try_git(&["merge", "other"])?.made, || "the sides do not conflict".to_owned());
        expect(verdict, "a conflict", &repo, &[], &["both.yaml"])?;
        repo.stage("both.yaml", if brings { BAD } else { GOOD })?;
        let refused: &[&str] = if brings { &[SAID, "both.yaml:"] } else { &[] };
        expect(verdict, "the end of a merge", &repo, &[], refused)?;
    }
    Ok(())
}

fn named_files(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("named")?;
    repo.stage("b.yaml", GOOD)?;
    expect(verdict, "a commit before", &repo, &[], &[])?;
    repo.stage("a.yaml", BAD)?;
    repo.write("b.yaml", "kind: Other\n")?;
    expect(verdict, "`git commit b.yaml` beside an error", &repo, &["b.yaml"], &[])?;
    repo.write("b.yaml", BAD)?;
    expect(verdict, "`git commit b.yaml` with an error", &repo, &["b.yaml"], &[SAID, "b.yaml:"])?;
    expect(verdict, "`git commit --all`", &repo, &["--all"], &[SAID, "a.yaml:", "b.yaml:"])
}

fn odd_paths(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("paths")?;
    repo.stage("a b/c d.yaml", BAD)?;
    expect(verdict, "a path with spaces", &repo, &[], &[SAID, "a b/c d.yaml:"])?;
    repo.stage("a b/c d.yaml", GOOD)?;
    expect(verdict, "a path with spaces, mended", &repo, &[], &[])?;
    // pre-commit itself reads no other paths than UTF-8 ones: a deletion is the commit in which it sees none.
    let name = OsStr::from_bytes(b"caf\xe9.yaml");
    fs::write(repo.folder.as_std_path().join(name), BAD)?;
    repo.git(&["add", "--all"])?;
    repo.unchecked()?;
    repo.stage("e.yaml", GOOD)?;
    expect(verdict, "a commit beside a path that is not UTF-8", &repo, &[], &[])?;
    repo.stage("e.yaml", BAD)?;
    expect(verdict, "an error beside a path that is not UTF-8", &repo, &[], &[SAID, "e.yaml:"])
}

fn executable(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("modes")?;
    repo.stage("a.yaml", BAD)?;
    repo.unchecked()?;
    fs::set_permissions(repo.folder.join("a.yaml"), fs::Permissions::from_mode(0o755))?;
    repo.git(&["add", "a.yaml"])?;
    expect(verdict, "a file that can be run now", &repo, &[], &[])
}

fn in_a_folder(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("folders")?;
    repo.stage("home lab/labtree.toml", "")?;
    repo.configure(&[("labtree-check", "--root, home lab")])?;
    repo.stage("a.yaml", BAD)?;
    expect(verdict, "an error outside of the lab", &repo, &[], &[])?;
    repo.stage("home lab/a.yaml", BAD)?;
    expect(verdict, "an error in the lab", &repo, &[], &[SAID, "a.yaml:"])
}

fn generated(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("lab")?;
    super::labs::Lab::render("precommit", repo.folder.clone(), &super::labs::example())?;
    repo.configure(&[("labtree-generate", ""), ("labtree-check", "")])?;
    repo.git(&["add", "--all"])?;
    expect(verdict, "a lab as rendered", &repo, &[], &[])?;
    let edited = fs::read_to_string(lab().join("inventory.yaml"))?.replace("schema: authentik", "schema: identity");
    repo.stage("inventory.yaml", &edited)?;
    expect(verdict, "an edit of the inventory", &repo, &[], &["files were modified by this hook", "error[drift]"])?;
    repo.git(&["add", "--all"])?;
    expect(verdict, "what was rendered", &repo, &[], &[])
}

fn line_ends(ground: &Ground, verdict: &mut Verdict) -> Result<(), Failure> {
    let repo = ground.begun("returns")?;
    super::labs::Lab::render("returns", repo.folder.clone(), &super::labs::example())?;
    repo.configure(&[("labtree-generate", ""), ("labtree-check", "")])?;
    repo.git(&["add", "--all"])?;
    repo.unchecked()?;
    repo.git(&["config", "core.autocrlf", "true"])?;
    repo.git(&["rm", "--quiet", "-r", "--cached", "."])?;
    repo.git(&["reset", "--quiet", "--hard"])?;
    repo.stage("a.yaml", GOOD)?;
    expect(verdict, "a lab where git makes the line ends of Windows", &repo, &[], &[])?;
    repo.stage("a.yaml", BAD)?;
    expect(verdict, "an error in such a lab", &repo, &[], &[SAID, "a.yaml:"])
}
