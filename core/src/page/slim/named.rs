//! Does the name of an element say anything to an extractor?

use std::sync::LazyLock;

/// What a class or an id holds by which an element is known for the article, or for something that stands around it. A
/// word too many costs time, one too few costs an extractor its judgement.
const TELLING: [&str; 8] = [
    // The article.
    "article body content entry page post section story text",
    // Ways to other pages.
    "bread drop editor featured guides head link logo menu nav next pagi popular prev recommended related scroll search \
     skip stories trend",
    // Who wrote it, and when.
    "author byline by-line by_line dateline date-line date_line metadata meta-data meta_data submitted",
    // What is sold.
    "banner donate google paid promoted sponsor wide",
    // What one is asked for.
    "account engagement email facebook feedback follow like login log-in log_in newsletter share sharing sign social \
     subscribe syndication twitter user",
    // What stands beside, below or before.
    "carousel comment consent cookie copyright fcontainer foot gallery legal lightbox modal one-third popup print reply \
     right side sticky",
    // What is not shown, or shown for a moment.
    "collapsed display-none expandable hidden invisible spinner view-count",
    "h-0",
];
/// The same of what says something only where a name begins, or behind a hyphen or the like too.
const BEGINNING_NAMES: &str = "ad_ advert";
const BEGINNING_WORDS: &str = "jp wa";
/// And of what does only as a name of its own.
const WHOLE: &str = "ad";

/// Where a word says something.
#[derive(Clone, Copy)]
enum Place {
    Anywhere,
    NameBegins,
    WordBegins,
    Whole,
}

/// The words by their first letters, and which third letters a word has behind its first two.
struct Known {
    third: [[u32; 32]; 32],
    by_first: [Vec<(&'static [u8], Place)>; 32],
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known { third: [[0; 32]; 32], by_first: Default::default() };
    let others = [(BEGINNING_NAMES, Place::NameBegins), (BEGINNING_WORDS, Place::WordBegins), (WHOLE, Place::Whole)];
    for (words, place) in TELLING.map(|words| (words, Place::Anywhere)).into_iter().chain(others) {
        for word in words.split(' ').map(str::as_bytes) {
            let third = word.get(2).map_or(u32::MAX, |&letter| 1 << low_bits(letter));
            known.third[low_bits(word[0])][low_bits(word[1])] |= third;
            known.by_first[low_bits(word[0])].push((word, place));
        }
    }
    known
});

/// What two letters differ in that differ in more than their case.
fn low_bits(byte: u8) -> usize {
    usize::from(byte & 0x1F)
}

/// Whether a class or an id says anything to an extractor that knows elements by their names.
pub fn is_telling(name: &str) -> bool {
    let (known, bytes) = (&*KNOWN, name.as_bytes());
    bytes.windows(2).enumerate().any(|(at, pair)| {
        let third = bytes.get(at + 2).map_or(0, |&letter| low_bits(letter));
        known.third[low_bits(pair[0])][low_bits(pair[1])] >> third & 1 != 0
            && known.by_first[low_bits(pair[0])].iter().any(|(word, place)| says(bytes, at, word, *place))
    })
}

/// Whether a word stands there in a name, in whatever case, and says something there.
fn says(name: &[u8], at: usize, word: &[u8], place: Place) -> bool {
    let end = at + word.len();
    let is_space = |byte: u8| byte.is_ascii_whitespace() || byte == 0x0B;
    let before = |goes: fn(u8) -> bool| at == 0 || is_space(name[at - 1]) || goes(name[at - 1]);
    name.get(at..end).is_some_and(|written| written.eq_ignore_ascii_case(word))
        && match place {
            Place::Anywhere => true,
            Place::NameBegins => before(|_| false),
            Place::WordBegins => before(|byte| matches!(byte, b'_' | b'-')),
            Place::Whole => before(|_| false) && name.get(end).is_none_or(|&byte| is_space(byte)),
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::is_telling;

    #[test]
    fn names_of_something_and_of_nothing() {
        for telling in ["single_post", "x mainNav", "AD", "c-ad ad_1f", "site-logo", "l-wa", "is-hidden", "BY-LINE"] {
            assert!(is_telling(telling), "{telling}");
        }
        for mere in ["", "col-md-8", "mb-4 flex", "grid__item", "c-shadow", "swatch", "h-10", "été", "ads", "x-ad"] {
            assert!(!is_telling(mere), "{mere}");
        }
    }

    proptest! {
        #[test]
        fn words_at_their_places(name in "(?i)(ad|vert|_|-| |\\x0B|\t|wa|jp|h-0|1|body|é|log|in|M){0,6}") {
            let found = Regex::new(r"(?i-u)(?:^|\s)ad(?:vert|_|$|\s)|(?:^|[\s_-])(?:jp|wa)|body|h-0|log[_-]?in").unwrap();
            prop_assert_eq!(is_telling(&name), found.is_match(&name));
        }
    }
}
