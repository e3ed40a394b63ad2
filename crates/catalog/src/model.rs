//! What a file of the catalog says, from its top down.

use diagnostic::{Derived, Spanned};
use document::{Entries, Section, Value, record};
use inventory::{Label, LdapApp, Line, Oidc, RepositoryUrl, Text, Url, Version};

use crate::text::{ClaimName, EnvironmentName, KeyPath, LabelName, SecretKey, UrlPath};

record! {
    /// What is known of an app: how it logs people in, and where it takes the settings for that.
    pub struct Facts {
        /// The name that people see.
        name: Spanned<Line>,
        /// A few words on what it is.
        description: Spanned<Line>,
        /// The heading it stands under in a list of apps.
        category: Spanned<Line>,
        /// Its picture: an address, or `fa://fa-…`.
        icon: Option<Spanned<Line>>,
        /// What stands behind the host in the address of the app, where it is not at the root.
        path: Option<Spanned<UrlPath>>,
        /// Whether it sends mail of its own, and so has a use for the SMTP credentials.
        smtp: Spanned<bool> = false,
        /// The Helm chart that `client.values` are meant for.
        release: Option<Release>,
        /// How it logs people in by OpenID Connect.
        oidc: Option<OidcFacts>,
        /// How it logs people in by LDAP.
        ldap: Option<LdapFacts>,
        /// Where all this was read.
        sources: Vec<Source>,
    }

    /// A Helm chart at the version it was read at.
    pub struct Release {
        /// The Helm repository.
        repository: Spanned<RepositoryUrl>,
        /// The chart in it.
        chart: Spanned<Line>,
        /// Its exact version.
        version: Spanned<Version>,
    }

    /// An app that logs people in by OpenID Connect.
    pub struct OidcFacts {
        /// What authentik is told: the keys of `apps.<name>.oidc` of the inventory, which `labtree new app` copies there.
        identity: Section<Oidc>,
        /// What the app is told.
        client: Client,
        /// The roles that it takes from a claim.
        roles: Option<Roles>,
    }

    /// The roles that an app takes from a claim, which labtree adds to the scope `profile` where the inventory has
    /// `roles` for the app.
    pub struct Roles {
        /// The claim.
        claim: Spanned<ClaimName>,
        /// Whether the claim is a list of all roles that a person has. Otherwise it is the strongest of them.
        list: Spanned<bool> = false,
        /// The roles, the strongest first: the name that the inventory has for it, and what the claim says.
        names: Entries<Label, Spanned<Line>>,
        /// What the claim says of who has none of these roles. Left out: such a person has no claim, or an empty list.
        otherwise: Option<Spanned<Line>>,
        /// What the app is told besides.
        client: Client,
    }

    /// An app that logs people in by LDAP.
    pub struct LdapFacts {
        /// What authentik is told: the keys of `apps.<name>.ldap` of the inventory, which `labtree new app` copies there.
        identity: Section<LdapApp>,
        /// What the app is told.
        client: Client,
    }

    /// What an app is told. Texts hold placeholders: `%{issuer}`.
    pub struct Client {
        /// The Secret that the app reads. Left out: it has the keys that lie in Vault, under their own names.
        secret: Option<Section<ClientSecret>>,
        /// Values of the Helm chart `release`. An app that is installed from this chart has them below its own, which win.
        values: Option<Derived<Value>>,
        /// Environment variables, for whoever runs the app without the chart.
        environment: Entries<EnvironmentName, Spanned<Text>> = Vec::new(),
        /// Files that the app reads, or parts of them.
        files: Vec<ClientFile> = Vec::new(),
        /// Pages of the app on which a person fills a form.
        settings: Vec<SettingsPage> = Vec::new(),
        /// What only a person can do, in order.
        steps: Vec<Spanned<Line>> = Vec::new(),
        /// What goes wrong easily.
        traps: Vec<Spanned<Line>> = Vec::new(),
    }

    /// The Secret that an app reads.
    pub struct ClientSecret {
        /// Its keys, each with its text.
        keys: Entries<SecretKey, Spanned<Text>>,
        /// Labels that it must have to be read.
        labels: Entries<LabelName, Spanned<Line>> = Vec::new(),
    }

    /// A file that an app reads.
    pub struct ClientFile {
        /// Its path, or its name.
        path: Spanned<Line>,
        /// The part of it that is about logging in.
        text: Spanned<Text>,
    }

    /// A page of an app on which a person fills a form.
    pub struct SettingsPage {
        /// How one gets there: `Settings > Plugins > LDAP-Auth`.
        page: Spanned<Line>,
        /// What is filled in, by the names of the fields.
        fields: Entries<Line, Spanned<Text>>,
    }

    /// Where something was read.
    pub struct Source {
        /// What it is: `chart values`.
        what: Spanned<Line>,
        /// Where it stands: a file of a repository at a commit, or a page of the documentation.
        url: Spanned<Url>,
        /// Its version, or the day it was read.
        version: Spanned<Line>,
        /// The keys of this file that say what was read there: `release`, `oidc.client.values`, or `oidc` for all below it.
        covers: Vec<Spanned<KeyPath>>,
    }
}
