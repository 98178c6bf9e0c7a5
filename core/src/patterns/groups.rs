//! At which of sixty-four places of a text may one of some thousand strings stand?
//!
//! Strings are put into groups, and each group knows which signs its strings have at each of five places. Five look-ups
//! in tables that fit a register answer for eight groups and sixty-four places at once (after Hyperscan's Teddy, with the
//! sign itself in place of its two halves: folded signs need few more than six bits).

use super::screen::BEHIND;

/// Groups, eight to a set.
const SETS: usize = 8;
const GROUPS: usize = 8 * SETS;
/// Signs of a string that are looked at.
const PLACES: usize = 5;
/// Signs that are told apart, by their last six bits.
const SIGNS: usize = 64;

/// Which signs the groups have.
pub struct Groups(Box<Tables>);

/// For each set, place and sign one bit for each group that has it there.
#[repr(align(64))]
struct Tables([[[u8; SIGNS]; PLACES]; SETS]);

/// Whether this processor knows the look-ups.
pub fn are_quick() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx512f") && has!("avx512bw") && has!("avx512vbmi") && has!("bmi1")
}

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
        let mut tables = Box::new(Tables([[[0; SIGNS]; PLACES]; SETS]));
        for (group, signs) in grouped(all, &often).into_iter().enumerate() {
            for (table, signs) in tables.0[group / 8].iter_mut().zip(signs) {
                let held = table.iter_mut().enumerate().filter(|(sign, _)| signs >> sign & 1 == 1);
                held.for_each(|(_, groups)| *groups |= 1 << (group % 8));
            }
        }
        Groups(tables)
    }

    /// Returns one bit for each of the first 64 places: whether a string may stand there.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1")]
    pub fn places(&self, signs: &[u8; BEHIND]) -> u64 {
        use std::arch::x86_64::*;
        // SAFETY: four more than 64 signs are read, and each table has 64 bytes.
        unsafe {
            let signs: [_; PLACES] = std::array::from_fn(|place| _mm512_loadu_si512(signs.as_ptr().add(place).cast()));
            let mut found = _mm512_setzero_si512();
            for set in &self.0.0 {
                let groups = |at: usize| _mm512_permutexvar_epi8(signs[at], _mm512_load_si512(set[at].as_ptr().cast()));
                let three = _mm512_ternarylogic_epi64::<0x80>(groups(0), groups(1), groups(2));
                found = _mm512_or_si512(found, _mm512_ternarylogic_epi64::<0x80>(three, groups(3), groups(4)));
            }
            _mm512_test_epi8_mask(found, found)
        }
    }
}

/// Puts neighbours together until there are few enough, each time those that let least more pass.
fn grouped(mut groups: Vec<Signs>, often: &[f64; SIGNS]) -> Vec<Signs> {
    let both = |one: &Signs, other: &Signs| -> Signs { std::array::from_fn(|place| one[place] | other[place]) };
    let at_place =
        |signs: &u64| -> f64 { (0..SIGNS).filter(|sign| signs >> sign & 1 == 1).map(|sign| often[sign]).sum() };
    let passed = |group: &Signs| -> f64 { group.iter().map(at_place).product() };
    let price = |pair: &[Signs]| passed(&both(&pair[0], &pair[1])) - passed(&pair[0]) - passed(&pair[1]);
    groups.dedup();
    let mut prices: Vec<f64> = groups.windows(2).map(price).collect();
    while groups.len() > GROUPS {
        let least = prices.iter().enumerate().min_by(|one, other| one.1.total_cmp(other.1));
        let at = least.expect("more than one group").0;
        let next = groups.remove(at + 1);
        groups[at] = both(&groups[at], &next);
        prices.remove(at);
        for at in [at.wrapping_sub(1), at] {
            if at < prices.len() {
                prices[at] = price(&groups[at..at + 2]);
            }
        }
    }
    groups
}
