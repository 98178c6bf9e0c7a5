//! Which of some thousand strings does a text hold, and with which does it begin?
//!
//! Everything here reads folded signs (see `fold`). A text is looked at in every second place only, so each string is known
//! by two runs of its signs, one for each way it can lie, the rarest it has. Runs of six signs are looked up as their first
//! and their last four in two tables that stay in the processor's nearest cache; only where both know what they see is there
//! anything to compare. The few strings too short for that are known by pairs of signs.

use std::collections::BTreeMap;

/// Strings must have so many signs.
pub const SHORTEST: usize = 3;
/// Every so many places a text is looked at.
const STEP: usize = 2;
/// Signs of a string that are looked up together, if it has one more; else four are, or two.
const WINDOW: usize = 6;
const HALF: usize = 4;
const PAIR: usize = 2;
/// The tables have 2^14 entries, 16 kB each.
const HASH_BITS: u32 = 14;
const ENTRIES: usize = 1 << HASH_BITS;
/// Of an entry's eight bits, that of strings of which only four signs are looked up.
const SHORT: u8 = 1 << 7;

/// Finds the strings that a text holds.
pub struct Screen {
    first: Box<[u8; ENTRIES]>,
    second: Box<[u8; ENTRIES]>,
    /// One bit for each pair of signs that the shortest strings are known by.
    pairs: Box<[u8; 1 << 13]>,
    /// By the hash of their first signs, where the windows begin in `windows`.
    lists: Vec<u32>,
    windows: Vec<Window>,
    /// Where the shortest strings have three signs, and which.
    short: Vec<(u32, Window)>,
    strings: Vec<(Vec<u8>, Vec<u32>)>,
}

/// Where a string has rare signs.
struct Window {
    first: usize,
    /// Nothing if less than six signs are looked up.
    second: Option<usize>,
    /// How many signs of the string come before.
    before: usize,
    string: usize,
}

impl Screen {
    /// Takes strings of at least `SHORTEST` signs, and the rules that ask for each.
    pub fn new<'a>(strings: impl Iterator<Item = (&'a Vec<u8>, &'a Vec<u32>)>) -> Self {
        let strings: Vec<_> = strings.map(|(string, rules)| (string.clone(), rules.clone())).collect();
        let (mut first, mut second) = (Box::new([0; ENTRIES]), Box::new([SHORT; ENTRIES]));
        let mut pairs = Box::new([0; 1 << 13]);
        let (mut windows, mut short) = (Vec::new(), Vec::new());
        for (string, (signs, _)) in strings.iter().enumerate() {
            if signs.len() <= HALF {
                let before = rarest(signs, PAIR);
                let three = &signs[before..before + SHORTEST];
                for pair in three.windows(PAIR).map(pair) {
                    pairs[usize::from(pair / 8)] |= 1 << (pair % 8);
                }
                short.push((self::three(three), Window { first: 0, second: None, before, string }));
                continue;
            }
            let looked_up = if signs.len() > WINDOW { WINDOW } else { HALF };
            let rarest = rarest(signs, looked_up);
            for before in rarest..rarest + STEP {
                let seen = &signs[before..before + looked_up];
                let four = |at: usize| hash(pair(&seen[at..]), pair(&seen[at + PAIR..]));
                let (begin, end) = (four(0), (looked_up == WINDOW).then(|| four(STEP)));
                // Any bit will do, as long as both tables have the same.
                let bit = if end.is_some() { 1 << (begin % 7) } else { SHORT };
                first[begin] |= bit;
                end.iter().for_each(|&hash| second[hash] |= bit);
                windows.push(Window { first: begin, second: end, before, string });
            }
        }
        windows.sort_unstable_by_key(|window| window.first);
        let begin = |hash| windows.partition_point(|window| window.first < hash) as u32;
        let lists = (0..=ENTRIES).map(begin).collect();
        Screen { first, second, pairs, lists, windows, short, strings }
    }

    /// Calls `found` with the rules that ask for a string of the text, once or twice for each place it stands in.
    pub fn search(&self, text: &mut Vec<u8>, mut found: impl FnMut(&[u32])) {
        let length = text.len();
        text.extend_from_slice(&[0; WINDOW]);
        if self.short.is_empty() {
            self.look_up::<false>(text, length, &mut found);
        } else {
            self.look_up::<true>(text, length, &mut found);
        }
        text.truncate(length);
    }

    #[inline(never)]
    fn look_up<const SHORT_TOO: bool>(&self, text: &[u8], length: usize, found: &mut impl FnMut(&[u32])) {
        let (mut here, mut next) = (pair(text), pair(&text[PAIR..]));
        let mut first = hash(here, next);
        for (at, behind) in (0..length).step_by(STEP).zip(text[HALF..].chunks_exact(PAIR)) {
            let behind = pair(behind);
            // Where a window's last signs begin is where the next window does.
            let second = hash(next, behind);
            if self.first[first] & self.second[second] != 0 {
                self.compare(&text[..length], at, (first, second), found);
            }
            if SHORT_TOO && self.pairs[usize::from(here / 8)] & 1 << (here % 8) != 0 {
                self.compare_short(text, length, at, found);
            }
            (here, next, first) = (next, behind, second);
        }
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, (first, second): (usize, usize), found: &mut impl FnMut(&[u32])) {
        for window in &self.windows[self.lists[first] as usize..self.lists[first + 1] as usize] {
            if window.second.is_none_or(|hash| hash == second) {
                self.compare_one(text, at, window, found);
            }
        }
    }

    #[inline(never)]
    fn compare_short(&self, text: &[u8], length: usize, at: usize, found: &mut impl FnMut(&[u32])) {
        for begin in at.saturating_sub(1)..=at {
            let three = three(&text[begin..]);
            let same = self.short.iter().filter(|short| short.0 == three);
            same.for_each(|(_, window)| self.compare_one(&text[..length], begin, window, found));
        }
    }

    fn compare_one(&self, text: &[u8], at: usize, window: &Window, found: &mut impl FnMut(&[u32])) {
        let (string, rules) = &self.strings[window.string];
        if at.checked_sub(window.before).is_some_and(|begin| text[begin..].starts_with(string)) {
            found(rules);
        }
    }
}

/// Where in a string the signs begin that fewest texts hold: so many, and as many one place further.
fn rarest(string: &[u8], looked_up: usize) -> usize {
    let rarity = |signs: &[u8]| signs.iter().map(|&sign| rarity(sign)).sum::<u32>();
    let commoner = |signs: &[u8]| signs.windows(looked_up).map(rarity).min();
    let runs = string.windows(looked_up + STEP - 1).enumerate();
    runs.max_by_key(|(_, signs)| commoner(signs)).map_or(0, |(at, _)| at)
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

/// The hash of four signs.
#[inline]
fn hash(one: u16, other: u16) -> usize {
    let signs = u32::from(one) | u32::from(other) << 16;
    (signs.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize
}

/// The first two signs.
#[inline]
fn pair(signs: &[u8]) -> u16 {
    u16::from_le_bytes([signs[0], signs[1]])
}

/// The first three signs.
fn three(signs: &[u8]) -> u32 {
    u32::from_le_bytes([signs[0], signs[1], signs[2], 0])
}

/// Strings with which a text may begin.
pub struct Beginnings {
    /// Those of at least four signs, and one bit for each hash of these.
    long: Tree,
    fours: Box<[u8; ENTRIES / 8]>,
    short: Tree,
}

impl Beginnings {
    /// Takes strings, and the rules that ask for each.
    pub fn new(strings: BTreeMap<Vec<u8>, Vec<u32>>) -> Self {
        let mut fours = Box::new([0; ENTRIES / 8]);
        let (long, short): (Vec<_>, Vec<_>) = strings.into_iter().partition(|(string, _)| string.len() >= HALF);
        for (string, _) in &long {
            let hash = hash(pair(string), pair(&string[PAIR..]));
            fours[hash / 8] |= 1 << (hash % 8);
        }
        Beginnings { long: Tree::new(long), fours, short: Tree::new(short) }
    }

    /// Calls `found` with the rules that ask for a string with which the text begins.
    pub fn search(&self, text: &[u8], mut found: impl FnMut(&[u32])) {
        self.short.search(text, &mut found);
        if text.len() >= HALF {
            let hash = hash(pair(text), pair(&text[PAIR..]));
            if self.fours[hash / 8] & 1 << (hash % 8) != 0 {
                self.long.search(text, &mut found);
            }
        }
    }
}

/// Strings by their signs, one after the other.
struct Tree {
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

impl Tree {
    fn new(strings: Vec<(Vec<u8>, Vec<u32>)>) -> Self {
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
        Tree { nodes, first }
    }

    fn search(&self, text: &[u8], found: &mut impl FnMut(&[u32])) {
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
