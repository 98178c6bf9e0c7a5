//! Which blocks of a page did an extractor take for the article?
//!
//! An extractor gives lines of text, not places. Most lines are a block, word for word; others join blocks, as a row of a
//! table does, or give part of one. So lines that are a block are found first, in their order, and what lies between two
//! of them is compared with the lines that the extractor gave between those two.

use std::collections::{HashMap, HashSet};
use std::iter;

use xxhash_rust::xxh3::xxh3_64;

use crate::signs::Sign;
use crate::unhashed::BuildUnhashed;

/// A line that so many blocks repeat may be any of the first of them.
const MOST_REPEATS: usize = 8;
/// Blocks are compared with lines by runs of so many letters.
const GRAM: usize = 8;
/// So many letters of a block stand in the lines at least, in per cent, if it is theirs.
const LEAST_SHARE: usize = 70;
/// A line of as many letters that stands in none of the places it should stand in is looked for everywhere.
const LEAST_STRAY: usize = 40;

/// What of a text counts when it's compared: its letters and digits, in one case, as UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Letters<'a> {
    written: &'a [u8],
    count: usize,
}

/// The letters of many texts, one after the other.
#[derive(Default)]
struct Written {
    letters: Vec<u8>,
    /// Where those of each text end, and how many they are.
    ends: Vec<(usize, usize)>,
}

impl Written {
    fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut written = Written::default();
        texts.into_iter().for_each(|text| written.add(text));
        written
    }

    fn add(&mut self, text: &str) {
        let (before, mut beyond_ascii, mut lower) = (self.letters.len(), 0, Vec::new());
        // A letter of two bytes may have three when it is made lower-case.
        let mut length = before;
        self.letters.resize(before + text.len() + text.len() / 2, 0);
        let mut rest = text;
        loop {
            let plain = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
            for byte in rest[..plain].bytes() {
                // Written in any case: whether it is a letter cannot be foretold.
                self.letters[length] = byte.to_ascii_lowercase();
                length += usize::from(byte.is_ascii_alphanumeric());
            }
            rest = &rest[plain..];
            let Some(other) = rest.chars().next() else { break };
            rest = &rest[other.len_utf8()..];
            let sign = Sign::of(other);
            if sign.is_alphanumeric() {
                lower.clear();
                sign.push_lower(other, &mut lower);
                self.letters[length..length + lower.len()].copy_from_slice(&lower);
                length += lower.len();
                beyond_ascii += lower.iter().filter(|&byte| byte & 0xC0 == 0x80).count();
            }
        }
        self.letters.truncate(length);
        self.ends.push((length, length - before - beyond_ascii));
    }

    fn texts(&self) -> Vec<Letters<'_>> {
        let starts = iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        let one =
            |(start, &(end, count)): (usize, &(usize, usize))| Letters { written: &self.letters[start..end], count };
        starts.zip(&self.ends).map(one).collect()
    }
}

/// Returns whether each block stands in the extract, and how many letters of the extract stand in such blocks, of how
/// many.
pub fn in_main(blocks: &[&str], extract: &str) -> (Vec<bool>, usize, usize) {
    let of_blocks = Written::of(blocks.iter().copied());
    let blocks = of_blocks.texts();
    let of_lines = lines(extract, &blocks);
    let mut lines = of_lines.texts();
    lines.retain(|line| line.count > 0);
    let chain = chain(&blocks, &lines);
    let mut main = vec![false; blocks.len()];
    let mut told = vec![false; lines.len()];
    for &(line, block) in &chain {
        (main[block], told[line]) = (true, true);
    }
    let ends = chain.iter().copied().chain([(lines.len(), blocks.len())]);
    let (mut line, mut block) = (0, 0);
    for (next_line, next_block) in ends {
        compare(&blocks, &lines, (line, next_line), (block, next_block), &mut main, &mut told);
        (line, block) = (next_line + 1, next_block + 1);
    }
    find_strays(&blocks, &lines, &mut main, &mut told);
    let all: usize = lines.iter().map(|line| line.count).sum();
    if 2 * letters_of(&lines, &told) < all {
        // Where lines join many blocks, the few that are a block by themselves say little of where the others stand.
        compare(&blocks, &lines, (0, lines.len()), (0, blocks.len()), &mut main, &mut told);
    }
    (main, letters_of(&lines, &told), all)
}

/// How many letters the lines hold that were found.
fn letters_of(lines: &[Letters<'_>], told: &[bool]) -> usize {
    lines.iter().zip(told).filter(|(_, told)| **told).map(|(line, _)| line.count).sum()
}

type Hashes = HashSet<u64, BuildUnhashed>;

fn hash(letters: Letters<'_>) -> u64 {
    xxh3_64(letters.written)
}

/// The hashes of all runs of [`GRAM`] letters.
fn grams(letters: Letters<'_>) -> impl Iterator<Item = u64> {
    let written = letters.written;
    let starts = (0..written.len()).filter(|&at| written[at] & 0xC0 != 0x80);
    let ends = starts.clone().skip(GRAM).chain([written.len()]);
    let all = (letters.count + 1).saturating_sub(GRAM);
    starts.zip(ends).take(all).map(|(start, end)| xxh3_64(&written[start..end]))
}

/// The lines of an extract. A row of a table whose cells are blocks is as many lines.
fn lines(extract: &str, blocks: &[Letters<'_>]) -> Written {
    let mut lines = Written::default();
    let known: HashSet<&[u8]> =
        if extract.contains('|') { blocks.iter().map(|block| block.written).collect() } else { HashSet::new() };
    for line in extract.lines() {
        if line.contains('|') && !known.contains(&Written::of([line]).letters[..]) {
            line.split('|').for_each(|cell| lines.add(cell));
        } else {
            lines.add(line);
        }
    }
    lines
}

/// The heaviest chain of lines and blocks of the same letters in which both ascend.
fn chain(blocks: &[Letters<'_>], lines: &[Letters<'_>]) -> Vec<(usize, usize)> {
    let of_lines: Vec<u64> = lines.iter().map(|line| hash(*line)).collect();
    let mut places: HashMap<u64, Vec<usize>, BuildUnhashed> = of_lines.iter().map(|&hash| (hash, Vec::new())).collect();
    for (place, block) in blocks.iter().enumerate().filter(|(_, block)| block.count > 0) {
        if let Some(repeats) = places.get_mut(&hash(*block)).filter(|repeats| repeats.len() < MOST_REPEATS) {
            repeats.push(place);
        }
    }
    // The heaviest chain that ends at or before a block, in a tree of prefix maxima: weight, and its last link.
    let mut best: Vec<(usize, usize)> = vec![(0, usize::MAX); blocks.len() + 1];
    let mut links: Vec<(usize, usize, usize)> = Vec::new();
    for (number, (line, hash)) in lines.iter().zip(&of_lines).enumerate() {
        for &place in places[hash].iter().rev() {
            let (weight, before) = prefix_best(&best, place);
            links.push((number, place, before));
            raise(&mut best, place, (weight + line.count, links.len() - 1));
        }
    }
    let mut at = prefix_best(&best, blocks.len()).1;
    let mut chain = Vec::new();
    while let Some(&(line, block, before)) = links.get(at) {
        chain.push((line, block));
        at = before;
    }
    chain.reverse();
    chain
}

/// The best of the places before this one.
fn prefix_best(tree: &[(usize, usize)], place: usize) -> (usize, usize) {
    let (mut at, mut best) = (place, (0, usize::MAX));
    while at > 0 {
        if tree[at].0 > best.0 {
            best = tree[at];
        }
        at &= at - 1;
    }
    best
}

fn raise(tree: &mut [(usize, usize)], place: usize, value: (usize, usize)) {
    let mut at = place + 1;
    while at < tree.len() {
        if value.0 > tree[at].0 {
            tree[at] = value;
        }
        at += at & at.wrapping_neg();
    }
}

/// Compares the lines and the blocks between two that are the same.
fn compare(
    blocks: &[Letters<'_>],
    lines: &[Letters<'_>],
    (line, next_line): (usize, usize),
    (block, next_block): (usize, usize),
    main: &mut [bool],
    told: &mut [bool],
) {
    if line >= next_line || block >= next_block {
        return;
    }
    let of_lines: Hashes = lines[line..next_line].iter().flat_map(|line| grams(*line)).collect();
    let (mut of_blocks, mut taken) = (Hashes::default(), Hashes::default());
    for place in block..next_block {
        let letters = blocks[place];
        // What repeats a block is another place, such as a teaser of it.
        if share(letters, &of_lines) >= LEAST_SHARE && taken.insert(hash(letters)) {
            main[place] = true;
            of_blocks.extend(grams(letters));
        }
    }
    for number in line..next_line {
        told[number] |= share(lines[number], &of_blocks) >= LEAST_SHARE;
    }
}

/// How much of the letters stands among the grams, in per cent. Too short a text stands nowhere.
fn share(letters: Letters<'_>, among: &Hashes) -> usize {
    let all = (letters.count + 1).saturating_sub(GRAM);
    if all == 0 || among.is_empty() {
        return 0;
    }
    100 * grams(letters).filter(|gram| among.contains(gram)).count() / all
}

/// Looks everywhere for long lines that stand out of order.
fn find_strays(blocks: &[Letters<'_>], lines: &[Letters<'_>], main: &mut [bool], told: &mut [bool]) {
    for (line, told) in lines.iter().zip(told).filter(|(line, told)| !**told && line.count >= LEAST_STRAY) {
        if let Some(place) = blocks.iter().position(|block| block == line) {
            (main[place], *told) = (true, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::{GRAM, Written, grams};

    proptest! {
        #[test]
        fn letters_are_those_of_each_text_in_one_case(texts in prop::collection::vec("[a-zA-Z0-9 .éİßж語]{0,30}", 0..4)) {
            let written = Written::of(texts.iter().map(String::as_str));
            for (text, &letters) in texts.iter().zip(&written.texts()) {
                let expected: Vec<char> =
                    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
                let joined: String = expected.iter().collect();
                prop_assert_eq!(letters.written, joined.as_bytes());
                prop_assert_eq!(letters.count, expected.len());
                let runs: HashSet<&[char]> = expected.windows(GRAM).collect();
                prop_assert_eq!(grams(letters).collect::<HashSet<u64>>().len(), runs.len());
                prop_assert_eq!(grams(letters).count(), expected.windows(GRAM).count());
            }
        }
    }
}
