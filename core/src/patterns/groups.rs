//! At which of sixty-four places of a text may one of some thousand strings stand?
//!
//! Strings are put into groups, and each group knows which signs its strings have at each of six places. Look-ups in tables
//! that fit a register answer for eight groups and many places at once (after Hyperscan's Teddy). Where a register holds
//! sixty-four bytes the sign itself is looked up, for folded signs need few more than six bits; else two parts of it are.

use std::arch::x86_64::*;

use super::screen::BEHIND;

/// Groups that are looked up together, and at most so many times.
const GROUPS: usize = 8;
const MOST_SETS: usize = 8;
/// What it costs to look closer at all of the sixty-four places, in about as many cycles.
const PLACES_COST: f64 = 900.0;
/// Signs of a string that are looked at.
const PLACES: usize = 6;
/// Strings that have so many signs in common are never put into different groups.
const COMMON: usize = 3;
/// Signs that are told apart, by their last six bits.
const SIGNS: usize = 64;

/// The signs that some strings have at each place, one bit for each sign.
type Signs = [u64; PLACES];

/// Eight groups, as one kind of processor looks them up.
pub trait Set: Clone + Sized {
    /// What it costs to look them up at all of the sixty-four places, in about as many cycles.
    const COST: f64;

    /// No groups.
    const NONE: Self;

    /// Makes `signs` the signs of a group, one of eight.
    fn add(&mut self, group: usize, signs: &Signs);

    /// Returns all signs that cannot be told from these once they are in the same group and place.
    fn alike(signs: u64) -> u64;

    /// Returns one bit for each of the first 64 places: whether a string of some set may stand there.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn places(sets: &[Self], signs: &[u8; BEHIND]) -> u64;
}

/// Whole signs, for AVX-512: for each place and sign one bit for each of eight groups that has it there.
#[repr(align(64))]
#[derive(Clone)]
pub struct Whole([[u8; SIGNS]; PLACES]);

impl Set for Whole {
    const COST: f64 = 9.0;
    const NONE: Self = Whole([[0; SIGNS]; PLACES]);

    fn add(&mut self, group: usize, signs: &Signs) {
        for (table, &signs) in self.0.iter_mut().zip(signs) {
            bits(signs).for_each(|sign| table[sign] |= 1 << group);
        }
    }

    fn alike(signs: u64) -> u64 {
        signs
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1")]
    unsafe fn places(sets: &[Self], signs: &[u8; BEHIND]) -> u64 {
        // SAFETY: five more than 64 signs are read, and each table has 64 bytes.
        unsafe {
            let signs: [_; PLACES] = std::array::from_fn(|place| _mm512_loadu_si512(signs.as_ptr().add(place).cast()));
            let mut found = _mm512_setzero_si512();
            for Whole(set) in sets {
                let groups = |at: usize| _mm512_permutexvar_epi8(signs[at], _mm512_load_si512(set[at].as_ptr().cast()));
                let all = |three: [usize; 3]| {
                    let [one, other, third] = three.map(groups);
                    _mm512_ternarylogic_epi64::<0x80>(one, other, third)
                };
                found = _mm512_or_si512(found, _mm512_and_si512(all([0, 1, 2]), all([3, 4, 5])));
            }
            _mm512_test_epi8_mask(found, found)
        }
    }
}

/// Parts of signs, for AVX2: for each place, and each of the two parts of a sign, what has that part there.
#[repr(align(32))]
#[derive(Clone)]
pub struct Parts([[[u8; PART]; 2]; PLACES]);

/// How many parts of one kind there are.
const PART: usize = 16;

/// The two parts of a sign: its last four bits, and the four that begin one higher. As they overlap, a group that has two
/// letters at a place seldom takes a third for one of them.
fn parts(sign: usize) -> [usize; 2] {
    [sign % PART, (sign >> 1) % PART]
}

impl Set for Parts {
    const COST: f64 = 18.0;
    const NONE: Self = Parts([[[0; PART]; 2]; PLACES]);

    fn add(&mut self, group: usize, signs: &Signs) {
        for (tables, &signs) in self.0.iter_mut().zip(signs) {
            for (table, part) in bits(signs).flat_map(|sign| [0, 1].into_iter().zip(parts(sign))) {
                tables[table][part] |= 1 << group;
            }
        }
    }

    fn alike(signs: u64) -> u64 {
        // Of the 64 signs every sixteenth has the same first part. The same second part have two that follow each other,
        // and those 32 after them.
        let first = (signs | signs >> 16 | signs >> 32 | signs >> 48) & 0xFFFF;
        let second = signs | signs >> 32;
        let pairs = (second | second >> 1) & 0x5555_5555;
        let second = pairs | pairs << 1;
        (first * 0x0001_0001_0001_0001) & (second | second << 32)
    }

    #[inline]
    #[target_feature(enable = "avx2,bmi1")]
    unsafe fn places(sets: &[Self], signs: &[u8; BEHIND]) -> u64 {
        const HALF: usize = 32;
        let part = _mm256_set1_epi8(PART as i8 - 1);
        let mut places = 0;
        let mut half = 0;
        while half <= HALF {
            // Plain loops: closures and iterators would be compiled for any processor.
            let mut here = [[part; 2]; PLACES];
            let mut place = 0;
            while place < PLACES {
                // SAFETY: five more than 64 signs are read.
                let signs = unsafe { _mm256_loadu_si256(signs.as_ptr().add(half + place).cast()) };
                here[place] = [_mm256_and_si256(signs, part), _mm256_and_si256(_mm256_srli_epi16::<1>(signs), part)];
                place += 1;
            }
            let mut found = _mm256_setzero_si256();
            let mut set = 0;
            while set < sets.len() {
                let mut groups = _mm256_set1_epi8(-1);
                let mut place = 0;
                while place < 2 * PLACES {
                    let (table, part) = (&sets[set].0[place / 2][place % 2], here[place / 2][place % 2]);
                    // SAFETY: each table has 16 bytes.
                    let table = unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(table.as_ptr().cast())) };
                    groups = _mm256_and_si256(groups, _mm256_shuffle_epi8(table, part));
                    place += 1;
                }
                found = _mm256_or_si256(found, groups);
                set += 1;
            }
            let none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
            places |= u64::from(!none as u32) << half;
            half += HALF;
        }
        places
    }
}

/// Takes the signs of each string from its rarest on, and what a sign's rarity is, as the logarithm of how often it is seen.
/// Returns the sets to look up.
pub fn sets<S: Set>(mut runs: Vec<&[u8]>, rarity: fn(u8) -> u32) -> Box<[S]> {
    runs.sort_unstable();
    let at = |run: &[u8], place| run.get(place).map_or(u64::MAX, |sign: &u8| 1 << (usize::from(*sign) % SIGNS));
    let all: Vec<Signs> = runs.iter().map(|run| std::array::from_fn(|place| S::alike(at(run, place)))).collect();
    let often: [f64; SIGNS] = std::array::from_fn(|sign| {
        let one = |sign| 0.5f64.powi(rarity(sign) as i32);
        // Signs as folded text has them: the last quarter of ASCII is lower case.
        one(if sign < 32 { sign as u8 + 64 } else { sign as u8 })
    });
    let groups = grouped::<S>(all, &often);
    let mut sets = vec![S::NONE; groups.len().div_ceil(GROUPS)];
    for (group, signs) in groups.iter().enumerate() {
        sets[group / GROUPS].add(group % GROUPS, signs);
    }
    sets.into()
}

/// Puts neighbours together, each time those that let least more pass, and returns the groups that cost least: a few are
/// looked up soon, many let little pass.
fn grouped<S: Set>(mut groups: Vec<Signs>, often: &[f64; SIGNS]) -> Vec<Signs> {
    let both =
        |one: &Signs, other: &Signs| -> Signs { std::array::from_fn(|place| S::alike(one[place] | other[place])) };
    let at_place = |&signs: &u64| -> f64 { bits(signs).map(|sign| often[sign]).sum() };
    let passed = |group: &Signs| -> f64 { group.iter().map(at_place).product() };
    let price = |pair: &[Signs]| passed(&both(&pair[0], &pair[1])) - passed(&pair[0]) - passed(&pair[1]);
    groups.dedup_by(|next, kept| {
        let have_common = next[..COMMON] == kept[..COMMON];
        if have_common {
            *kept = both(kept, next);
        }
        have_common
    });
    let mut prices: Vec<f64> = groups.windows(2).map(price).collect();
    let mut all: f64 = groups.iter().map(passed).sum();
    let mut best = (f64::INFINITY, Vec::new());
    loop {
        let sets = groups.len().div_ceil(GROUPS);
        let cost = S::COST * sets as f64 + PLACES_COST * all;
        if sets <= MOST_SETS && cost < best.0 {
            best = (cost, groups.clone());
        }
        let Some((at, _)) = prices.iter().enumerate().min_by(|one, other| one.1.total_cmp(other.1)) else {
            return best.1;
        };
        all += prices.remove(at);
        let next = groups.remove(at + 1);
        groups[at] = both(&groups[at], &next);
        for at in [at.wrapping_sub(1), at] {
            if at < prices.len() {
                prices[at] = price(&groups[at..at + 2]);
            }
        }
    }
}

/// Which bits are set.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (set != 0).then_some(set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        bit
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn alike_are_signs_of_which_each_part_is_there(signs in any::<u64>(), few in any::<u64>()) {
            for signs in [signs, signs & few, 1 << (few % 64), signs & few & few.rotate_left(7) & few.rotate_left(19)] {
                let has = |which: usize, part: usize| bits(signs).any(|sign| parts(sign)[which] == part);
                let alike = |sign: &usize| has(0, parts(*sign)[0]) && has(1, parts(*sign)[1]);
                let expected: Vec<usize> = (0..SIGNS).filter(alike).collect();
                prop_assert_eq!(bits(Parts::alike(signs)).collect::<Vec<_>>(), expected);
            }
        }
    }
}
