//! The ids of what resolution reports.

/// Every id that a finding of this crate can have, with what it means, in order of the ids.
pub const RULES: &[(&str, &str)] = &[
    ("ambiguous-repetition", "A block has more than one of `count`, `for_each` and `enabled`."),
    ("duplicate-argument", "An argument is written twice in one block."),
    ("duplicate-declaration", "Two blocks of a module declare the same thing."),
    ("failed-condition", "A resource breaks one of its own conditions."),
    ("failed-validation", "The value of a variable breaks one of its own conditions."),
    ("import-target", "An `import` block leads to a resource that is not declared."),
    ("invalid-argument", "An argument of the language has a value that it cannot have."),
    ("invalid-count", "`count` or `enabled` is not what OpenTofu takes."),
    ("invalid-expression", "An expression fails: a wrong type, a missing key, a function that refuses its arguments."),
    ("invalid-for-each", "`for_each` is neither a map nor a set of strings, or is not known to be whole."),
    ("invalid-json", "A file of configuration in JSON is not JSON."),
    ("invalid-module-source", "The `source` of a module is not an address."),
    ("invalid-name", "A name is not an identifier, or is reserved."),
    ("invalid-override", "An override file changes what is not declared or cannot be changed."),
    ("invalid-type", "A type constraint is not a type."),
    ("invalid-variable-value", "A value does not fit the type of its variable."),
    ("misplaced-argument", "An argument is written as a block, or a block as an argument."),
    ("missing-argument", "A block lacks an argument that the language requires."),
    ("missing-block", "A block lacks a block that the language requires."),
    ("missing-file", "A function reads a file that is not in the repository."),
    ("missing-module", "The folder that a module is called from holds no configuration."),
    ("missing-module-input", "A module call lacks an input that has no default."),
    ("module-cycle", "A module calls itself."),
    ("moved-target", "A `moved` block does not fit what is declared."),
    ("reference-cycle", "Values refer to each other in a circle."),
    ("removed-target", "A `removed` block names what is still declared."),
    ("undeclared-module", "A reference to a module that is not called."),
    ("undeclared-module-input", "A module call gives an input that the module does not declare."),
    ("undeclared-module-output", "A reference to an output that the module does not declare."),
    ("undeclared-name", "A reference that names nothing: a local value, a variable, `each` or `count` out of place."),
    ("undeclared-provider", "A reference to a provider configuration that is not declared."),
    ("undeclared-resource", "A reference to a resource or data source that is not declared."),
    ("undeclared-variable-value", "A file of values gives a variable that is not declared."),
    ("unknown-argument", "An argument that the block does not have."),
    ("unknown-block", "A block that does not belong where it stands."),
    ("unknown-function", "A call of a function that OpenTofu does not have."),
    ("unused-local", "A local value that nothing refers to."),
    ("unused-variable", "A variable that nothing refers to."),
    ("wrong-labels", "A block has too many or too few labels."),
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_ids_are_in_order_and_in_kebab_case() {
        assert!(RULES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (id, meaning) in RULES {
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{id}");
            assert!(meaning.ends_with('.'), "{id}");
        }
    }
}
