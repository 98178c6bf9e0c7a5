//! Which blocks of a page did an extractor take for the article?
//!
//! An extractor gives lines of text, not places. Most lines are a block, word for word; others join blocks, as a row of a
//! table does, or give part of one. So lines that are a block are found first, in their order, and what lies between two
//! of them is compared with the lines that the extractor gave between those two.

use std::collections::{HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::unhashed::BuildUnhashed;

/// A line that so many blocks repeat may be any of the first of them.
const MOST_REPEATS: usize = 8;
/// Blocks are compared with lines by runs of so many letters.
const GRAM: usize = 8;
/// So many letters of a block stand in the lines at least, in per cent, if it is theirs.
const LEAST_SHARE: usize = 70;
/// A line of as many letters that stands in none of the places it should stand in is looked for everywhere.
const LEAST_STRAY: usize = 40;

/// Returns whether each block stands in the extract, and how many letters of the extract stand in such blocks, of how
/// many.
pub fn in_main(blocks: &[&str], extract: &str) -> (Vec<bool>, usize, usize) {
    let blocks: Vec<Vec<char>> = blocks.iter().map(|block| letters(block)).collect();
    let lines: Vec<Vec<char>> = lines(extract, &blocks);
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
    let all: usize = lines.iter().map(Vec::len).sum();
    if 2 * letters_of(&lines, &told) < all {
        // Where lines join many blocks, the few that are a block by themselves say little of where the others stand.
        compare(&blocks, &lines, (0, lines.len()), (0, blocks.len()), &mut main, &mut told);
    }
    (main, letters_of(&lines, &told), all)
}

/// How many letters the lines hold that were found.
fn letters_of(lines: &[Vec<char>], told: &[bool]) -> usize {
    lines.iter().zip(told).filter(|(_, told)| **told).map(|(line, _)| line.len()).sum()
}

type Hashes = HashSet<u64, BuildUnhashed>;

/// What of a text counts when it's compared: its letters and digits, in one case.
fn letters(text: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            letters.extend(character.is_ascii_alphanumeric().then(|| character.to_ascii_lowercase()));
        } else if character.is_alphanumeric() {
            letters.extend(character.to_lowercase());
        }
    }
    letters
}

fn hash(letters: &[char]) -> u64 {
    let bytes: Vec<u8> = letters.iter().flat_map(|&letter| u32::from(letter).to_le_bytes()).collect();
    xxh3_64(&bytes)
}

/// The hashes of all runs of [`GRAM`] letters.
fn grams(letters: &[char]) -> impl Iterator<Item = u64> {
    letters.windows(GRAM).map(|gram| {
        let mut bytes = [0; 4 * GRAM];
        for (bytes, &letter) in bytes.chunks_exact_mut(4).zip(gram) {
            bytes.copy_from_slice(&u32::from(letter).to_le_bytes());
        }
        xxh3_64(&bytes)
    })
}

/// The lines of an extract. A row of a table whose cells are blocks is as many lines.
fn lines(extract: &str, blocks: &[Vec<char>]) -> Vec<Vec<char>> {
    let known: HashSet<&Vec<char>> = if extract.contains('|') { blocks.iter().collect() } else { HashSet::new() };
    let mut found = Vec::new();
    for line in extract.lines() {
        let whole = letters(line);
        if line.contains('|') && !known.contains(&whole) {
            found.extend(line.split('|').map(letters));
        } else {
            found.push(whole);
        }
    }
    found.retain(|line| !line.is_empty());
    found
}

/// The heaviest chain of lines and blocks of the same letters in which both ascend.
fn chain(blocks: &[Vec<char>], lines: &[Vec<char>]) -> Vec<(usize, usize)> {
    let mut places: HashMap<u64, Vec<usize>, BuildUnhashed> = HashMap::default();
    for (place, block) in blocks.iter().enumerate().filter(|(_, block)| !block.is_empty()) {
        let repeats = places.entry(hash(block)).or_default();
        if repeats.len() < MOST_REPEATS {
            repeats.push(place);
        }
    }
    // The heaviest chain that ends at or before a block, in a tree of prefix maxima: weight, and its last link.
    let mut best: Vec<(usize, usize)> = vec![(0, usize::MAX); blocks.len() + 1];
    let mut links: Vec<(usize, usize, usize)> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        for &place in places.get(&hash(line)).into_iter().flatten().rev() {
            let (weight, before) = prefix_best(&best, place);
            links.push((number, place, before));
            raise(&mut best, place, (weight + line.len(), links.len() - 1));
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
    blocks: &[Vec<char>],
    lines: &[Vec<char>],
    (line, next_line): (usize, usize),
    (block, next_block): (usize, usize),
    main: &mut [bool],
    told: &mut [bool],
) {
    if line >= next_line || block >= next_block {
        return;
    }
    let of_lines: Hashes = lines[line..next_line].iter().flat_map(|line| grams(line)).collect();
    let (mut of_blocks, mut taken) = (Hashes::default(), Hashes::default());
    for place in block..next_block {
        let letters = &blocks[place];
        // What repeats a block is another place, such as a teaser of it.
        if share(letters, &of_lines) >= LEAST_SHARE && taken.insert(hash(letters)) {
            main[place] = true;
            of_blocks.extend(grams(letters));
        }
    }
    for number in line..next_line {
        told[number] |= share(&lines[number], &of_blocks) >= LEAST_SHARE;
    }
}

/// How much of the letters stands among the grams, in per cent. Too short a text stands nowhere.
fn share(letters: &[char], among: &Hashes) -> usize {
    let all = (letters.len() + 1).saturating_sub(GRAM);
    if all == 0 || among.is_empty() {
        return 0;
    }
    100 * grams(letters).filter(|gram| among.contains(gram)).count() / all
}

/// Looks everywhere for long lines that stand out of order.
fn find_strays(blocks: &[Vec<char>], lines: &[Vec<char>], main: &mut [bool], told: &mut [bool]) {
    for (line, told) in lines.iter().zip(told).filter(|(line, told)| !**told && line.len() >= LEAST_STRAY) {
        if let Some(place) = blocks.iter().position(|block| block == line) {
            (main[place], *told) = (true, true);
        }
    }
}
