//! Which of some thousand strings does a text hold, and with which does it begin?
//!
//! Everything here reads folded signs (see `fold`). A string is known by a run of its signs, the rarest it has. Runs of six
//! signs are looked up as their first and their last four in two tables that stay in the processor's nearest cache; only
//! where both know what they see is there anything to compare. Where the processor can, it tells beforehand of sixty-four
//! places together which are worth that: a long text holds no string of a rule for short ones, and a text of nothing but
//! ASCII none with other signs.

use std::collections::BTreeMap;

#[cfg(target_arch = "x86_64")]
use rayon::prelude::*;

#[cfg(target_arch = "x86_64")]
use super::{
    fold::{has_avx2, has_avx512},
    groups::{self, Parts, Set, Whole},
};

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
/// Groups of signs with which a text may begin, by their hash.
const BUCKETS: usize = 1 << 12;
/// Signs of a beginning that are compared.
const COMPARED: usize = 16;
/// Texts with more words than each of these are searched for the strings of rules that may match such texts, and no others.
#[cfg(target_arch = "x86_64")]
const SIZES: [u32; 7] = [0, 30, 60, 90, 120, 150, 250];
/// Signs behind a text, so that it can be read in whole strides.
pub const BEHIND: usize = 72;

/// Finds the strings that a text holds.
pub struct Screen {
    quick: Quick,
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

/// What tells of sixty-four places together which are worth a closer look, on one kind of processor.
enum Quick {
    #[cfg(target_arch = "x86_64")]
    Avx512(Sizes<Whole>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Sizes<Parts>),
    None,
}

/// For texts of each size of `SIZES`: the strings of ASCII, then all.
#[cfg(target_arch = "x86_64")]
type Sizes<S> = Vec<[Box<[S]>; 2]>;

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
    /// Takes strings of at least `SHORTEST` signs, and the rules that ask for each; `most_words` says in how long a text
    /// each rule counts.
    pub fn new(strings: BTreeMap<Vec<u8>, Vec<u32>>, most_words: &[u32]) -> Self {
        Self::on(kind_of_processor(), strings, most_words)
    }

    /// Does what `new` does, for a kind of processor, of which this one is.
    #[cfg_attr(not(target_arch = "x86_64"), allow(unused_variables))]
    pub(super) fn on(kind: Kind, strings: BTreeMap<Vec<u8>, Vec<u32>>, most_words: &[u32]) -> Self {
        let strings: Vec<_> = strings.into_iter().collect();
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
        let quick = match kind {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => Quick::Avx512(sizes(&strings, &runs, most_words)),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => Quick::Avx2(sizes(&strings, &runs, most_words)),
            Kind::Any => Quick::None,
        };
        Screen { quick, first, second, lists, windows, third, shortest, strings }
    }

    /// Calls `found` with the rules that ask for a string of a text of so many words, once for each place it stands in. The
    /// text is the first `length` signs, behind which stand `BEHIND` zeros. Rules that don't count in so long a text may be
    /// among those found.
    #[cfg_attr(not(target_arch = "x86_64"), allow(unused_variables))]
    pub fn search(&self, text: &[u8], length: usize, words: u32, found: &mut impl FnMut(&[u32])) {
        match &self.quick {
            // SAFETY: of these kinds are only processors that have what it takes.
            #[cfg(target_arch = "x86_64")]
            Quick::Avx512(sizes) => unsafe { self.search_avx512(text, length, sets(sizes, text, words), found) },
            #[cfg(target_arch = "x86_64")]
            Quick::Avx2(sizes) => unsafe { self.search_avx2(text, length, sets(sizes, text, words), found) },
            Quick::None => self.search_places(text, length, |_| u64::MAX, found),
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1")]
    unsafe fn search_avx512(&self, text: &[u8], length: usize, sets: &[Whole], found: &mut impl FnMut(&[u32])) {
        self.search_places(text, length, |signs| unsafe { Whole::places(sets, signs) }, found);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1")]
    unsafe fn search_avx2(&self, text: &[u8], length: usize, sets: &[Parts], found: &mut impl FnMut(&[u32])) {
        self.search_places(text, length, |signs| unsafe { Parts::places(sets, signs) }, found);
    }

    /// Looks at those of each 64 places that `places` names when it is shown the signs from the first of them on.
    #[inline(always)]
    fn search_places(
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
        if self.third[hash(three) / FEW] != 0 {
            self.shortest.iter().filter(|short| short.0 == three).for_each(|short| found(&self.strings[short.1].1));
        }
    }
}

/// A kind of processor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Any,
}

/// Returns the kind of this one.
fn kind_of_processor() -> Kind {
    #[cfg(target_arch = "x86_64")]
    if has_avx512() {
        return Kind::Avx512;
    } else if has_avx2() {
        return Kind::Avx2;
    }
    Kind::Any
}

/// Returns what is looked up in texts of each size.
#[cfg(target_arch = "x86_64")]
fn sizes<S: Set + Send>(strings: &[(Vec<u8>, Vec<u32>)], runs: &[&[u8]], most_words: &[u32]) -> Sizes<S> {
    let of_size = |size: &u32| {
        let may_stand = |rules: &[u32]| rules.iter().any(|&rule| most_words[rule as usize] > *size);
        let all = strings.iter().zip(runs).filter(|((_, rules), _)| may_stand(rules));
        let ascii = all.clone().filter(|((string, _), _)| string.is_ascii());
        [
            groups::sets(ascii.map(|(_, run)| *run).collect(), rarity),
            groups::sets(all.map(|(_, run)| *run).collect(), rarity),
        ]
    };
    SIZES.par_iter().map(of_size).collect()
}

/// Returns what is looked up in a text of so many words.
#[cfg(target_arch = "x86_64")]
fn sets<'a, S>(sizes: &'a Sizes<S>, text: &[u8], words: u32) -> &'a [S] {
    let size = SIZES.partition_point(|&size| size < words).saturating_sub(1);
    &sizes[size][usize::from(!text.is_ascii())]
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
    /// Those of at least four signs, in groups by the hash of these, and where each group begins.
    long: Vec<Beginning>,
    groups: Vec<u32>,
    /// The others in groups by their first sign, where each group begins, and one bit for each pair of signs with which a text
    /// may go on that begins with one.
    short: Vec<Beginning>,
    firsts: Vec<u32>,
    pairs: Box<[u8; PAIRS / 8]>,
}

/// One of them, as far as it is compared. What is the same as far as that is only tried more often.
struct Beginning {
    signs: u128,
    mask: u128,
    rules: Vec<u32>,
}

impl Beginning {
    fn new(string: &[u8], rules: Vec<u32>) -> Self {
        let (mut signs, mut mask) = ([0; COMPARED], [0; COMPARED]);
        let length = string.len().min(COMPARED);
        signs[..length].copy_from_slice(&string[..length]);
        mask[..length].fill(u8::MAX);
        Beginning { signs: u128::from_le_bytes(signs), mask: u128::from_le_bytes(mask), rules }
    }
}

impl Beginnings {
    /// Takes strings, and the rules that ask for each.
    pub fn new(strings: BTreeMap<Vec<u8>, Vec<u32>>) -> Self {
        let (mut long, short): (Vec<_>, Vec<_>) = strings.into_iter().partition(|(string, _)| string.len() >= HALF);
        long.sort_by_key(|(string, _)| bucket(string));
        let begin = |hash| long.partition_point(|(string, _)| bucket(string) < hash) as u32;
        let groups = (0..=BUCKETS).map(begin).collect();
        // They come in order.
        let first = |sign| short.partition_point(|(string, _)| usize::from(string[0]) < sign) as u32;
        let firsts = (0..=1 << 8).map(first).collect();
        let mut pairs = Box::new([0; PAIRS / 8]);
        for (string, _) in &short {
            let seconds = string.get(1).map_or(0..=u8::MAX, |&second| second..=second);
            let pair_with = |second| pair(&[string[0], second]);
            seconds.map(pair_with).for_each(|pair| pairs[pair / 8] |= 1 << (pair % 8));
        }
        let all = |strings: Vec<(Vec<u8>, Vec<u32>)>| {
            strings.into_iter().map(|(string, rules)| Beginning::new(&string, rules)).collect()
        };
        Beginnings { long: all(long), groups, short: all(short), firsts, pairs }
    }

    /// Calls `found` with the rules that ask for a string with which the text begins; behind the text stand zeros.
    pub fn search(&self, text: &[u8], mut found: impl FnMut(&[u32])) {
        let signs = u128::from_le_bytes(*text.first_chunk::<COMPARED>().expect("signs behind the text"));
        let mut compare = |list: &[Beginning]| {
            let same = list.iter().filter(|beginning| signs & beginning.mask == beginning.signs);
            same.for_each(|beginning| found(&beginning.rules));
        };
        let pair = pair(text);
        if self.pairs[pair / 8] & 1 << (pair % 8) != 0 {
            let first = usize::from(text[0]);
            compare(&self.short[self.firsts[first] as usize..self.firsts[first + 1] as usize]);
        }
        let bucket = bucket(text);
        compare(&self.long[self.groups[bucket] as usize..self.groups[bucket + 1] as usize]);
    }
}

/// In which group a beginning of at least four signs is.
fn bucket(signs: &[u8]) -> usize {
    hash(four(signs)) * BUCKETS / ENTRIES
}
