//! What is found while the repository is read and compared with what the inventory renders, and with the baseline.

use diagnostic::Severity;

/// Ids with their severities and pages. The examples are what `labtree check` prints; a test holds them against it.
pub(super) const REPOSITORY: &[(&str, Severity, &str)] = &[
    (
        "broken-schema",
        Severity::Error,
        "A file that `labtree schema import` wrote is not as it was written.\n\n\
         It was edited, or git merged two of its versions; or another release of labtree wrote it. What it tells of kinds \
         or of a provider is not judged by. Run `labtree schema import` again.\n",
    ),
    (
        "damaged-lock",
        Severity::Error,
        "`labtree.lock` is not as labtree wrote it.\n\n\
         Without it nobody can tell a rendered file from one that a person edited. The message says which line is at \
         fault; `git log -p labtree.lock` shows how it was.\n",
    ),
    ("drift", Severity::Error, DRIFT),
    ("edited-rendered-file", Severity::Error, EDITED),
    ("foreign-file", Severity::Error, FOREIGN),
    (
        "malformed-baseline",
        Severity::Error,
        "A line of `labtree.baseline` is no entry.\n\n\
         After a merge with conflicts, keep the lines of both sides, or run `labtree check --write-baseline`: it writes \
         the file anew, with everything that is found then.\n",
    ),
    (
        "not-utf8",
        Severity::Error,
        "A file is not UTF-8.\n\nThe finding points at its first bad byte. Save the file as UTF-8.\n",
    ),
    (
        "path-not-utf8",
        Severity::Hint,
        "The path of a file is not UTF-8, so the file is not looked at.\n\n\
         Flux and OpenTofu read no such path either. Rename the file.\n",
    ),
    (
        "unreadable-file",
        Severity::Error,
        "A file cannot be read.\n\n\
         It is larger than any file of a repository should be, or may not be read by whoever runs labtree. What is \
         meant to lie there can be excluded: `exclude` in `labtree.toml`.\n",
    ),
    ("unused-baseline", Severity::Warning, UNUSED),
];

const UNUSED: &str = r#"An entry of the baseline stands for nothing any more.

## Why
`labtree.baseline` keeps `labtree check` silent about what was found before labtree came. What it knows was mended here;
as long as the entry stands, the same fault may come back unseen.

## Fix
Run `labtree check --write-baseline` and commit: the file then holds what is found now. Look at its difference first; a
line that is new in it is a finding that nobody mended.

## Example
A key that was written twice is written once now:
```text
warning[unused-baseline]: `duplicate-yaml-key` is not found in `compose.yaml` any more
 --> labtree.baseline:3:1
  |
3 | compose.yaml	duplicate-yaml-key	7a1d4b2f70c6ab59	1	`services` is written twice
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: run `labtree check --write-baseline`
```

## When to allow
Never: a baseline that holds nothing is removed by the same command.
"#;

const DRIFT: &str = r#"What the inventory renders is not what stands in the repository.

## Why
The clusters and OpenTofu read the rendered files, not the inventory. Until `labtree generate` has run and its result is
committed, an entry is a wish: the app that it adds is not deployed, the group that it takes away may still log in.

## Fix
Run `labtree generate` and commit what it changed. One finding stands for all files; it points at the entry behind the
first difference.

## Example
An entry was changed, and a rendered file deleted:
```text
error[drift]: 3 files differ from `inventory.yaml`
  --> inventory.yaml:41:64
   |
41 |   release: { repository: https://charts.goauthentik.io, chart: authentik-server, version: 2026.5.3 }
   |                                                                ^^^^^^^^^^^^^^^^ `docs/authentik.md` follows from here
   |
   = help: run `labtree generate` and commit: `docs/authentik.md` is not as rendered, `flux/apps/base/grafana/kustomization.yaml` is not there, `flux/infrastructure/base/authentik/helmrelease.yaml` is not as rendered
```

## When to allow
Never. A rendered file that must be another one has a template of the lab's own: `labtree templates` lists them.
"#;

const EDITED: &str = r#"A rendered file was edited by hand.

## Why
labtree leaves the edit alone, so the file no longer follows its entry: what is changed in the inventory later does not
reach it. With `--force` the edit is gone. The line ends of Windows, which git makes where `core.autocrlf` says so, are no
edit.

## Fix
Change the entry that the finding points at, and run `labtree generate --force`. Where no entry says what the edit says,
put a template of the lab's own in the place of the built-in one; `labtree why FILE:LINE` names it.

## Example
The chart's name was changed in the rendered file:
```text
error[edited-rendered-file]: `flux/infrastructure/base/authentik/helmrelease.yaml` was edited by hand; it is left alone
  --> inventory.yaml:41:64
   |
41 |   release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
   |                                                                ^^^^^^^^^ the rendered text follows from here
   |
  ::: flux/infrastructure/base/authentik/helmrelease.yaml:12:7
   |
12 |       chart: mine
   |       ----------- this is not as rendered
   |
   = help: the text follows from `identity.release.chart`: change it there; `labtree generate --force` overwrites the edit
```

## When to allow
While something is tried out on a branch.
"#;

const FOREIGN: &str = r#"Something that labtree did not write stands where a rendered file belongs.

## Why
labtree overwrites nobody's work, so the rendered file is missing, and with it what the inventory promises.

## Fix
Move the file away, or take over what it says into the inventory and run `labtree generate --force`, which overwrites it.

## Example
A file of the same name was there before labtree:
```text
error[foreign-file]: `docs/authentik.md` was not written by labtree, and a rendered file belongs there; it is left alone
 --> docs/authentik.md:1:1
  |
1 | # Mine
  | ^^^^^^
  |
  = help: move it away, or run `labtree generate --force`, which overwrites it
```

## When to allow
While a repository is moved to labtree file by file.
"#;
