//! The exact check: how many shingles two bodies really share.
//!
//! Most pairs that may match do not. So before shingles are counted one by one, an [`Outline`] of either body bounds how many
//! they can share: no pair is lost by that, and what passes is counted.

use rayon::prelude::*;

/// Shingles that are held in memory at a time, in numbers of eight bytes.
const MOST_HELD: usize = 1 << 20;
/// Bodies that one thread takes in one go.
const PORTION: usize = 64;

/// Shared shingles stand together if no more others are between two of them: enough for what may stand between two runs of one
/// passage.
const NEAR: usize = 24;

/// Shingles that are compared at once.
const BLOCK: usize = 8;

/// Where in a list of distinct shingles each stands.
#[derive(Default)]
pub struct Table {
    /// One more than the place of a shingle; 0 where none stands.
    slots: Vec<u32>,
}

impl Table {
    /// Forgets everything and makes room for so many shingles: few slots are taken, so that nearly all shingles are found,
    /// or not, in the first they are looked for in.
    fn clear(&mut self, shingles: usize) {
        self.slots.clear();
        self.slots.resize((6 * shingles).next_power_of_two(), 0);
    }

    /// The slot of a shingle, or where it would stand. Shingles are hashes: their low bits are as good as any.
    fn slot(&self, list: &[u64], shingle: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = shingle as usize & mask;
        while self.slots[slot] != 0 && list[self.slots[slot] as usize - 1] != shingle {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Drops all but the first of equal shingles.
    pub fn distinct(&mut self, shingles: &mut Vec<u64>) {
        self.clear(shingles.len());
        let mut kept = 0;
        for at in 0..shingles.len() {
            let slot = self.slot(&shingles[..kept], shingles[at]);
            if self.slots[slot] == 0 {
                shingles[kept] = shingles[at];
                kept += 1;
                self.slots[slot] = kept as u32;
            }
        }
        shingles.truncate(kept);
    }

    /// Becomes the table of these distinct shingles.
    pub fn fill(&mut self, list: &[u64]) {
        self.clear(list.len());
        for (&shingle, place) in list.iter().zip(1..) {
            let mask = self.slots.len() - 1;
            let mut slot = shingle as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = place;
        }
    }

    /// Returns how many of these distinct shingles stand in the list it is filled with, and how many of those stand together.
    pub fn count(&self, list: &[u64], shingles: &[u64]) -> (u32, u32) {
        let (mut count, mut at) = (0, 0);
        let (mut most, mut together, mut end) = (0, 0, 0);
        while let Some(&shingle) = shingles.get(at) {
            match self.slots[self.slot(list, shingle)] {
                0 => at += 1,
                place => {
                    // Bodies that resemble each other go on alike.
                    let run = run(&list[place as usize - 1..], &shingles[at..]);
                    count += run as u32;
                    together = if at - end > NEAR { 0 } else { together } + run as u32;
                    most = most.max(together);
                    at += run;
                    end = at;
                }
            }
        }
        (count, most)
    }
}

/// Returns how many shingles two lists begin with in common.
fn run(one: &[u64], other: &[u64]) -> usize {
    let blocks = one.as_chunks::<BLOCK>().0.iter().zip(other.as_chunks::<BLOCK>().0);
    let are_same = |(one, other): &(&[u64; BLOCK], &[u64; BLOCK])| {
        // No call, as a comparison of arrays would be.
        one.iter().zip(*other).fold(0, |all, (one, other)| all | one ^ other) == 0
    };
    let whole = BLOCK * blocks.take_while(are_same).count();
    whole + one[whole..].iter().zip(&other[whole..]).take_while(|(one, other)| one == other).count()
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
        Counts { shared, together: shared, left: self.shingles.len() as u32, right: right.shingles.len() as u32 }
    }
}

/// What two bodies share, in distinct shingles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// How many stand in both.
    pub shared: u32,
    /// How many of them stand together in the right one, at the place where most do.
    pub together: u32,
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
            let one = |&&pair: &&(u32, u32)| {
                let right = &body(pair.1).shingles;
                let (shared, together) = table.count(&left.shingles, right);
                (pair, Counts { shared, together, left: left.shingles.len() as u32, right: right.len() as u32 })
            };
            possible.iter().map(one).filter(|&(_, counts)| is_enough(counts)).collect::<Vec<_>>()
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
        assert_eq!(one.at_most(&one), Counts { shared: 400, together: 400, left: 400, right: 400 });
    }

    #[test]
    fn what_stands_together_is_counted() {
        let mut table = Table::default();
        let list: Vec<u64> = (0..100).collect();
        table.fill(&list);
        let others = |count: usize| (1000..).take(count).collect::<Vec<u64>>();
        for (between, together) in [(0, 13), (NEAR, 13), (NEAR + 1, 8)] {
            let shingles = [others(50), (20..28).collect(), others(between), (60..65).collect(), others(9)].concat();
            assert_eq!(table.count(&list, &shingles), (13, together), "{between}");
        }
        assert_eq!(table.count(&list, &others(3)), (0, 0));
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
            prop_assert_eq!(table.count(&a, &b).0 as usize, expected);
            table.fill(&b);
            prop_assert_eq!(table.count(&b, &a).0 as usize, expected);
            let bodies = [a, b].map(|set| Body::new(set, &mut table));
            for (one, other) in [(0, 1), (1, 0), (0, 0)].map(|(one, other)| (&bodies[one], &bodies[other])) {
                let most = one.at_most(other);
                prop_assert_eq!([most.left, most.right], [one, other].map(|body| body.shingles.len() as u32));
                table.fill(&one.shingles);
                prop_assert!(table.count(&one.shingles, &other.shingles).0 <= most.shared);
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
