//! What a new app is to be: from flags, from the catalog, and from the person at the keyboard, in this order.

use inventory::edit::Part;
use inventory::{Allow, Inventory, RedirectUri, strict_redirect};

use super::ask::Ask;
use super::known::Known;
use crate::args::{Chart, NewApp};
use crate::failure::Failure;

/// A new app.
#[derive(Debug)]
pub(super) struct Draft {
    url: String,
    namespace: Option<String>,
    category: Option<String>,
    /// `None` is everyone.
    allow: Option<Vec<String>>,
    login: Login,
    smtp: bool,
    release: Option<Chart>,
}

/// How an app logs people in.
#[derive(Debug)]
enum Login {
    /// With these keys below `oidc`.
    Oidc(Part),
    /// With these keys below `ldap`.
    Ldap(Part),
}

const OUTSIDE: &str = "none: it runs outside the clusters";
const EVERYONE: &str = "everyone";

/// Flags that nobody gave, each with an example.
type Missing = Vec<(&'static str, String)>;

/// Gathers the draft of the app that `arguments` name. What no flag says and `known` does not, `ask` is asked.
///
/// # Errors
/// Nobody is there to be asked for what is missing, or the person gave up.
pub(super) fn gather(
    arguments: &NewApp,
    inventory: &Inventory,
    known: Option<&Known>,
    mut ask: Option<&mut dyn Ask>,
) -> Result<Draft, Failure> {
    let name = arguments.name();
    let mut missing = Missing::new();
    let login = login(arguments, known, &mut ask, &mut missing)?;
    let usual = format!(
        "https://{name}.{}{}",
        inventory.lab.domain.as_str(),
        known.and_then(|known| known.path.as_deref()).unwrap_or_default()
    );
    let url = match (&arguments.url, &mut ask) {
        (Some(url), _) => url.clone(),
        (None, Some(ask)) => ask.text("Where do people open it?", &usual, &is_url)?,
        (None, None) => {
            missing.push(("--url", format!("--url {usual}")));
            String::new()
        }
    };
    let namespace = match (&arguments.namespace, arguments.outside, &mut ask) {
        (Some(namespace), ..) => Some(namespace.clone()),
        (None, false, Some(ask)) => namespace(name, inventory, *ask)?,
        _ => None,
    };
    let allow = allow(arguments, inventory, &mut ask, &mut missing)?;
    let category = match (&arguments.category, known.map(|known| &known.category), &mut ask) {
        (Some(category), ..) => Some(category.clone()),
        (None, Some(category), _) => Some(category.clone()),
        (None, None, Some(ask)) => category(inventory, *ask)?,
        (None, None, None) => None,
    };
    if !missing.is_empty() {
        return Err(refuse(&missing));
    }
    let is_inside = namespace.is_some();
    let smtp = match (arguments.smtp, known.is_some_and(|known| known.smtp) && is_inside, &mut ask) {
        (false, true, Some(ask)) => ask.yes("Does it send mail with the SMTP account of the lab?", true)?,
        (smtp, ..) => smtp,
    };
    let release = release(arguments, known, is_inside, &mut ask)?;
    Ok(Draft { url, namespace, category, allow, login, smtp, release })
}

impl Draft {
    /// What is written behind the app's name.
    pub(super) fn entry(&self, arguments: &NewApp, inventory: &Inventory, known: Option<&Known>) -> Part {
        let mut entries: Vec<(String, Part)> = Vec::new();
        let mut put = |key: &str, part: Option<Part>| entries.extend(part.map(|part| (key.to_owned(), part)));
        let text = |text: &str| Part::Text(text.to_owned());
        let either = |flag: &Option<String>, known: Option<&str>| flag.as_deref().or(known).map(text);
        let is_taken = |display: &str| {
            let is_its = |app: &inventory::Entry<inventory::AppName, inventory::App>| match &app.value.name {
                Some(name) => name.as_str() == display,
                None => lab::title(app.name.as_str()) == display,
            };
            inventory.apps.iter().any(is_its)
        };
        let display = known
            .map(|known| known.name.as_str())
            .filter(|display| *display != lab::title(arguments.name()) && !is_taken(display));
        put("url", Some(text(&self.url)));
        put("name", either(&arguments.display_name, display));
        put("catalog", known.map(|known| text(&known.key)));
        put("namespace", self.namespace.as_deref().map(text));
        put("category", self.category.as_deref().map(text));
        put("description", either(&arguments.description, known.map(|known| known.description.as_str())));
        put("icon", either(&arguments.icon, known.and_then(|known| known.icon.as_deref())));
        put(
            "allow",
            Some(match &self.allow {
                Some(groups) => Part::List(groups.iter().map(|group| text(group)).collect()),
                None => text(EVERYONE),
            }),
        );
        let roles = arguments.role.iter().map(|role| {
            let groups = role.groups.iter().map(|group| text(group)).collect();
            (role.name.clone(), Part::List(groups))
        });
        put("roles", (!arguments.role.is_empty()).then(|| Part::Map(roles.collect())));
        match &self.login {
            Login::Oidc(part) => put("oidc", Some(part.clone())),
            Login::Ldap(part) => put("ldap", Some(part.clone())),
        }
        let pair = |key: &str, value: &str| (key.to_owned(), text(value));
        let release = self.release.as_ref().map(|release| {
            let Chart { repository, chart, version } = release;
            Part::Map(vec![pair("repository", repository), pair("chart", chart), pair("version", version)])
        });
        put("release", release);
        put("smtp", self.smtp.then_some(Part::Bool(true)));
        Part::Map(entries)
    }
}

fn login(
    arguments: &NewApp,
    known: Option<&Known>,
    ask: &mut Option<&mut dyn Ask>,
    missing: &mut Missing,
) -> Result<Login, Failure> {
    let (oidc, ldap) = known.map_or((None, None), |known| (known.oidc.as_ref(), known.ldap.as_ref()));
    let written = !arguments.redirect_uri.is_empty();
    let by_ldap = match (arguments.oidc || written, arguments.ldap, ask.as_deref_mut()) {
        (true, ..) => false,
        (_, true, _) => true,
        _ if oidc.is_some() != ldap.is_some() => ldap.is_some(),
        (.., Some(ask)) => {
            let options = ["by OpenID Connect", "by LDAP"].map(String::from);
            ask.one("How does it log people in?", &options, 0)? == 1
        }
        _ if oidc.is_some() => false,
        _ => {
            missing.push(("--redirect-uri` or `--ldap", String::from("--redirect-uri /oauth/callback")));
            return Ok(Login::Ldap(Part::Map(Vec::new())));
        }
    };
    if by_ldap {
        return Ok(Login::Ldap(ldap.map_or(Part::Map(Vec::new()), |text| Part::Yaml(text.clone()))));
    }
    let redirects = match (written, oidc, ask.as_deref_mut()) {
        (true, ..) => arguments.redirect_uri.clone(),
        (false, Some(text), _) => return Ok(Login::Oidc(Part::Yaml(text.clone()))),
        (false, None, Some(ask)) => {
            let given = ask.text(
                "Where may it have people sent back to? Paths, with commas between",
                "/oauth/callback",
                &are_redirects,
            )?;
            separate(&given).map(String::from).collect()
        }
        (false, None, None) => {
            missing.push(("--redirect-uri", String::from("--redirect-uri /oauth/callback")));
            Vec::new()
        }
    };
    let redirects = Part::List(redirects.into_iter().map(Part::Text).collect());
    Ok(Login::Oidc(Part::Map(vec![(String::from("redirect_uris"), redirects)])))
}

fn namespace(name: &str, inventory: &Inventory, ask: &mut dyn Ask) -> Result<Option<String>, Failure> {
    let mut known: Vec<_> = inventory.apps.iter().filter_map(|app| app.value.namespace.as_ref()).collect();
    known.sort_by(|one, other| one.value.cmp(&other.value));
    known.dedup_by(|one, other| one.value == other.value);
    let mut options = vec![name.to_owned()];
    options.extend(known.into_iter().map(|namespace| namespace.to_string()).filter(|other| other != name));
    options.push(OUTSIDE.to_owned());
    let chosen = ask.one("Which namespace does it run in?", &options, 0)?;
    Ok((chosen + 1 < options.len()).then(|| options.swap_remove(chosen)))
}

fn allow(
    arguments: &NewApp,
    inventory: &Inventory,
    ask: &mut Option<&mut dyn Ask>,
    missing: &mut Missing,
) -> Result<Option<Vec<String>>, Failure> {
    if !arguments.allow.is_empty() {
        // With groups beside it, it is none; the inventory says so.
        let everyone = arguments.allow == [EVERYONE];
        let groups = arguments.allow.iter().map(|group| group.trim().to_owned());
        return Ok((!everyone).then(|| groups.collect()));
    }
    let groups: Vec<_> = inventory.groups.iter().map(|group| group.name.to_string()).collect();
    let usual = usual_group(inventory);
    let Some(ask) = ask else {
        let group = usual.map_or(EVERYONE, |usual| groups[usual].as_str());
        missing.push(("--allow", format!("--allow {group}")));
        return Ok(None);
    };
    let mut options = groups.clone();
    options.push(String::from("everyone who can log in"));
    let chosen = ask.some("Who may open it?", &options, &[usual.unwrap_or(groups.len())])?;
    let everyone = chosen.contains(&groups.len());
    Ok((!everyone).then(|| chosen.into_iter().map(|index| groups[index].clone()).collect()))
}

/// The group that most apps are opened to.
fn usual_group(inventory: &Inventory) -> Option<usize> {
    let opened = |group: &str| {
        let opens = |app: &&inventory::Entry<_, inventory::App>| match &app.value.allow {
            Allow::Groups(groups) => groups.value.iter().any(|allowed| allowed.as_str() == group),
            Allow::Everyone(_) => false,
        };
        inventory.apps.iter().filter(opens).count()
    };
    let names = inventory.groups.iter().map(|group| group.name.as_str()).enumerate();
    names.rev().max_by_key(|(_, name)| opened(name)).map(|(index, _)| index)
}

fn category(inventory: &Inventory, ask: &mut dyn Ask) -> Result<Option<String>, Failure> {
    let mut options: Vec<_> = inventory
        .apps
        .iter()
        .filter_map(|app| app.value.category.as_ref())
        .map(|category| category.to_string())
        .collect();
    options.sort();
    options.dedup();
    if options.is_empty() {
        return Ok(None);
    }
    options.insert(0, String::from("none"));
    let chosen = ask.one("Which heading does it stand under in the list of apps?", &options, 0)?;
    Ok((chosen > 0).then(|| options.swap_remove(chosen)))
}

fn release(
    arguments: &NewApp,
    known: Option<&Known>,
    is_inside: bool,
    ask: &mut Option<&mut dyn Ask>,
) -> Result<Option<Chart>, Failure> {
    let of_catalog = known.and_then(|known| known.release.as_ref());
    match (&arguments.release, of_catalog, ask) {
        (Some(Some(chart)), ..) => Ok(Some(chart.clone())),
        (Some(None), Some(chart), _) => Ok(Some(chart.clone())),
        (Some(None), None, _) => Err(Failure::usage(
            "the catalog knows no Helm chart of this app",
            "name one: `--release=https://charts.example.org/CHART@1.2.3`",
        )),
        (None, Some(chart), Some(ask)) if is_inside => {
            let question =
                format!("Shall labtree render its HelmRelease, of the chart {} {}?", chart.chart, chart.version);
            Ok(ask.yes(&question, false)?.then(|| chart.clone()))
        }
        (None, ..) => Ok(None),
    }
}

fn is_url(text: &str) -> Result<(), String> {
    inventory::Url::new(text).map(drop).map_err(|fault| fault.message)
}

/// What stands between the commas of `text`.
fn separate(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn are_redirects(text: &str) -> Result<(), String> {
    let fault_of = |uri| RedirectUri::new(uri).err().or_else(|| strict_redirect(uri).err());
    let fault = separate(text).find_map(fault_of);
    fault.map_or(Ok(()), |fault| {
        Err([Some(fault.message), fault.help].into_iter().flatten().collect::<Vec<_>>().join("; "))
    })
}

/// Nobody can be asked for these.
fn refuse(missing: &Missing) -> Failure {
    let flags: Vec<_> = missing.iter().map(|(flag, _)| format!("`{flag}`")).collect();
    let (last, others) = flags.split_last().expect("something is missing");
    let listed = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    let verb = if others.is_empty() { "is" } else { "are" };
    let examples: Vec<_> = missing.iter().map(|(_, example)| example.as_str()).collect();
    Failure::usage(
        format!("{listed} {verb} missing, and there is no terminal to ask on"),
        format!("for example `{}`", examples.join(" ")),
    )
}
