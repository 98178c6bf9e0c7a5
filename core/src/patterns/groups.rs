//! At which of sixty-four places of a text may one of some thousand strings stand?
//!
//! Strings are put into groups, and each group knows which signs its strings have at each of six places. Six look-ups
//! in tables that fit a register answer for eight groups and sixty-four places at once (after Hyperscan's Teddy, with the
//! sign itself in place of its two halves: folded signs need few more than six bits).

use super::screen::BEHIND;

/// Groups that are looked up together, and at most so many times.
const GROUPS: usize = 8;
const MOST_SETS: usize = 8;
/// What each time costs, and what it costs to look closer at all of the sixty-four places, in about as many cycles.
const SET_COST: f64 = 9.0;
const PLACES_COST: f64 = 900.0;
/// Signs of a string that are looked at.
const PLACES: usize = 6;
/// Strings that have so many signs in common are never put into different groups.
const COMMON: usize = 3;
/// Signs that are told apart, by their last six bits.
const SIGNS: usize = 64;

/// Which signs the groups have.
pub struct Groups(Box<[Set]>);

/// For each place and sign one bit for each of eight groups that has it there.
#[repr(align(64))]
#[derive(Clone)]
struct Set([[u8; SIGNS]; PLACES]);

/// The signs that some strings have at each place, one bit for each sign.
type Signs = [u64; PLACES];

impl Groups {
    /// Takes the signs of each string from its rarest on, and what a sign's rarity is, as the logarithm of how often it
    /// is seen.
    pub fn new(mut runs: Vec<&[u8]>, rarity: fn(u8) -> u32) -> Self {
        runs.sort_unstable();
        let at = |run: &[u8], place| run.get(place).map_or(u64::MAX, |sign: &u8| 1 << (usize::from(*sign) % SIGNS));
        let all: Vec<Signs> = runs.iter().map(|run| std::array::from_fn(|place| at(run, place))).collect();
        let often: [f64; SIGNS] = std::array::from_fn(|sign| {
            let one = |sign| 0.5f64.powi(rarity(sign) as i32);
            // Signs as folded text has them: the last quarter of ASCII is lower case.
            one(if sign < 32 { sign as u8 + 64 } else { sign as u8 })
        });
        let groups = grouped(all, &often);
        let mut sets = vec![Set([[0; SIGNS]; PLACES]); groups.len().div_ceil(GROUPS)];
        for (group, signs) in groups.into_iter().enumerate() {
            for (table, signs) in sets[group / GROUPS].0.iter_mut().zip(signs) {
                bits(signs).for_each(|sign| table[sign] |= 1 << (group % GROUPS));
            }
        }
        Groups(sets.into())
    }

    /// Returns one bit for each of the first 64 places: whether a string may stand there.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1")]
    pub fn places(&self, signs: &[u8; BEHIND]) -> u64 {
        use std::arch::x86_64::*;
        // SAFETY: five more than 64 signs are read, and each table has 64 bytes.
        unsafe {
            let signs: [_; PLACES] = std::array::from_fn(|place| _mm512_loadu_si512(signs.as_ptr().add(place).cast()));
            let mut found = _mm512_setzero_si512();
            for Set(set) in &self.0 {
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

/// Puts neighbours together, each time those that let least more pass, and returns the groups that cost least: a few are
/// looked up soon, many let little pass.
fn grouped(mut groups: Vec<Signs>, often: &[f64; SIGNS]) -> Vec<Signs> {
    let both = |one: &Signs, other: &Signs| -> Signs { std::array::from_fn(|place| one[place] | other[place]) };
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
        let cost = SET_COST * sets as f64 + PLACES_COST * all;
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
