//! What a schema can say and no table does today, and bounds.

use diagnostic::FileId;

use super::super::check::Check;
use super::super::source::Source;
use super::objects;

/// A kind whose fields have each form once.
const TABLE: &str = r#"{
"about":{"version":"1.0.0"},
"releases":[],
"kinds":{
"example.org/v1 Thing":{"namespaced":true,"stretches":[{"schema":0}]}
},
"nodes":[
{"type":"object","properties":{"apiVersion":1,"kind":1,"spec":2}},
{"type":"string"},
{"type":"object","properties":{"ref":3,"template":6,"percent":7,"tags":8,"even":9,"mode":12,"maybe":13,"ratio":14}},
{"type":"object","oneOf":[4,5],"properties":{"name":1,"selector":1}},
{"required":["name"]},
{"required":["selector"]},
{"type":"object","embedded":true,"open":true},
{"type":"integer","minimum":0,"maximum":100,"exclusiveMaximum":true},
{"type":"array","listType":"set","items":1,"maxItems":3},
{"type":"integer","multipleOf":2},
{"enum":["never"]},
{"enum":["ever"]},
{"type":"string","not":10,"anyOf":[10,11]},
{"type":"string","nullable":true},
{"type":"number"}
]
}
"#;

fn said(spec: &str) -> Vec<String> {
    let source: &'static Source = Box::leak(Box::new(Source::read("example", TABLE)));
    let text = format!("apiVersion: example.org/v1\nkind: Thing\nspec: {spec}\n");
    let object = objects(FileId(0), &text).remove(0);
    let mut check = Check::new(source, &object);
    check.object(source.node(0), &object, object.span);
    check.found.into_iter().map(|misfit| misfit.message).collect()
}

#[test]
fn forms_that_fit_are_left_alone() {
    for spec in [
        "{}",
        "{ ref: { name: a } }",
        "{ ref: { selector: a, name: } }",
        "{ template: { apiVersion: v1, kind: Pod, metadata: {}, data: {} } }",
        "{ percent: 99, tags: [a, b], even: 4, mode: ever, maybe: null, ratio: 1 }",
    ] {
        assert_eq!(said(spec), Vec::<String>::new(), "{spec}");
    }
}

#[test]
fn forms_that_do_not_fit_are_reported() {
    for (spec, expected) in [
        ("{ ref: {} }", "`spec.ref` needs one of `name`, `selector`"),
        ("{ ref: { name: a, selector: b } }", "`spec.ref` takes only one of `name`, `selector`"),
        ("{ template: { kind: Pod } }", "`spec.template.apiVersion` is missing"),
        ("{ template: { apiVersion: 1, kind: Pod } }", "`spec.template.apiVersion` must be a text, not a number"),
        ("{ percent: -1 }", "`spec.percent` must be at least 0, not -1"),
        ("{ percent: 100 }", "`spec.percent` must be less than 100"),
        ("{ percent: 101 }", "`spec.percent` must be at most 100, not 101"),
        ("{ percent: 1.5 }", "`spec.percent` must be a whole number, not `1.5`"),
        ("{ tags: [a, b, a] }", "`spec.tags` lists `a` twice"),
        ("{ tags: [a, b, c, d] }", "`spec.tags` must have at most 3 items, not 4"),
        ("{ tags: [a, null] }", "`spec.tags[1]` must be a text, not null"),
        ("{ even: 3 }", "`spec.even` must be a multiple of 2, not 3"),
        ("{ mode: always }", "`spec.mode` fits none of the forms it may have"),
        ("{ mode: never }", "`spec.mode` has a form that is not allowed"),
        ("{ ratio: a }", "`spec.ratio` must be a number, not a text"),
    ] {
        assert_eq!(said(spec), [expected], "{spec}");
    }
}
