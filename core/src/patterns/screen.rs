//! Which of some thousand strings does a text hold, and with which does it begin?
//!
//! Everything here reads folded signs (see `fold`). A string is known by a run of its signs, the rarest it has. Runs of six
//! signs are looked up as their first and their last four in two tables that stay in the processor's nearest cache; only
//! where both know what they see is there anything to compare. Where the processor can, it tells beforehand of sixty-four
//! places together which are worth that.

use std::collections::BTreeMap;

#[cfg(target_arch = "x86_64")]
use super::groups::{self, Groups};

/// Strings must have so many signs.
pub const SHORTEST: usize = 3;
/// Signs of a string that are looked up together, if it has so many; else four are.
const WINDOW: usize = 6;
const HALF: usize = 4;
/// How far the two times four signs of a window are apart.
const STEP: usize = WINDOW - HALF;
/// The tables have 2^14 entries, 16 kB each.
const HASH_BITS: u32 = 14;
const ENTRIES: usize = 1 << HASH_BITS;
/// Strings of three signs are few, and their table is so much smaller.
const FEW: usize = 16;
/// Of an entry's eight bits, that of strings of which only four signs are looked up.
const SHORT: u8 = 1 << 7;
/// Pairs of signs.
const PAIRS: usize = 1 << 16;
/// Signs behind a text, so that it can be read in whole strides.
pub const BEHIND: usize = 72;

/// Finds the strings that a text holds.
pub struct Screen {
    #[cfg(target_arch = "x86_64")]
    groups: Groups,
    first: Box<[u8; ENTRIES]>,
    second: Box<[u8; ENTRIES]>,
    /// By the hash of their first signs, where the windows begin in `windows`.
    lists: Vec<u32>,
    windows: Vec<Window>,
    /// For each hash of three signs whether a string is known by them, and those strings.
    third: Box<[u8; ENTRIES / FEW]>,
    shortest: Vec<(u32, usize)>,
    strings: Vec<(Vec<u8>, Vec<u32>)>,
}

/// Where a string has rare signs.
struct Window {
    /// The hash of the first four of them.
    first: usize,
    /// That of the last four; nothing if there are no more.
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
        let mut third = Box::new([0; ENTRIES / FEW]);
        let (mut windows, mut shortest, mut runs) = (Vec::new(), Vec::new(), Vec::new());
        for (string, (signs, _)) in strings.iter().enumerate() {
            if signs.len() < HALF {
                third[hash(three(signs)) / FEW] = 1;
                shortest.push((three(signs), string));
                runs.push(signs.as_slice());
                continue;
            }
            let looked_up = if signs.len() >= WINDOW { WINDOW } else { HALF };
            let before = rarest(signs, looked_up);
            let run = &signs[before..before + looked_up];
            let begin = hash(four(run));
            let end = (looked_up == WINDOW).then(|| hash(four(&run[STEP..])));
            // Any bit will do, as long as both tables have the same.
            let bit = if end.is_some() { 1 << (begin % 7) } else { SHORT };
            first[begin] |= bit;
            end.iter().for_each(|&hash| second[hash] |= bit);
            windows.push(Window { first: begin, second: end, before, string });
            runs.push(&signs[before..]);
        }
        windows.sort_unstable_by_key(|window| window.first);
        let begin = |hash| windows.partition_point(|window| window.first < hash) as u32;
        let lists = (0..=ENTRIES).map(begin).collect();
        #[cfg(target_arch = "x86_64")]
        let groups = Groups::new(runs, rarity);
        Screen {
            #[cfg(target_arch = "x86_64")]
            groups,
            first,
            second,
            lists,
            windows,
            third,
            shortest,
            strings,
        }
    }

    /// Calls `found` with the rules that ask for a string of the text, once for each place it stands in.
    pub fn search(&self, text: &mut Vec<u8>, mut found: impl FnMut(&[u32])) {
        let length = text.len();
        text.resize(length + BEHIND, 0);
        self.search_within(text, length, &mut found);
        text.truncate(length);
    }

    fn search_within(&self, text: &[u8], length: usize, found: &mut impl FnMut(&[u32])) {
        #[cfg(target_arch = "x86_64")]
        if groups::are_quick() {
            // SAFETY: this processor has what it takes.
            return unsafe { self.search_quickly(text, length, found) };
        }
        self.search_places(text, length, |_| u64::MAX, found);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1")]
    unsafe fn search_quickly(&self, text: &[u8], length: usize, found: &mut impl FnMut(&[u32])) {
        self.search_places(text, length, |signs| self.groups.places(signs), found);
    }

    /// Looks at those of each 64 places that `places` names when it is shown the signs from the first of them on.
    #[inline(always)]
    pub fn search_places(
        &self,
        text: &[u8],
        length: usize,
        places: impl Fn(&[u8; BEHIND]) -> u64,
        found: &mut impl FnMut(&[u32]),
    ) {
        let mut known = [0; 64];
        for stride in (0..length).step_by(64) {
            let signs: &[u8; BEHIND] = text[stride..].first_chunk().expect("signs behind the text");
            let mut bits = places(signs) & u64::MAX >> (64 - (length - stride).min(64));
            let mut count = 0;
            while bits != 0 {
                let place = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let eight = u64::from_le_bytes(*signs[place..].first_chunk().expect("64 places and eight more"));
                // Without a branch: which places are known can't be foretold.
                known[count % 64] = place;
                count += usize::from(self.knows(eight));
            }
            known[..count].iter().for_each(|place| self.compare(text, length, stride + place, found));
        }
    }

    #[inline(always)]
    fn knows(&self, signs: u64) -> bool {
        let three = signs as u32 & 0xFF_FFFF;
        let (first, second, third) = (hash(signs as u32), hash((signs >> (8 * STEP)) as u32), hash(three));
        (self.first[first] & self.second[second]) | self.third[third / FEW] != 0
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], length: usize, at: usize, found: &mut impl FnMut(&[u32])) {
        let (first, second) = (hash(four(&text[at..])), hash(four(&text[at + STEP..])));
        let list = &self.windows[self.lists[first] as usize..self.lists[first + 1] as usize];
        let same = list.iter().filter(|window| window.second.is_none_or(|hash| hash == second));
        for window in same {
            let (string, rules) = &self.strings[window.string];
            if at.checked_sub(window.before).is_some_and(|begin| text[begin..length].starts_with(string)) {
                found(rules);
            }
        }
        // There are no signs behind the text, so none of these reaches beyond it.
        let three = three(&text[at..]);
        self.shortest.iter().filter(|short| short.0 == three).for_each(|short| found(&self.strings[short.1].1));
    }
}

/// Where in a string so many signs begin that fewest texts hold.
fn rarest(string: &[u8], looked_up: usize) -> usize {
    let rarity_of = |signs: &[u8]| signs.iter().map(|&sign| rarity(sign)).sum::<u32>();
    let runs = string.windows(looked_up).enumerate();
    runs.max_by_key(|(_, signs)| rarity_of(signs)).map_or(0, |(at, _)| at)
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

/// The hash of four signs, or of three.
#[inline(always)]
fn hash(signs: u32) -> usize {
    (signs.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize
}

/// The first two signs.
fn pair(signs: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([signs[0], signs[1]]))
}

/// The first four signs.
#[inline(always)]
fn four(signs: &[u8]) -> u32 {
    u32::from_le_bytes([signs[0], signs[1], signs[2], signs[3]])
}

/// The first three signs.
#[inline(always)]
fn three(signs: &[u8]) -> u32 {
    u32::from_le_bytes([signs[0], signs[1], signs[2], 0])
}

/// Strings with which a text may begin.
pub struct Beginnings {
    /// Those of at least four signs, and one bit for each hash of these.
    long: Tree,
    fours: Box<[u8; ENTRIES / 8]>,
    /// The others, and one bit for each pair of signs with which a text may go on that begins with one.
    short: Tree,
    pairs: Box<[u8; PAIRS / 8]>,
}

impl Beginnings {
    /// Takes strings, and the rules that ask for each.
    pub fn new(strings: BTreeMap<Vec<u8>, Vec<u32>>) -> Self {
        let mut fours = Box::new([0; ENTRIES / 8]);
        let (long, short): (Vec<_>, Vec<_>) = strings.into_iter().partition(|(string, _)| string.len() >= HALF);
        for (string, _) in &long {
            let hash = hash(four(string));
            fours[hash / 8] |= 1 << (hash % 8);
        }
        let mut pairs = Box::new([0; PAIRS / 8]);
        for (string, _) in &short {
            let seconds = string.get(1).map_or(0..=u8::MAX, |&second| second..=second);
            let pair_with = |second| pair(&[string[0], second]);
            seconds.map(pair_with).for_each(|pair| pairs[pair / 8] |= 1 << (pair % 8));
        }
        Beginnings { long: Tree::new(long), fours, short: Tree::new(short), pairs }
    }

    /// Calls `found` with the rules that ask for a string with which the text begins.
    pub fn search(&self, text: &[u8], mut found: impl FnMut(&[u32])) {
        let is_pair = |pair: usize| self.pairs[pair / 8] & 1 << (pair % 8) != 0;
        if text.len() < 2 || is_pair(pair(text)) {
            self.short.search(text, &mut found);
        }
        if text.len() >= HALF {
            let hash = hash(four(text));
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
