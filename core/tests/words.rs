//! Words and spans: a table of examples, then what holds for every text.

use dedup_core::table::Table;
use dedup_core::words::{for_each_word, word_hashes};
use proptest::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

type Case = (&'static str, &'static [(&'static str, u32, u32)]);

fn split(text: &str) -> Vec<(String, u32, u32)> {
    let mut words = Vec::new();
    for_each_word(text, |word| {
        assert_eq!(word.hash, xxh3_64(word.folded));
        words.push((String::from_utf8(word.folded.to_vec()).unwrap(), word.start, word.end));
    });
    words
}

fn slice(text: &str, start: u32, end: u32) -> String {
    text.chars().skip(start as usize).take((end - start) as usize).collect()
}

/// Text thick with what is hard: apostrophes, ignorables, marks and scripts without spaces among letters.
fn hard_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[aÉß9 '’\u{AD}\u{301}\u{200B}\u{3099}\u{93F}中カｶﾞกำ한ﷺ\u{FE70}ſ-]{0,24}",]
}

#[test]
fn words_and_spans() {
    let cases: &[Case] = &[
        ("", &[]),
        (" - … 'ʼ' \u{AD}", &[]),
        ("The Cat", &[("the", 0, 3), ("cat", 4, 7)]),
        ("don't stop'", &[("dont", 0, 5), ("stop", 6, 10)]),
        ("rock''n roll's", &[("rock", 0, 4), ("n", 6, 7), ("rolls", 8, 14)]),
        ("a'\u{AD}b a\u{AD}' b", &[("ab", 0, 4), ("a", 5, 7), ("b", 9, 10)]),
        ("Erdog\u{306}an, Erdoğan", &[("erdogan", 0, 8), ("erdogan", 10, 17)]),
        ("cafe\u{301}.", &[("cafe", 0, 5)]),
        ("中文a1字", &[("中", 0, 1), ("文", 1, 2), ("a1", 2, 4), ("字", 4, 5)]),
        ("か\u{3099}が'が", &[("か\u{3099}", 0, 2), ("か\u{3099}", 2, 3), ("か\u{3099}", 4, 5)]),
        ("हिन्दी में", &[("हिन्दी", 0, 6), ("में", 7, 10)]),
        ("กำลัง", &[("ก", 0, 1), ("\u{E4D}\u{E32}", 1, 2), ("ล\u{E31}", 2, 4), ("ง", 4, 5)]),
        ("\u{93F}क", &[("\u{93F}क", 0, 2)]),
        ("السَّلَام عليـكم", &[("السلام", 0, 9), ("عليكم", 10, 16)]),
        (
            "snake_case e-mail 3.14",
            &[("snake", 0, 5), ("case", 6, 10), ("e", 11, 12), ("mail", 13, 17), ("3", 18, 19), ("14", 20, 22)],
        ),
    ];
    for (text, expected) in cases {
        let words = split(text);
        let words: Vec<_> = words.iter().map(|(folded, start, end)| (folded.as_str(), *start, *end)).collect();
        assert_eq!(&words, expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn a_span_holds_its_word_alone(text in hard_text()) {
        for (folded, start, end) in split(&text) {
            prop_assert_eq!(split(&slice(&text, start, end)), vec![(folded, 0, end - start)]);
        }
    }

    #[test]
    fn spans_are_ordered_and_apart(text in hard_text()) {
        let mut last = 0;
        for (folded, start, end) in split(&text) {
            prop_assert!(!folded.is_empty() && last <= start && start < end);
            last = end;
        }
        prop_assert!(last as usize <= text.chars().count());
    }

    #[test]
    fn hashes_are_those_of_the_words(text in hard_text()) {
        let mut hashes = Vec::new();
        word_hashes(&text, &mut hashes);
        let expected: Vec<u64> = split(&text).iter().map(|(folded, ..)| xxh3_64(folded.as_bytes())).collect();
        prop_assert_eq!(hashes, expected);
    }

    #[test]
    fn folding_again_changes_nothing(text in hard_text()) {
        for (folded, ..) in split(&text) {
            let again: String = folded.chars().map(|c| Table::get().fold(c)).collect();
            prop_assert_eq!(again, folded);
        }
    }
}
