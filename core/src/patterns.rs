//! Rules over blocks: which of some hundred patterns match, and where, in time linear in the text.
//!
//! Nearly no block matches anything, so the work goes into saying no. A pattern is tried only where one of the strings it
//! can't do without was seen; all strings of all patterns are looked for at once, in a rough fold of the text.

mod fold;
mod literals;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use rayon::prelude::*;
use regex_automata::meta::{Config, Regex};
use regex_automata::{Input, Match, PatternID};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::positions::PositionError;
use fold::Fold;

/// How large a pattern may be once its repetitions are written out, in ranges of code points.
const MOST_RANGES: u64 = 1 << 20;
/// What the automaton of one pattern may remember in one thread, in bytes. It takes what it needs; with less than this,
/// patterns of nested choices forget and rebuild their states all the time and run a hundred times slower.
const MOST_MEMORY: usize = 16 << 20;

/// Compiled patterns. They ignore case, know Unicode, and have no look-around or back-references.
pub struct Patterns {
    rules: Vec<Rule>,
    fold: Fold,
    strings: AhoCorasick,
    /// The rules that ask for each string.
    askers: Vec<Vec<u32>>,
    /// The rules with choices that ask for no string. Those choices are tried on every block. Together in one automaton
    /// they would have more states than it can remember.
    unasked: Vec<(u32, Lazy)>,
}

struct Rule {
    exact: Lazy,
    /// The same without word boundaries, if it has any. On text that isn't ASCII those keep the engine from its
    /// automaton, so they are left for the few texts that match otherwise.
    loose: Option<Lazy>,
}

/// The first match of one pattern in one block, in bytes of the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Which block.
    pub span: u32,
    /// Which pattern.
    pub pattern: u32,
    /// Where the match starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// One group of a match, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// Its name; the whole match and plain parentheses have none.
    pub name: Option<&'a str>,
    /// Where it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Patterns {
    /// Takes patterns; the first that is refused comes back by its index, with the reason. Each is compiled when it is first
    /// tried, since most never are.
    pub fn new(patterns: &[String]) -> Result<Self, (usize, String)> {
        let parsed: Vec<_> = patterns.par_iter().map(|pattern| parsed(pattern)).collect();
        let parsed = parsed.into_iter().enumerate().map(|(index, hir)| hir.map_err(|why| (index, why)));
        let parsed: Vec<Hir> = parsed.collect::<Result<_, _>>()?;
        let mut fold = Fold::new();
        parsed.iter().for_each(|hir| literals::learn(hir, &mut fold));
        let (mut asked, mut unasked) = (BTreeMap::<String, Vec<u32>>::new(), Vec::new());
        let needs: Vec<Needs> = parsed.par_iter().map(|hir| needs(hir, &fold)).collect();
        for (rule, needs) in (0..).zip(needs) {
            needs.strings.into_iter().for_each(|string| asked.entry(string).or_default().push(rule));
            if !needs.rest.is_empty() {
                unasked.push((rule, Lazy::new(&Hir::alternation(needs.rest))));
            }
        }
        let (strings, askers): (Vec<String>, Vec<Vec<u32>>) = asked.into_iter().unzip();
        // The table form takes some 6 kB a string and is twice as fast as the form without.
        let strings = AhoCorasickBuilder::new().kind(Some(AhoCorasickKind::DFA)).build(strings);
        let strings = strings.map_err(|error| (patterns.len(), error.to_string()))?;
        let rules = parsed.iter().map(Rule::new).collect();
        Ok(Patterns { rules, fold, strings, askers, unasked })
    }

    /// Returns the patterns that match somewhere in `text`, ascending.
    pub fn matches(&self, text: &str) -> Vec<usize> {
        let mut candidates = Candidates::default();
        self.collect(text, &mut candidates);
        let rules = candidates.rules.iter().map(|&rule| rule as usize);
        rules.filter(|&rule| self.rules[rule].find(text).is_some()).collect()
    }

    /// Returns the groups of a pattern's first match at or after the byte `from`, the whole match first. Groups that took no
    /// part are left out. What stands before `from` still counts for `^` and word boundaries.
    pub fn captures(&self, index: usize, text: &str, from: usize) -> Option<Vec<Group<'_>>> {
        let pattern = self.rules.get(index)?.exact.get();
        if !text.is_char_boundary(from) {
            return None;
        }
        let mut captures = pattern.create_captures();
        pattern.search_captures(&Input::new(text).range(from..), &mut captures);
        if !captures.is_match() {
            return None;
        }
        let names = pattern.group_info().pattern_names(PatternID::ZERO);
        let group = |(name, span): (_, Option<regex_automata::Span>)| {
            span.map(|span| Group { name, start: span.start, end: span.end })
        };
        Some(names.zip(captures.iter()).filter_map(group).collect())
    }

    /// Returns the first match of each pattern in each block, by block and pattern. A block is matched as a text of its own:
    /// `^` is its start. `spans` are byte ranges of `text`.
    pub fn find_all(&self, text: &str, spans: &[(usize, usize)]) -> Result<Vec<Found>, PositionError> {
        let mut found = Vec::new();
        let mut candidates = Candidates::default();
        for (span, &(begin, end)) in (0..).zip(spans) {
            let block = slice(text, begin, end)?;
            self.collect(block, &mut candidates);
            for &pattern in &candidates.rules {
                if let Some(at) = self.rules[pattern as usize].find(block) {
                    found.push(Found { span, pattern, start: begin + at.start(), end: begin + at.end() });
                }
            }
        }
        Ok(found)
    }

    /// Sets `candidates` to the patterns that may match, ascending.
    fn collect(&self, text: &str, candidates: &mut Candidates) {
        candidates.folded.clear();
        self.fold.append(text, &mut candidates.folded);
        candidates.rules.clear();
        let unasked = self.unasked.iter().filter(|(_, choices)| choices.get().is_match(text));
        candidates.rules.extend(unasked.map(|(rule, _)| *rule));
        for string in self.strings.find_overlapping_iter(&candidates.folded) {
            candidates.rules.extend_from_slice(&self.askers[string.pattern().as_usize()]);
        }
        candidates.rules.sort_unstable();
        candidates.rules.dedup();
    }
}

/// The patterns to try on one block, and the fold they were found in: kept from block to block for their memory.
#[derive(Default)]
struct Candidates {
    folded: String,
    rules: Vec<u32>,
}

impl Rule {
    fn new(pattern: &Hir) -> Self {
        let bounded = pattern.properties().look_set().contains_word();
        Rule { exact: Lazy::new(pattern), loose: bounded.then(|| Lazy::new(&without_word_bounds(pattern))) }
    }

    fn find(&self, text: &str) -> Option<Match> {
        let possible = text.is_ascii() || self.loose.as_ref().is_none_or(|loose| loose.get().is_match(text));
        possible.then(|| self.exact.get().find(text))?
    }
}

/// A pattern that is compiled when it is first needed. It is compiled as it was parsed: printed as a pattern again, the
/// optional repetition `(?:x{1,6})?` would read as the lazy one `x{1,6}?`.
struct Lazy {
    pattern: Hir,
    compiled: OnceLock<Regex>,
}

impl Lazy {
    fn new(pattern: &Hir) -> Self {
        Lazy { pattern: pattern.clone(), compiled: OnceLock::new() }
    }

    fn get(&self) -> &Regex {
        let build = || {
            let config = Config::new().nfa_size_limit(None).hybrid_cache_capacity(MOST_MEMORY);
            Regex::builder().configure(config).build_from_hir(&self.pattern).expect("syntax and size were checked")
        };
        self.compiled.get_or_init(build)
    }
}

fn parsed(pattern: &str) -> Result<Hir, String> {
    let hir = ParserBuilder::new().case_insensitive(true).build().parse(pattern).map_err(|error| error.to_string())?;
    match ranges(&hir) {
        size if size > MOST_RANGES => {
            Err(format!("size {size}, at most {MOST_RANGES}; repeat smaller classes or less often"))
        }
        _ => Ok(hir),
    }
}

/// The size of a pattern with its repetitions written out: how many ranges of code points it is made of.
fn ranges(pattern: &Hir) -> u64 {
    let sum = |parts: &[Hir]| parts.iter().map(ranges).fold(0, u64::saturating_add);
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() as u64,
        HirKind::Capture(capture) => ranges(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            ranges(&repetition.sub).saturating_mul(u64::from(times))
        }
    }
}

/// What a text must have for a pattern to be tried.
#[derive(Default)]
struct Needs {
    /// One of these strings in its fold,
    strings: Vec<String>,
    /// or a match of one of these patterns, none of which has a word boundary.
    rest: Vec<Hir>,
}

/// What a pattern needs. Where the whole asks for no string, its choices are asked one by one.
fn needs(pattern: &Hir, fold: &Fold) -> Needs {
    let whole = literals::required(pattern, fold);
    let parts = if whole.is_some() { Vec::new() } else { choices(pattern) };
    let mut needs = Needs { strings: whole.unwrap_or_default(), rest: Vec::new() };
    if needs.strings.is_empty() && parts.is_empty() {
        needs.rest.push(without_word_bounds(pattern));
    }
    for part in parts {
        match literals::required(&part, fold) {
            Some(strings) => needs.strings.extend(strings),
            None => needs.rest.push(without_word_bounds(&part)),
        }
    }
    needs
}

/// The patterns of which a pattern is the alternation, by its first choice; none if it has none.
fn choices(pattern: &Hir) -> Vec<Hir> {
    match pattern.kind() {
        HirKind::Capture(capture) => choices(&capture.sub),
        HirKind::Alternation(parts) => parts.clone(),
        HirKind::Concat(parts) => {
            let split =
                parts.iter().enumerate().map(|(at, part)| (at, choices(part))).find(|(_, choices)| !choices.is_empty());
            let (at, choices) = split.unwrap_or_default();
            let whole = |choice| [&parts[..at], &[choice], &parts[at + 1..]].concat();
            choices.into_iter().map(|choice| Hir::concat(whole(choice))).collect()
        }
        _ => Vec::new(),
    }
}

/// The pattern that asks for no word boundary and is the same otherwise; it matches wherever the pattern does.
fn without_word_bounds(pattern: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(without_word_bounds).collect();
    match pattern.kind() {
        HirKind::Look(Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF) => {
            pattern.clone()
        }
        HirKind::Look(_) => Hir::empty(),
        HirKind::Repetition(repetition) => Hir::repetition(repetition.with(without_word_bounds(&repetition.sub))),
        HirKind::Capture(capture) => without_word_bounds(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => pattern.clone(),
    }
}

/// The text of a block, if there is one between these bytes.
fn slice(text: &str, start: usize, end: usize) -> Result<&str, PositionError> {
    if start > end {
        return Err(PositionError::Descending { position: end, previous: start });
    }
    if end > text.len() {
        return Err(PositionError::PastEnd { position: end, length: text.len() });
    }
    let inside = [start, end].into_iter().find(|&position| !text.is_char_boundary(position));
    inside.map_or_else(|| Ok(&text[start..end]), |position| Err(PositionError::InsideCodePoint { position }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::RegexBuilder;

    fn patterns(patterns: &[&str]) -> Patterns {
        Patterns::new(&patterns.iter().map(|&pattern| pattern.to_owned()).collect::<Vec<_>>()).unwrap()
    }

    /// Patterns of every shape that the search for strings treats in its own way.
    const SHAPES: [&str; 24] = [
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
    ];

    #[test]
    fn the_first_match_of_each_pattern_in_each_block() {
        let patterns = patterns(&[r"donate\s+now", r"^share\b", r"\d{4}$"]);
        let text = "Share\nWe share, é: DONATE  now, donate now 2020";
        let found = patterns.find_all(text, &[(0, 5), (6, text.len())]).unwrap();
        let found: Vec<_> = found.iter().map(|at| (at.span, at.pattern, &text[at.start..at.end])).collect();
        assert_eq!(found, [(0, 1, "Share"), (1, 0, "DONATE  now"), (1, 2, "2020")]);
        assert_eq!(patterns.matches("donate\u{a0}now in 2020"), [0, 2]);
        assert!(patterns.matches("").is_empty());
    }

    #[test]
    fn groups_have_names_and_places() {
        let patterns = patterns(&[r"(?P<verb>by|from) (?P<outlet>\w+)(?P<year> \d+)?"]);
        let text = "é by Gazette, from Courier";
        let group = |name, start, end| Group { name, start, end };
        let first = patterns.captures(0, text, 0).unwrap();
        assert_eq!(first, [group(None, 3, 13), group(Some("verb"), 3, 5), group(Some("outlet"), 6, 13)]);
        let second = patterns.captures(0, text, first[0].end).unwrap();
        assert_eq!(&text[second[2].start..second[2].end], "Courier");
        assert_eq!(patterns.captures(0, text, second[0].end), None);
        assert_eq!(patterns.captures(0, text, 1), None);
        assert_eq!(patterns.captures(0, text, 99), None);
        assert_eq!(patterns.captures(1, text, 0), None);
    }

    #[test]
    fn an_optional_repetition_takes_nothing_or_all_it_can() {
        let patterns = patterns(&[r"by(?:(?: \p{Lu}\w*){1,3})?"]);
        let found = patterns.find_all("by Ann Bell", &[(0, 11)]).unwrap();
        assert_eq!((found[0].start, found[0].end), (0, 11));
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

    #[test]
    fn spans_that_are_no_text_are_refused() {
        let patterns = patterns(&["a"]);
        assert_eq!(patterns.find_all("aé", &[(0, 4)]), Err(PositionError::PastEnd { position: 4, length: 3 }));
        assert_eq!(patterns.find_all("aé", &[(0, 2)]), Err(PositionError::InsideCodePoint { position: 2 }));
        assert_eq!(patterns.find_all("aé", &[(2, 1)]), Err(PositionError::Descending { position: 1, previous: 2 }));
    }

    /// Texts that the shapes match, as they are or once their case and white space change.
    const TEXTS: [&str; 24] = [
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
            let expected: Vec<Found> = alone.iter().zip(0..).filter_map(|(regex, pattern)| {
                regex.find(&text).map(|at| Found { span: 0, pattern, start: at.start(), end: at.end() })
            }).collect();
            prop_assert_eq!(patterns.find_all(&text, &[(0, text.len())]).unwrap(), expected);
        }
    }
}
