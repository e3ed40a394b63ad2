//! Tests of the run-lock, and that the disk in memory behaves as the real one.

use std::io::ErrorKind;
use std::sync::mpsc;

use super::*;

fn real() -> (tempfile::TempDir, RealDisk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = RealDisk::open(folder.path().try_into().unwrap()).unwrap();
    (folder, disk)
}

#[test]
fn a_second_run_says_that_it_waits_and_goes_on_once_the_first_one_ends() {
    let (folder, disk) = real();
    let first = disk.lock(Share::Alone, &mut |news| panic!("{news:?}")).unwrap();
    let (say, hear) = mpsc::channel();
    let root = folder.path().to_owned();
    for share in [Share::Alone, Share::WithReaders] {
        let (say, root) = (say.clone(), root.clone());
        std::thread::spawn(move || {
            let disk = RealDisk::open(root.as_path().try_into().unwrap()).unwrap();
            let lock = disk.lock(share, &mut |news| say.send(format!("{news:?}")).unwrap()).unwrap();
            drop(lock);
            say.send("done".to_owned()).unwrap();
        });
    }
    drop(say);
    assert_eq!([hear.recv().unwrap(), hear.recv().unwrap()], ["Busy", "Busy"]);
    drop(first);
    assert_eq!(hear.iter().collect::<Vec<_>>(), ["done", "done"]);
}

#[test]
fn runs_that_only_read_do_not_wait_for_each_other() {
    let (folder, disk) = real();
    let other = RealDisk::open(folder.path().try_into().unwrap()).unwrap();
    let _one = disk.lock(Share::WithReaders, &mut |news| panic!("{news:?}")).unwrap();
    let _two = other.lock(Share::WithReaders, &mut |news| panic!("{news:?}")).unwrap();
}

#[test]
fn a_lock_leaves_nothing_behind() {
    let (folder, disk) = real();
    drop(disk.lock(Share::Alone, &mut |_| {}).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_root_that_is_no_folder_is_reported() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = RealDisk::open(file.path().try_into().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotADirectory);
    assert_eq!(RealDisk::open("/no/such/folder".into()).unwrap_err().kind(), ErrorKind::NotFound);
}

/// Does the same to both disks and compares what comes of it.
#[test]
fn the_disk_in_memory_answers_as_the_real_one() {
    let (_folder, real) = real();
    let memory = MemoryDisk::default();
    let same = |act: &dyn Fn(&dyn Same) -> Result<String, ErrorKind>| assert_eq!(act(&real), act(&memory));
    type Act = Box<dyn Fn(&dyn Same) -> Result<String, ErrorKind>>;
    let paths = ["a", "a/b", "a/b/c", "x", "x/y", "a/x"];
    let mut acts: Vec<Act> = Vec::new();
    acts.push(Box::new(|disk| disk.write("x", "1")));
    acts.push(Box::new(|disk| disk.write("x", "2")));
    acts.push(Box::new(|disk| disk.write("a/b", "1")));
    acts.push(Box::new(|disk| disk.folder_("a")));
    acts.push(Box::new(|disk| disk.folder_("a")));
    acts.push(Box::new(|disk| disk.folder_("x/y")));
    acts.push(Box::new(|disk| disk.folder_("m/n")));
    acts.push(Box::new(|disk| disk.write("a/b", "1")));
    acts.push(Box::new(|disk| disk.write("a/c", "2")));
    acts.push(Box::new(|disk| disk.gone("a")));
    acts.push(Box::new(|disk| disk.moved("a/b", "a/c", false)));
    acts.push(Box::new(|disk| disk.moved("a/b", "a/c", true)));
    acts.push(Box::new(|disk| disk.moved("a/none", "a/c", true)));
    acts.push(Box::new(|disk| disk.moved("x", "a", true)));
    acts.push(Box::new(|disk| disk.moved("a/c", "a/b", false)));
    acts.push(Box::new(|disk| disk.removed("a/c")));
    acts.push(Box::new(|disk| disk.removed("a")));
    acts.push(Box::new(|disk| disk.removed("a/b")));
    acts.push(Box::new(|disk| disk.gone("x")));
    acts.push(Box::new(|disk| disk.gone("a")));
    acts.push(Box::new(|disk| disk.gone("a")));
    for act in acts {
        same(&*act);
        for path in paths {
            same(&|disk| disk.seen(path));
        }
    }
}

/// A disk's answers as text.
trait Same {
    fn write(&self, path: &str, text: &str) -> Result<String, ErrorKind>;
    fn folder_(&self, path: &str) -> Result<String, ErrorKind>;
    fn moved(&self, from: &str, to: &str, replace: bool) -> Result<String, ErrorKind>;
    fn removed(&self, path: &str) -> Result<String, ErrorKind>;
    fn gone(&self, path: &str) -> Result<String, ErrorKind>;
    fn seen(&self, path: &str) -> Result<String, ErrorKind>;
}

impl<D: Disk> Same for D {
    fn write(&self, path: &str, text: &str) -> Result<String, ErrorKind> {
        answer(self.write_new(path.into(), text.as_bytes(), None))
    }

    fn folder_(&self, path: &str) -> Result<String, ErrorKind> {
        answer(self.create_folder(path.into()))
    }

    fn moved(&self, from: &str, to: &str, replace: bool) -> Result<String, ErrorKind> {
        let act = if replace { Self::replace } else { Self::rename_new };
        answer(act(self, from.into(), to.into()))
    }

    fn removed(&self, path: &str) -> Result<String, ErrorKind> {
        answer(self.remove_file(path.into()))
    }

    fn gone(&self, path: &str) -> Result<String, ErrorKind> {
        answer(self.remove_folder(path.into()))
    }

    fn seen(&self, path: &str) -> Result<String, ErrorKind> {
        answer(self.read(path.into()).and_then(|found| Ok((found, self.folder(path.into())?, self.list("".into())?))))
    }
}

fn answer<T: std::fmt::Debug>(result: io::Result<T>) -> Result<String, ErrorKind> {
    result.map(|answer| format!("{answer:?}")).map_err(|error| error.kind())
}
