//! Which signatures or sketches may belong together? Locality-sensitive hashing: those that agree on a whole band.

/// How signatures are cut into bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Banding {
    /// Bands; band `i` covers the columns `i * rows..(i + 1) * rows`.
    pub bands: usize,
    /// Columns in a band.
    pub rows: usize,
}

impl Banding {
    /// Refuses bands that do not fit a signature.
    pub fn check(self, columns: usize) -> Result<(), String> {
        let Banding { bands, rows } = self;
        if rows == 0 || bands.checked_mul(rows).is_none_or(|needed| needed > columns) {
            return Err(format!("{bands} bands of {rows} rows don't fit a signature of {columns} columns"));
        }
        Ok(())
    }
}

/// Returns a key for each band of a signature: equal bands of the same place have equal keys, others hardly ever, be they of
/// another banding.
pub fn keys(signature: &[u32], banding: Banding) -> impl Iterator<Item = u64> {
    let bands = signature.chunks_exact(banding.rows).take(banding.bands);
    let first = (banding.rows as u64) << u32::BITS;
    (first..).zip(bands).map(|(band, values)| {
        values.iter().fold(band, |key: u64, &value| {
            let mixed = (key ^ u64::from(value)).wrapping_mul(0x9E37_79B1_85EB_CA87);
            mixed ^ mixed >> 32
        })
    })
}

/// Appends the pairs of one bucket as `right << 32 | left`; `members` ascend. Of more than `fan_out` members only that
/// many are paired with all others. Returns how many pairs were left out.
pub fn pair(members: &[u32], fan_out: usize, pairs: &mut Vec<u64>) -> u64 {
    let before = pairs.len();
    for (rank, &right) in members.iter().enumerate() {
        pairs.extend(members[..rank.min(fan_out)].iter().map(|&left| u64::from(right) << 32 | u64::from(left)));
    }
    let all = members.len() as u64 * (members.len() as u64).saturating_sub(1) / 2;
    all - (pairs.len() - before) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANDING: Banding = Banding { bands: 2, rows: 2 };

    #[test]
    fn a_key_is_of_its_band_and_its_place() {
        let keys = |signature: &[u32]| keys(signature, BANDING).collect::<Vec<_>>();
        let (one, other) = (keys(&[1, 2, 3, 4]), keys(&[1, 2, 9, 9]));
        assert_eq!(one[0], other[0]);
        assert_ne!(one[1], other[1]);
        let repeated = keys(&[1, 2, 1, 2, 5]);
        assert_eq!(repeated.len(), 2);
        assert_ne!(repeated[0], repeated[1]);
        let single: Vec<u64> = super::keys(&[1, 2], Banding { bands: 2, rows: 1 }).collect();
        assert!(single.iter().all(|key| !repeated.contains(key)));
    }

    #[test]
    fn a_full_bucket_pairs_with_its_head_and_says_so() {
        let mut pairs = Vec::new();
        assert_eq!(pair(&[2, 5, 7], 10, &mut pairs), 0);
        assert_eq!(pairs, [5 << 32 | 2, 7 << 32 | 2, 7 << 32 | 5]);
        pairs.clear();
        assert_eq!(pair(&[0, 1, 2, 3, 4], 2, &mut pairs), 3);
        assert_eq!(pairs.len(), 7);
        assert_eq!(pair(&[0, 1, 2, 3, 4], 0, &mut pairs), 10);
        assert_eq!(pair(&[], 2, &mut pairs), 0);
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        assert!(BANDING.check(3).unwrap_err().contains("2 bands of 2 rows"));
        assert!(Banding { rows: 0, ..BANDING }.check(4).is_err());
        assert!(BANDING.check(4).is_ok());
    }
}
