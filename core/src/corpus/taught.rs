//! Which outlets taught that a line is boilerplate?

use std::collections::{HashMap, HashSet};

use crate::unhashed::BuildUnhashed;

/// What keys are mixed with, one multiple for each outlet.
const FACTOR: u64 = 0x9E37_79B1_85EB_CA87;

/// Keys of lines, and how many outlets taught each.
#[derive(Default)]
pub struct Taught {
    outlets: HashMap<u64, u32, BuildUnhashed>,
    /// Each key mixed with each outlet that taught it.
    by: HashSet<u64, BuildUnhashed>,
}

impl Taught {
    /// Has an outlet teach a key, as often as it likes.
    pub fn add(&mut self, key: u64, outlet: u32) {
        if self.by.insert(mixed(key, outlet)) {
            *self.outlets.entry(key).or_default() += 1;
        }
    }

    /// Whether nobody taught anything.
    pub fn is_empty(&self) -> bool {
        self.outlets.is_empty()
    }

    /// By how many outlets a key was taught.
    pub fn outlets(&self, key: u64) -> u32 {
        self.outlets.get(&key).copied().unwrap_or(0)
    }

    /// Whether another outlet than this one taught a key.
    pub fn elsewhere(&self, key: u64, outlet: u32) -> bool {
        self.outlets(key) > u32::from(self.by.contains(&mixed(key, outlet)))
    }
}

fn mixed(key: u64, outlet: u32) -> u64 {
    key ^ FACTOR.wrapping_mul(u64::from(outlet) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outlet_counts_once() {
        let mut taught = Taught::default();
        assert!(taught.is_empty());
        for (key, outlet) in [(7, 0), (7, 0), (7, 3), (9, 3)] {
            taught.add(key, outlet);
        }
        assert_eq!([7, 9, 8].map(|key| taught.outlets(key)), [2, 1, 0]);
        assert!(taught.elsewhere(7, 3) && taught.elsewhere(9, 0));
        assert!(!taught.elsewhere(9, 3) && !taught.elsewhere(8, 0));
    }
}
