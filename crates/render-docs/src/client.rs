//! What an app is told, as its entry of the catalog says it.

use diagnostic::Derived;
use lab::{Client, Setting};
use template::{Placed, Value, context};

pub(crate) fn context_of(client: &Client<'_>) -> Value {
    let settings = |settings: &[Setting]| settings.iter().map(setting).collect::<Vec<_>>();
    let pages = client.settings.iter();
    let has_others = client.ways().len() > usize::from(client.values.is_some());
    let chart = client.entry.facts.release.as_ref().filter(|_| client.values.is_some());
    context! {
        is_by_hand => !client.ways().is_empty(),
        leaves_open => client.leaves_open(),
        has_values => client.values.is_some(),
        values => client.values.as_ref().map(|values| Value::from(Placed::from(values))),
        chart => chart.map(|chart| Value::from(Placed::fixed(chart.chart.as_str()))),
        chart_version => chart.map(|chart| Value::from(Placed::fixed(chart.version.as_str()))),
        has_others,
        has_environment => !client.environment.is_empty(),
        environment => settings(&client.environment),
        files => settings(&client.files),
        settings => pages
            .map(|(page, fields)| context! { name => Placed::text(page), fields => settings(fields) })
            .collect::<Vec<_>>(),
        has_steps => !client.steps.is_empty(),
        steps => Placed::list(&client.steps),
        has_traps => !client.traps.is_empty(),
        traps => Placed::list(&client.traps),
    }
}

fn setting(setting: &Setting) -> Value {
    let value = Derived::new(setting.value.value.trim_end().to_owned(), setting.value.from.clone());
    context! {
        name => Placed::text(&setting.name),
        value => Placed::text(&value),
        has_key => setting.key.is_some(),
        key => setting.key.as_ref().map(|key| Value::from(Placed::text(key))),
    }
}
