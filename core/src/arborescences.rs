//! How sure is each edge of a tree of sources, over all trees?
//!
//! Nodes are numbered; node 0 is the root, which has no parent. Every other node has parents with a score each, the logarithm
//! of how well that edge fits, and the root is among them.

mod walks;

/// The parents that a node may have, each with its score.
pub type Ways = Vec<(u32, f64)>;

/// More than this far below a child's best parent, a parent is as good as none.
const LEAST_SCORE: f64 = -300.0;

/// Returns the probability of each edge over all spanning arborescences, each weighted by the exponential of its total score:
/// the directed matrix-tree theorem (Tutte 1948; Koo, Globerson, Carreras and Collins 2007).
///
/// The determinant it takes is the product of those of the groups of nodes that can be each other's ancestors, where every
/// parent outside a group is as good as the root: so each group is worked out by itself, and exactly. Within one a parent is
/// as probable as its own line of parents, drawn by weight, leaves the group without passing the child (Wilson 1996). The
/// cost is the cube of the largest group. Probabilities keep nine digits, so that those are equal which differ only by the
/// order in which they were worked out.
pub fn marginals(ways: &[Ways]) -> Vec<Vec<f64>> {
    let mut shares = vec![Vec::new(); ways.len()];
    // A parent outside of the group leads to the root.
    let mut place = vec![0; ways.len()];
    for group in groups(ways) {
        let weights: Vec<Ways> = group.iter().map(|&child| weights(&ways[child as usize])).collect();
        let nodes = group.len() + 1;
        group.iter().zip(1..).for_each(|(&child, at)| place[child as usize] = at);
        let mut walk = vec![0.0; nodes * nodes];
        for (row, weights) in walk.chunks_mut(nodes).skip(1).zip(&weights) {
            weights.iter().for_each(|&(parent, weight)| row[place[parent as usize]] += weight);
        }
        let free = walks::free(&walk, nodes);
        for ((&child, weights), at) in group.iter().zip(&weights).zip(1..) {
            let part = |&(parent, weight): &(u32, f64)| weight * free[place[parent as usize] * nodes + at];
            let parts: Vec<f64> = weights.iter().map(part).collect();
            let whole: f64 = parts.iter().sum();
            shares[child as usize] = parts.into_iter().map(|part| rounded(part / whole)).collect();
        }
        group.iter().for_each(|&child| place[child as usize] = 0);
    }
    shares
}

/// The number with the first thirty bits of its digits.
fn rounded(number: f64) -> f64 {
    const LEFT_OUT: u64 = 52 - 30;
    f64::from_bits((number.to_bits() + (1 << (LEFT_OUT - 1))) >> LEFT_OUT << LEFT_OUT)
}

/// The exponentials of one child's scores. Scaling them all alike changes no probability, and keeps them in range.
fn weights(into: &Ways) -> Ways {
    let top = into.iter().fold(f64::NEG_INFINITY, |top, &(_, score)| top.max(score));
    into.iter().map(|&(parent, score)| (parent, (score - top).max(LEAST_SCORE).exp())).collect()
}

/// Returns the groups of nodes that can all be each other's ancestors (Tarjan 1972), each ascending; the root is in none.
pub fn groups(ways: &[Ways]) -> Vec<Vec<u32>> {
    let nodes = ways.len();
    // The root is done before all others begin.
    let done = nodes as u32;
    let (mut number, mut low) = (vec![0u32; nodes], vec![0u32; nodes]);
    if nodes > 0 {
        (number[0], low[0]) = (done, done);
    }
    let mut left: Vec<usize> = ways.iter().map(Vec::len).collect();
    let (mut found, mut stack, mut pending, mut count) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for start in 1..nodes {
        if number[start] == 0 {
            pending.push(start);
        }
        while let Some(&node) = pending.last() {
            if number[node] == 0 {
                count += 1;
                (number[node], low[node]) = (count, count);
                stack.push(node as u32);
            }
            let onward = loop {
                let Some(at) = left[node].checked_sub(1) else { break None };
                let parent = ways[node][at].0 as usize;
                if number[parent] == 0 {
                    break Some(parent);
                }
                left[node] = at;
                low[node] = low[node].min(low[parent]);
            };
            if let Some(parent) = onward {
                pending.push(parent);
                continue;
            }
            pending.pop();
            if low[node] == number[node] {
                let first = stack.iter().rposition(|&other| other as usize == node).expect("put there before");
                let mut group = stack.split_off(first);
                group.iter().for_each(|&member| low[member as usize] = done);
                group.sort_unstable();
                found.push(group);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Every way to give each node a parent that ends at the root, with the total score.
    fn trees(ways: &[Ways]) -> Vec<(Vec<usize>, f64)> {
        let mut found = vec![(vec![0], 0.0)];
        for into in &ways[1..] {
            let grown = |(parents, score): &(Vec<usize>, f64)| {
                let one = |&(parent, more): &(u32, f64)| ([&parents[..], &[parent as usize]].concat(), score + more);
                into.iter().map(one).collect::<Vec<_>>()
            };
            found = found.iter().flat_map(grown).collect();
        }
        let reaches = |parents: &[usize], node| (0..parents.len()).fold(node, |at, _| parents[at]) == 0;
        found.retain(|(parents, _)| (0..parents.len()).all(|node| reaches(parents, node)));
        found
    }

    fn scored() -> impl Strategy<Value = Vec<Ways>> {
        vec(vec(prop::option::weighted(0.7, -8.0..8.0), 6), 1..6).prop_map(|rows| {
            let nodes = rows.len() as u32 + 1;
            let into = |(child, row): (u32, &Vec<Option<f64>>)| {
                let others = (1..nodes).filter(|&parent| parent != child);
                let scored = others.filter_map(|parent| Some((parent, row[parent as usize]?)));
                [(0, row[0].unwrap_or(-2.0))].into_iter().chain(scored).collect()
            };
            [Vec::new()].into_iter().chain((1..).zip(&rows).map(into)).collect()
        })
    }

    proptest! {
        #[test]
        fn they_are_those_over_all_trees(ways in scored()) {
            let trees = trees(&ways);
            let whole: f64 = trees.iter().map(|(_, score)| score.exp()).sum();
            let shares = marginals(&ways);
            for (child, into) in ways.iter().enumerate() {
                prop_assert_eq!(shares[child].len(), into.len());
                for (&(parent, _), share) in into.iter().zip(&shares[child]) {
                    let with = trees.iter().filter(|(parents, _)| parents[child] == parent as usize);
                    let told = with.map(|(_, score)| score.exp()).sum::<f64>() / whole;
                    prop_assert!((told - share).abs() < 1e-9, "{child} from {parent}: {share} for {told}");
                }
            }
        }

        #[test]
        fn groups_reach_each_other(ways in scored()) {
            let reached = |from: u32| {
                let mut seen = vec![from];
                let mut at = 0;
                while at < seen.len() {
                    let onward = ways[seen[at] as usize].iter().map(|way| way.0);
                    let new: Vec<u32> = onward.filter(|node| *node != 0 && !seen.contains(node)).collect();
                    seen.extend(new);
                    at += 1;
                }
                seen
            };
            let mut found = groups(&ways);
            for group in &found {
                for &one in group {
                    let mutual = (1..ways.len() as u32).filter(|&other| {
                        reached(one).contains(&other) && reached(other).contains(&one)
                    });
                    prop_assert!(mutual.eq(group.iter().copied()));
                }
            }
            let mut nodes = found.drain(..).flatten().collect::<Vec<_>>();
            nodes.sort_unstable();
            prop_assert!(nodes.into_iter().eq(1..ways.len() as u32));
        }
    }
}
