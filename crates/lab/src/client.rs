//! What an app is told: the texts of its entry of the catalog, with what the lab knows in place of the placeholders.

use catalog::{Catalog, Entry, Part, Placeholder, Reach};
use diagnostic::{Derived, Diagnostic, Span, Spanned, Value, did_you_mean};
use inventory::{AppName, Text};

use crate::app::Protocol;
use crate::identity::Identity;
use crate::secret::{SecretTemplate, TemplateKey, TextPart};
use crate::values;

/// What an app is told, for whoever sets it up by hand. A secret is shown as `<client_secret>`.
///
/// Where the values of its release hold all of it, nothing is left to set: only steps and traps are here.
#[derive(Debug)]
pub struct Client<'i> {
    /// The entry of the catalog.
    pub entry: &'i Entry,
    /// Whether the values of its release hold what it is told.
    pub in_values: bool,
    /// Values for the chart that the entry names, for an app of a cluster that somebody else installs.
    pub values: Option<Derived<Value>>,
    /// Environment variables with their values.
    pub environment: Vec<Setting>,
    /// Files with their texts.
    pub files: Vec<Setting>,
    /// Pages of the app, with the fields of each.
    pub settings: Vec<(Derived<String>, Vec<Setting>)>,
    /// What only a person can do, in order.
    pub steps: Vec<Derived<String>>,
    /// What goes wrong easily.
    pub traps: Vec<Derived<String>>,
}

/// A setting of an app.
#[derive(Debug)]
pub struct Setting {
    /// Its name: of the variable, the file, the field.
    pub name: Derived<String>,
    /// What it is set to.
    pub value: Derived<String>,
    /// The key of the app's Secret that holds just this, where there is one and it is a secret.
    pub key: Option<Derived<String>>,
}

impl Client<'_> {
    /// The ways that lead to what it is told, each in a few words: `by environment variables`. They may be parts of
    /// one, or stand for each other.
    pub fn ways(&self) -> Vec<String> {
        let mut ways = Vec::new();
        ways.extend(self.values.as_ref().map(|_| String::from("by the values of its chart")));
        ways.extend((!self.environment.is_empty()).then(|| String::from("by environment variables")));
        ways.extend(self.files.iter().map(|file| format!("in {}", file.name.value)));
        ways.extend(self.settings.iter().map(|(page, _)| format!("on its page `{}`", page.value)));
        ways
    }

    /// Whether a setting has a word in angle brackets, for what nobody can know here.
    pub fn leaves_open(&self) -> bool {
        let by_hand = self.environment.iter().filter(|variable| variable.key.is_none()).chain(&self.files);
        let settings = by_hand.chain(self.settings.iter().flat_map(|(_, fields)| fields));
        let words: Vec<_> = Placeholder::ALL.iter().map(|placeholder| open(*placeholder)).collect();
        settings.into_iter().any(|setting| words.iter().any(|word| setting.value.value.contains(word)))
    }
}

/// An app with its entry of the catalog: knows what each placeholder stands for.
pub(crate) struct Told<'a, 'i> {
    /// The value of the key `catalog` of the app.
    pub(crate) named: &'i Spanned<AppName>,
    pub(crate) entry: &'i Entry,
    pub(crate) facts: &'i catalog::Client,
    /// What it is told besides, since groups have roles in it.
    pub(crate) besides: Option<&'i catalog::Client>,
    pub(crate) app: &'i inventory::App,
    pub(crate) slug: &'a Derived<String>,
    pub(crate) name: &'a Derived<String>,
    pub(crate) secret: Derived<String>,
    pub(crate) protocol: &'a Protocol<'i>,
    pub(crate) identity: &'a Identity<'i>,
}

/// The entry that the app refers to and its part about the app's protocol; `None` without `catalog`, or with a fault.
pub(crate) fn facts<'i>(
    app: &'i inventory::App,
    protocol: catalog::Protocol,
    catalog: &'i Catalog,
    found: &mut Vec<Diagnostic>,
) -> Option<(&'i Spanned<AppName>, &'i Entry, &'i catalog::Client)> {
    let named = app.catalog.as_ref()?;
    let Some(entry) = catalog.get(named.as_str()) else {
        if !catalog.knows(named.as_str()) {
            let near = did_you_mean(named.as_str(), catalog.names());
            let message = format!("the catalog has no `{}`{near}", named.as_str());
            let help = "`labtree new app --list` shows what there is; `catalog/` of the lab can hold more";
            found.push(Diagnostic::error("unknown-catalog-entry", named.span, message).help(help));
        }
        return None;
    };
    let Some(client) = entry.facts.client(protocol) else {
        let others: Vec<_> = entry.facts.clients().iter().map(|(other, _)| format!("`{}`", other.as_str())).collect();
        let (has, wants) = (others.join(" and "), protocol.as_str());
        let message = format!("`{}` of the catalog logs people in by {has}, and this app by `{wants}`", entry.key);
        let help = format!("write {has} in place of `{wants}`, or delete `catalog`");
        found.push(Diagnostic::error("catalog-protocol-mismatch", named.span, message).help(help));
        return None;
    };
    Some((named, entry, client))
}

impl<'i> Told<'_, 'i> {
    /// What is shown to whoever sets the app up by hand.
    pub(crate) fn client(&self, in_values: bool) -> Client<'i> {
        let setting = |name: Derived<&str>, value: Derived<&str>| Setting {
            name: self.at(&name, [].into_iter(), (*name).to_owned()),
            value: self.shown(&value),
            key: self.secret_key(&value),
        };
        let all = || self.all().into_iter();
        let by_hand = || all().filter(|_| !in_values);
        let is_inside = self.app.namespace.is_some();
        let mut client = Client {
            entry: self.entry,
            in_values,
            values: by_hand()
                .filter(|_| is_inside)
                .filter_map(|facts| Some(values::map(facts.values.as_ref()?, &mut |text| self.shown(text))))
                .reduce(|below, above| values::merged(above, below)),
            environment: Vec::new(),
            files: Vec::new(),
            settings: Vec::new(),
            steps: all().flat_map(|facts| &facts.steps).map(|step| self.shown(&text(step))).collect(),
            traps: all().flat_map(|facts| &facts.traps).map(|trap| self.shown(&text(trap))).collect(),
        };
        for facts in by_hand() {
            let variables = facts.environment.iter().map(|one| setting(text(&one.name), text(&one.value)));
            put(&mut client.environment, variables);
            client.files.extend(facts.files.iter().map(|one| setting(text(&one.path), text(&one.text))));
            for page in &facts.settings {
                let name = self.shown(&text(&page.page));
                let fields = page.fields.iter().map(|one| setting(text(&one.name), text(&one.value)));
                match client.settings.iter_mut().find(|(known, _)| known.value == name.value) {
                    Some((_, known)) => put(known, fields),
                    None => client.settings.push((name, fields.collect())),
                }
            }
        }
        client
    }

    /// What the app is told, and then what it is told besides, which wins.
    fn all(&self) -> impl IntoIterator<Item = &'i catalog::Client> + use<'i> {
        [self.facts].into_iter().chain(self.besides)
    }

    /// The Secret that the entry asks for.
    fn secret_facts(&self) -> Option<&'i catalog::ClientSecret> {
        self.all().into_iter().filter_map(|facts| facts.secret.as_ref()).last().map(|secret| &secret.value)
    }

    /// The key of the app's Secret that holds `text`, if there is a secret in it.
    fn secret_key(&self, text: &str) -> Option<Derived<String>> {
        self.app.namespace.as_ref()?;
        let is_secret = |part: Part<'_>| match part {
            Part::Named(name, _) => Placeholder::named(name).is_some_and(|named| named.reach() == Reach::Secret),
            Part::Text(_) => false,
        };
        if !catalog::parts(text).into_iter().any(is_secret) {
            return None;
        }
        let Some(secret) = self.secret_facts() else {
            let keys = self.protocol.credentials().keys.iter();
            return keys.copied().find(|key| text == format!("%{{{key}}}")).map(|key| Derived::fixed(key.to_owned()));
        };
        let key = secret.keys.iter().find(|key| key.value.as_str() == text)?;
        Some(self.at(&self::text(&key.name), [].into_iter(), key.name.to_string()))
    }

    /// What the app's Secret is made of; `None` where it has the keys that lie in Vault.
    pub(crate) fn secret_template(
        &self,
        vault_keys: &[&'static str],
        found: &mut Vec<Diagnostic>,
    ) -> Option<SecretTemplate> {
        let secret = self.secret_facts()?;
        let mut key = |name: Derived<&str>, written: &Spanned<Text>| TemplateKey {
            name: self.at(&name, [].into_iter(), (*name).to_owned()),
            text: self.template(&text(written), vault_keys, found),
        };
        let keys = secret.keys.iter().map(|entry| key(text(&entry.name), &entry.value)).collect();
        let label = |name: Derived<&str>, value: Derived<&str>| {
            (self.at(&name, [].into_iter(), (*name).to_owned()), self.shown(&value))
        };
        let labels = secret.labels.iter().map(|entry| label(text(&entry.name), text(&entry.value))).collect();
        Some(SecretTemplate { keys, labels })
    }

    /// The values of the entry, if the app is installed from the chart that takes them.
    pub(crate) fn values(&self, found: &mut Vec<Diagnostic>) -> Option<Derived<Value>> {
        let (release, known) = (self.app.release.as_ref()?, self.entry.facts.release.as_ref()?);
        // A chart can come from a mirror; its name stays.
        let last = |chart: &str| chart.rsplit('/').next().unwrap_or_default().to_owned();
        if last(release.chart.as_str()) != last(known.chart.as_str()) {
            return None;
        }
        let filled = self.all().into_iter().filter_map(|facts| facts.values.as_ref());
        filled
            .map(|values| values::map(values, &mut |text| self.filled(text, found)))
            .reduce(|below, above| values::merged(above, below))
    }

    /// `text` for a person: what nobody can know here is shown in angle brackets.
    fn shown(&self, text: &Derived<&str>) -> Derived<String> {
        self.fill(text, &mut |placeholder| Derived::fixed(open(placeholder)))
    }

    /// `text` for a program: what is not known is an error.
    fn filled(&self, text: &Derived<&str>, found: &mut Vec<Diagnostic>) -> Derived<String> {
        self.fill(text, &mut |placeholder| {
            self.report(placeholder, found);
            Derived::fixed(String::new())
        })
    }

    fn fill(&self, text: &Derived<&str>, unknown: &mut dyn FnMut(Placeholder) -> Derived<String>) -> Derived<String> {
        let (mut filled, mut from) = (String::with_capacity(text.len()), Vec::new());
        for part in catalog::parts(text) {
            match part {
                Part::Text(stretch) => filled.push_str(stretch),
                Part::Named(name, _) => {
                    let Some(placeholder) = Placeholder::named(name) else { continue };
                    let value = self.known(placeholder).unwrap_or_else(|| unknown(placeholder));
                    filled.push_str(&value.value);
                    from.extend(value.from);
                }
            }
        }
        self.at(text, from.into_iter(), filled)
    }

    /// `text` as the template of a key of a Secret.
    fn template(
        &self,
        text: &Derived<&str>,
        vault_keys: &[&'static str],
        found: &mut Vec<Diagnostic>,
    ) -> Vec<TextPart> {
        let parts = catalog::parts(text).into_iter().filter_map(|part| match part {
            Part::Text(stretch) => Some(TextPart::Text(self.at(text, [].into_iter(), stretch.to_owned()))),
            Part::Named(name, _) => match vault_keys.iter().find(|key| **key == name) {
                Some(key) => Some(TextPart::Key(key)),
                None => {
                    let placeholder = Placeholder::named(name)?;
                    let known = self.known(placeholder);
                    if known.is_none() {
                        self.report(placeholder, found);
                    }
                    let value = known?;
                    Some(TextPart::Text(self.at(text, value.from.into_iter(), value.value)))
                }
            },
        });
        parts.collect()
    }

    /// `value` with the places it follows from: the key `catalog`, and what the placeholders in it follow from; in an
    /// entry of the lab's own its text too.
    fn at(&self, text: &Derived<&str>, from: impl Iterator<Item = Span>, value: String) -> Derived<String> {
        let own = text.from.iter().copied().filter(|_| self.entry.own);
        Derived::new(value, [self.named.span].into_iter().chain(from).chain(own))
    }

    /// That nothing says what a placeholder stands for; once, however often it stands there.
    fn report(&self, placeholder: Placeholder, found: &mut Vec<Diagnostic>) {
        let (entry, name) = (&self.entry.key, placeholder.name());
        let message = format!("`{entry}` of the catalog asks for `%{{{name}}}`, and nothing says what it is");
        let finding = Diagnostic::error("unknown-for-catalog", self.named.span, message)
            .help("write `identity.ldap.host` in the inventory");
        if !found.contains(&finding) {
            found.push(finding);
        }
    }

    /// What a placeholder stands for; `None` for a secret, and for what the inventory leaves out.
    fn known(&self, placeholder: Placeholder) -> Option<Derived<String>> {
        if placeholder.reach() == Reach::Secret {
            return None;
        }
        let (oidc, ldap) = match self.protocol {
            Protocol::Oidc(oidc) => (Some(oidc), None),
            Protocol::Ldap(ldap) => (None, Some(ldap)),
        };
        let url = &self.app.url;
        let below = |path: &str| {
            oidc.map(|oidc| Derived::new(format!("{}{path}", oidc.issuer.value), oidc.issuer.from.clone()))
        };
        match placeholder {
            Placeholder::Name => Some(self.name.clone()),
            Placeholder::Slug | Placeholder::ClientId => Some(self.slug.clone()),
            Placeholder::Url => Some(url.derive(|url| url.as_str().trim_end_matches('/').to_owned())),
            Placeholder::Host => Some(url.derive(|url| url.host().to_owned())),
            Placeholder::Namespace => {
                self.app.namespace.as_ref().map(|namespace| namespace.derive(ToString::to_string))
            }
            Placeholder::Secret => self.app.namespace.is_some().then(|| self.secret.clone()),
            Placeholder::Issuer => below(""),
            Placeholder::IssuerWithoutSlash => {
                below("").map(|issuer| Derived::new(issuer.value.trim_end_matches('/').to_owned(), issuer.from))
            }
            Placeholder::Discovery => oidc.map(|oidc| oidc.discovery()),
            Placeholder::AuthorizeUrl => Some(self.identity.page("application/o/authorize/")),
            Placeholder::TokenUrl => Some(self.identity.page("application/o/token/")),
            Placeholder::UserinfoUrl => Some(self.identity.page("application/o/userinfo/")),
            Placeholder::EndSessionUrl => below("end-session/"),
            Placeholder::JwksUrl => below("jwks/"),
            Placeholder::LdapHost => ldap.and_then(|ldap| ldap.host.clone()),
            Placeholder::BaseDn => ldap.map(|ldap| ldap.base_dn.clone()),
            Placeholder::BindDn => ldap.map(|ldap| ldap.bind_dn.clone()),
            Placeholder::UserFilter => ldap.map(|ldap| ldap.user_filter()),
            Placeholder::AdminFilter => {
                ldap.map(|ldap| ldap.admins.clone().unwrap_or_else(|| Derived::fixed(String::new())))
            }
            Placeholder::ClientSecret | Placeholder::BindPassword => None,
        }
    }
}

/// What is shown for a placeholder that nobody can know here.
fn open(placeholder: Placeholder) -> String {
    format!("<{}>", placeholder.name())
}

/// Puts `more` into `settings`, each in the place of the one of its name.
fn put(settings: &mut Vec<Setting>, more: impl Iterator<Item = Setting>) {
    for setting in more {
        match settings.iter_mut().find(|known| known.name.value == setting.name.value) {
            Some(known) => *known = setting,
            None => settings.push(setting),
        }
    }
}

/// A text of the catalog with its place.
fn text<T: AsRef<str>>(value: &Spanned<T>) -> Derived<&str> {
    Derived::new(value.value.as_ref(), [value.span])
}
