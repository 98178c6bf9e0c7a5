//! The exact check: how many shingles two bodies really share.
//!
//! Most pairs that may match do not. So before shingles are counted one by one, an [`Outline`] of either body bounds how many
//! they can share: no pair is lost by that, and what passes is counted.

use rayon::prelude::*;

use crate::ahead::ask_for;

/// Shingles that are held in memory at a time, in numbers of eight bytes.
const MOST_HELD: usize = 4 << 20;
/// Bodies that one thread takes in one go.
const PORTION: usize = 64;

/// Shingles that memory fetches at once.
const LINE: usize = 8;

/// A set of shingles that is asked again and again whether it holds one.
#[derive(Default)]
pub struct Table {
    slots: Vec<u64>,
    holds_zero: bool,
}

impl Table {
    /// Forgets everything and makes room for so many shingles: few slots are taken, so that nearly all shingles are found,
    /// or not, in the first they are looked for in.
    fn clear(&mut self, shingles: usize) {
        self.slots.clear();
        self.slots.resize((6 * shingles).next_power_of_two(), 0);
        self.holds_zero = false;
    }

    /// Where a shingle stands, or would stand. Shingles are hashes: their low bits are as good as any.
    fn slot(&self, shingle: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = shingle as usize & mask;
        while self.slots[slot] != 0 && self.slots[slot] != shingle {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Puts a shingle in; says whether it is new.
    fn insert(&mut self, shingle: u64) -> bool {
        if shingle == 0 {
            return !std::mem::replace(&mut self.holds_zero, true);
        }
        let slot = self.slot(shingle);
        let new = self.slots[slot] == 0;
        self.slots[slot] = shingle;
        new
    }

    fn holds(&self, shingle: u64) -> bool {
        if shingle == 0 { self.holds_zero } else { self.slots[self.slot(shingle)] == shingle }
    }

    /// Drops all but the first of equal shingles.
    pub fn distinct(&mut self, shingles: &mut Vec<u64>) {
        self.clear(shingles.len());
        shingles.retain(|&shingle| self.insert(shingle));
    }

    /// Becomes the set of these shingles.
    pub fn fill(&mut self, shingles: &[u64]) {
        self.clear(shingles.len());
        shingles.iter().for_each(|&shingle| {
            self.insert(shingle);
        });
    }

    /// Returns how many of these distinct shingles it holds.
    pub fn count(&self, shingles: &[u64]) -> u32 {
        let mut count = 0;
        for some in shingles.chunks(BLOCK * BLOCKS) {
            // Nothing branches on what was found before all was looked for: a branch foretold wrongly would wait for it.
            let mut looks = [(0, 0); BLOCKS];
            let blocks = || some.chunks(BLOCK);
            blocks().zip(&mut looks).for_each(|(block, found)| *found = look(&self.slots, block));
            for (block, (held, mut displaced)) in blocks().zip(looks) {
                count += held.count_ones();
                while displaced != 0 {
                    count += u32::from(self.holds(block[displaced.trailing_zeros() as usize]));
                    displaced &= displaced - 1;
                }
            }
        }
        count
    }
}

/// Blocks that are looked for one after the other.
const BLOCKS: usize = 16;
/// Shingles that are looked for together: one bit each in what is found.
const BLOCK: usize = 64;

/// Looks for shingles in the first slots they may stand in. Tells which stand there, and which are displaced: another one
/// stands there, so they may be in a later slot, or they are zero, as slots are in which none stands.
fn look(slots: &[u64], shingles: &[u64]) -> (u64, u64) {
    assert!(slots.len().is_power_of_two() && shingles.len() <= BLOCK);
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") {
        // SAFETY: this processor has AVX-512, and there is a power of two of slots.
        return unsafe { look_avx512(slots, shingles) };
    }
    look_anywhere(slots, shingles)
}

fn look_anywhere(slots: &[u64], shingles: &[u64]) -> (u64, u64) {
    let (mut held, mut displaced) = (0, 0);
    for (at, &shingle) in shingles.iter().enumerate() {
        // Whether it stands there cannot be foretold, so nothing branches on it.
        let found = slots[shingle as usize & (slots.len() - 1)];
        let is_held = (found == shingle) & (shingle != 0);
        held |= u64::from(is_held) << at;
        displaced |= u64::from(!is_held & ((found != 0) | (shingle == 0))) << at;
    }
    (held, displaced)
}

/// # Safety
///
/// The processor has AVX-512 F, and there is a power of two of slots.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
unsafe fn look_avx512(slots: &[u64], shingles: &[u64]) -> (u64, u64) {
    use std::arch::x86_64::*;
    const LANES: usize = 8;
    let (mut held, mut displaced) = (0, 0);
    let last_slot = _mm512_set1_epi64(slots.len() as i64 - 1);
    for (at, some) in (0..).step_by(LANES).zip(shingles.chunks(LANES)) {
        let lanes = u8::MAX >> (LANES - some.len());
        // SAFETY: only lanes that `some` has are read, and only slots there are.
        let (some, found) = unsafe {
            let some = _mm512_maskz_loadu_epi64(lanes, some.as_ptr().cast());
            (some, _mm512_i64gather_epi64::<8>(_mm512_and_si512(some, last_slot), slots.as_ptr().cast()))
        };
        let is_some = lanes & _mm512_test_epi64_mask(some, some);
        let is_held = is_some & _mm512_cmpeq_epi64_mask(found, some);
        let is_displaced = lanes & !is_held & (_mm512_test_epi64_mask(found, found) | !is_some);
        held |= u64::from(is_held) << at;
        displaced |= u64::from(is_displaced) << at;
    }
    (held, displaced)
}

/// On which of 4,096 places the shingles of a set fall.
#[derive(Clone)]
struct Outline([u64; 64]);

impl Outline {
    fn new(shingles: &[u64]) -> Outline {
        let mut places = [0; 64];
        // The high bits: the sets that are compared may be small, and then their tables use the low ones.
        shingles.iter().for_each(|&shingle| places[(shingle >> 58) as usize] |= 1 << (shingle >> 52 & 63));
        Outline(places)
    }

    /// Returns how many places both have.
    fn common(&self, other: &Outline) -> u32 {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx512vpopcntdq") {
            // SAFETY: this processor counts the bits of eight numbers at once.
            return unsafe { self.common_avx512(other) };
        } else if std::arch::is_x86_feature_detected!("popcnt") {
            // SAFETY: this processor counts the bits of a number.
            return unsafe { self.common_popcnt(other) };
        }
        self.common_anywhere(other)
    }

    /// The same code, compiled for vectors of eight numbers.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512vpopcntdq")]
    unsafe fn common_avx512(&self, other: &Outline) -> u32 {
        self.common_anywhere(other)
    }

    /// The same code, compiled for processors that count bits.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "popcnt")]
    unsafe fn common_popcnt(&self, other: &Outline) -> u32 {
        self.common_anywhere(other)
    }

    #[inline(always)]
    fn common_anywhere(&self, other: &Outline) -> u32 {
        self.0.iter().zip(&other.0).map(|(one, other)| (one & other).count_ones()).sum()
    }
}

/// A body while its pairs are counted.
struct Body {
    /// Each once.
    shingles: Vec<u64>,
    outline: Outline,
    /// How many places the outline has.
    places: u32,
}

impl Body {
    fn new(mut shingles: Vec<u64>, table: &mut Table) -> Body {
        table.distinct(&mut shingles);
        let outline = Outline::new(&shingles);
        let places = outline.common(&outline);
        Body { shingles, outline, places }
    }

    /// Returns the counts of this body on the left and another on the right with as many shared as there can be: for each
    /// place that only one of them has, that one has a shingle of its own.
    fn at_most(&self, right: &Body) -> Counts {
        let common = self.outline.common(&right.outline);
        let of_one = |body: &Body| body.shingles.len() as u32 - (body.places - common);
        let shared = of_one(self).min(of_one(right));
        Counts { shared, left: self.shingles.len() as u32, right: right.shingles.len() as u32 }
    }
}

/// What two bodies share, in distinct shingles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// How many stand in both.
    pub shared: u32,
    /// How many the left one has.
    pub left: u32,
    /// How many the right one has.
    pub right: u32,
}

/// A pair of bodies and what they share.
pub type Counted = ((u32, u32), Counts);

/// Returns those of the pairs that share enough with their counts, in the order of the pairs, which ascend by their left
/// sides. What is enough stays so if more is shared.
///
/// `words` says how many words each body has. `read` calls what it is given with the shingles of each of some bodies, in
/// their order; repeated ones are dropped here. Bodies are asked for in batches, so that few are held at a time.
pub fn count_pairs<E: Send>(
    pairs: &[(u32, u32)],
    words: &[u32],
    read: impl Fn(&[u32], &mut dyn FnMut(Vec<u64>)) -> Result<(), E> + Sync,
    is_enough: impl Fn(Counts) -> bool + Sync,
) -> Result<Vec<Counted>, E> {
    let mut counted = Vec::new();
    let mut places = vec![NONE; words.len()];
    let pairs = by_families(pairs);
    let mut rest = pairs.as_slice();
    while !rest.is_empty() {
        let (length, batch) = batch(rest, words, &mut places);
        let portion = |table: &mut Table, portion: &[u32]| {
            let mut bodies = Vec::with_capacity(portion.len());
            read(portion, &mut |shingles| bodies.push(Body::new(shingles, table)))?;
            Ok(bodies)
        };
        let read: Vec<Vec<Body>> =
            batch.par_chunks(PORTION).map_init(Default::default, portion).collect::<Result<_, E>>()?;
        let body = |body: u32| {
            let place = places[body as usize] as usize;
            &read[place / PORTION][place % PORTION]
        };
        let of_left: Vec<&[(u32, u32)]> = rest[..length].chunk_by(|a, b| a.0 == b.0).collect();
        let of_batch = of_left.par_iter().map_init(Table::default, |table, pairs| {
            let left = body(pairs[0].0);
            let possible: Vec<&(u32, u32)> =
                pairs.iter().filter(|pair| is_enough(left.at_most(body(pair.1)))).collect();
            if !possible.is_empty() {
                table.fill(&left.shingles);
            }
            let one = |(at, &&pair): (usize, &&(u32, u32))| {
                if let Some(next) = possible.get(at + 1) {
                    body(next.1).shingles.chunks(LINE).for_each(|line| ask_for(line.as_ptr()));
                }
                let right = &body(pair.1).shingles;
                let shared = table.count(right);
                (pair, Counts { shared, left: left.shingles.len() as u32, right: right.len() as u32 })
            };
            possible.iter().enumerate().map(one).filter(|&(_, counts)| is_enough(counts)).collect::<Vec<_>>()
        });
        counted.extend(of_batch.collect::<Vec<_>>().into_iter().flatten());
        batch.iter().for_each(|&body| places[body as usize] = NONE);
        rest = &rest[length..];
    }
    counted.par_sort_unstable_by_key(|&(pair, _)| pair);
    Ok(counted)
}

/// Returns the pairs in an order in which bodies that are paired with the same ones follow each other: those that many pairs
/// need are read seldom and stay in the cache. In a family all but the last are mostly paired with the last.
fn by_families(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut of_left: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    of_left.par_sort_by_key(|pairs| pairs[pairs.len() - 1].1);
    of_left.concat()
}

const NONE: u32 = u32::MAX;

/// Returns how many of the pairs can be counted at once, and their bodies, ascending. Sets in `places` where among them
/// each body is; before, none has a place.
fn batch(pairs: &[(u32, u32)], words: &[u32], places: &mut [u32]) -> (usize, Vec<u32>) {
    let (mut held, mut bodies, mut length) = (0, Vec::new(), 0);
    for &(left, right) in pairs {
        let before = bodies.len();
        for body in [left, right] {
            if places[body as usize] == NONE {
                places[body as usize] = 0;
                held += words[body as usize] as usize;
                bodies.push(body);
            }
        }
        if held > MOST_HELD && length > 0 {
            bodies.drain(before..).for_each(|body| places[body as usize] = NONE);
            break;
        }
        length += 1;
    }
    bodies.sort_unstable();
    bodies.iter().zip(0..).for_each(|(&body, place)| places[body as usize] = place);
    (length, bodies)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn counted(sets: &[Vec<u64>], pairs: &[(u32, u32)], words: &[u32], least: u32) -> Result<Vec<Counted>, u32> {
        let read = |bodies: &[u32], visit: &mut dyn FnMut(Vec<u64>)| {
            bodies.iter().try_for_each(|&body| sets.get(body as usize).map(|set| visit(set.clone())).ok_or(body))
        };
        count_pairs(pairs, words, read, |counts| counts.shared >= least)
    }

    #[test]
    fn pairs_keep_their_order() {
        let sets = [vec![1, 2, 3], vec![2, 3, 4, u64::MAX], vec![], vec![u64::MAX, 0]];
        let pairs = [(0, 1), (0, 2), (1, 3), (3, 3)];
        for words in [[3, 4, 0, 2], [MOST_HELD as u32; 4]] {
            let found = counted(&sets, &pairs, &words, 0).unwrap();
            assert!(found.iter().map(|&(pair, _)| pair).eq(pairs));
            assert!(found.iter().map(|(_, counts)| counts.shared).eq([2, 0, 1, 2]));
            let found = counted(&sets, &pairs, &words, 2).unwrap();
            assert!(found.iter().map(|&(pair, _)| pair).eq([(0, 1), (3, 3)]));
            assert_eq!(counted(&sets[..3], &pairs, &words, 0), Err(3));
        }
    }

    #[test]
    fn outlines_spare_what_is_far_from_enough() {
        let shingles = |from: u64| (from..from + 400).map(|at| at.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
        let body = |from| Body::new(shingles(from), &mut Table::default());
        let (one, other, far) = (body(0), body(100), body(1000));
        assert!((300..330).contains(&one.at_most(&other).shared));
        assert!(one.at_most(&far).shared < 50);
        assert_eq!(one.at_most(&one), Counts { shared: 400, left: 400, right: 400 });
    }

    fn few_places() -> impl Strategy<Value = Vec<u64>> {
        let shingle = prop_oneof![0u64..60, (0u64..9, 0u64..9).prop_map(|(high, low)| high << 52 | low)];
        prop::collection::vec(shingle, 0..200)
    }

    proptest! {
        #[test]
        fn a_hash_set_agrees(mut a in few_places(), mut b in few_places()) {
            let expected = a.iter().collect::<HashSet<_>>().intersection(&b.iter().collect()).count();
            let sizes = [&a, &b].map(|set| set.iter().collect::<HashSet<_>>().len());
            let mut table = Table::default();
            table.distinct(&mut a);
            table.distinct(&mut b);
            prop_assert_eq!([a.len(), b.len()], sizes);
            table.fill(&a);
            prop_assert_eq!(table.count(&b) as usize, expected);
            for block in b.chunks(BLOCK) {
                prop_assert_eq!(look(&table.slots, block), look_anywhere(&table.slots, block));
            }
            table.fill(&b);
            prop_assert_eq!(table.count(&a) as usize, expected);
            let bodies = [a, b].map(|set| Body::new(set, &mut table));
            for (one, other) in [(0, 1), (1, 0), (0, 0)].map(|(one, other)| (&bodies[one], &bodies[other])) {
                let most = one.at_most(other);
                prop_assert_eq!([most.left, most.right], [one, other].map(|body| body.shingles.len() as u32));
                table.fill(&one.shingles);
                prop_assert!(table.count(&other.shingles) <= most.shared);
            }
        }

        #[test]
        fn every_path_finds_the_same_places(one in prop::array::uniform32(any::<u64>()), other in any::<[u64; 32]>()) {
            let outline = |half: &[u64; 32]| Outline(std::array::from_fn(|at| half[at % 32].rotate_left(at as u32)));
            let (one, other) = (outline(&one), outline(&other));
            let expected = one.common_anywhere(&other);
            prop_assert_eq!(one.common(&other), expected);
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("popcnt") {
                // SAFETY: this processor counts the bits of a number.
                prop_assert_eq!(unsafe { one.common_popcnt(&other) }, expected);
            }
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx512vpopcntdq") {
                // SAFETY: this processor counts the bits of eight numbers at once.
                prop_assert_eq!(unsafe { one.common_avx512(&other) }, expected);
            }
        }
    }
}
