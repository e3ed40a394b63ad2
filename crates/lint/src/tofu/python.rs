//! The Python that authentik will run, and where each part of it is written.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::{FileId, Sources, Span};
use expression::{Context, Expression, Kind, ServerVersion};
use resolve_tofu::{Argument, Instance, Mode};

use super::flag;
use crate::Files;

/// A Python text in an argument of an instance.
#[derive(Clone, Debug)]
pub struct Python {
    /// The address of the instance.
    pub address: String,
    /// The argument that holds it: `expression`.
    pub argument: &'static str,
    /// What it is for.
    pub kind: Kind,
    /// What is known about it.
    pub facts: Arc<Expression>,
    lines: Lines,
}

/// Where the lines of a text are written.
#[derive(Clone, Debug)]
enum Lines {
    /// One to one in a file, from that byte on.
    From(FileId, u32),
    /// Each on its own: where it begins in the text, and where it is written.
    Each(Vec<(usize, Span)>),
    /// Somewhere in here.
    Within(Span),
}

impl Python {
    /// Every text in `root` that is known.
    pub(super) fn of(
        root: &resolve_tofu::Root<'_>,
        sources: &Sources,
        files: &Files,
        server: Option<ServerVersion>,
    ) -> Vec<Self> {
        let mut read: HashMap<(String, String), Arc<Expression>> = HashMap::new();
        let mut all = Vec::new();
        for instance in root.instances.iter().filter(|instance| instance.resource.mode == Mode::Managed) {
            for (argument, kind) in arguments(instance) {
                let Some(written) = instance.argument(argument) else { continue };
                let Some(text) = written.value.as_text() else { continue };
                let key = (text.to_owned(), format!("{kind:?}"));
                let facts =
                    read.entry(key).or_insert_with(|| Arc::new(Expression::parse(text, Context { kind, server })));
                let facts = Arc::clone(facts);
                let lines = lines(text, written, sources, files);
                all.push(Self { address: instance.address().to_owned(), argument, kind, facts, lines });
            }
        }
        all
    }

    /// Where the bytes `range` of the text are written.
    pub fn place(&self, range: Range<usize>) -> Span {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        match &self.lines {
            Lines::Within(span) => *span,
            Lines::From(file, start) => {
                Span { file: *file, start: start + short(range.start), end: start + short(range.end) }
            }
            Lines::Each(lines) => {
                let place = |at: usize| {
                    let line = lines.partition_point(|(start, _)| *start <= at).saturating_sub(1);
                    let (start, span) = lines[line];
                    (span.file, (span.start + short(at - start)).min(span.end))
                };
                let (file, start) = place(range.start);
                let (_, end) = place(range.end.max(range.start));
                Span { file, start, end: end.max(start) }
            }
        }
    }
}

/// The arguments of `instance` that hold Python, and what it is for: `pkg/provider/resource_*.go` of the provider.
fn arguments(instance: &Instance<'_>) -> Vec<(&'static str, Kind)> {
    let kind = match instance.kind() {
        "authentik_policy_expression" => Kind::Policy,
        "authentik_property_mapping_provider_scope" | "authentik_scope_mapping" => Kind::ScopeMapping,
        "authentik_property_mapping_provider_saml" | "authentik_property_mapping_saml" => Kind::SamlMapping,
        "authentik_property_mapping_provider_scim" | "authentik_property_mapping_scim" => Kind::ScimMapping,
        "authentik_property_mapping_provider_google_workspace" => Kind::GoogleWorkspaceMapping,
        "authentik_property_mapping_provider_microsoft_entra" => Kind::MicrosoftEntraMapping,
        "authentik_property_mapping_provider_radius" => Kind::RadiusMapping,
        "authentik_property_mapping_provider_rac" | "authentik_property_mapping_rac" => Kind::RacMapping,
        "authentik_property_mapping_notification" => Kind::NotificationMapping,
        "authentik_property_mapping_source_ldap" | "authentik_property_mapping_ldap" => Kind::LdapSource,
        "authentik_property_mapping_source_oauth" => Kind::OauthSource,
        "authentik_property_mapping_source_saml" => Kind::SamlSource,
        "authentik_property_mapping_source_plex" => Kind::PlexSource,
        "authentik_property_mapping_source_kerberos" => Kind::KerberosSource,
        "authentik_property_mapping_source_scim" => Kind::ScimSource,
        "authentik_stage_prompt_field" => {
            let twins = [("placeholder", "placeholder_expression"), ("initial_value", "initial_value_expression")];
            let is_python = |(_, switch): &(&str, &str)| flag(instance, switch, false) == Some(true);
            return twins.into_iter().filter(is_python).map(|(argument, _)| (argument, Kind::Prompt)).collect();
        }
        _ => return Vec::new(),
    };
    vec![("expression", kind)]
}

/// Where the lines of `text`, the value of `argument`, are written.
fn lines(text: &str, argument: &Argument, sources: &Sources, files: &Files) -> Lines {
    let place = argument.origin();
    if let Some(lines) = in_heredoc(text, place, sources).or_else(|| in_quotes(text, place, sources)) {
        return lines;
    }
    let near = [sources.slice(place), sources.slice(argument.span)];
    let is_named =
        |file: &&crate::File| file.path.file_name().is_some_and(|name| near.iter().any(|near| near.contains(name)));
    let reads = |file: &&crate::File| file.kind.is_read() && sources.get(file.id).text.trim() == text.trim();
    let same: Vec<_> = files.iter().filter(reads).collect();
    let Some(file) = same.iter().find(|file| is_named(file)).or(same.first()) else { return Lines::Within(place) };
    // `trimspace` may have taken off what stands around it.
    let blank = |text: &str| text.len() - text.trim_start().len();
    let start = blank(&sources.get(file.id).text).saturating_sub(blank(text));
    Lines::From(file.id, u32::try_from(start).unwrap_or_default())
}

/// The lines of a heredoc that is the whole value, whatever indentation is taken off.
fn in_heredoc(text: &str, place: Span, sources: &Sources) -> Option<Lines> {
    let slice = sources.slice(place);
    if !slice.starts_with("<<") {
        return None;
    }
    let mut at = place.start + u32::try_from(slice.find('\n')? + 1).ok()?;
    let (mut lines, mut start) = (Vec::new(), 0);
    for (line, written) in text.split_inclusive('\n').zip(slice.split_inclusive('\n').skip(1)) {
        let (line, length) = (line.trim_end_matches(['\r', '\n']), u32::try_from(written.len()).ok()?);
        let shown = written.trim_end_matches(['\r', '\n']);
        let taken = u32::try_from(shown.len().checked_sub(line.len()).filter(|_| shown.ends_with(line))?).ok()?;
        let end = at + u32::try_from(shown.len()).ok()?;
        lines.push((start, Span { file: place.file, start: at + taken, end }));
        (at, start) = (at + length, start + line.len() + 1);
    }
    (!lines.is_empty()).then_some(Lines::Each(lines))
}

/// A quoted text without an escape.
fn in_quotes(text: &str, place: Span, sources: &Sources) -> Option<Lines> {
    let within = sources.slice(place).strip_prefix('"')?.strip_suffix('"')?;
    (within == text).then_some(Lines::From(place.file, place.start + 1))
}
