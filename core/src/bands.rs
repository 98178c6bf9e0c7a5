//! Candidate pairs: the documents whose signatures agree on a whole band.

use rayon::prelude::*;

/// How signatures are cut into bands and how far one bucket may fan out.
#[derive(Debug, Clone, Copy)]
pub struct Banding {
    /// Bands; band `i` covers the columns `i * rows..(i + 1) * rows`.
    pub bands: usize,
    /// Columns in a band.
    pub rows: usize,
    /// Members of a bucket that are paired with every other member; the rest are not paired among themselves.
    pub fan_out: usize,
}

/// Pairs of documents that may match, `left < right`, sorted, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The smaller document of each pair.
    pub left: Vec<u32>,
    /// The larger document of each pair.
    pub right: Vec<u32>,
    /// Pairs that a bucket didn't propose because it was full, summed over all buckets of all bands. A pair that
    /// two bands leave out counts twice, and a pair counted here may still have been proposed by another band.
    pub capped: u64,
}

/// Returns the documents that agree on a whole band; `signatures` has a row of `columns` values for each document.
///
/// A document without a fingerprint, whose row is all `u32::MAX`, takes no part.
pub fn candidates(signatures: &[u32], columns: usize, banding: Banding) -> Result<Candidates, String> {
    let Banding { bands, rows, fan_out } = banding;
    if rows == 0 || bands.checked_mul(rows).is_none_or(|needed| needed > columns) {
        return Err(format!("{bands} bands of {rows} rows don't fit a signature of {columns} columns"));
    }
    let documents = signatures.len() / columns;
    if documents * columns != signatures.len() || u32::try_from(documents).is_err() {
        return Err(format!("{} values are not rows of {columns} columns", signatures.len()));
    }
    let rows_of: Vec<(u32, &[u32])> = (0..)
        .zip(signatures.chunks_exact(columns))
        .filter(|(_, row)| row.iter().any(|&value| value != u32::MAX))
        .collect();
    let (pairs, capped) = (0..bands)
        .into_par_iter()
        .map(|band| pairs_of_band(&rows_of, band * rows..(band + 1) * rows, fan_out))
        .reduce(Default::default, |a, b| (union(a.0, b.0), a.1.saturating_add(b.1)));
    let (left, right) = pairs.into_iter().map(|pair| ((pair >> 32) as u32, pair as u32)).unzip();
    Ok(Candidates { left, right, capped })
}

/// The pairs of one band, packed as `left << 32 | right` and sorted, and how many its full buckets left out.
fn pairs_of_band(rows: &[(u32, &[u32])], columns: std::ops::Range<usize>, fan_out: usize) -> (Vec<u64>, u64) {
    // Key and place share one word, which sorts twice as fast as a pair of them. The key keeps 40 bits beside ten
    // million places: some fifty chance candidates in a band, and the exact check is there for those.
    let place = (1u64 << (rows.len().max(1).ilog2() + 1)) - 1;
    let mut keyed: Vec<u64> = (0..).zip(rows).map(|(at, (_, row))| key(&row[columns.clone()]) & !place | at).collect();
    keyed.sort_unstable();
    let (mut pairs, mut capped) = (Vec::new(), 0u64);
    for bucket in keyed.chunk_by(|a, b| a & !place == b & !place) {
        let proposed = pairs.len();
        for (rank, right) in bucket.iter().enumerate() {
            let document = |key: u64| u64::from(rows[(key & place) as usize].0);
            pairs.extend(bucket[..rank.min(fan_out)].iter().map(|&left| document(left) << 32 | document(*right)));
        }
        let members = bucket.len() as u64;
        capped = capped.saturating_add(members * (members - 1) / 2 - (pairs.len() - proposed) as u64);
    }
    pairs.sort_unstable();
    (pairs, capped)
}

/// One number for the values of a band; equal bands have equal keys, others hardly ever.
fn key(values: &[u32]) -> u64 {
    values.iter().fold(0, |key: u64, &value| {
        let mixed = (key ^ u64::from(value)).wrapping_mul(0x9E37_79B1_85EB_CA87);
        mixed ^ mixed >> 32
    })
}

/// Merges two sorted lists; what stands in both stands once in the result.
fn union(a: Vec<u64>, b: Vec<u64>) -> Vec<u64> {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() { b } else { a };
    }
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut at_a, mut at_b) = (0, 0);
    while at_a < a.len() && at_b < b.len() {
        let (left, right) = (a[at_a], b[at_b]);
        merged.push(left.min(right));
        at_a += usize::from(left <= right);
        at_b += usize::from(right <= left);
    }
    merged.extend_from_slice(&a[at_a..]);
    merged.extend_from_slice(&b[at_b..]);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const BANDING: Banding = Banding { bands: 2, rows: 2, fan_out: 10 };

    fn pairs(found: &Candidates) -> Vec<(u32, u32)> {
        found.left.iter().copied().zip(found.right.iter().copied()).collect()
    }

    #[test]
    fn one_equal_band_is_enough() {
        let signatures = [1, 2, 3, 4, /* */ 1, 2, 9, 9, /* */ 8, 8, 3, 4, /* */ 2, 1, 4, 3];
        let found = candidates(&signatures, 4, BANDING).unwrap();
        assert_eq!(pairs(&found), [(0, 1), (0, 2)]);
        assert_eq!(found.capped, 0);
    }

    #[test]
    fn the_empty_never_match() {
        let signatures = [u32::MAX, u32::MAX, u32::MAX, u32::MAX, u32::MAX, u32::MAX, 7, 7, 6, 6, 7, 7];
        let found = candidates(&signatures, 4, BANDING).unwrap();
        assert_eq!(pairs(&found), [(1, 2)]);
        let empty = candidates(&[u32::MAX; 8], 4, BANDING).unwrap();
        assert_eq!(empty, Candidates::default());
    }

    #[test]
    fn a_full_bucket_pairs_with_its_head_and_says_so() {
        let banding = Banding { bands: 2, rows: 2, fan_out: 2 };
        let found = candidates(&[3; 5 * 4], 4, banding).unwrap();
        assert_eq!(pairs(&found), [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4)]);
        assert_eq!(found.capped, 6);
        let silent = candidates(&[3; 5 * 4], 4, Banding { fan_out: 0, ..banding }).unwrap();
        assert_eq!((silent.left.len(), silent.capped), (0, 20));
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        assert!(candidates(&[1, 2, 3], 3, BANDING).unwrap_err().contains("2 bands of 2 rows"));
        assert!(candidates(&[1; 9], 4, BANDING).unwrap_err().contains("9 values"));
        assert!(candidates(&[], 4, Banding { rows: 0, ..BANDING }).is_err());
        assert_eq!(candidates(&[], 4, BANDING).unwrap(), Candidates::default());
    }

    proptest! {
        #[test]
        fn comparing_every_pair_agrees(values in prop::collection::vec(0u32..3, 0..40 * 6)) {
            let documents = values.len() / 6;
            let signatures = &values[..documents * 6];
            let banding = Banding { bands: 3, rows: 2, fan_out: usize::MAX };
            let rows: Vec<&[u32]> = signatures.chunks(6).collect();
            let mut expected = BTreeSet::new();
            for right in 0..documents {
                for left in 0..right {
                    if (0..3).any(|band| rows[left][2 * band..2 * band + 2] == rows[right][2 * band..2 * band + 2]) {
                        expected.insert((left as u32, right as u32));
                    }
                }
            }
            let found = candidates(signatures, 6, banding).unwrap();
            prop_assert_eq!(pairs(&found), expected.iter().copied().collect::<Vec<_>>());
            let capped = candidates(signatures, 6, Banding { fan_out: 2, ..banding }).unwrap();
            prop_assert!(pairs(&capped).iter().all(|pair| expected.contains(pair)));
            prop_assert!(capped.capped as usize + capped.left.len() >= expected.len());
        }
    }
}
