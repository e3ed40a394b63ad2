//! The source map: which bytes follow from the inventory, which lines from which template line.

use super::*;

/// A template with every kind of white space handling, and its part.
const NASTY: &[(&str, &str)] = &[
    (
        "a/nasty.yaml.j2",
        "\
# #{ header }#
#| a comment
   over two lines |#
#% macro pair(name, value) %#
#{ name | yaml }#: #{ value | yaml }#
#% endmacro %#

#% if on -%#

    stripped: #{ host | yaml }#

#%- endif %#

list:
  #% for item in items %#
  - #{ item | yaml }# # #{ loop.index }#
  #% if not loop.last %#
  #| between |#
    -
  #% endif %#
  #% endfor %#
#{ pair(host, port) }#
#{
  host
  | yaml
}#: { '}#' : \"%#\" }
#% raw %#
raw #{ kept }# #% if kept %#
  #%- endraw %#

{{ helm }} ${flux} #not #a %tag} # {
    #%+ if on %#
text #{ host | yaml }##{ port | yaml }#
#% endif %#
#% set block %#
captured #{ host | yaml }#
twice
#% endset %#
#{ block }#
#% include './_part.j2' %#
values:
  #{ values | yaml(indent=2) }#
no line feed at the end #{ host | yaml }#",
    ),
    ("a/_part.j2", "part: #{ port | yaml }#\n\n  more\n"),
];

fn nasty(places: bool) -> (Fixture, File) {
    let mut fixture = load(NASTY, &[]);
    let value = |text: &str| if places { from_inventory(text) } else { Placed::from(text) };
    let context = context! {
        on => true,
        host => value("auth.example"),
        port => value("587"),
        items => Placed::list([value("yes"), value("name")]),
        values => Placed::map([("one", value("587")), ("two", Placed::from("first\nsecond"))]),
    };
    let (_, file) = fixture.rendered("a/nasty.yaml.j2", &[], context);
    (fixture, file)
}

fn map(file: &File) -> &tree::SourceMap {
    let Origin::Rendered { map, .. } = &file.origin else { panic!("it is rendered") };
    map
}

#[test]
fn marks_leave_the_text_as_minijinja_alone_renders_it() {
    let (_, file) = nasty(true);
    let mut plain = environment();
    plain.add_filter("yaml", |value: &Value, _: minijinja::value::Kwargs| {
        let placed = value.downcast_object_ref::<Placed>().and_then(Placed::as_text);
        Value::from_safe_string(placed.map_or_else(|| "{values}".to_owned(), |text| format!("{text:?}")))
    });
    for (path, text) in NASTY {
        plain.add_template(path, text).expect("it parses");
    }
    let context = context! {
        header => Value::from_safe_string("H".to_owned()),
        on => true,
        host => Placed::from("auth.example"),
        port => Placed::from("587"),
        items => Placed::list(["yes", "name"]),
        values => Placed::map([("one", "587")]),
    };
    let plain = plain.get_template("a/nasty.yaml.j2").and_then(|it| it.render(context)).expect("it renders");
    let header = "rendered by labtree from templates/a/nasty.yaml.j2; edit inventory.yaml and run `labtree generate`";
    let expected = plain
        .replace("# H", &format!("# {header}"))
        .replace("\"auth.example\"", "auth.example")
        .replace("\"name\"", "name")
        .replace("{values}", "one: \"587\"\n  two: |-\n    first\n    second");
    assert_eq!(file.text, expected);
    assert_eq!(nasty(false).1.text, file.text);
}

#[test]
fn every_value_points_at_its_inventory_place() {
    let (fixture, file) = nasty(true);
    let values: Vec<_> = map(&file)
        .values
        .iter()
        .map(|(range, span)| (&file.text[range.start as usize..range.end as usize], fixture.sources.slice(*span)))
        .collect();
    let host = ("auth.example", "auth.example");
    let port = ("\"587\"", "587");
    let yes = ("\"yes\"", "yes");
    let expected = [host, yes, ("name", "name"), host, port, host, host, port, host, port, port, host];
    assert_eq!(values, expected);
    assert!(map(&file).values.is_sorted_by_key(|(range, _)| range.start));
}

#[test]
fn every_line_points_at_the_template_line_it_begins_in() {
    let (fixture, file) = nasty(true);
    let lines = &map(&file).lines;
    assert_eq!(lines.len(), file.text.lines().count());
    let found: Vec<_> = file
        .text
        .lines()
        .zip(lines)
        .map(|(text, at)| {
            let path = &fixture.sources.get(at.template).path;
            (path.strip_prefix("templates/a/").expect("it is in a folder"), at.line, text)
        })
        .skip(1)
        .collect();
    let whole = "nasty.yaml.j2";
    let expected = [
        (whole, 7, ""),
        (whole, 10, "stripped: auth.example"),
        (whole, 14, "list:"),
        (whole, 16, "  - \"yes\" # 1"),
        (whole, 19, "    -"),
        (whole, 16, "  - name # 2"),
        // What a macro or a `set` block gives belongs to the line that places it.
        (whole, 22, "auth.example: \"587\""),
        (whole, 22, ""),
        // A tag of several lines starts where its expression does.
        (whole, 24, "auth.example: { '}#' : \"%#\" }"),
        (whole, 28, "raw #{ kept }# #% if kept %#"),
        (whole, 31, "{{ helm }} ${flux} #not #a %tag} # {"),
        (whole, 32, "    text auth.example\"587\""),
        (whole, 39, "captured auth.example"),
        (whole, 39, "twice"),
        (whole, 39, ""),
        ("_part.j2", 1, "part: \"587\""),
        ("_part.j2", 2, ""),
        ("_part.j2", 3, "  more"),
        (whole, 41, "values:"),
        (whole, 42, "  one: \"587\""),
        (whole, 42, "  two: |-"),
        (whole, 42, "    first"),
        (whole, 42, "    second"),
        (whole, 43, "no line feed at the end auth.example"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_value_of_several_places_has_an_entry_for_each_in_their_order() {
    let mut fixture = load(&[("a.j2", "x: #{ both | hcl }#\n")], &[]);
    let both = Placed::text(&Derived::new("https://auth.example:587", [place("auth.example"), place("587")]));
    let (_, file) = fixture.rendered("a.j2", &[], context! { both => both });
    assert_eq!(map(&file).values, [(3..29, place("auth.example")), (3..29, place("587"))]);
}

#[test]
fn each_leaf_of_a_value_is_marked_by_itself_and_an_empty_one_as_a_whole() {
    let mut fixture = load(&[("a.j2", "x = #{ value | hcl(indent=0) }#\n")], &[]);
    let value = Placed::map([
        (from_inventory("host"), Placed::list([from_inventory("auth.example"), Placed::from(5)])),
        (Placed::from("none"), Placed::from(&Derived::new(Vec::<String>::new(), [place("587")]))),
    ])
    .following([place("name")]);
    let (_, file) = fixture.rendered("a.j2", &[], context! { value => value });
    assert_eq!(file.text, "x = {\n  host = [\"auth.example\", 5]\n  none = []\n}\n");
    let values: Vec<_> =
        map(&file).values.iter().map(|(range, _)| &file.text[range.start as usize..range.end as usize]).collect();
    assert_eq!(values, ["host", "\"auth.example\"", "[]"]);
}

#[test]
fn the_header_names_the_template_that_is_rendered_also_inside_a_part() {
    let mut fixture =
        load(&[("x/__app__.py.j2", "#% include './_head.j2' %#\n"), ("x/_head.j2", "# #{ header }#\n")], &[]);
    let (path, file) = fixture.rendered("x/__app__.py.j2", &[("app", "gitea")], context! {});
    assert_eq!(path, "x/gitea.py");
    let text = "# rendered by labtree from templates/x/__app__.py.j2; edit inventory.yaml and run `labtree generate`\n";
    assert_eq!(file.text, text);
    assert!(text.is_ascii());
}
