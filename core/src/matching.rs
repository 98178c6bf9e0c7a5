//! Which bodies share how much? Candidates from the index, then the exact check.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::index::{self, Candidates, Fingerprint, Index, Method, Scratch};
use crate::shingles;
use crate::verify::{self, Counts};

/// Bodies that are made into keys at a time, before the keys are sorted away.
const BATCH: usize = 4096;
/// Bodies that one thread takes in one go.
const PORTION: usize = 16;

/// How many bytes of keys are held in memory, and where the rest goes.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    /// Bytes.
    pub keys: usize,
    /// A folder for temporary files.
    pub folder: &'a Path,
}

/// Returns the pairs of bodies that may match with what each shares, exactly.
///
/// `order` gives for each body, in the order in which they are best read, its place in the order that decides which of
/// too many are followed; `read` sets a list to the word hashes of one body, by place. With `several`, the first place of
/// a body that others have too is paired with itself, for its size.
pub fn pairs(
    order: &[u32],
    read: &(impl Fn(u32, &mut Vec<u64>) -> io::Result<()> + Sync),
    method: &Method,
    memory: Memory,
    several: bool,
) -> io::Result<(Candidates, Vec<Counts>)> {
    let mut index = Index::new(memory.keys, memory.folder);
    let mut words = vec![0; order.len()];
    let mut waiting: (&[u32], Vec<Fingerprint>) = (&[], Vec::new());
    for batch in order.chunks(BATCH).chain([&[][..]]) {
        let one = |(scratch, words): &mut (Scratch, Vec<u64>), &place: &u32| {
            read(place, words)?;
            Ok(index::fingerprint(words, method, scratch))
        };
        // The keys of the last batch are sorted away by one thread while the others read on.
        let (added, prints) = rayon::join(
            || {
                waiting.0.iter().zip(&waiting.1).try_for_each(|(&place, print)| {
                    words[place as usize] = print.words as usize;
                    index.add(print)
                })
            },
            || batch.par_iter().with_min_len(PORTION).map_init(Default::default, one).collect::<io::Result<Vec<_>>>(),
        );
        added?;
        waiting = (batch, prints?);
    }
    let mut found = index.candidates(order, method)?;
    drop(index);
    if several {
        found.pairs.extend(shared_bodies(&found.group).into_iter().map(|place| (place, place)));
        found.pairs.par_sort_unstable();
    }
    let shingles = |place: u32, rolled: &mut Vec<u64>, words: &mut Vec<u64>| -> io::Result<()> {
        read(place, words)?;
        shingles::roll(words, method.width, rolled);
        Ok(())
    };
    let counts = verify::count_pairs(&found.pairs, |place| words[place as usize], shingles)?;
    Ok((found, counts))
}

/// The first places of bodies that several articles have.
fn shared_bodies(group: &[Option<u32>]) -> Vec<u32> {
    let mut sizes = vec![0u32; group.len()];
    group.iter().flatten().for_each(|&first| sizes[first as usize] += 1);
    (0..).zip(sizes).filter(|&(_, size)| size > 1).map(|(place, _)| place).collect()
}
