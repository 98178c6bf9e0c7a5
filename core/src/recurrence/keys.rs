//! Which keys stand on several pages of an outlet?

use std::collections::HashSet;

use rayon::prelude::*;

use super::{Entry, digest};

/// The keys that recur, numbered in their own order.
pub struct Recurring {
    keys: Vec<u64>,
    /// On how many pages each of them stands.
    counts: Vec<u32>,
    /// Where the keys of each group of leading bits begin. Keys are hashes, so a group has about one of them; numbers that
    /// are none only take longer.
    groups: Vec<u32>,
    /// What leaves the leading bits of a key.
    shift: u32,
}

/// Returns the keys that stand on so many pages, and for each page whether it is the first of all with the same keys.
pub fn recurring(entries: &[Entry<'_>], least_pages: usize) -> (Recurring, Vec<bool>) {
    let mut keys = Vec::with_capacity(entries.iter().map(|entry| entry.page.keys.len()).sum());
    let (mut own, mut seen) = (Vec::new(), HashSet::with_capacity(entries.len()));
    let mut is_first = Vec::with_capacity(entries.len());
    for entry in entries {
        entry.page.key_set(&mut own);
        is_first.push(seen.insert(digest(own.iter().copied())));
        keys.extend_from_slice(&own);
    }
    drop(seen);
    keys.par_sort_unstable();
    let runs = keys.chunk_by(|a, b| a == b).filter(|run| run.len() >= least_pages);
    let (keys, counts) = runs.map(|run| (run[0], run.len() as u32)).unzip();
    (Recurring::new(keys, counts), is_first)
}

impl Recurring {
    fn new(keys: Vec<u64>, counts: Vec<u32>) -> Self {
        let bits = keys.len().max(1).ilog2() + 1;
        let shift = u64::BITS - bits;
        let mut groups = vec![0; (1 << bits) + 1];
        for key in &keys {
            groups[(key >> shift) as usize + 1] += 1;
        }
        let mut before = 0;
        for group in &mut groups {
            before += *group;
            *group = before;
        }
        Recurring { keys, counts, groups, shift }
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The number of a key, if it recurs.
    pub fn number(&self, key: u64) -> Option<u32> {
        let group = (key >> self.shift) as usize;
        let (start, end) = (self.groups[group], self.groups[group + 1]);
        let found = self.keys[start as usize..end as usize].binary_search(&key);
        found.ok().map(|place| start + place as u32)
    }

    /// On how many pages each key stands.
    pub fn into_counts(self) -> Vec<u32> {
        self.counts
    }
}
