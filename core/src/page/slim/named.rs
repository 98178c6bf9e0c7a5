//! Does the name of an element say anything to an extractor?

use std::sync::LazyLock;

use regex_automata::Input;
use regex_automata::dfa::{Automaton, dense};

/// What a class or an id holds by which an element is known for the article, or for something that stands around it. A
/// word too many costs time, one too few costs an extractor its judgement.
const TELLING: [&str; 10] = [
    // The article.
    "article|body|content|entry|page|post|section|story|text",
    // Ways to other pages.
    "bread|drop|editor|featured|guides|head|link|logo|menu|nav|next|pagi|popular|prev|recommended|related|scroll|search",
    "skip|stories|trend",
    // Who wrote it, and when.
    "author|by[_-]?line|date[_-]?line|meta[_-]?data|submitted",
    // What is sold.
    "(?:^|\\s)ad(?:vert|_|$|\\s)|banner|donate|google|paid|promoted|sponsor|wide",
    // What one is asked for.
    "account|engagement|email|facebook|feedback|follow|like|log[_-]?in|newsletter|shar(?:e|ing)|sign|social|subscribe",
    "syndication|twitter|user|(?:^|[\\s_-])(?:jp|wa)",
    // What stands beside, below or before.
    "carousel|comment|consent|cookie|copyright|fcontainer|foot|gallery|legal|lightbox|modal|one-third|popup|print|reply",
    "right|side|sticky",
    // What is not shown, or shown for a moment.
    "collapsed|display-none|expandable|h-0|hidden|invisible|spinner|view-count",
];

static KNOWN: LazyLock<dense::DFA<Vec<u32>>> =
    LazyLock::new(|| dense::DFA::new(&format!("(?i-u:{})", TELLING.join("|"))).expect("the words are a small pattern"));

/// Whether a class or an id says anything to an extractor that knows elements by their names.
pub fn is_telling(name: &str) -> bool {
    let input = Input::new(name).earliest(true);
    KNOWN.try_search_fwd(&input).expect("no byte makes it stop").is_some()
}

#[cfg(test)]
mod tests {
    use super::is_telling;

    #[test]
    fn names_of_something_and_of_nothing() {
        for telling in ["single_post", "x mainNav", "AD", "c-ad ad_1f", "site-logo", "l-wa", "is-hidden", "BY-LINE"] {
            assert!(is_telling(telling), "{telling}");
        }
        for mere in ["", "col-md-8", "mb-4 flex", "grid__item", "c-shadow", "swatch", "h-10", "été"] {
            assert!(!is_telling(mere), "{mere}");
        }
    }
}
