//! The objects that the server has, kept in a file.
//!
//! One line of JSON for each change: `{"type":…,"id":…,"object":{…}}`, where the object is null once it is deleted. So
//! whoever wants to change something behind OpenTofu's back adds a line.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::value::Object;

/// The objects of a server.
#[derive(Debug, Default)]
pub(crate) struct Store {
    /// Where they are kept; nowhere in tests.
    path: Option<PathBuf>,
    /// How much of the file was read.
    read: u64,
    objects: BTreeMap<String, BTreeMap<String, Object>>,
    /// The highest number that an object has for an id.
    highest: i64,
}

impl Store {
    /// The store in the file at `path`, which need not be there yet.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path: Some(path), ..Self::default() }
    }

    /// Reads what was added to the file.
    pub(crate) fn refresh(&mut self) -> Result<(), String> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        let fail = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(fail(error)),
        };
        if file.metadata().map_err(fail)?.len() == self.read {
            return Ok(());
        }
        file.seek(SeekFrom::Start(self.read)).map_err(fail)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(fail)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        for line in text[..whole].lines() {
            let line: Json = serde_json::from_str(line).map_err(|error| format!("{}: {error}", path.display()))?;
            let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            self.take(&word("type"), &word("id"), line["object"].as_object().cloned());
        }
        self.read += whole as u64;
        Ok(())
    }

    /// All objects of the type `name`, by id.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = (&str, &Object)> {
        self.objects.get(name).into_iter().flatten().map(|(id, object)| (id.as_str(), object))
    }

    /// All objects of the types that `of` likes: type, id, object.
    pub(crate) fn among(&self, of: impl Fn(&str) -> bool) -> impl Iterator<Item = (&str, &str, &Object)> {
        let types = self.objects.iter().filter(move |(name, _)| of(name));
        types.flat_map(|(name, all)| all.iter().map(move |(id, object)| (name.as_str(), id.as_str(), object)))
    }

    /// The object of that type and id.
    pub(crate) fn get(&self, name: &str, id: &str) -> Option<&Object> {
        self.objects.get(name)?.get(id)
    }

    /// Keeps `object`, in place of the one that had its id.
    pub(crate) fn put(&mut self, name: &str, id: &str, object: Object) -> Result<(), String> {
        self.change(name, id, Some(object))
    }

    /// Deletes an object, if there is one.
    pub(crate) fn remove(&mut self, name: &str, id: &str) -> Result<(), String> {
        if self.get(name, id).is_some() {
            self.change(name, id, None)?;
        }
        Ok(())
    }

    /// A number that no object has for an id.
    pub(crate) fn next_number(&mut self) -> i64 {
        self.highest += 1;
        self.highest
    }

    fn take(&mut self, name: &str, id: &str, object: Option<Object>) {
        self.highest = self.highest.max(id.parse().unwrap_or(0));
        let all = self.objects.entry(name.to_owned()).or_default();
        match object {
            Some(object) => drop(all.insert(id.to_owned(), object)),
            None => drop(all.remove(id)),
        }
    }

    /// Adds a line and reads it, with those that another provider may have added before it.
    fn change(&mut self, name: &str, id: &str, object: Option<Object>) -> Result<(), String> {
        let Some(path) = &self.path else {
            self.take(name, id, object);
            return Ok(());
        };
        let text = format!("{}\n", json!({ "type": name, "id": id, "object": object }));
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        self.refresh()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn another_run_finds_what_one_has_kept_and_what_was_added_by_hand() {
        let path = std::env::temp_dir().join(format!("stand-in-store-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let mut first = Store::at(path.clone());
        first.refresh().unwrap();
        first.put("user", "7", object(r#"{"name":"Alex"}"#)).unwrap();
        first.put("user", "8", object(r#"{"name":"Robin"}"#)).unwrap();
        first.remove("user", "8").unwrap();
        let mut second = Store::at(path.clone());
        second.refresh().unwrap();
        assert_eq!(second.all("user").count(), 1);
        assert_eq!(second.next_number(), 9);
        second.put("user", "9", object(r#"{"name":"Kim"}"#)).unwrap();
        first.put("secret", "a", object("{}")).unwrap();
        assert_eq!(first.get("user", "9").unwrap()["name"], "Kim");
        let line = "{\"type\":\"user\",\"id\":\"7\",\"object\":{\"name\":\"Sascha\"}}\n";
        OpenOptions::new().append(true).open(&path).unwrap().write_all(line.as_bytes()).unwrap();
        first.refresh().unwrap();
        assert_eq!(first.get("user", "7").unwrap()["name"], "Sascha");
        std::fs::remove_file(path).unwrap();
    }
}
