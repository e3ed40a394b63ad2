//! "Did you mean": the candidate that a mistyped word is closest to.

/// The candidate that `word` was probably meant to be: within a third of its letters (at least one) by
/// Damerau-Levenshtein distance, the closest first, then the first in the order given.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let budget = (length / 3).max(1);
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        // No closer than their lengths, which takes little to see where there are thousands.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= budget)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= budget)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `, did you mean `x`?` for the nearest of `candidates`, or nothing; to be put behind "unknown … `word`".
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_too_many_finds_its_word() {
        assert_eq!(did_you_mean("grafanna", ["gitea", "grafana"]), ", did you mean `grafana`?");
    }

    #[test]
    fn two_swapped_letters_in_another_case_find_their_word() {
        assert_eq!(nearest("AlLwo", ["allow", "all"]), Some("allow"));
    }

    #[test]
    fn an_unrelated_word_finds_nothing() {
        assert_eq!(did_you_mean("vault", ["gitea", "grafana"]), "");
    }
}
