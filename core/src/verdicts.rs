//! What was found on a block before, so that what stands on thousands of pages is judged once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::unhashed::BuildUnhashed;

/// Threads wait for each other only if they ask for blocks of the same shard.
const SHARDS: usize = 64;
/// Blocks that a shard remembers; a full one forgets them all, and learns anew what is still about.
const MOST: usize = 1024;

/// The rules that hold on a block, by a digest of all that decides it.
pub struct Verdicts {
    shards: Vec<Mutex<Shard>>,
}

type Shard = HashMap<u128, Box<[u32]>, BuildUnhashed>;

impl Default for Verdicts {
    fn default() -> Self {
        Verdicts { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }
}

impl Verdicts {
    /// Calls `visit` with each rule that holds, if this block is remembered; says whether it is.
    pub fn recall(&self, block: u128, visit: impl FnMut(u32)) -> bool {
        let shard = self.shard(block);
        let rules = shard.get(&block);
        rules.iter().flat_map(|rules| rules.iter().copied()).for_each(visit);
        rules.is_some()
    }

    /// Remembers the rules that hold on a block.
    pub fn remember(&self, block: u128, rules: Box<[u32]>) {
        let mut shard = self.shard(block);
        if shard.len() >= MOST {
            shard.clear();
        }
        shard.insert(block, rules);
    }

    fn shard(&self, block: u128) -> MutexGuard<'_, Shard> {
        // A thread that died while it held a shard left it whole: only single calls change it.
        self.shards[(block >> 64) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_recalled() {
        let verdicts = Verdicts::default();
        let recalled = |block| {
            let mut rules = Vec::new();
            verdicts.recall(block, |rule| rules.push(rule)).then_some(rules)
        };
        assert_eq!(recalled(7), None);
        verdicts.remember(7, [3, 5].into());
        verdicts.remember(7 << 64, [].into());
        assert_eq!((recalled(7), recalled(7 << 64)), (Some(vec![3, 5]), Some(vec![])));
    }

    #[test]
    fn it_keeps_to_its_bound() {
        let verdicts = Verdicts::default();
        (0..10 * MOST as u128).for_each(|block| verdicts.remember(block, [1].into()));
        assert!(verdicts.shards.iter().all(|shard| shard.lock().unwrap().len() <= MOST));
        assert!(verdicts.recall(10 * MOST as u128 - 1, |rule| assert_eq!(rule, 1)));
    }
}
