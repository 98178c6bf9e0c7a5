use std::sync::OnceLock;

use proptest::prelude::*;
use regex::RegexBuilder;
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::screen::Kind;
use super::*;

fn patterns(patterns: &[&str]) -> Patterns {
    Patterns::new(&patterns.iter().map(|&pattern| pattern.to_owned()).collect::<Vec<_>>()).unwrap()
}

/// What is found in blocks of few words.
fn find_all(patterns: &Patterns, text: &str, spans: &[(usize, usize)]) -> Vec<(u32, u32)> {
    let one = |(span, &(begin, end))| {
        find(patterns, &text[begin..end], 1, |_| true).into_iter().map(move |pattern| (span, pattern))
    };
    (0..).zip(spans).flat_map(one).collect()
}

/// Which of the allowed patterns match a block of so many words.
fn find(patterns: &Patterns, block: &str, words: u32, allowed: impl Fn(u32) -> bool) -> Vec<u32> {
    let mut candidates = Candidates::default();
    patterns.screen(block, words, allowed, &mut candidates);
    patterns.confirmed(block, &candidates).collect()
}

/// Patterns of every shape that the search for strings treats in its own way.
const SHAPES: [&str; 30] = [
    r"^(?:kindly\s+\w+\s+)*share",
    r"support\s+(?:our|the)\s+work",
    r"^[\s*_#>\[]*(?:please\s+)?(?:donate|give)(?:\s+now)?\W*$",
    r"\bподдержите\s+(?:наш|этот)\b",
    r"©\s*(?:19|20)\d\d",
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}",
    r"(?:\([cC]\)|&copy;|©) \w+",
    r"reader['’]s",
    r"^(?:ap|afp)\W*$|\bcontributed (?:reporting|to this)",
    r"请[\s]*支持",
    r"(?-i:By) \p{Lu}\w+",
    r"stra(?:ß|ss)e",
    r"(?:ab){2}c|x{2,9}y",
    r"[aeiou]{3}",
    r"\bσας\b",
    r"ı|İstanbul",
    r"(?s)share.{0,9}kelvin",
    r"",
    r"a?",
    r"[^\n]+\bend$",
    r"(?:follow|like|subscribe|share|read)(?: us| more){1,3} [-–—] now",
    r"\S+@\S+\.\w+",
    r"[\p{Nd}]{3} 000",
    r"we(?: saw(?: the){1,6}){1,2}|by(?:(?:\W*\p{Lu}[^,]*){1,6})?",
    r"^\W*(?:\d+ )?(?:share|поделиться|分享)(?: on)?\W*$",
    r"^[^\p{L}\n]*(?:kiss|straße)s?\b",
    r"^(?:copyright )?(?:[©ⓒ℗][^\n]{1,9}|\(c\)\s*\d{4})",
    r"^(?:\W*\[[^\]\n]{1,9}\]\([^)\s]{0,9}\)[\s|]*){2,4}$",
    r"^by:|^:\s+\p{Lu}|^['’ʼ]tis",
    r"(?:iban|btc)\W{0,4}[:=]",
];

/// A block, a pattern, and where in the text its first match starts and ends.
type First = (u32, u32, usize, usize);

fn first_matches(patterns: &Patterns, text: &str, spans: &[(usize, usize)]) -> Vec<First> {
    let found = find_all(patterns, text, spans);
    let first = |(span, pattern): (u32, u32)| {
        let (begin, end) = spans[span as usize];
        let whole = patterns.captures(pattern as usize, &text[begin..end]).next().unwrap().swap_remove(0);
        (span, pattern, begin + whole.start, begin + whole.end)
    };
    found.into_iter().map(first).collect()
}

#[test]
fn what_may_be_repeated_often_is_counted_all_the_same() {
    let patterns = patterns(&[r"share [ab]{2,9}!", r"share (?:[ab]{8}|a{7,}) now"]);
    let found = |text: &str| patterns.matches(text);
    for times in 0..14 {
        let repeated = "ab".repeat(times).chars().take(times).collect::<String>();
        assert_eq!(found(&format!("share {repeated}!")), if (2..=9).contains(&times) { vec![0] } else { vec![] });
        assert_eq!(found(&format!("share {repeated} now")), if times == 8 { vec![1] } else { vec![] });
        let same = "a".repeat(times);
        assert_eq!(found(&format!("share {same} now")), if times >= 7 { vec![1] } else { vec![] });
    }
}

#[test]
fn the_first_match_of_each_pattern_in_each_block() {
    let patterns = patterns(&[r"donate\s+now", r"^share\b", r"\d{4}$"]);
    let text = "Share\nWe share, é: DONATE  now, donate now 2020";
    let found = first_matches(&patterns, text, &[(0, 5), (6, text.len())]);
    let found: Vec<_> = found.iter().map(|&(span, pattern, start, end)| (span, pattern, &text[start..end])).collect();
    assert_eq!(found, [(0, 1, "Share"), (1, 0, "DONATE  now"), (1, 2, "2020")]);
    assert_eq!(patterns.matches("donate\u{a0}now in 2020"), [0, 2]);
    assert!(patterns.matches("").is_empty());
}

#[test]
fn groups_have_names_and_places() {
    let patterns = patterns(&[r"(?P<verb>by|from) (?P<outlet>\w+)(?P<year> \d+)?"]);
    let text = "é by Gazette, from Courier";
    let group = |name, start, end| Group { name, start, end };
    let all: Vec<_> = patterns.captures(0, text).collect();
    assert_eq!(all[0], [group(None, 3, 13), group(Some("verb"), 3, 5), group(Some("outlet"), 6, 13)]);
    assert_eq!((&text[all[1][2].start..all[1][2].end], all.len()), ("Courier", 2));
}

#[test]
fn matches_follow_each_other_to_the_end() {
    let patterns = patterns(&[r"\bé*", "x?"]);
    let places = |index, text| {
        let whole = |groups: Vec<Group>| (groups[0].start, groups[0].end);
        patterns.captures(index, text).map(whole).collect::<Vec<_>>()
    };
    assert_eq!(places(0, "éé a"), [(0, 4), (4, 4), (5, 5), (6, 6)]);
    assert_eq!(places(1, "éx"), [(0, 0), (2, 3), (3, 3)]);
    assert_eq!(places(1, ""), [(0, 0)]);
}

#[test]
fn an_optional_repetition_takes_nothing_or_all_it_can() {
    let patterns = patterns(&[r"by(?:(?: \p{Lu}\w*){1,3})?"]);
    assert_eq!(first_matches(&patterns, "by Ann Bell", &[(0, 11)]), [(0, 0, 0, 11)]);
    assert_eq!(patterns.matches("stand by"), [0]);
}

#[test]
fn refused_patterns_are_named() {
    let refused = |patterns: &[&str]| {
        Patterns::new(&patterns.iter().map(|&pattern| pattern.to_owned()).collect::<Vec<_>>()).err().unwrap()
    };
    assert_eq!(refused(&["fine", "(open"]).0, 1);
    assert_eq!(refused(&[r"(?=ahead)"]).0, 0);
    let (index, why) = refused(&["fine", r"(?:\w{1000}){1000}"]);
    assert!(index == 1 && why.contains("repeat smaller classes"), "{why}");
    assert!(patterns(&[]).matches("anything").is_empty());
}

/// Texts that the shapes match, as they are or once their case and white space change.
const TEXTS: [&str; 32] = [
    "support our work",
    "please donate now",
    "* give",
    "поддержите наш",
    "© 2019",
    "1/12.2020",
    "(c) gazette",
    "&copy; gazette",
    "reader’s",
    "ap",
    "contributed to this",
    "请 支持",
    "By Éric",
    "straße",
    "strasse",
    "ababc",
    "xxxy",
    "iou",
    "σας",
    "İstanbul",
    "share a kelvin",
    "we saw the end",
    "follow us more – now",
    "desk@harbour.example ٣٤٥ 000",
    "12 share on",
    "• ПОДЕЛИТЬСЯ",
    "7 kisses",
    "copyright © tide",
    "(c) 2019",
    "[ports](/p) | [ships](/s)",
    ": Éric",
    "ʼtis btc : x",
];

/// One of the texts with its letters in any case and its spaces of any kind and number.
fn varied() -> impl Strategy<Value = String> {
    const SPACES: [&str; 6] = [" ", "  ", "\n", "\u{a0}", "\t\u{3000} ", ""];
    let text = prop::sample::select(&TEXTS[..]);
    (text, prop::collection::vec(0usize..12, 1..9)).prop_map(|(text, turns)| {
        let turned = text.chars().zip(turns.iter().cycle()).map(|(letter, &turn)| match (letter, turn) {
            (' ', turn) => SPACES[turn % SPACES.len()].to_owned(),
            ('k', 7) => "\u{212a}".to_owned(),
            ('s', 7) => "ſ".to_owned(),
            (letter, turn) if turn % 3 == 0 => letter.to_uppercase().to_string(),
            (letter, _) => letter.to_string(),
        });
        turned.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nothing_is_missed(pieces in prop::collection::vec(varied(), 1..4), between in "( |x|[.] )") {
        static SHAPED: OnceLock<(Patterns, Vec<regex::Regex>)> = OnceLock::new();
        let (patterns, alone) = SHAPED.get_or_init(|| {
            let alone = SHAPES.map(|shape| RegexBuilder::new(shape).case_insensitive(true).build().unwrap());
            (patterns(&SHAPES), alone.to_vec())
        });
        let text = pieces.join(&between);
        let expected: Vec<First> = alone.iter().zip(0..).filter_map(|(regex, pattern)| {
            regex.find(&text).map(|at| (0, pattern, at.start(), at.end()))
        }).collect();
        prop_assert_eq!(first_matches(patterns, &text, &[(0, text.len())]), expected);
        for (pattern, regex) in alone.iter().enumerate() {
            let all: Vec<_> = patterns.captures(pattern, &text).map(|groups| (groups[0].start, groups[0].end)).collect();
            let plain: Vec<_> = regex.find_iter(&text).map(|at| (at.start(), at.end())).collect();
            let of_letters = |matches: &[(usize, usize)]| matches.iter().copied().filter(|(start, end)| start < end).collect::<Vec<_>>();
            prop_assert_eq!(of_letters(&all), of_letters(&plain), "{}", pattern);
        }
    }
}

#[test]
fn what_is_not_allowed_is_not_found() {
    let patterns = patterns(&[r"donate\s+now", r"^share\b", r"."]);
    let text = "Share, donate now";
    assert_eq!(find(&patterns, text, 3, |_| true), [0, 1, 2]);
    assert_eq!(find(&patterns, text, 3, |pattern| pattern == 1), [1]);
}

#[test]
fn a_rule_counts_up_to_its_size() {
    let sizes = [1, 60, 61, 120, 121, 250, u32::MAX];
    let rules = vec![r"donate\s+now".to_owned(); sizes.len()];
    let patterns = Patterns::bounded(&rules, sizes.to_vec()).unwrap();
    for words in [0, 1, 2, 59, 60, 61, 62, 119, 120, 121, 122, 249, 250, 251, u32::MAX] {
        let found = find(&patterns, "Donate now", words, |_| true);
        let expected: Vec<_> =
            sizes.iter().zip(0..).filter(|(size, _)| words <= **size).map(|(_, rule)| rule).collect();
        assert_eq!(found, expected, "{words} words");
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    let patterns = patterns(&SHAPES);
    for near_match in ["kindly x ", "share", "xxxxxxxxxx", "support our ", "[*_ ", "follow us ", "ſK", "поддержите "]
    {
        let time = |length: usize| {
            let text = near_match.repeat(length / near_match.len());
            let once = |_| {
                let begin = std::time::Instant::now();
                find_all(&patterns, &text, &[(0, text.len())]);
                begin.elapsed().as_secs_f64()
            };
            // The others are slow because the machine is busy.
            (0..4).map(once).fold(f64::INFINITY, f64::min)
        };
        let (short, long) = (time(1 << 16), time(1 << 20));
        // Sixteen times the text; a quadratic search would take 256 times as long.
        assert!(long < 100.0 * short.max(0.001), "{near_match:?}: {short} s, {long} s");
    }
}

#[test]
fn all_cases_of_a_letter_fold_to_the_same() {
    for letter in (0..0x2_0000).filter_map(char::from_u32) {
        let mut cases = ClassUnicode::new([ClassUnicodeRange::new(letter, letter)]);
        cases.case_fold_simple();
        for case in cases.iter().flat_map(|range| range.start()..=range.end()) {
            assert_eq!(Fold::shared().letter(case), Fold::shared().letter(letter), "{case:?} and {letter:?}");
        }
    }
}

#[test]
fn what_may_stand_in_front_folds_to_what_may_stand_in_front() {
    let (fold, leading) = (Fold::shared(), Leading::new());
    for sign in fold::engine_class(r"\P{L}").iter().flat_map(|range| range.start()..=range.end()) {
        assert!(leading.holds(fold.letter(sign)), "{sign:?} folds to {:?}", fold.letter(sign));
    }
}

type Append = fn(&str, &mut Vec<u8>);

/// Signs of every kind that the fold treats in its own way.
fn any_sign() -> impl Strategy<Value = char> {
    let odd: Vec<char> = " \t\n@#]{$’“«–\u{a0}\u{85}\u{3000}©·µ×ſıİKÅßʼ٣ⅷ请\u{1f600}\u{0}".chars().collect();
    prop_oneof![4 => prop::char::range(' ', '~'), 2 => prop::sample::select(odd), 1 => prop::char::range('а', 'я'), 1 => any::<char>()]
}

proptest! {
    #[test]
    fn signs_are_those_of_the_folded_text(signs in prop::collection::vec(any_sign(), 0..150), begun in any::<bool>()) {
        let fold = Fold::shared();
        let text: String = signs.into_iter().collect();
        let before = if begun { "a " } else { "" };
        let mut paths: Vec<Append> = vec![|text, out| Fold::shared().append_as(text, out, fold::append_ascii)];
        #[cfg(target_arch = "x86_64")]
        {
            // SAFETY: this processor has what each takes.
            if fold::has_avx2() {
                paths.push(|text, out| unsafe { Fold::shared().append_avx2(text, out) });
            }
            if fold::has_avx512() {
                paths.push(|text, out| unsafe { Fold::shared().append_avx512(text, out) });
            }
        }
        for append in paths {
            let mut out = fold::signs(&fold.text(before));
            append(&text, &mut out);
            prop_assert_eq!(out, fold::signs(&fold.text(&(before.to_owned() + &text))));
        }
    }

    #[test]
    fn the_screen_finds_what_a_plain_search_finds(
        strings in prop::collection::btree_set("[AB ]{3,12}|[ABé ]{3,6}", 1..200),
        text in "[AB ]{0,40}|[AB ]{50,150}|[ABé ]{0,40}",
        words in 0u32..300,
    ) {
        let asked = |strings: &mut dyn Iterator<Item = &String>| -> BTreeMap<Vec<u8>, Vec<u32>> {
            strings.zip(0..).map(|(string, rule)| (string.clone().into_bytes(), vec![rule])).collect()
        };
        let mut found = std::collections::BTreeSet::new();
        let mut signs = text.clone().into_bytes();
        signs.resize(text.len() + screen::BEHIND, 0);
        let plain = |holds: &dyn Fn(&String) -> bool| -> std::collections::BTreeSet<u32> {
            strings.iter().zip(0..).filter(|(string, _)| holds(string)).map(|(_, rule)| rule).collect()
        };
        let mut kinds = vec![Kind::Any];
        #[cfg(target_arch = "x86_64")]
        {
            kinds.extend(fold::has_avx2().then_some(Kind::Avx2));
            kinds.extend(fold::has_avx512().then_some(Kind::Avx512));
        }
        for kind in kinds {
            found.clear();
            let screen = Screen::on(kind, asked(&mut strings.iter()), &vec![u32::MAX; strings.len()]);
            screen.search(&signs, text.len(), words, &mut |rules: &[u32]| found.extend(rules.to_vec()));
            prop_assert_eq!(&found, &plain(&|string| text.contains(string.as_str())), "{:?}", kind);
        }
        found.clear();
        Beginnings::new(asked(&mut strings.iter())).search(&signs, |rules| found.extend(rules.to_vec()));
        prop_assert_eq!(&found, &plain(&|string| text.starts_with(string.as_str())));
    }
}
