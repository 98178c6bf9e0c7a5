//! Rules over blocks: which of some hundred patterns match, and where, in time linear in the text.
//!
//! Nearly no block matches anything, so the work goes into saying no. A pattern is tried only where one of the strings it
//! can't do without was seen, or one of those it must begin with begins the block; all strings of all patterns are looked
//! for at once, in a rough fold of the text.

mod fold;
#[cfg(target_arch = "x86_64")]
mod groups;
mod literals;
mod rule;
mod screen;
mod starts;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;
use regex_automata::{Input, PatternID};
use regex_syntax::hir::{Class, Hir, HirKind};

use fold::Fold;
use rule::Rule;
use screen::{Beginnings, Screen};
use starts::Leading;

/// How large a pattern may be once its repetitions are written out, in ranges of code points.
const MOST_RANGES: u64 = 1 << 20;

/// Compiled patterns. They ignore case, know Unicode, and have no look-around or back-references.
pub struct Patterns {
    rules: Vec<Rule>,
    fold: &'static Fold,
    leading: Leading,
    /// In how long a block each rule counts, in words.
    most_words: Vec<u32>,
    strings: Screen,
    beginnings: Beginnings,
    /// The rules that ask for no string, or not in all their choices: they are tried on every block.
    unasked: Vec<u32>,
}

/// The patterns to try on one block, and the fold they were found in: kept from block to block for their memory.
#[derive(Default)]
pub struct Candidates {
    folded: Vec<u8>,
    rules: Vec<u32>,
}

impl Candidates {
    /// Whether there is nothing to try.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
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
        Self::bounded(patterns, vec![u32::MAX; patterns.len()])
    }

    /// Takes patterns of which each is tried only on blocks that have at most so many words.
    pub fn bounded(patterns: &[String], most_words: Vec<u32>) -> Result<Self, (usize, String)> {
        let (fold, leading) = (Fold::shared(), Leading::new());
        let compile = |(index, pattern): (usize, &String)| {
            let hir = parsed(pattern).map_err(|why| (index, why))?;
            Ok((Rule::new(pattern, &hir), needs(&hir, fold, &leading)))
        };
        let compiled: Vec<_> = patterns.par_iter().enumerate().map(compile).collect::<Result<_, _>>()?;
        let (mut asked, mut begun, mut unasked) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for (rule, (_, needs)) in (0..).zip(&compiled) {
            needs.strings.iter().for_each(|string| ask(&mut asked, string, rule));
            needs.starts.iter().for_each(|string| ask(&mut begun, string, rule));
            unasked.extend(needs.unasked.then_some(rule));
        }
        let strings = Screen::new(asked, &most_words);
        let beginnings = Beginnings::new(begun);
        let rules = compiled.into_iter().map(|(rule, _)| rule).collect();
        Ok(Patterns { rules, fold, leading, most_words, strings, beginnings, unasked })
    }

    /// Returns the patterns that match somewhere in `text`, ascending.
    pub fn matches(&self, text: &str) -> Vec<usize> {
        let mut candidates = Candidates::default();
        self.screen(text, 0, |_| true, &mut candidates);
        self.confirmed(text, &candidates).map(|rule| rule as usize).collect()
    }

    /// Returns the groups of each match of a pattern, one match after the other, the whole match first. Groups that took no
    /// part are left out.
    pub fn captures<'a>(&'a self, index: usize, text: &'a str) -> impl Iterator<Item = Vec<Group<'a>>> {
        let pattern = self.rules[index].exact(rule::is_usual(text));
        let mut captures = pattern.create_captures();
        let mut from = 0;
        std::iter::from_fn(move || {
            // What stands before still counts for `^` and word boundaries.
            let rest = Input::new(text).range(from.min(text.len())..);
            pattern.search_captures(&rest, &mut captures);
            let whole = captures.get_match().filter(|_| from <= text.len())?;
            let next = whole.end().max(whole.start() + 1);
            from = (next..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len() + 1);
            let names = pattern.group_info().pattern_names(PatternID::ZERO);
            let group = |(name, span): (_, Option<regex_automata::Span>)| {
                span.map(|span| Group { name, start: span.start, end: span.end })
            };
            Some(names.zip(captures.iter()).filter_map(group).collect())
        })
    }

    /// Sets `candidates` to the patterns that may match a block, which is a text of its own with so many words: nearly always
    /// none. Patterns that are not `allowed` are left out, and cost next to nothing.
    pub fn screen(&self, block: &str, words: u32, allowed: impl Fn(u32) -> bool, candidates: &mut Candidates) {
        let Candidates { folded, rules } = candidates;
        let counts = |rule: &&u32| words <= self.most_words[**rule as usize] && allowed(**rule);
        rules.clear();
        rules.extend(self.unasked.iter().filter(counts));
        let mut add = |asking: &[u32]| rules.extend(asking.iter().filter(counts));
        let first = block.find(|sign| !self.leading.holds(self.fold.letter(sign))).unwrap_or(block.len());
        folded.clear();
        self.fold.append(&block[..first], folded);
        let begin = folded.len();
        self.fold.append(&block[first..], folded);
        let length = folded.len();
        folded.resize(length + screen::BEHIND, 0);
        self.beginnings.search(&folded[begin..], &mut add);
        self.strings.search(folded, length, words, &mut add);
        rules.sort_unstable();
        rules.dedup();
    }

    /// Returns those of the candidates that match the block, ascending.
    pub fn confirmed(&self, block: &str, candidates: &Candidates) -> impl Iterator<Item = u32> {
        candidates.rules.iter().copied().filter(move |&rule| self.rules[rule as usize].matches(block))
    }
}

/// Notes that a rule asks for a string.
fn ask(asked: &mut BTreeMap<Vec<u8>, Vec<u32>>, string: &str, rule: u32) {
    let rules = asked.entry(fold::signs(string)).or_default();
    if rules.last() != Some(&rule) {
        rules.push(rule);
    }
}

/// A pattern as it is written: what it needs is told under a fold in which case makes no difference, and a letter is read
/// sooner than the class of all its cases.
fn parsed(pattern: &str) -> Result<Hir, String> {
    let hir = rule::parse_as_written(pattern)?;
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
    /// or one of these at its beginning,
    starts: Vec<String>,
    /// or nothing.
    unasked: bool,
}

/// What a pattern needs. Its choices are asked one by one where that says more.
fn needs(pattern: &Hir, fold: &Fold, leading: &Leading) -> Needs {
    if let Some(starts) = starts::starts(pattern, fold, leading) {
        return Needs { starts, ..Needs::default() };
    }
    let whole = required(pattern, fold);
    let parts = choices(pattern);
    let starts: Vec<_> = parts.iter().map(|part| starts::starts(part, fold, leading)).collect();
    if (whole.is_none() || starts.iter().any(Option::is_some))
        && let Some(split) = split(&parts, starts, fold)
    {
        return split;
    }
    Needs { unasked: whole.is_none(), strings: whole.unwrap_or_default(), starts: Vec::new() }
}

/// What the choices of a pattern need, if there are any and each asks for something.
fn split(parts: &[Hir], starts: Vec<Option<Vec<String>>>, fold: &Fold) -> Option<Needs> {
    let mut needs = Needs::default();
    for (part, starts) in parts.iter().zip(starts) {
        match starts {
            Some(starts) => needs.starts.extend(starts),
            None => needs.strings.extend(required(part, fold)?),
        }
    }
    (!needs.starts.is_empty() || !needs.strings.is_empty()).then_some(needs)
}

/// The strings a pattern asks for, if all are long enough to be looked for.
fn required(pattern: &Hir, fold: &Fold) -> Option<Vec<String>> {
    literals::required(pattern, fold)
        .filter(|strings| strings.iter().all(|string| fold::signs(string).len() >= screen::SHORTEST))
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
