//! Which documents hold the same key? Joined in partitions by key, each sorted on its own.
//!
//! A posting is eight bytes: the document, and 32 bits of its key beside those the partition stands for. So two keys
//! of 64 bits are taken for one if 40 bits agree: a matter of some hundred pairs among millions of documents, which an
//! exact check drops.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::spool::Overflow;

const PARTITION_BITS: u32 = 8;
/// Memory is taken for so many postings at a time.
const PIECE: usize = 4096;

/// Pairs of a key and a document, in memory up to a bound and beyond it in a temporary file.
pub struct Postings {
    partitions: Vec<Vec<Vec<u64>>>,
    pieces: usize,
    most_pieces: usize,
    file: Overflow,
    /// What of each partition stands in the file: where, and how many postings.
    written: Vec<Vec<(u64, usize)>>,
}

impl Postings {
    /// Keeps at most about `memory` bytes in memory, and what is more in a temporary file in `folder`.
    pub fn new(memory: usize, folder: &Path) -> Postings {
        let partitions = 1 << PARTITION_BITS;
        Postings {
            partitions: vec![Vec::new(); partitions],
            pieces: 0,
            // With less than two pieces a partition, postings would be written a few at a time.
            most_pieces: (memory / (PIECE * size_of::<u64>())).max(2 * partitions),
            file: Overflow::new(folder),
            written: vec![Vec::new(); partitions],
        }
    }

    /// Says that `document` holds `key`.
    pub fn push(&mut self, key: u64, document: u32) -> io::Result<()> {
        // Keys are hashes, but of small sets their high bits may be all alike.
        let key = key.wrapping_mul(0x9E37_79B1_85EB_CA87);
        let partition = (key >> (u64::BITS - PARTITION_BITS)) as usize;
        let posting = key << PARTITION_BITS & 0xFFFF_FFFF_0000_0000 | u64::from(document);
        if self.partitions[partition].last().is_none_or(|piece| piece.len() == PIECE) {
            if self.pieces == self.most_pieces {
                self.write_out()?;
            }
            self.partitions[partition].push(Vec::with_capacity(PIECE));
            self.pieces += 1;
        }
        self.partitions[partition].last_mut().expect("a piece was just made").push(posting);
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (pieces, written) in self.partitions.iter_mut().zip(&mut self.written) {
            bytes.clear();
            pieces.iter().flatten().for_each(|posting| bytes.extend_from_slice(&posting.to_le_bytes()));
            if !bytes.is_empty() {
                written.push((self.file.append(&bytes)?, bytes.len() / size_of::<u64>()));
            }
            pieces.clear();
        }
        self.pieces = 0;
        Ok(())
    }

    /// Calls `visit` with the documents of every key that several of them hold, in ascending order of the documents,
    /// and returns what `start` gave and `visit` changed, one for each partition. A document that said twice that it
    /// holds a key is there twice.
    pub fn join<T: Send>(
        &self,
        start: impl Fn() -> T + Sync,
        visit: impl Fn(&mut T, &mut Vec<u32>) + Sync,
    ) -> io::Result<Vec<T>> {
        let one = |partition: usize| -> io::Result<T> {
            let mut postings = self.partition(partition)?;
            drop_single(&mut postings);
            postings.sort_unstable();
            let (mut state, mut documents) = (start(), Vec::new());
            for bucket in postings.chunk_by(|a, b| a >> 32 == b >> 32).filter(|bucket| bucket.len() > 1) {
                documents.clear();
                documents.extend(bucket.iter().map(|&posting| posting as u32));
                visit(&mut state, &mut documents);
            }
            Ok(state)
        };
        (0..self.partitions.len()).into_par_iter().map(one).collect()
    }

    fn partition(&self, partition: usize) -> io::Result<Vec<u64>> {
        let mut postings = self.partitions[partition].concat();
        let mut bytes = Vec::new();
        for &(place, count) in &self.written[partition] {
            bytes.resize(count * size_of::<u64>(), 0);
            self.file.read(place, &mut bytes)?;
            let eights = bytes.chunks_exact(size_of::<u64>());
            postings.extend(eights.map(|eight| u64::from_le_bytes(eight.try_into().expect("eight bytes"))));
        }
        Ok(postings)
    }
}

/// Drops most of the postings whose key no other posting has: nearly all are such, and to sort them took the most time.
fn drop_single(postings: &mut Vec<u64>) {
    let slots = (SLOTS_EACH * postings.len()).next_power_of_two();
    let slot = |posting: u64| (posting >> 32) as usize & (slots - 1);
    let mut holders = vec![0u8; slots];
    for &posting in &*postings {
        let holders = &mut holders[slot(posting)];
        *holders = holders.saturating_add(1);
    }
    let mut kept = 0;
    for at in 0..postings.len() {
        // Written in any case: whether it is kept cannot be foretold.
        postings[kept] = postings[at];
        kept += usize::from(holders[slot(postings[at])] > 1);
    }
    postings.truncate(kept);
}

/// Slots for each posting, of which few are taken by two keys.
const SLOTS_EACH: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn joined(pairs: &[(u64, u32)], memory: usize) -> Vec<Vec<u32>> {
        let mut postings = Postings::new(memory, &std::env::temp_dir());
        pairs.iter().for_each(|&(key, document)| postings.push(key, document).unwrap());
        let collect = |found: &mut Vec<Vec<u32>>, documents: &mut Vec<u32>| found.push(documents.clone());
        let mut buckets = postings.join(Vec::new, collect).unwrap().concat();
        buckets.sort_unstable();
        buckets
    }

    proptest! {
        #[test]
        fn a_map_agrees(pairs in prop::collection::vec((0u64..50, 0u32..20), 0..300)) {
            let mut holders: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
            pairs.iter().for_each(|&(key, document)| holders.entry(key).or_default().push(document));
            let mut expected: Vec<Vec<u32>> = holders.into_values().filter(|holders| holders.len() > 1).collect();
            expected.iter_mut().for_each(|holders| holders.sort_unstable());
            expected.sort_unstable();
            prop_assert_eq!(joined(&pairs, usize::MAX), expected);
        }
    }

    #[test]
    fn what_was_written_out_is_joined_all_the_same() {
        let keys = 3_000_000u64;
        let pairs: Vec<(u64, u32)> = (0..keys).map(|at| (at % 1_000_003, (at / 3) as u32)).collect();
        let (kept, spilt) = (joined(&pairs, usize::MAX), joined(&pairs, 0));
        assert_eq!(kept, spilt);
        assert_eq!(kept.iter().map(Vec::len).sum::<usize>(), keys as usize);
    }
}
