//! Maps whose keys are hashes already, so that nothing has to be hashed again.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`Unhashed`].
pub type BuildUnhashed = BuildHasherDefault<Unhashed>;

/// Takes a number for its hash.
#[derive(Default)]
pub struct Unhashed(u64);

impl Hasher for Unhashed {
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers");
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
