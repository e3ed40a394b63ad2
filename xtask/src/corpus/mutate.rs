//! `cargo xtask corpus mutate`: defects planted in the repositories of the corpus, one at a time, each of which
//! `labtree check` must tell at its line, and tell no other error for it.

mod plant;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::Severity;
use labtree::check::{Judged, judge};
use labtree::disk::MemoryDisk;

use crate::{Failure, say};
use plant::{Change, Defect, Sort};

/// Numbers that follow from a seed: splitmix64.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap_or_default()
    }
}

/// A repository in memory, with what is found in it as it is.
struct Repository {
    name: String,
    texts: BTreeMap<Utf8PathBuf, Vec<u8>>,
    known: BTreeSet<Told>,
    defects: Vec<Defect>,
}

/// What makes files rendered ones.
const RENDERING: [&str; 3] = ["inventory.yaml", "inventory", "labtree.lock"];

/// A finding, as far as it is compared: rule, path, line.
type Told = (&'static str, String, usize);

/// Plants `count` defects by `seed` in the repositories of `folder` that clusters run, and prints how many are told.
pub(crate) fn run(repositories: &[Utf8PathBuf], seed: u64, count: usize) -> Result<bool, Failure> {
    let mut dice = Dice(seed);
    let all = repositories.iter().map(|folder| load(folder)).collect::<Result<Vec<_>, _>>()?;
    let with_defects: Vec<&Repository> = all.iter().filter(|repository| !repository.defects.is_empty()).collect();
    if with_defects.is_empty() {
        return Err("no repository of the corpus has a cluster".into());
    }
    let mut rows: BTreeMap<Sort, (usize, usize, usize)> = BTreeMap::new(); // planted, told, with another error
    for _ in 0..count {
        let repository = with_defects[dice.roll(with_defects.len())];
        let sorts: BTreeSet<Sort> = repository.defects.iter().map(|defect| defect.sort).collect();
        let sort = *sorts.iter().nth(dice.roll(sorts.len())).unwrap_or(&Sort::MissingFile);
        let of_sort: Vec<&Defect> = repository.defects.iter().filter(|defect| defect.sort == sort).collect();
        let defect = of_sort[dice.roll(of_sort.len())];
        let (is_told, others) = plant(repository, defect, &mut dice)?;
        let row = rows.entry(sort).or_default();
        row.0 += 1;
        row.1 += usize::from(is_told);
        row.2 += usize::from(!others.is_empty());
        let place = format!("{}/{}:{}", repository.name, defect.at.0, defect.at.1);
        if !is_told {
            say(format!("not told: {} at {place}", sort.name()));
        }
        for (rule, path, line) in others {
            say(format!("told too: {rule} at {path}:{line}, for {} at {place}", sort.name()));
        }
    }
    say("| defect | planted | told at the line | with another error |");
    say("| --- | ---: | ---: | ---: |");
    let mut total = (0, 0, 0);
    for (sort, (planted, told, others)) in rows {
        total = (total.0 + planted, total.1 + told, total.2 + others);
        say(format!("| {} | {planted} | {told} | {others} |", sort.name()));
    }
    say(format!("| all | {} | {} | {} |", total.0, total.1, total.2));
    Ok(total.1 * 100 >= total.0 * 95 && total.2 == 0)
}

fn load(folder: &Utf8Path) -> Result<Repository, Failure> {
    let mut texts = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in at.read_dir_utf8()? {
            let entry = entry?;
            let (path, kind) = (entry.path().to_owned(), entry.file_type()?);
            if kind.is_dir() && entry.file_name() != ".git" {
                open.push(path);
            } else if kind.is_file() {
                texts.insert(path.strip_prefix(folder)?.to_owned(), fs::read(&path)?);
            }
        }
    }
    // What is rendered is judged as if it were written by hand: that it was edited is no answer.
    texts.retain(|path, _| !RENDERING.iter().any(|begin| path.starts_with(begin)));
    let judged = check(&disk(&texts))?;
    let name = folder.file_name().unwrap_or(folder.as_str()).to_owned();
    Ok(Repository { name, known: told(&judged), defects: plant::places(&judged), texts })
}

fn disk(texts: &BTreeMap<Utf8PathBuf, Vec<u8>>) -> MemoryDisk {
    let disk = MemoryDisk::default();
    texts.iter().for_each(|(path, bytes)| disk.put(path, bytes));
    disk
}

fn check(disk: &MemoryDisk) -> Result<Judged, Failure> {
    Ok(judge(disk, "labtree").map_err(|failure| failure.to_string())?)
}

fn told(judged: &Judged) -> BTreeSet<Told> {
    let told = judged.found.iter().filter(|finding| finding.severity != Severity::Hint).map(|finding| {
        let span = finding.primary.span;
        (finding.rule, judged.sources.path(span).to_owned(), judged.sources.location(span).line)
    });
    told.collect()
}

/// Whether the defect is told at its line, and which other errors are new.
fn plant(repository: &Repository, defect: &Defect, dice: &mut Dice) -> Result<(bool, Vec<Told>), Failure> {
    let mut texts = repository.texts.clone();
    match &defect.change {
        Change::File(path) => drop(texts.remove(path)),
        _ => defect.plant(texts.get_mut(&defect.at.0).ok_or("the file is there")?, dice),
    }
    let judged = check(&disk(&texts))?;
    let new: Vec<Told> = told(&judged).into_iter().filter(|told| !repository.known.contains(told)).collect();
    let is_here = |told: &Told| defect.told.contains(&(Utf8PathBuf::from(told.1.as_str()), told.2));
    let is_told = new.iter().any(is_here);
    let errors: BTreeSet<(&str, usize)> = judged
        .found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            let span = finding.primary.span;
            (judged.sources.path(span), judged.sources.location(span).line)
        })
        .collect();
    let others = new.into_iter().filter(|told| !is_here(told) && errors.contains(&(told.1.as_str(), told.2)));
    let others = others.collect();
    Ok((is_told, others))
}
