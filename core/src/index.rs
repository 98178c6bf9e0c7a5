//! Which bodies may match? All that share a band of their sketches or a passage, each pair once.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use crate::bands::{self, Banding};
use crate::postings::Postings;
use crate::sketch::{SLOTS, Sketcher};
use crate::unhashed::BuildUnhashed;
use crate::{shingles, winnow};

/// How bodies are made into keys, and how far a key that many of them hold is followed.
#[derive(Clone, Debug)]
pub struct Method {
    /// Words in a shingle.
    pub width: usize,
    /// How sketches are cut into bands.
    pub banding: Banding,
    /// How those of short bodies are cut as well, of which few shingles are left after some edits. They also keep all of
    /// the shingles by which passages are found: half of a short body may stand in another in runs shorter than those.
    pub short_banding: Banding,
    /// How many words a short body has at most.
    pub short_words: usize,
    /// Members of a bucket that are paired with every other member; the rest are not paired among themselves.
    pub fan_out: usize,
    /// Words in the shingles by which passages are found. Shingles of few words are stock phrases, and shared by chance.
    pub passage_width: usize,
    /// A run of so many of those in two bodies makes them a pair; 0: passages are not looked for.
    pub window: usize,
    /// A shingle that more bodies keep is a stock phrase, and is counted and not followed.
    pub most_bodies: usize,
    /// Of the bodies before it in the order, a body is paired with so many at most: those with which it shares most keys.
    pub most_partners: usize,
}

impl Method {
    /// Refuses what cannot work.
    pub fn check(&self) -> Result<(), String> {
        if self.width == 0 {
            return Err("a shingle has at least one word".into());
        }
        if !(self.width..=2 * self.width).contains(&self.passage_width) {
            return Err(format!("a passage's shingles have {} to {} words", self.width, 2 * self.width));
        }
        self.banding.check(SLOTS)?;
        self.short_banding.check(SLOTS)
    }
}

/// What one body is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Bodies of the same digest are the same.
    pub digest: u128,
    /// How many words it has; one without words has no keys.
    pub words: u32,
    /// A key for each band of its sketch.
    pub bands: Vec<u64>,
    /// The shingles it keeps.
    pub kept: Vec<u64>,
}

/// Memory that is used again from body to body.
#[derive(Default)]
pub struct Scratch {
    rolled: Vec<u64>,
    sketcher: Sketcher,
}

/// Returns what a body of these words is known by.
pub fn fingerprint(words: &[u64], method: &Method, scratch: &mut Scratch) -> Fingerprint {
    let mut print = Fingerprint { digest: digest(words), words: words.len() as u32, ..Fingerprint::default() };
    if words.is_empty() {
        return print;
    }
    scratch.rolled.clear();
    shingles::roll(words, method.width, &mut scratch.rolled);
    let sketch = scratch.sketcher.sketch(&scratch.rolled);
    print.bands.extend(bands::keys(&sketch, method.banding));
    if words.len() <= method.short_words {
        print.bands.extend(bands::keys(&sketch, method.short_banding));
    }
    if method.window > 0 {
        lengthen(&mut scratch.rolled, method.passage_width - method.width);
        // A long body keeps the smallest of each longer window, which the short one keeps as well.
        let window = if words.len() <= method.short_words { 1 } else { method.window };
        winnow::keep(&scratch.rolled, window, &mut print.kept);
    }
    print
}

/// Makes longer shingles, each of two that begin `more` words apart and leave no word between them out. Of fewer shingles than
/// that takes, one is made of the first and the last.
fn lengthen(rolled: &mut Vec<u64>, more: usize) {
    let last = rolled.len() - 1;
    for at in 0..=last.saturating_sub(more) {
        let both = rolled[at].wrapping_mul(0x9E37_79B1_85EB_CA87).wrapping_add(rolled[last.min(at + more)]);
        rolled[at] = both ^ both >> 32;
    }
    rolled.truncate(last.saturating_sub(more) + 1);
}

/// Returns the digest of a body: that of its words' hashes.
pub fn digest(words: &[u64]) -> u128 {
    // SAFETY: any eight bytes are a number and eight numbers are bytes; the slice covers the same memory.
    let bytes = unsafe { std::slice::from_raw_parts(words.as_ptr().cast::<u8>(), size_of_val(words)) };
    if cfg!(target_endian = "little") {
        xxh3_128(bytes)
    } else {
        xxh3_128(&words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>())
    }
}

/// The keys of all bodies.
pub struct Index {
    bands: Postings,
    passages: Postings,
    /// The first body that was added of each digest.
    first: HashMap<u128, u32, BuildUnhashed>,
    /// For each body the first that was added of the same words; itself where it is alone, none where it has no words.
    same: Vec<Option<u32>>,
}

/// Bodies that may match.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// For each body, by its place in the order, the first in that order with the same words; none where it has none.
    pub group: Vec<Option<u32>>,
    /// Pairs of places, the lesser first, ascending; of bodies with the same words only the first takes part.
    pub pairs: Vec<(u32, u32)>,
    /// Pairs that were not proposed because too many bodies hold a key, and keys not followed for the same reason.
    pub capped: u64,
}

impl Index {
    /// Keeps at most about `memory` bytes in memory, and what is more in temporary files in `folder`.
    pub fn new(memory: usize, folder: &Path) -> Index {
        let half = memory / 2;
        let (bands, passages) = (Postings::new(half, folder), Postings::new(half, folder));
        Index { bands, passages, first: HashMap::default(), same: Vec::new() }
    }

    /// Adds the next body.
    pub fn add(&mut self, print: &Fingerprint) -> io::Result<()> {
        let number = self.same.len() as u32;
        if print.words == 0 {
            self.same.push(None);
            return Ok(());
        }
        let first = *self.first.entry(print.digest).or_insert(number);
        self.same.push(Some(first));
        if first == number {
            print.bands.iter().try_for_each(|&key| self.bands.push(key, number))?;
            print.kept.iter().try_for_each(|&key| self.passages.push(key, number))?;
        }
        Ok(())
    }

    /// Returns the pairs that may match; `places` gives each body's place in the order, by the number it was added as.
    pub fn candidates(&self, places: &[u32], method: &Method) -> io::Result<Candidates> {
        // The place that stands for all bodies of the same words is their first.
        let mut standing = vec![u32::MAX; places.len()];
        for (number, first) in self.same.iter().enumerate() {
            if let Some(first) = *first {
                standing[first as usize] = standing[first as usize].min(places[number]);
            }
        }
        let mut group = vec![None; places.len()];
        for (number, first) in self.same.iter().enumerate() {
            group[places[number] as usize] = first.map(|first| standing[first as usize]);
        }
        let in_order = |documents: &mut Vec<u32>| {
            documents.iter_mut().for_each(|document| *document = standing[*document as usize]);
            documents.sort_unstable();
            documents.dedup();
        };
        let start = <(Vec<u64>, u64)>::default;
        let by_bands = self.bands.join(start, |(pairs, capped), documents| {
            in_order(documents);
            *capped += bands::pair(documents, method.fan_out, pairs);
        })?;
        let by_passages = self.passages.join(start, |(pairs, capped), documents| {
            in_order(documents);
            if documents.len() > method.most_bodies {
                *capped += 1;
            } else {
                *capped += bands::pair(documents, usize::MAX, pairs);
            }
        })?;
        let mut capped = by_bands.iter().chain(&by_passages).map(|(_, capped)| capped).sum();
        let proposed: Vec<Vec<u64>> = by_bands.into_iter().chain(by_passages).map(|(pairs, _)| pairs).collect();
        let proposals = proposed.iter().flatten().map(|&pair| ((pair >> 32) as u32, pair as u32));
        let chosen = strongest(&Grouped::new(places.len(), proposals), method.most_partners, &mut capped);
        drop(proposed);
        // By their left sides, the pairs are in their order: those of one are in that of their right sides already.
        let of_left = Grouped::new(places.len(), chosen.iter().copied());
        let pairs =
            (0..).zip(of_left.groups()).flat_map(|(left, rights)| rights.iter().map(move |&right| (left, right)));
        Ok(Candidates { group, pairs: pairs.collect(), capped })
    }
}

/// Numbers by the place each belongs to, in the order they came.
struct Grouped {
    numbers: Vec<u32>,
    /// Where those of each place end.
    ends: Vec<usize>,
}

impl Grouped {
    /// Groups pairs of a place, one of so many, and a number.
    fn new(places: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Grouped {
        let mut ends = vec![0; places];
        pairs.clone().for_each(|(place, _)| ends[place as usize] += 1);
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let mut numbers = vec![0; before];
        for (place, number) in pairs {
            numbers[ends[place as usize]] = number;
            ends[place as usize] += 1;
        }
        Grouped { numbers, ends }
    }

    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.numbers[start..end])
    }
}

/// Of the left sides that were proposed for each right side, once for each shared key, returns each once, as `(left, right)`;
/// of a right side's only those `most` with which it shares most keys.
fn strongest(proposed: &Grouped, most: usize, capped: &mut u64) -> Vec<(u32, u32)> {
    let (mut pairs, mut lefts, mut partners) = (Vec::new(), Vec::new(), Vec::new());
    for (right, of_right) in (0..).zip(proposed.groups()) {
        lefts.clear();
        lefts.extend_from_slice(of_right);
        lefts.sort_unstable();
        partners.clear();
        partners.extend(lefts.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])));
        if partners.len() > most {
            partners.sort_unstable_by_key(|&(keys, left)| (usize::MAX - keys, left));
            *capped += (partners.len() - most) as u64;
            partners.truncate(most);
        }
        pairs.extend(partners.iter().map(|&(_, left)| (left, right)));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn method() -> Method {
        Method {
            width: 2,
            passage_width: 3,
            banding: Banding { bands: 6, rows: 2 },
            short_banding: Banding { bands: 12, rows: 1 },
            short_words: 6,
            fan_out: 100,
            window: 3,
            most_bodies: 100,
            most_partners: 1000,
        }
    }

    fn candidates(bodies: &[Vec<u64>], places: &[u32], method: &Method, memory: usize) -> Candidates {
        let mut index = Index::new(memory, &std::env::temp_dir());
        let mut scratch = Scratch::default();
        bodies.iter().for_each(|body| index.add(&fingerprint(body, method, &mut scratch)).unwrap());
        index.candidates(places, method).unwrap()
    }

    #[test]
    fn the_same_words_are_one_body() {
        let bodies = [vec![5, 6, 7], vec![1, 2, 3], vec![], vec![1, 2, 3]];
        let found = candidates(&bodies, &[1, 3, 2, 0], &method(), 0);
        assert_eq!(found.group, [Some(0), Some(1), None, Some(0)]);
        assert_eq!(found.pairs, []);
    }

    #[test]
    fn too_many_partners_are_counted() {
        // Each body shares its beginning with all before it, and with the one right before it the most.
        let bodies: Vec<Vec<u64>> =
            (0..6).map(|at| (0..40 - at).chain(1000 * (at + 1)..1000 * (at + 1) + 9).collect()).collect();
        let few = Method { most_partners: 2, ..method() };
        let (all, few) =
            (candidates(&bodies, &[0, 1, 2, 3, 4, 5], &method(), 0), candidates(&bodies, &[0, 1, 2, 3, 4, 5], &few, 0));
        assert_eq!((all.pairs.len(), all.capped), (15, 0));
        assert_eq!((few.pairs.len() as u64, few.capped), (9, 6));
    }

    #[test]
    fn short_bodies_are_found_by_shorter_runs() {
        let shared = 1..=3;
        let short: Vec<u64> = shared.clone().chain([4, 5, 6]).collect();
        let longer: Vec<u64> = (10..16).chain(shared).chain(20..26).collect();
        // Bands that hardly any two bodies share leave it to the shingles.
        let method = Method {
            banding: Banding { bands: 1, rows: 64 },
            short_banding: Banding { bands: 1, rows: 64 },
            ..method()
        };
        for (most_words, found) in [(15, vec![(0, 1)]), (0, vec![])] {
            let method = Method { short_words: most_words, window: 9, ..method.clone() };
            assert_eq!(candidates(&[short.clone(), longer.clone()], &[0, 1], &method, 0).pairs, found);
        }
    }

    proptest! {
        #[test]
        fn comparing_every_pair_agrees(
            bodies in prop::collection::vec(prop::collection::vec(0u64..4, 0..12), 0..12),
            shuffled in Just((0u32..12).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let places: Vec<u32> = shuffled.into_iter().filter(|&place| (place as usize) < bodies.len()).collect();
            let method = method();
            let prints: Vec<Fingerprint> =
                bodies.iter().map(|body| fingerprint(body, &method, &mut Scratch::default())).collect();
            let share = |one: &[u64], other: &[u64]| one.iter().any(|key| other.contains(key));
            let mut expected = BTreeSet::new();
            for (a, one) in prints.iter().enumerate() {
                for (b, other) in prints.iter().enumerate() {
                    let alike = share(&one.bands, &other.bands) || share(&one.kept, &other.kept);
                    if one.digest != other.digest && alike && places[a] < places[b] {
                        let first = |digest| prints.iter().zip(&places).filter(|(print, _)| print.digest == digest).map(|(_, &place)| place).min().unwrap();
                        let pair = (first(one.digest), first(other.digest));
                        expected.insert((pair.0.min(pair.1), pair.0.max(pair.1)));
                    }
                }
            }
            let found = candidates(&bodies, &places, &method, 0);
            prop_assert_eq!(&found.pairs, &expected.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(found.capped, 0);
            prop_assert_eq!(found, candidates(&bodies, &places, &method, usize::MAX));
        }
    }
}
