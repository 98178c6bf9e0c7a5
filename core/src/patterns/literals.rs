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

/// Returns folded strings of which at least one stands in the fold of every text that `pattern` matches. Nothing comes
/// back if there is no such set, or only one with a string too common to be of use.
pub fn required(pattern: &Hir, fold: &Fold) -> Option<Vec<String>> {
    let mut strings = known(pattern, fold).required().filter(|strings| rarity(strings) >= LEAST_RARE)?;
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
enum Known {
    /// All of them, if they are few.
    Exact(Vec<String>),
    /// Strings of which each has one, if there are such strings.
    Required(Option<Vec<String>>),
}

impl Known {
    fn exact(mut strings: Vec<String>) -> Self {
        strings.sort_unstable();
        strings.dedup();
        if strings.len() > MOST_STRINGS { Known::Required(telling(strings)) } else { Known::Exact(strings) }
    }

    /// All texts, if they are few.
    fn spelt(self) -> Option<Vec<String>> {
        match self {
            Known::Exact(strings) => Some(strings),
            Known::Required(_) => None,
        }
    }

    /// Strings of which each text has one.
    fn required(self) -> Option<Vec<String>> {
        match self {
            Known::Exact(strings) => telling(strings),
            Known::Required(strings) => strings,
        }
    }
}

/// The strings, unless one of them says nothing.
fn telling(strings: Vec<String>) -> Option<Vec<String>> {
    Some(strings).filter(|strings| rarity(strings) > 0)
}

/// How rare the commonest of these strings is, in quarters of a letter of an alphabet.
fn rarity(strings: &[String]) -> usize {
    let of_sign = |sign: char| match sign {
        ' ' | ',' | '.' => 2,
        '0' => 3,
        '\'' | '"' | '-' => 4,
        '@' | '#' | '{' | '$' => LEAST_RARE,
        // From here on a sign is a syllable or a word.
        '\u{2e80}'.. => 8,
        // Letters of alphabets, as most signs are; what comes below asks a table.
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Α'..='ω' => 4,
        '\u{400}'..='\u{481}' | 'א'..='ת' | '\u{620}'..='\u{64a}' => 4,
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
        HirKind::Empty | HirKind::Look(_) => Known::Exact(vec![String::new()]),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Known::Exact(vec![fold.text(text)]),
            Err(_) => Known::Required(None),
        },
        HirKind::Class(Class::Unicode(class)) => match fold::members(class, MOST_MEMBERS) {
            Some(mut members) => {
                members.iter_mut().for_each(|member| *member = fold.letter(*member));
                members.dedup();
                Known::exact(members.into_iter().map(String::from).collect())
            }
            None => Known::Required(None),
        },
        HirKind::Class(Class::Bytes(_)) => Known::Required(None),
        HirKind::Repetition(repetition) => repeated(known(&repetition.sub, fold), repetition.min, repetition.max),
        HirKind::Capture(capture) => known(&capture.sub, fold),
        HirKind::Concat(parts) => joined(parts.iter().map(|part| known(part, fold))),
        HirKind::Alternation(parts) => either(parts.iter().map(|part| known(part, fold)).collect()),
    }
}

fn repeated(sub: Known, min: u32, max: Option<u32>) -> Known {
    if let Known::Exact(strings) = &sub {
        // Any run of white space is one space in the fold.
        let max = if strings.as_slice() == [" "] { Some(1) } else { max };
        if let Some(all) = max.filter(|&max| max <= MOST_REPEATED).and_then(|max| powers(strings, min, max)) {
            return Known::exact(all);
        }
    }
    Known::Required(sub.required().filter(|_| min > 0))
}

/// The strings `min` to `max` times one after the other, if they are few and not none at all.
fn powers(strings: &[String], min: u32, max: u32) -> Option<Vec<String>> {
    let mut power = vec![String::new()];
    let mut all = if min == 0 { power.clone() } else { Vec::new() };
    for time in 1..=max {
        power = product(&power, strings);
        if power.len() + all.len() > MOST_STRINGS {
            return None;
        }
        all.extend_from_slice(if time >= min.min(max) { &power } else { &[] });
    }
    Some(all).filter(|all| !all.is_empty())
}

fn either(parts: Vec<Known>) -> Known {
    if parts.iter().all(|part| matches!(part, Known::Exact(_))) {
        return Known::exact(parts.into_iter().filter_map(Known::spelt).flatten().collect());
    }
    Known::Required(parts.into_iter().map(Known::required).collect::<Option<Vec<_>>>().map(|sets| sets.concat()))
}

/// One part after the other: neighbours that are known exactly are spelt out together, and the best stretch is required.
fn joined(parts: impl Iterator<Item = Known>) -> Known {
    let mut stretch = vec![String::new()];
    let mut best: Option<Rated> = None;
    let mut whole = true;
    for part in parts {
        match part {
            Known::Exact(strings) if stretch.len() * strings.len() <= MOST_STRINGS => {
                stretch = product(&stretch, &strings);
            }
            part => {
                whole = false;
                let next = if let Known::Exact(strings) = &part { strings.clone() } else { vec![String::new()] };
                best = better(best, Some(std::mem::replace(&mut stretch, next)));
                best = better(best, part.required());
            }
        }
    }
    if whole {
        return Known::exact(stretch);
    }
    Known::Required(better(best, Some(stretch)).map(|rated| rated.strings))
}

fn product(left: &[String], right: &[String]) -> Vec<String> {
    let join = |left: &String, right: &String| match left.strip_suffix(' ') {
        Some(open) if right.starts_with(' ') => open.to_owned() + right,
        _ => left.clone() + right,
    };
    left.iter().flat_map(|left| right.iter().map(move |right| join(left, right))).collect()
}

/// A set of strings that say something, with the rarity of the commonest.
struct Rated {
    strings: Vec<String>,
    rarity: usize,
}

/// The set whose strings are rarer; of equally good ones the new one.
fn better(best: Option<Rated>, strings: Option<Vec<String>>) -> Option<Rated> {
    let rated = strings.map(|strings| Rated { rarity: rarity(&strings), strings }).filter(|rated| rated.rarity > 0);
    let worth = |rated: &Rated| (rated.rarity.min(RARE), Reverse(rated.strings.len()));
    [best, rated].into_iter().flatten().max_by_key(worth)
}
