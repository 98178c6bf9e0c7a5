//! Which strings stand in every text that a pattern matches?

use std::cmp::Reverse;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::fold::{self, Fold};

/// Strings that one stretch of a pattern may be spelt out into; beyond that it is cut.
const MOST_STRINGS: usize = 100;
/// Repetitions that are spelt out.
const MOST_REPEATED: u32 = 4;
/// Members of a class that are looked at; there are some 700 digits.
const MOST_MEMBERS: usize = 1000;
/// Signs of a string that are looked for; more don't make it rarer.
const LONGEST: usize = 12;
/// Strings rarer than this are all rare enough; among them the smaller set is better.
const RARE: usize = 48;
/// A string that isn't even so rare is in every other block: looking for it saves nothing.
const LEAST_RARE: usize = 12;

/// Teaches `fold` the letters of a pattern.
pub fn learn(pattern: &Hir, fold: &mut Fold) {
    match pattern.kind() {
        HirKind::Class(Class::Unicode(class)) => fold.learn(class),
        HirKind::Repetition(repetition) => learn(&repetition.sub, fold),
        HirKind::Capture(capture) => learn(&capture.sub, fold),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| learn(part, fold)),
        _ => {}
    }
}

/// Returns folded strings of which at least one stands in the fold of every text that `pattern` matches. Nothing comes
/// back if there is no such set, or only one with a string too common to be of use.
pub fn required(pattern: &Hir, fold: &Fold) -> Option<Vec<String>> {
    let mut strings = known(pattern, fold).required.filter(|strings| rarity(strings) >= LEAST_RARE)?;
    // The beginning is rare enough, and many strings have the same.
    for string in &mut strings {
        if let Some((end, _)) = string.char_indices().nth(LONGEST) {
            string.truncate(end);
        }
    }
    // Who asks for "SHARE" needn't ask for "SHARE THIS".
    strings.sort_unstable_by_key(|string| string.len());
    let mut kept: Vec<String> = Vec::new();
    for string in strings {
        if !kept.iter().any(|shorter| string.contains(shorter.as_str())) {
            kept.push(string);
        }
    }
    Some(kept)
}

/// What is known of the texts that a part of a pattern matches.
#[derive(Default)]
struct Known {
    /// All of them, if they are few.
    exact: Option<Vec<String>>,
    /// Strings of which each has one.
    required: Option<Vec<String>>,
}

impl Known {
    fn exact(mut strings: Vec<String>) -> Self {
        strings.sort_unstable();
        strings.dedup();
        if strings.len() > MOST_STRINGS {
            return Known { exact: None, required: Some(strings).filter(|strings| rarity(strings) > 0) };
        }
        let required = (rarity(&strings) > 0).then(|| strings.clone());
        Known { exact: Some(strings), required }
    }
}

/// How rare the commonest of these strings is, in quarters of a letter of an alphabet.
fn rarity(strings: &[String]) -> usize {
    let of_sign = |sign: char| match sign {
        ' ' | ',' | '.' => 2,
        '0' => 3,
        '\'' | '"' | '-' => 4,
        '@' | '#' => LEAST_RARE,
        // From here on a sign is a syllable or a word.
        '\u{2e80}'.. => 8,
        // Marks, and letters in circles.
        '\u{2000}'.. => 2 * LEAST_RARE,
        sign if sign.is_alphanumeric() => 4,
        sign if sign.is_ascii() => 8,
        _ => 2 * LEAST_RARE,
    };
    strings.iter().map(|string| string.chars().map(of_sign).sum()).min().unwrap_or(0)
}

fn known(pattern: &Hir, fold: &Fold) -> Known {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => Known::exact(vec![String::new()]),
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).map_or_else(|_| Known::default(), |text| folded(text, fold))
        }
        HirKind::Class(Class::Unicode(class)) => match fold::members(class, MOST_MEMBERS) {
            Some(members) => Known::exact(members.into_iter().map(|member| fold.letter(member).to_string()).collect()),
            None => Known::default(),
        },
        HirKind::Class(Class::Bytes(_)) => Known::default(),
        HirKind::Repetition(repetition) => repeated(known(&repetition.sub, fold), repetition.min, repetition.max),
        HirKind::Capture(capture) => known(&capture.sub, fold),
        HirKind::Concat(parts) => joined(parts.iter().map(|part| known(part, fold))),
        HirKind::Alternation(parts) => either(parts.iter().map(|part| known(part, fold)).collect()),
    }
}

fn folded(text: &str, fold: &Fold) -> Known {
    Known::exact(vec![fold.text(text)])
}

fn repeated(sub: Known, min: u32, max: Option<u32>) -> Known {
    // Any run of white space is one space in the fold.
    let is_space = sub.exact.as_deref() == Some(&[" ".to_owned()]);
    let max = if is_space { Some(1) } else { max };
    if let (Some(strings), Some(max)) = (&sub.exact, max.filter(|&max| max <= MOST_REPEATED)) {
        let mut power = vec![String::new()];
        let mut all = if min == 0 { power.clone() } else { Vec::new() };
        for time in 1..=max {
            power = product(&power, strings);
            if power.len() + all.len() > MOST_STRINGS {
                all.clear();
                break;
            }
            all.extend_from_slice(if time >= min.min(max) { &power } else { &[] });
        }
        if !all.is_empty() {
            return Known::exact(all);
        }
    }
    Known { exact: None, required: sub.required.filter(|_| min > 0) }
}

fn either(parts: Vec<Known>) -> Known {
    let required = parts.iter().map(|part| part.required.clone()).collect::<Option<Vec<_>>>().map(|sets| sets.concat());
    match parts.into_iter().map(|part| part.exact).collect::<Option<Vec<_>>>() {
        Some(sets) => Known::exact(sets.concat()),
        None => Known { exact: None, required },
    }
}

/// One part after the other: neighbours that are known exactly are spelt out together, and the best stretch is required.
fn joined(parts: impl Iterator<Item = Known>) -> Known {
    let mut stretch = vec![String::new()];
    let mut best: Option<Vec<String>> = None;
    let mut whole = true;
    for part in parts {
        match part.exact {
            Some(strings) if stretch.len() * strings.len() <= MOST_STRINGS => stretch = product(&stretch, &strings),
            exact => {
                whole = false;
                best =
                    better(best, Some(std::mem::replace(&mut stretch, exact.unwrap_or_else(|| vec![String::new()]))));
                best = better(best, part.required);
            }
        }
    }
    if whole { Known::exact(stretch) } else { Known { exact: None, required: better(best, Some(stretch)) } }
}

fn product(left: &[String], right: &[String]) -> Vec<String> {
    let join = |left: &String, right: &String| match left.strip_suffix(' ') {
        Some(open) if right.starts_with(' ') => open.to_owned() + right,
        _ => left.clone() + right,
    };
    left.iter().flat_map(|left| right.iter().map(move |right| join(left, right))).collect()
}

/// The set whose strings are rarer.
fn better(left: Option<Vec<String>>, right: Option<Vec<String>>) -> Option<Vec<String>> {
    let worth = |strings: &Vec<String>| (rarity(strings).min(RARE), Reverse(strings.len()));
    [left, right].into_iter().flatten().filter(|strings| rarity(strings) > 0).max_by_key(worth)
}
