//! What only a file of the catalog can be found guilty of.

document::rules! {
    /// A file of the catalog says of an app neither how it uses OpenID Connect nor LDAP.
    ENTRY_WITHOUT_PROTOCOL = "entry-without-protocol";
    /// A part of a file of the catalog is covered by none of its sources.
    FACT_WITHOUT_SOURCE = "fact-without-source";
    /// A text of the catalog does not have the form that its place asks for.
    INVALID_CATALOG_TEXT = "invalid-catalog-text";
    /// A placeholder stands where its value cannot go.
    MISPLACED_PLACEHOLDER = "misplaced-placeholder";
    /// A placeholder is none of those that the catalog knows.
    UNKNOWN_PLACEHOLDER = "unknown-placeholder";
    /// The values of a chart are written without the chart.
    VALUES_WITHOUT_RELEASE = "values-without-release";
}
