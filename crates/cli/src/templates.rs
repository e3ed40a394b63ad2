//! `labtree templates`: which templates there are, and who provides each.

use serde_json::{Value, json};
use template::Provider;

use crate::args::{Format, Templates};
use crate::disk::Disk;
use crate::failure::Failure;
use crate::input::{Input, TEMPLATES_FOLDER};
use crate::terminal::Terminal;
use crate::{Outcome, builtin};

/// Lists the templates of the lab on `disk`, or prints the one that is asked for.
///
/// # Errors
/// There is no lab, or no such template.
pub(crate) fn run(disk: &impl Disk, arguments: &Templates, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let mut input = Input::read(disk)?;
    match &arguments.show {
        Some(path) => show(&input, path, terminal)?,
        None => list(&input, arguments.format, terminal),
    }
    input.report(terminal);
    Ok(input.outcome())
}

fn list(input: &Input, format: Format, terminal: &mut Terminal) {
    let templates: Vec<_> = input.templates.list().collect();
    if format == Format::Json {
        let list: Value =
            templates.iter().map(|(path, provider)| json!({ "path": path, "provider": name(*provider) })).collect();
        terminal.print(json!({ "version": 1, "templates": list }).to_string());
        return;
    }
    let width = templates.iter().map(|(path, _)| path.chars().count()).max().unwrap_or_default();
    for (path, provider) in templates {
        let provider = match provider {
            Provider::BuiltIn => name(provider).to_owned(),
            Provider::Own => terminal.paint(anstyle::AnsiColor::Cyan, name(provider)),
        };
        terminal.print(format!("{path:width$}  {provider}"));
    }
}

fn name(provider: Provider) -> &'static str {
    match provider {
        Provider::BuiltIn => "labtree",
        Provider::Own => "this lab",
    }
}

fn show(input: &Input, path: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let path = path.strip_prefix(TEMPLATES_FOLDER).map_or(path, |below| below.trim_start_matches('/'));
    let Some(file) = input.templates.source(path) else {
        let near = diagnostic::did_you_mean(path, input.templates.list().map(|(path, _)| path));
        return Err(Failure::usage(
            format!("there is no template `{path}`{near}"),
            "`labtree templates` lists them all",
        ));
    };
    terminal.write(shown(path, &input.sources.get(file).text));
    Ok(())
}

/// What is printed of the template at `path`, whose text is `text`. In `labtree templates PATH > templates/PATH` the
/// shell has made an empty file before labtree looks: then it is the built-in text that is asked for.
fn shown<'t>(path: &str, text: &'t str) -> &'t str {
    let built_in = || builtin::templates().into_iter().find(|(known, _)| *known == path);
    if text.trim().is_empty() { built_in().map_or(text, |(_, text)| text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_the_shell_has_just_made_gets_the_built_in_text() {
        let (path, built_in) = builtin::templates()[0];
        assert_eq!(shown(path, ""), built_in);
        assert_eq!(shown(path, "of one's own\n"), "of one's own\n");
    }
}
