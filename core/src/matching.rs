//! Which bodies share how much? Candidates from the index, then the exact check.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::index::{self, Candidates, Fingerprint, Index, Method, Scratch};
use crate::shingles;
use crate::verify::{self, Counted, Counts};

/// Bodies that are made into keys at a time, before the keys are sorted away.
const BATCH: usize = 4096;
/// Bodies that one thread takes in one go.
const PORTION: usize = 64;

/// How many bytes of keys are held in memory, and where the rest goes.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    /// Bytes.
    pub keys: usize,
    /// A folder for temporary files.
    pub folder: &'a Path,
}

/// Reads bodies by their places, and calls what it is given with the word hashes of each, in their order.
pub trait Read: Fn(&[u32], &mut dyn FnMut(&[u64])) -> io::Result<()> + Sync {}
impl<F: Fn(&[u32], &mut dyn FnMut(&[u64])) -> io::Result<()> + Sync> Read for F {}

/// Which pairs are wanted.
pub struct Wanted<F> {
    /// Whether a pair shares enough. What is enough stays so if more is shared.
    pub is_enough: F,
    /// Whether the first place of a body that others have too is paired with itself, for its size.
    pub with_itself: bool,
}

/// What was found.
pub struct Found {
    /// For each place, the first with the same words; none where a body has no words.
    pub group: Vec<Option<u32>>,
    /// Pairs of such first places that share enough, in their order, with what they share, exactly.
    pub pairs: Vec<Counted>,
    /// What was left out because too many bodies hold the same.
    pub capped: u64,
}

/// Returns the pairs of bodies that are wanted with what each shares, exactly.
///
/// `order` gives for each body, in the order in which they are best read, its place in the order that decides which of
/// too many are followed.
pub fn pairs(
    order: &[u32],
    read: &impl Read,
    method: &Method,
    memory: Memory,
    wanted: Wanted<impl Fn(Counts) -> bool + Sync>,
) -> io::Result<Found> {
    let mut index = Index::new(memory.keys, memory.folder);
    let mut words = vec![0; order.len()];
    let mut waiting: (&[u32], Vec<Vec<Fingerprint>>) = (&[], Vec::new());
    for batch in order.chunks(BATCH).chain([&[][..]]) {
        let some = |scratch: &mut Scratch, places: &[u32]| {
            let mut prints = Vec::with_capacity(places.len());
            read(places, &mut |words| prints.push(index::fingerprint(words, method, scratch)))?;
            Ok(prints)
        };
        // The keys of the last batch are sorted away by one thread while the others read on.
        let (added, prints) = rayon::join(
            || {
                waiting.0.iter().zip(waiting.1.iter().flatten()).try_for_each(|(&place, print)| {
                    words[place as usize] = print.words;
                    index.add(print)
                })
            },
            || batch.par_chunks(PORTION).map_init(Default::default, some).collect::<io::Result<Vec<_>>>(),
        );
        added?;
        waiting = (batch, prints?);
    }
    let Candidates { group, mut pairs, capped } = index.candidates(order, method)?;
    drop(index);
    if wanted.with_itself {
        pairs.extend(shared_bodies(&group).into_iter().map(|place| (place, place)));
        pairs.par_sort_unstable();
    }
    let shingles = |places: &[u32], visit: &mut dyn FnMut(Vec<u64>)| {
        read(places, &mut |words| {
            let mut rolled = Vec::with_capacity(words.len());
            shingles::roll(words, method.width, &mut rolled);
            visit(rolled);
        })
    };
    let pairs = verify::count_pairs(&pairs, &words, shingles, wanted.is_enough)?;
    Ok(Found { group, pairs, capped })
}

/// The first places of bodies that several articles have.
fn shared_bodies(group: &[Option<u32>]) -> Vec<u32> {
    let mut sizes = vec![0u32; group.len()];
    group.iter().flatten().for_each(|&first| sizes[first as usize] += 1);
    (0..).zip(sizes).filter(|&(_, size)| size > 1).map(|(place, _)| place).collect()
}
