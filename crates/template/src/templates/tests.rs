//! Loading and rendering, from template text to file, source map and messages.

use diagnostic::Derived;
use minijinja::context;

use super::*;

mod maps;

struct Fixture {
    sources: Sources,
    templates: Templates,
    found: Vec<Diagnostic>,
}

const INVENTORY: &str = "host: auth.example\nport: 587\nname: \"yes\"\n";

/// Loads `builtin` and `own`; the inventory is the first source.
fn load(builtin: &[(&'static str, &'static str)], own: &[(&str, &str)]) -> Fixture {
    let mut sources = Sources::default();
    sources.add("inventory.yaml", INVENTORY);
    let mut found = Vec::new();
    let own: Vec<_> = own.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let templates = Templates::load(&mut sources, builtin.iter().copied(), own, &mut found);
    Fixture { sources, templates, found }
}

/// The place in the inventory where `text` is written.
fn place(text: &str) -> Span {
    let start = INVENTORY.find(text).expect("the inventory has the text");
    Span::new(FileId(0), start..start + text.len())
}

/// The value written as `text` in the inventory.
fn from_inventory(text: &str) -> Placed {
    Placed::text(&Derived::new(text, [place(text)]))
}

impl Fixture {
    #[track_caller]
    fn rendered(&mut self, template: &str, names: &[(&str, &str)], context: Value) -> (Utf8PathBuf, File) {
        let file = self.templates.render(template, names, context, &mut self.found);
        assert_eq!(self.found, []);
        file.expect("it renders")
    }

    /// All messages, as `path:line:column "text there": message`.
    fn messages(&self) -> Vec<String> {
        let message = |found: &Diagnostic| {
            let span = found.primary.span;
            let at = self.sources.location(span);
            let (path, text) = (self.sources.path(span), self.sources.slice(span));
            format!("{path}:{}:{} {text:?}: {}", at.line, at.column, found.message)
        };
        self.found.iter().map(message).collect()
    }
}

/// Renders `template`, which loads and then fails.
#[track_caller]
fn failing(template: &'static str, context: Value) -> Fixture {
    let mut fixture = load(&[("a.j2", template)], &[]);
    assert_eq!(fixture.found, [], "it loads");
    assert_eq!(fixture.templates.render("a.j2", &[], context, &mut fixture.found), None);
    fixture
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
        ("items", "#% for key in hots | items %##% endfor %#\n"),
    ] {
        let column = template.find(filter).expect("the filter is there") + 1;
        let fixture = failing(template, context! {});
        assert_eq!(fixture.messages(), [format!("templates/a.j2:1:{column} \"{filter}\": `hots` is undefined")]);
    }
}

#[test]
fn an_undefined_name_says_what_is_near() {
    let app = || context! { namespace => from_inventory("name") };
    for (template, message) in [
        ("#{ ap.namespace | yaml }#", "`ap` is undefined, did you mean `app`?"),
        ("#{ app.namspace | yaml }#", "`app.namspace` is undefined, did you mean `namespace`?"),
        ("#% if app.namspaces %##% endif %#", "`app.namspaces` is undefined, did you mean `namespace`?"),
        ("#{ app.other | yaml }#", "`app.other` is undefined"),
    ] {
        let fixture = failing(template, context! { app => app() });
        assert_eq!(fixture.found[0].message, message);
    }
}

#[test]
fn a_filter_refuses_what_is_not_from_the_lab() {
    let takes = "it takes values from the lab, numbers and booleans";
    for (template, message) in [
        ("#{ 'a' | yaml }#", format!("`yaml` got text that is not from the lab; {takes}")),
        ("#{ none | hcl }#", format!("`hcl` got `none`; {takes}")),
        ("#{ [1] | json }#", format!("`json` got a value of the kind `sequence`; {takes}")),
        ("#{ host | yaml | yaml }#", format!("`yaml` got text that is not from the lab; {takes}")),
        ("#{ plain | python }#", format!("`python` got text that is not from the lab; {takes}")),
        ("#{ list | markdown }#", "`markdown` got a list; give it text, a number or a boolean".to_owned()),
        ("#{ host | yaml(indnt=2) }#", "too many arguments: unknown keyword argument 'indnt'".to_owned()),
        ("#{ host | items }#", "`items` takes a map from the lab".to_owned()),
    ] {
        let context = context! { host => from_inventory("auth.example"), plain => "x", list => Placed::list(["a"]) };
        let fixture = failing(template, context);
        assert_eq!(fixture.found[0].message, message, "{template}");
        assert_eq!(fixture.sources.path(fixture.found[0].primary.span), "templates/a.j2");
    }
}

#[test]
fn numbers_and_booleans_of_the_template_are_taken() {
    let mut fixture = load(&[("a.j2", "#{ 5 | yaml }# #{ true | python }# #{ 1.5 | hcl }# #{ flag | code }#\n")], &[]);
    let (_, file) = fixture.rendered("a.j2", &[], context! { flag => false });
    assert_eq!(file.text, "5 True 1.5 `no`\n");
}

#[test]
fn a_value_that_looks_like_a_mark_is_refused_and_its_place_shown() {
    let value = Placed::map([("key", Placed::from("a\u{FDD0}b").following([place("587")]))]);
    let fixture = failing("k:\n  #{ value | yaml(indent=2) }#\n", context! { value => value });
    let message = "`yaml` got text with the noncharacter U+FDD0; take it out";
    assert_eq!(fixture.messages(), [format!("templates/a.j2:2:14 \"yaml(indent=2)\": {message}")]);
    assert_eq!(fixture.sources.slice(fixture.found[0].related[0].span), "587");
}

#[test]
fn a_key_that_comes_twice_is_refused_and_its_place_shown() {
    let value = Placed::map([(Placed::from("a"), 1), (from_inventory("name").clone(), 2), (Placed::from("name"), 3)]);
    let fixture = failing("#{ value | hcl(indent=0) }#", context! { value => value });
    assert_eq!(fixture.found[0].message, "`hcl` got a map with the key `name` twice; give each key once");
}

#[test]
fn text_without_a_filter_is_refused_at_its_place() {
    for (template, kind) in [
        ("a\n  b: #{ host }#\n", "text from the lab"),
        ("a\n  b: #{ plain }#\n", "string"),
        ("a\n  b: #{ flag }#\n", "bool"),
        ("a\n  b: #{ 'x' }#\n", "string"),
    ] {
        let fixture =
            failing(template, context! { host => from_inventory("auth.example"), plain => "x", flag => true });
        let text = &template[template.find("#{").expect("there is a tag") + 3..template.len() - 4];
        let message = format!("a {kind} is placed without a filter; write `| yaml`, `| hcl` or the like");
        assert_eq!(fixture.messages(), [format!("templates/a.j2:2:9 {text:?}: {message}")]);
    }
}

#[test]
fn no_way_around_the_filters_is_left() {
    for template in [
        "#% set x %#text#% endset %##{ x | yaml }#",
        "#% autoescape false %##% set x %##{ host | yaml }##% endset %##{ x }##% endautoescape %#",
        "#{ (host | yaml)[1:] }#",
        "#{ (host | yaml) + plain }#",
        "#{ host + host }#",
        "#{ host | yaml if flag }#",
        "#% filter yaml %#a: b#% endfilter %#",
        "#{ host.missing | yaml }#",
        "#{ host() }#",
        "#{ range(3) }#",
    ] {
        let context = context! { host => from_inventory("auth.example"), plain => "x", flag => false };
        let fixture = failing(template, context);
        assert_eq!(fixture.found.len(), 1, "{template}");
    }
}

#[test]
fn a_placed_value_as_a_condition_is_an_error_with_its_inventory_place() {
    for template in
        ["#% if host %#a#% endif %#", "#% if not host %#a#% endif %#", "#% for x in [1] if host %#a#% endfor %#"]
    {
        let fixture = failing(template, context! { host => from_inventory("auth.example") });
        let [found] = &fixture.found[..] else { panic!("{:?}", fixture.found) };
        assert_eq!(found.message, "the template uses the text `auth.example` as a condition");
        assert_eq!(found.related[0].span, place("auth.example"));
    }
    let mut fixture = failing("#% if list %#a#% endif %#", context! { list => Placed::list(["a"]) });
    assert_eq!(fixture.found[0].message, "the template uses a list from the lab as a condition");
    fixture.found.clear();
    assert!(fixture.templates.render("a.j2", &[], context! { list => true }, &mut fixture.found).is_some());
}

#[test]
fn the_same_failure_is_told_once() {
    let mut fixture = failing("#{ hots | yaml }#", context! {});
    fixture.templates.render("a.j2", &[], context! {}, &mut fixture.found);
    assert_eq!(fixture.found.len(), 1);
}

#[test]
fn a_failure_in_a_part_is_shown_in_the_part() {
    let templates = [
        ("a.yaml.j2", "#% include '_outer.j2' %#\n"),
        ("_outer.j2", "x\n#% include '_in.j2' %#\n"),
        ("_in.j2", "a: #{ no | yaml }#\n"),
    ];
    let mut fixture = load(&templates, &[]);
    fixture.templates.render("a.yaml.j2", &[], context! {}, &mut fixture.found);
    assert_eq!(fixture.messages(), ["templates/_in.j2:1:12 \"yaml\": `no` is undefined"]);
}

#[test]
fn a_template_that_does_not_parse_is_told_once_and_silent_from_then_on() {
    let templates = [("a.j2", "#% include '_b.j2' %#\n"), ("_b.j2", "ok\n#% if x\n"), ("c.j2", "#{ x | yml }#\n")];
    let mut fixture = load(&templates, &[]);
    assert_eq!(
        fixture.messages(),
        [
            "templates/_b.j2:2:7 \"x\": syntax error: unexpected end of input, expected end of block",
            "templates/c.j2:1:8 \"yml\": unknown filter `yml`, did you mean `yaml`?",
        ]
    );
    for template in ["a.j2", "c.j2"] {
        assert_eq!(fixture.templates.render(template, &[], context! {}, &mut fixture.found), None);
    }
    assert_eq!(fixture.found.len(), 2);
}

#[test]
fn an_own_template_replaces_the_built_in_one() {
    let mut fixture = load(&[("a.j2", "built in\n"), ("b.j2", "built in\n")], &[("a.j2", "own\n")]);
    assert_eq!(fixture.rendered("a.j2", &[], context! {}).1.text, "own\n");
    assert_eq!(fixture.rendered("b.j2", &[], context! {}).1.text, "built in\n");
    let list: Vec<_> = fixture.templates.list().collect();
    assert_eq!(list, [("a.j2", Provider::Own), ("b.j2", Provider::BuiltIn)]);
}

#[test]
fn an_own_template_of_no_known_path_is_an_error_at_its_start() {
    let fixture = load(&[("flux/apps/kustomization.yaml.j2", "a\n")], &[("flux/app/kustomization.yaml.j2", "b\n")]);
    let message = "unknown template `flux/app/kustomization.yaml.j2`, did you mean `flux/apps/kustomization.yaml.j2`?";
    assert_eq!(fixture.messages(), [format!("templates/flux/app/kustomization.yaml.j2:1:1 \"\": {message}")]);
    assert_eq!(fixture.found[0].rule, "unknown-template");
}

#[test]
fn white_space_alone_is_a_file_that_the_caller_leaves_out() {
    let mut fixture = load(&[("a.j2", "#| why |#\n#% if on %#\ntext\n#% endif %#\n\n")], &[]);
    assert_eq!(fixture.rendered("a.j2", &[], context! { on => false }).1.text.trim(), "");
    assert_eq!(fixture.found, []);
    assert_eq!(fixture.rendered("a.j2", &[], context! { on => true }).1.text, "text\n\n");
}

#[test]
fn a_name_that_the_path_lacks_is_an_error_in_the_template() {
    let mut fixture = load(&[("flux/__app__/a.yaml.j2", "a\n")], &[]);
    assert_eq!(fixture.templates.render("flux/__app__/a.yaml.j2", &[], context! {}, &mut fixture.found), None);
    let message = "the path of this template needs a `app`";
    assert_eq!(fixture.messages(), [format!("templates/flux/__app__/a.yaml.j2:1:1 \"\": {message}")]);
}

#[test]
fn lists_and_maps_of_the_lab_can_be_walked() {
    let template = "\
#% for host in hosts %#
- #{ host | yaml }#
#% endfor %#
#% for key, value in labels | items %#
#{ key | yaml }#: #{ value | yaml }#
#% endfor %#
#{ labels.a | yaml }# #{ hosts[1] | yaml }#
";
    let mut fixture = load(&[("a.j2", template)], &[]);
    let context = context! {
        hosts => Placed::list([from_inventory("auth.example"), Placed::from("b")]),
        labels => Placed::map([("a", from_inventory("587")), ("no", Placed::from(true))]),
    };
    let (_, file) = fixture.rendered("a.j2", &[], context);
    assert_eq!(file.text, "- auth.example\n- b\na: \"587\"\n\"no\": true\n\"587\" b\n");
}
