//! The exact check: how many shingles two articles really share.

use rayon::prelude::*;

/// Sorts the hashes and drops repeated ones in place: the form in which [`shared`] counts.
pub fn sorted_unique(hashes: &mut Vec<u64>) {
    hashes.sort_unstable();
    hashes.dedup();
}

/// Returns how many hashes stand in both sets. Unsorted or repeating sets give a wrong number, not an error.
pub fn shared(a: &[u64], b: &[u64]) -> u32 {
    let (mut at_a, mut at_b, mut count) = (0, 0, 0);
    // No branch depends on which side is smaller: it would be mispredicted every other time.
    while at_a < a.len() && at_b < b.len() {
        let (left, right) = (a[at_a], b[at_b]);
        count += u32::from(left == right);
        at_a += usize::from(left <= right);
        at_b += usize::from(right <= left);
    }
    count
}

/// Returns [`shared`] of each pair of sets, in the order of the pairs; a pair that names no set is refused.
pub fn count_pairs<S: AsRef<[u64]> + Sync>(sets: &[S], left: &[u32], right: &[u32]) -> Result<Vec<u32>, String> {
    if left.len() != right.len() {
        return Err(format!("{} left and {} right members; a pair needs both", left.len(), right.len()));
    }
    let set = |index: u32| {
        sets.get(index as usize)
            .map(AsRef::as_ref)
            .ok_or_else(|| format!("pair member {index}, but only {} sets", sets.len()))
    };
    left.par_iter().zip(right).map(|(&left, &right)| Ok(shared(set(left)?, set(right)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn pairs_keep_their_order() {
        let sets = [vec![1, 2, 3], vec![2, 3, 4, u64::MAX], vec![], vec![u64::MAX]];
        assert_eq!(count_pairs(&sets, &[0, 0, 1, 1], &[1, 2, 3, 1]).unwrap(), [2, 0, 1, 4]);
    }

    #[test]
    fn pairs_of_nothing_are_refused() {
        let sets = [vec![1], vec![2]];
        assert!(count_pairs(&sets, &[0], &[]).unwrap_err().contains("1 left and 0 right"));
        assert!(count_pairs(&sets, &[0], &[2]).unwrap_err().contains("member 2"));
    }

    proptest! {
        #[test]
        fn a_hash_set_agrees(mut a in prop::collection::vec(0u64..60, 0..80), mut b in prop::collection::vec(0u64..60, 0..80)) {
            let expected = a.iter().collect::<HashSet<_>>().intersection(&b.iter().collect()).count();
            sorted_unique(&mut a);
            sorted_unique(&mut b);
            prop_assert!(a.is_sorted_by(|left, right| left < right));
            prop_assert_eq!(shared(&a, &b) as usize, expected);
            prop_assert_eq!(shared(&b, &a) as usize, expected);
            prop_assert_eq!(shared(&a, &a) as usize, a.len());
        }
    }
}
