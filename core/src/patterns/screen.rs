//! Which of some thousand strings does a text hold, and with which does it begin?
//!
//! Everything here reads folded signs (see `fold`). Of each string the rarest six signs in a row are kept, the first three and
//! the last four of them as bits in two tables that stay in the processor's nearest cache. A text is held against both,
//! position by position; only where both know what they see is there anything to compare.

use std::collections::BTreeMap;

/// Strings must have so many signs.
pub const SHORTEST: usize = 3;
/// Signs of a string that are looked up, if it has so many.
const WINDOW: usize = 6;
/// The tables have 2^14 entries, 16 kB each.
const HASH_BITS: u32 = 14;
const ENTRIES: usize = 1 << HASH_BITS;
/// Of an entry's eight bits, that of the strings shorter than a window: only their first three signs are looked up.
const SHORT: u8 = 1 << 7;

/// Finds the strings that a text holds.
pub struct Screen {
    first: Box<[u8; ENTRIES]>,
    second: Box<[u8; ENTRIES]>,
    /// By the hash of their first signs, where the windows begin in `windows`.
    lists: Vec<u32>,
    windows: Vec<Window>,
    strings: Vec<(Vec<u8>, Vec<u32>)>,
}

/// Where a string has its rarest signs.
struct Window {
    first: usize,
    /// Nothing if the string is shorter than a window.
    second: Option<usize>,
    /// How many signs of the string come before.
    before: usize,
    string: usize,
}

impl Screen {
    /// Takes strings of at least `SHORTEST` signs, and the rules that ask for each.
    pub fn new(strings: BTreeMap<Vec<u8>, Vec<u32>>) -> Self {
        let strings: Vec<_> = strings.into_iter().collect();
        let (mut first, mut second) = (Box::new([0; ENTRIES]), Box::new([SHORT; ENTRIES]));
        let mut windows = Vec::new();
        for (string, (signs, _)) in strings.iter().enumerate() {
            let before = rarest(signs);
            let hashes = (first_hash(&signs[before..]), (signs.len() >= WINDOW).then(|| second_hash(&signs[before..])));
            // Any bit will do, as long as both tables have the same.
            let bit = if hashes.1.is_some() { 1 << (hashes.0 % 7) } else { SHORT };
            first[hashes.0] |= bit;
            hashes.1.iter().for_each(|&hash| second[hash] |= bit);
            windows.push(Window { first: hashes.0, second: hashes.1, before, string });
        }
        windows.sort_unstable_by_key(|window| window.first);
        let begin = |hash| windows.partition_point(|window| window.first < hash) as u32;
        let lists = (0..=ENTRIES).map(begin).collect();
        Screen { first, second, lists, windows, strings }
    }

    /// Calls `found` with the rules that ask for a string of the text, once for each place it stands in.
    pub fn search(&self, text: &mut Vec<u8>, mut found: impl FnMut(&[u32])) {
        let length = text.len();
        text.extend_from_slice(&[0; WINDOW - SHORTEST]);
        for (at, window) in text.windows(WINDOW).enumerate() {
            let (first, second) = (first_hash(window), second_hash(window));
            if self.first[first] & self.second[second] != 0 {
                self.compare(&text[..length], at, (first, second), &mut found);
            }
        }
        text.truncate(length);
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, (first, second): (usize, usize), found: &mut impl FnMut(&[u32])) {
        for window in &self.windows[self.lists[first] as usize..self.lists[first + 1] as usize] {
            if window.second.is_none_or(|hash| hash == second) && window.before <= at {
                let (string, rules) = &self.strings[window.string];
                if text[at - window.before..].starts_with(string) {
                    found(rules);
                }
            }
        }
    }
}

/// Where in a string the signs begin that fewest texts hold.
fn rarest(string: &[u8]) -> usize {
    let rarity = |signs: &[u8]| signs.iter().map(|&sign| rarity(sign)).sum::<u32>();
    let looked_up = if string.len() < WINDOW { SHORTEST } else { WINDOW };
    string.windows(looked_up).enumerate().max_by_key(|(_, window)| rarity(window)).map_or(0, |(at, _)| at)
}

/// How rare a sign is, roughly as the logarithm of how often it is seen: the letters stand for all languages of the alphabet.
fn rarity(sign: u8) -> u32 {
    match sign {
        b' ' => 2,
        b'E' | b'T' | b'A' | b'O' | b'I' | b'N' => 4,
        b'S' | b'R' | b'H' | b'L' | b'D' => 5,
        b'C' | b'U' | b'M' | b'F' | b'P' | b'G' | b'W' | b'Y' | b'0' | b'\'' | b'-' => 6,
        b'B' | b'V' | b'K' | 0x80.. => 7,
        _ => 9,
    }
}

/// The hash of the first three signs of a window.
#[inline]
fn first_hash(window: &[u8]) -> usize {
    hash([window[0], window[1], window[2], 0])
}

/// The hash of the last four signs of a window.
#[inline]
fn second_hash(window: &[u8]) -> usize {
    hash([window[2], window[3], window[4], window[5]])
}

#[inline]
fn hash(signs: [u8; 4]) -> usize {
    (u32::from_le_bytes(signs).wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize
}

/// Strings with which a text may begin, as a tree of their signs.
pub struct Beginnings {
    nodes: Vec<Node>,
    /// The first nodes, by sign; none is zero.
    first: [u32; 256],
}

#[derive(Default)]
struct Node {
    /// The nodes that lie behind, by sign.
    next: Vec<(u8, u32)>,
    /// The rules that ask for what leads here.
    rules: Vec<u32>,
}

impl Beginnings {
    /// Takes strings, and the rules that ask for each.
    pub fn new(strings: BTreeMap<Vec<u8>, Vec<u32>>) -> Self {
        let mut nodes = vec![Node::default()];
        for (string, rules) in strings {
            let mut at = 0;
            for sign in string {
                at = match nodes[at].next.binary_search_by_key(&sign, |next| next.0) {
                    Ok(found) => nodes[at].next[found].1 as usize,
                    Err(place) => {
                        let new = nodes.len();
                        nodes[at].next.insert(place, (sign, new as u32));
                        nodes.push(Node::default());
                        new
                    }
                };
            }
            nodes[at].rules = rules;
        }
        let mut first = [0; 256];
        nodes[0].next.iter().for_each(|&(sign, node)| first[sign as usize] = node);
        Beginnings { nodes, first }
    }

    /// Calls `found` with the rules that ask for a string with which the text begins.
    pub fn search(&self, text: &[u8], mut found: impl FnMut(&[u32])) {
        let Some((first, rest)) = text.split_first() else { return };
        let mut next = self.first[*first as usize];
        let mut rest = rest.iter();
        while next != 0 {
            let node = &self.nodes[next as usize];
            found(&node.rules);
            let sign = rest.next().unwrap_or(&0);
            next = node.next.binary_search_by_key(sign, |next| next.0).map_or(0, |at| node.next[at].1);
        }
    }
}
