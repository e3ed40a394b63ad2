//! Files that are written one at a time, outside of the rendered tree.

use std::io::ErrorKind;

use camino::Utf8Path;
use tree::Found;

use super::{Disk, DiskError, Doing};

/// Makes the file `path`, and the folders it lies in. That something stands there is an error.
pub(crate) fn write_new(disk: &impl Disk, path: &Utf8Path, text: &str) -> Result<(), DiskError> {
    let folders: Vec<_> = path.ancestors().skip(1).filter(|folder| *folder != "").collect();
    for folder in folders.into_iter().rev() {
        match disk.create_folder(folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(DiskError::at(Doing::CreateFolder, folder)(error));
            }
            _ => {}
        }
    }
    disk.write_new(path, text.as_bytes(), None).map_err(DiskError::at(Doing::Write, path))
}

/// Makes the file `path`, in place of one that stands there. Whoever reads it sees the old text or the new one.
pub(crate) fn put(disk: &impl Disk, path: &Utf8Path, text: &str) -> Result<(), DiskError> {
    if matches!(disk.read(path).map_err(DiskError::at(Doing::Read, path))?, Found::Absent) {
        return write_new(disk, path, text);
    }
    let draft = path.with_file_name(format!("{}.new", path.file_name().unwrap_or_default()));
    if !matches!(disk.read(&draft).map_err(DiskError::at(Doing::Read, &draft))?, Found::Absent) {
        disk.remove_file(&draft).map_err(DiskError::at(Doing::Remove, &draft))?; // of a run that was killed
    }
    disk.write_new(&draft, text.as_bytes(), Some(path)).map_err(DiskError::at(Doing::Write, &draft))?;
    disk.replace(&draft, path).map_err(DiskError::at(Doing::Write, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::MemoryDisk;

    #[test]
    fn what_is_put_replaces_what_stood_there_and_a_draft_of_a_killed_run() {
        let disk = MemoryDisk::default();
        for text in ["one", "two"] {
            put(&disk, Utf8Path::new("a/b.txt"), text).expect("it can be written");
            let found = disk.read(Utf8Path::new("a/b.txt")).expect("it can be read");
            assert!(matches!(found, Found::File(bytes) if bytes == text.as_bytes()));
            write_new(&disk, Utf8Path::new("a/b.txt.new"), "half").expect("it can be written");
        }
        assert!(write_new(&disk, Utf8Path::new("a/b.txt"), "x").is_err());
    }
}
