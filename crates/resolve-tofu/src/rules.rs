//! The ids of what resolution reports.

/// Every id that a finding of this crate can have, with what it means, in order of the ids.
pub const RULES: &[(&str, &str)] = &[
    ("ambiguous-repetition", "a block has more than one of `count`, `for_each` and `enabled`"),
    ("duplicate-argument", "an argument is written twice in one block"),
    ("duplicate-declaration", "two blocks of a module declare the same thing"),
    ("failed-condition", "a resource breaks one of its own conditions"),
    ("failed-validation", "the value of a variable breaks one of its own conditions"),
    ("import-target", "an `import` block leads to a resource that is not declared"),
    ("invalid-argument", "an argument of the language has a value that it cannot have"),
    ("invalid-count", "`count` or `enabled` is not what OpenTofu takes"),
    ("invalid-expression", "an expression fails: a wrong type, a missing key, a function that refuses its arguments"),
    ("invalid-for-each", "`for_each` is neither a map nor a set of strings, or is not known to be whole"),
    ("invalid-json", "a file of configuration in JSON is not JSON"),
    ("invalid-module-source", "the `source` of a module is not an address"),
    ("invalid-name", "a name is not an identifier, or is reserved"),
    ("invalid-override", "an override file changes what is not declared or cannot be changed"),
    ("invalid-type", "a type constraint is not a type"),
    ("invalid-variable-value", "a value does not fit the type of its variable"),
    ("misplaced-argument", "an argument is written as a block, or a block as an argument"),
    ("missing-argument", "a block lacks an argument that the language requires"),
    ("missing-block", "a block lacks a block that the language requires"),
    ("missing-file", "a function reads a file that is not in the repository"),
    ("missing-module", "the folder that a module is called from holds no configuration"),
    ("missing-module-input", "a module call lacks an input that has no default"),
    ("module-cycle", "a module calls itself"),
    ("moved-target", "a `moved` block does not fit what is declared"),
    ("reference-cycle", "values refer to each other in a circle"),
    ("removed-target", "a `removed` block names what is still declared"),
    ("undeclared-module", "a reference to a module that is not called"),
    ("undeclared-module-input", "a module call gives an input that the module does not declare"),
    ("undeclared-module-output", "a reference to an output that the module does not declare"),
    ("undeclared-name", "a reference that names nothing: a local value, a variable, `each` or `count` out of place"),
    ("undeclared-provider", "a reference to a provider configuration that is not declared"),
    ("undeclared-resource", "a reference to a resource or data source that is not declared"),
    ("undeclared-variable-value", "a file of values gives a variable that is not declared"),
    ("unknown-argument", "an argument that the block does not have"),
    ("unknown-block", "a block that does not belong where it stands"),
    ("unknown-function", "a call of a function that OpenTofu does not have"),
    ("unused-local", "a local value that nothing refers to"),
    ("unused-variable", "a variable that nothing refers to"),
    ("wrong-labels", "a block has too many or too few labels"),
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_ids_are_in_order_and_in_kebab_case() {
        assert!(RULES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (id, meaning) in RULES {
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{id}");
            assert!(!meaning.ends_with('.'), "{id}");
        }
    }
}
