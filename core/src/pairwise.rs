//! What is found in each of many pairs of texts? Neighbours share texts, and each of those is read once for all of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rayon::prelude::*;

/// Pairs that one thread takes at a time.
const TOGETHER: usize = 32;

/// Returns what `find` makes of each pair, in their order, given which pair it is and what `read` made of both texts.
pub fn pairwise<T: Send, E: Send, R>(
    pairs: &[(u32, u32)],
    read: impl Fn(u32) -> Result<R, E> + Sync,
    find: impl Fn(usize, &R, &R) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let some = |(portion, pairs): (usize, &[(u32, u32)])| -> Result<Vec<T>, E> {
        let mut texts = HashMap::new();
        let one = |(at, &(a, b)): (usize, &(u32, u32))| {
            for text in [a, b] {
                if let Entry::Vacant(vacant) = texts.entry(text) {
                    vacant.insert(read(text)?);
                }
            }
            find(at, &texts[&a], &texts[&b])
        };
        (portion * TOGETHER..).zip(pairs).map(one).collect()
    };
    let portions: Vec<Vec<T>> = pairs.par_chunks(TOGETHER).enumerate().map(some).collect::<Result<_, E>>()?;
    Ok(portions.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn each_pair_has_its_answer_and_neighbours_share_texts() {
        let pairs: Vec<(u32, u32)> = (0..100).map(|at| (at / 50, at + 2)).collect();
        let read = Mutex::new(Vec::new());
        let reading = |text| {
            read.lock().unwrap().push(text);
            Ok::<u32, ()>(text * 10)
        };
        let found = pairwise(&pairs, reading, |at, &a, &b| Ok((at, a, b))).unwrap();
        assert_eq!(found[3], (3, 0, 50));
        assert_eq!(found[99], (99, 10, 1010));
        assert!(found.iter().map(|&(at, ..)| at).eq(0..100));
        // The first text of each pair is read once a portion, not once a pair.
        assert!(read.lock().unwrap().iter().filter(|&&text| text < 2).count() <= 2 * 100_usize.div_ceil(TOGETHER));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let read = |text| if text == 7 { Err("no such text") } else { Ok(()) };
        assert_eq!(pairwise(&[(1, 2), (2, 7)], read, |_, (), ()| Ok(())), Err("no such text"));
    }
}
