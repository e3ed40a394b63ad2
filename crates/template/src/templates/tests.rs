//! Loading and rendering, from template text to file, source map and messages.

use diagnostic::Derived;
use minijinja::context;

use super::*;

struct Fixture {
    sources: Sources,
    templates: Templates,
    found: Vec<Diagnostic>,
}

/// Loads `builtin` and `own`; the inventory is the first source.
fn load(builtin: &[(&'static str, &'static str)], own: &[(&str, &str)]) -> Fixture {
    let mut sources = Sources::default();
    sources.add("inventory.yaml", INVENTORY);
    let mut found = Vec::new();
    let own: Vec<_> = own.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let templates = Templates::load(&mut sources, builtin.iter().copied(), own, &mut found);
    Fixture { sources, templates, found }
}

const INVENTORY: &str = "host: auth.example\nport: 587\nname: \"yes\"\n";

/// The value written as `text` in the inventory.
fn from_inventory(text: &str) -> Placed {
    let start = INVENTORY.find(text).expect("the inventory has the text");
    let span = Span::new(FileId(0), start..start + text.len());
    Placed::text(&Derived::new(text, [span]))
}

impl Fixture {
    #[track_caller]
    fn rendered(&mut self, template: &str, names: &[(&str, &str)], context: Value) -> (Utf8PathBuf, File) {
        let file = self.templates.render(template, names, context, &mut self.found);
        assert_eq!(self.found, []);
        file.expect("it renders")
    }

    /// The only message, as `path:line:column "text there": message`.
    #[track_caller]
    fn message(&self) -> String {
        let [one] = &self.found[..] else { panic!("{:#?}", self.found) };
        let span = one.primary.span;
        let at = self.sources.location(span);
        let (path, text) = (self.sources.path(span), self.sources.slice(span));
        format!("{path}:{}:{} {text:?}: {}", at.line, at.column, one.message)
    }
}

#[track_caller]
fn fails(template: &'static str, context: Value) -> Fixture {
    let mut fixture = load(&[("a.j2", template)], &[]);
    assert_eq!(fixture.found, [], "it loads");
    assert_eq!(fixture.templates.render("a.j2", &[], context, &mut fixture.found), None);
    fixture
}

#[test]
fn a_file_knows_its_template_its_values_and_its_lines() {
    let mut fixture =
        load(&[("flux/__app__/x.yaml.j2", "# #{ header }#\n\nhost: #{ host | yaml }#\nport: #{ 25 | yaml }#\n")], &[]);
    let context = context! { host => from_inventory("auth.example") };
    let (path, file) = fixture.rendered("flux/__app__/x.yaml.j2", &[("app", "grafana")], context);
    assert_eq!(path, "flux/grafana/x.yaml");
    let header =
        "# rendered by labtree from templates/flux/__app__/x.yaml.j2; edit inventory.yaml and run `labtree generate`";
    assert_eq!(file.text, format!("{header}\n\nhost: auth.example\nport: 25\n"));
    let Origin::Rendered { template, map } = file.origin else { panic!("it is rendered") };
    assert_eq!(template, "flux/__app__/x.yaml.j2");
    let [(range, span)] = &map.values[..] else { panic!("{map:?}") };
    assert_eq!(&file.text[range.start as usize..range.end as usize], "auth.example");
    assert_eq!(fixture.sources.slice(*span), "auth.example");
    assert_eq!(map.lines.iter().map(|line| line.line).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn undefined_is_an_error_in_front_of_every_filter() {
    for (filter, template) in [
        ("yaml", "a: #{ hots | yaml }#\n"),
        ("hcl", "a: #{ hots | hcl }#\n"),
        ("python", "a: #{ hots | python }#\n"),
        ("markdown", "a: #{ hots | markdown }#\n"),
        ("code", "a: #{ hots | code }#\n"),
        ("mermaid", "a: #{ hots | mermaid }#\n"),
        ("json", "a: #{ hots | json }#\n"),
    ] {
        let fixture = fails(template, context! {});
        let expected = format!("templates/a.j2:1:14 \"{filter}\": `hots` is undefined");
        assert_eq!(fixture.message(), expected);
    }
}
