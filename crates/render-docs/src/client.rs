//! What an app is told, as its entry of the catalog says it.

use diagnostic::Derived;
use lab::{Client, Setting};
use template::{Placed, Value, context};

/// What is set by hand, unless the values of its release say it all; steps and traps in any case.
pub(crate) fn context_of(client: &Client<'_>) -> Value {
    let by_hand = !client.in_values;
    let shown = |settings: &[Setting]| if by_hand { settings.iter().map(setting).collect() } else { Vec::new() };
    let (environment, files) = (shown(&client.environment), shown(&client.files));
    let pages = client.settings.iter().filter(|_| by_hand);
    let settings: Vec<_> = pages
        .map(|(page, fields)| {
            context! { name => Placed::text(page), fields => fields.iter().map(setting).collect::<Vec<_>>() }
        })
        .collect();
    context! {
        is_by_hand => !(environment.is_empty() && files.is_empty() && settings.is_empty()),
        has_environment => !environment.is_empty(),
        environment,
        files,
        settings,
        has_steps => !client.steps.is_empty(),
        steps => Placed::list(&client.steps),
        has_traps => !client.traps.is_empty(),
        traps => Placed::list(&client.traps),
    }
}

fn setting(setting: &Setting) -> Value {
    let value = Derived::new(setting.value.value.trim_end().to_owned(), setting.value.from.clone());
    context! { name => Placed::text(&setting.name), value => Placed::text(&value) }
}
