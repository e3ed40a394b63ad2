//! Reads single arguments of the language's own blocks: flags, texts, references, addresses, providers.

use diagnostic::{Diagnostic, Span, Spanned};
use syntax::hcl::{Attribute, Block, Expression, Kind, Step};

use super::body::{Content, Reader};
use super::{Address, ProviderReference, Repetition, address};

/// Whether `name` is one that the language can refer to.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

impl Reader<'_> {
    pub(super) fn identifier(&mut self, name: &Spanned<String>, what: &str) {
        if !is_identifier(&name.value) {
            let message = format!("`{}` cannot be the name of {what}", name.value);
            self.found.push(
                Diagnostic::error("invalid-name", name.span, message)
                    .help("a name begins with a letter or `_`, and goes on with letters, digits, `_` and `-`"),
            );
        }
    }

    /// The blocks of `kind`, of which there may be one; further ones are reported.
    pub(super) fn once(&mut self, content: &mut Content, kind: &str) -> Option<Block> {
        let mut blocks = content.take_blocks(kind).into_iter();
        let first = blocks.next()?;
        for later in blocks {
            let message = format!("a second `{kind}` block, where there can be one");
            self.found.push(
                Diagnostic::error("duplicate-declaration", later.header, message)
                    .related(first.header, "the first is here"),
            );
        }
        Some(first)
    }

    /// `true` or `false` written out.
    pub(super) fn flag(&mut self, content: &mut Content, name: &str, absent: bool) -> bool {
        let Some(value) = content.take(name) else { return absent };
        match &value.kind {
            Kind::Bool(flag) => *flag,
            Kind::Text(text) if text == "true" => true,
            Kind::Text(text) if text == "false" => false,
            Kind::Invalid => absent,
            _ => {
                self.error("invalid-argument", value.span, format!("`{name}` is `true` or `false`, written out"));
                absent
            }
        }
    }

    /// Text written out.
    pub(super) fn text(&mut self, content: &mut Content, name: &str) -> Option<Spanned<String>> {
        let value = content.take(name)?;
        match &value.kind {
            Kind::Text(text) => {
                if name == "deprecated" && text.trim().is_empty() {
                    self.error("invalid-argument", value.span, "`deprecated` says what to use instead, and is empty");
                }
                Some(Spanned::new(text.clone(), value.span))
            }
            Kind::Number(text) => Some(Spanned::new(text.clone(), value.span)),
            Kind::Bool(flag) => Some(Spanned::new(flag.to_string(), value.span)),
            Kind::Invalid => None,
            _ => {
                self.error("invalid-argument", value.span, format!("`{name}` is text without anything to fill in"));
                None
            }
        }
    }

    /// A list of references, each reported if it is none.
    pub(super) fn references(&mut self, content: &mut Content, name: &str) -> Vec<Expression> {
        let Some(value) = content.take(name) else { return Vec::new() };
        let Kind::Tuple(elements) = value.kind else {
            if !matches!(value.kind, Kind::Invalid) {
                self.error("invalid-argument", value.span, format!("`{name}` takes a list of references"));
            }
            return Vec::new();
        };
        let elements: Vec<Expression> = elements
            .into_iter()
            .map(|element| {
                let element = self.plain(element);
                self.unquoted(element)
            })
            .collect();
        for element in &elements {
            if super::address::traversal(element).is_none() && !matches!(element.kind, Kind::Invalid) {
                self.error("invalid-argument", element.span, format!("`{name}` takes references, and this is none"));
            }
        }
        elements
    }

    /// In JSON a reference is text; the expression that the text writes.
    pub(super) fn plain(&mut self, expression: Expression) -> Expression {
        match &expression.kind {
            Kind::Text(text) if self.is_json(expression.span) => {
                super::load::expression_in_text(text, expression.span).unwrap_or(expression)
            }
            _ => expression,
        }
    }

    /// The reference that stands in quotes, as it did in old configurations: OpenTofu still takes it, and warns.
    fn unquoted(&mut self, expression: Expression) -> Expression {
        let Kind::Text(text) = &expression.kind else { return expression };
        let Some(inner) = super::load::expression_in_text(text, expression.span)
            .filter(|inner| super::address::traversal(inner).is_some())
        else {
            return expression;
        };
        let finding = Diagnostic::warning("invalid-argument", expression.span, "a reference stands without quotes");
        self.found.push(finding.help(format!("write `{text}`")));
        inner
    }

    pub(super) fn address(&mut self, value: Expression) -> Option<Spanned<Address>> {
        let value = self.plain(value);
        match address(&value) {
            Some(address) => Some(Spanned::new(address, value.span)),
            None => {
                if !matches!(value.kind, Kind::Invalid) {
                    self.error("invalid-argument", value.span, "this is not the address of a resource or module");
                }
                None
            }
        }
    }

    /// `name`, `name.alias` or `name.alias[key]`.
    pub(super) fn provider(&mut self, value: &Expression) -> Option<ProviderReference> {
        let value = &self.plain(value.clone());
        let (inner, key) = match &value.kind {
            Kind::Access(of, step) => match &**step {
                Step::Index(key) => (&**of, Some(key.clone())),
                Step::Attribute(_) => (value, None),
            },
            // The key of an object that is a bare word.
            Kind::Text(name) if is_identifier(name) && !self.is_quoted(value.span, name) => {
                let name = Spanned::new(name.clone(), value.span);
                return Some(ProviderReference { name, alias: None, key: None, span: value.span });
            }
            _ => (value, None),
        };
        let found = match &inner.kind {
            Kind::Variable(name) => Some((Spanned::new(name.clone(), inner.span), None)),
            Kind::Access(of, step) => match (&of.kind, &**step) {
                (Kind::Variable(name), Step::Attribute(alias)) => {
                    Some((Spanned::new(name.clone(), of.span), Some(alias.clone())))
                }
                _ => None,
            },
            Kind::Invalid => return None,
            _ => None,
        };
        let Some((name, alias)) = found else {
            if let Kind::Text(text) = &value.kind
                && let (name, alias) =
                    text.split_once('.').map_or((text.as_str(), None), |(name, alias)| (name, Some(alias)))
                && [name].into_iter().chain(alias).all(is_identifier)
            {
                let finding = Diagnostic::warning("invalid-argument", value.span, "a provider is named without quotes");
                self.found.push(finding.help(format!("write `{text}`")));
                let spanned = |text: &str| Spanned::new(text.to_owned(), value.span);
                let (name, alias) = (spanned(name), alias.map(spanned));
                return Some(ProviderReference { name, alias, key: None, span: value.span });
            }
            let message = "a provider is named by its name, or name and alias";
            self.found.push(Diagnostic::error("invalid-argument", value.span, message));
            return None;
        };
        self.provider_name(&name);
        Some(ProviderReference { name, alias, key, span: value.span })
    }

    /// Reports a name that no provider can have.
    pub(super) fn provider_name(&mut self, name: &Spanned<String>) {
        let plain = |c: char| c.is_alphanumeric() && !c.is_uppercase() || c == '-';
        let text = &name.value;
        let fits = text.chars().all(plain) && !text.starts_with('-') && !text.ends_with('-') && !text.contains("--");
        if !fits {
            let message = format!("`{text}` cannot be the name of a provider");
            let finding = Diagnostic::error("invalid-name", name.span, message);
            self.found.push(finding.help("a provider has a name of small letters, digits and single dashes"));
        }
    }

    /// Whether `text` was written with quotes around it.
    fn is_quoted(&self, span: Span, text: &str) -> bool {
        (span.end - span.start) as usize != text.len()
    }

    pub(super) fn repetition(&mut self, content: &mut Content, enabled: Option<Attribute>) -> Repetition {
        let count = content.take_attribute("count");
        let for_each = content.take_attribute("for_each");
        let mut written: Vec<&Attribute> = [&count, &for_each, &enabled].into_iter().flatten().collect();
        written.sort_by_key(|attribute| (attribute.span.file, attribute.span.start));
        if let [first, second, ..] = written.as_slice() {
            let message = format!("`{}` and `{}` exclude each other", first.name.value, second.name.value);
            let finding = Diagnostic::error("ambiguous-repetition", second.name.span, message);
            self.found.push(finding.related(first.name.span, "the other is here"));
        }
        match (for_each, count, enabled) {
            (Some(for_each), _, _) => Repetition::ForEach(for_each.value),
            (None, Some(count), _) => Repetition::Count(count.value),
            (None, None, Some(enabled)) => Repetition::Enabled(enabled.value),
            (None, None, None) => Repetition::Once,
        }
    }
}
