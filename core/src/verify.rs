//! The exact check: how many shingles two bodies really share.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::unhashed::BuildUnhashed;

/// Shingles that are held in memory at a time, in numbers of eight bytes.
const MOST_HELD: usize = 4 << 20;

/// A set of shingles that is asked again and again whether it holds one.
#[derive(Default)]
pub struct Table {
    slots: Vec<u64>,
    holds_zero: bool,
}

impl Table {
    /// Forgets everything and makes room for so many shingles.
    fn clear(&mut self, shingles: usize) {
        self.slots.clear();
        self.slots.resize((2 * shingles + 1).next_power_of_two(), 0);
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
        shingles.iter().map(|&shingle| u32::from(self.holds(shingle))).sum()
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

/// Returns the counts of each pair, in the order of the pairs, which ascend by their left sides.
///
/// `words` says how many words each body has, `shingles` appends those of one body; repeated ones are dropped here. The
/// other list it is given is for its own use. Bodies are asked for in batches, so that few are held at a time.
pub fn count_pairs<E: Send>(
    pairs: &[(u32, u32)],
    words: impl Fn(u32) -> usize + Sync,
    shingles: impl Fn(u32, &mut Vec<u64>, &mut Vec<u64>) -> Result<(), E> + Sync,
) -> Result<Vec<Counts>, E> {
    let mut counts = Vec::with_capacity(pairs.len());
    let mut rest = pairs;
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(batch_length(rest, &words));
        let mut bodies: Vec<u32> = batch.iter().flat_map(|&(left, right)| [left, right]).collect();
        bodies.sort_unstable();
        bodies.dedup();
        let distinct = |(table, scratch): &mut (Table, Vec<u64>), &body: &u32| {
            let mut set = Vec::with_capacity(words(body));
            shingles(body, &mut set, scratch)?;
            table.distinct(&mut set);
            Ok(set)
        };
        let sets: Vec<Vec<u64>> = bodies.par_iter().map_init(Default::default, distinct).collect::<Result<_, E>>()?;
        let set = |body: u32| sets[bodies.binary_search(&body).expect("every body of the batch")].as_slice();
        let of_left: Vec<&[(u32, u32)]> = batch.chunk_by(|a, b| a.0 == b.0).collect();
        let counted: Vec<Vec<Counts>> = of_left
            .par_iter()
            .map_init(Table::default, |table, pairs| {
                let left = set(pairs[0].0);
                table.fill(left);
                let one = |&(_, right): &(u32, u32)| {
                    let right = set(right);
                    Counts { shared: table.count(right), left: left.len() as u32, right: right.len() as u32 }
                };
                pairs.iter().map(one).collect()
            })
            .collect();
        counts.extend(counted.into_iter().flatten());
        rest = later;
    }
    Ok(counts)
}

/// How many of the pairs can be counted at once.
fn batch_length(pairs: &[(u32, u32)], words: &impl Fn(u32) -> usize) -> usize {
    let (mut held, mut bodies) = (0, HashSet::<u64, BuildUnhashed>::default());
    let fits = |&&(left, right): &&(u32, u32)| {
        for body in [left, right] {
            held += if bodies.insert(u64::from(body)) { words(body) } else { 0 };
        }
        held <= MOST_HELD
    };
    pairs.iter().take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_keep_their_order() {
        let sets = [vec![1, 2, 3], vec![2, 3, 4, u64::MAX], vec![], vec![u64::MAX, 0]];
        let pairs = [(0, 1), (0, 2), (1, 3), (3, 3)];
        let found: Result<_, ()> = count_pairs(
            &pairs,
            |body| sets[body as usize].len(),
            |body, set, _| {
                set.extend(&sets[body as usize]);
                Ok(())
            },
        );
        let shared: Vec<u32> = found.unwrap().iter().map(|counts| counts.shared).collect();
        assert_eq!(shared, [2, 0, 1, 2]);
        assert_eq!(count_pairs(&pairs, |_| MOST_HELD, |body, _, _| if body < 3 { Ok(()) } else { Err(body) }), Err(3));
    }

    proptest! {
        #[test]
        fn a_hash_set_agrees(mut a in prop::collection::vec(0u64..60, 0..80), mut b in prop::collection::vec(0u64..60, 0..80)) {
            let expected = a.iter().collect::<HashSet<_>>().intersection(&b.iter().collect()).count();
            let sizes = [&a, &b].map(|set| set.iter().collect::<HashSet<_>>().len());
            let mut table = Table::default();
            table.distinct(&mut a);
            table.distinct(&mut b);
            prop_assert_eq!([a.len(), b.len()], sizes);
            table.fill(&a);
            prop_assert_eq!(table.count(&b) as usize, expected);
            table.fill(&b);
            prop_assert_eq!(table.count(&a) as usize, expected);
        }
    }
}
