//! In how many shingles do each two of three bodies agree that the third lacks?

/// Two of the bodies that were compared with a first, and in how many shingles they agree that the first lacks; then in how
/// many the first agrees with the one and not the other, and with the other and not the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// The place of the one.
    pub one: u32,
    /// The place of the other, which is greater.
    pub other: u32,
    /// Shingles of the one and the other, of the first and the one, and of the first and the other.
    pub shingles: [u32; 3],
}

/// So many bodies are compared with each other at most.
pub const MOST: usize = 16;

/// Returns the pairs of bodies behind the first which agree with each other in at least `least` distinct shingles that the
/// first lacks, and of which the first agrees with either in as many that the other lacks; ascending. There are at most
/// [`MOST`] bodies, each a list of its shingles.
pub fn agreements(bodies: &[Vec<u64>], least: u32) -> Vec<Agreement> {
    assert!(bodies.len() <= MOST, "{} bodies are too many", bodies.len());
    let mut held: Vec<(u64, u32)> = bodies
        .iter()
        .enumerate()
        .flat_map(|(at, body)| body.iter().map(move |&shingle| (shingle, at as u32)))
        .collect();
    held.sort_unstable();
    // Which bodies hold a shingle, of those that two hold at least, and how many shingles these very bodies hold.
    let mut holders: Vec<u32> = held
        .chunk_by(|one, other| one.0 == other.0)
        .map(|of_one| of_one.iter().fold(0, |bits, &(_, body)| bits | 1 << body))
        .filter(|bits: &u32| bits.count_ones() > 1)
        .collect();
    holders.sort_unstable();
    let counted: Vec<(u32, u32)> = holders.chunk_by(PartialEq::eq).map(|same| (same[0], same.len() as u32)).collect();
    let both_without = |one: u32, other: u32, lacking: u32| -> u32 {
        let (both, all) = (1 << one | 1 << other, 1 << one | 1 << other | 1 << lacking);
        counted.iter().filter(|(bits, _)| bits & all == both).map(|&(_, count)| count).sum()
    };
    let mut found = Vec::new();
    for one in 1..bodies.len() as u32 {
        for other in one + 1..bodies.len() as u32 {
            let shingles = [both_without(one, other, 0), both_without(0, one, other), both_without(0, other, one)];
            if shingles.iter().all(|&count| count >= least) {
                found.push(Agreement { one, other, shingles });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_that_agree_by_twos() {
        let bodies = [vec![1, 2, 7, 3], vec![7, 2, 3, 1, 9], vec![7, 9, 4, 5, 4], vec![7, 1, 5]];
        // The second and the third have 9, the first and the second 1, 2 and 3, the first and the third nothing.
        assert_eq!(agreements(&bodies[..3], 1), []);
        let found = agreements(&bodies[..3], 0);
        assert_eq!(found, [Agreement { one: 1, other: 2, shingles: [1, 3, 0] }]);
    }

    #[test]
    fn one_body_agrees_with_none() {
        assert_eq!(agreements(&[vec![1, 2]], 0), []);
        assert_eq!(agreements(&[], 0), []);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_sets(bodies in vec(vec(0u64..24, 0..30), 0..7), least in 0u32..4) {
            let sets: Vec<HashSet<u64>> = bodies.iter().map(|body| body.iter().copied().collect()).collect();
            let count = |one: usize, other: usize, lacking: usize| {
                sets[one].intersection(&sets[other]).filter(|shingle| !sets[lacking].contains(shingle)).count() as u32
            };
            let mut expected = Vec::new();
            for one in 1..sets.len() {
                for other in one + 1..sets.len() {
                    let shingles = [count(one, other, 0), count(0, one, other), count(0, other, one)];
                    if shingles.into_iter().min() >= Some(least) {
                        expected.push(Agreement { one: one as u32, other: other as u32, shingles });
                    }
                }
            }
            prop_assert_eq!(agreements(&bodies, least), expected);
        }
    }
}
