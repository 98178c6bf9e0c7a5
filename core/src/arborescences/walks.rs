//! Which nodes does a walk pass before it ends?
//!
//! A walk is a square of weights, row by row: those of a row tell in proportion how likely it goes on from that node to each
//! other. Node 0 is the end, to which every node leads at last; its row is not looked at.

/// So many nodes are eliminated in one pass over the rows of the others.
const PASS: usize = 16;

/// Returns the probability that a walk from each node (row) ends without passing each other (column), as a square; it does
/// pass the one it starts from, and never node 0.
///
/// Half of the nodes are eliminated to work out the columns of the other half, and so on. No step subtracts (Grassmann, Taksar
/// and Heyman 1985), so that circles which hardly anything leaves lose no digit; and every sum is added up in one order, so
/// that the bits are the same on every processor.
pub fn free(walk: &[f64], nodes: usize) -> Vec<f64> {
    assert!(nodes > 0 && walk.len() == nodes * nodes, "{} weights are no square of {nodes}", walk.len());
    let mut free = vec![1.0; nodes * nodes];
    if nodes == 2 {
        free[3] = 0.0;
    }
    if nodes <= 2 {
        return free;
    }
    let (first, second) = (1..nodes / 2 + 1, nodes / 2 + 1..nodes);
    for (kept, gone) in [(first.clone(), second.clone()), (second, first)] {
        let order: Vec<usize> = [0].into_iter().chain(kept.clone()).chain(gone).collect();
        let mut left: Vec<f64> =
            order.iter().flat_map(|row| order.iter().map(move |column| walk[row * nodes + column])).collect();
        let stay = kept.len() + 1;
        eliminate(&mut left, nodes, stay);
        let rest: Vec<f64> = left.chunks(nodes).take(stay).flat_map(|row| &row[..stay]).copied().collect();
        let mut found = self::free(&rest, stay);
        found.resize(nodes * stay, 0.0);
        for node in stay..nodes {
            let (before, mine) = found.split_at_mut(node * stay);
            for (onward, &weight) in before.chunks(stay).zip(&left[node * nodes..]) {
                add(&mut mine[..stay], weight, onward);
            }
        }
        for (row, &node) in found.chunks(stay).zip(&order) {
            free[node * nodes..][kept.clone()].copy_from_slice(&row[1..]);
        }
    }
    free
}

/// Eliminates the nodes from `stay` on, the last first: whoever went on to one goes on to where that does. The rows of those
/// eliminated add up to 1 over the nodes before them.
fn eliminate(left: &mut [f64], nodes: usize, stay: usize) {
    let mut end = nodes;
    while end > stay {
        let start = stay.max(end.saturating_sub(PASS));
        for node in (start..end).rev() {
            let (before, row) = left.split_at_mut(node * nodes);
            let row = &mut row[..node];
            let whole: f64 = row.iter().sum();
            row.iter_mut().for_each(|weight| *weight /= whole);
            // Rows before those of this pass wait for the rest of it, but for the columns that it needs.
            for (at, other) in before.chunks_mut(nodes).enumerate().skip(1) {
                let from = if at < start { start } else { 0 };
                let weight = other[node];
                add(&mut other[from..node], weight, &row[from..]);
            }
        }
        let (before, pass) = left.split_at_mut(start * nodes);
        for other in before.chunks_mut(nodes).skip(1) {
            for (node, row) in (start..end).zip(pass.chunks(nodes)).rev() {
                let weight = other[node];
                add(&mut other[..start], weight, &row[..start]);
            }
        }
        end = start;
    }
}

/// Adds a row, so many times, to another.
fn add(to: &mut [f64], times: f64, row: &[f64]) {
    if times > 0.0 {
        to.iter_mut().zip(row).for_each(|(to, &weight)| *to += times * weight);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// The same for one column, by following many steps of the walk.
    fn followed(walk: &[f64], nodes: usize, passed: usize) -> Vec<f64> {
        let mut free = vec![0.0; nodes];
        free[0] = 1.0;
        for _ in 0..4000 {
            for node in (1..nodes).filter(|&node| node != passed) {
                let row = &walk[node * nodes..][..nodes];
                let onward = |free: &[f64]| row.iter().zip(free).map(|(weight, free)| weight * free).sum::<f64>();
                free[node] = onward(&free) / row.iter().sum::<f64>();
            }
        }
        free
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn it_is_where_walks_end(nodes in 2usize..50, weights in vec(prop::option::weighted(0.4, 0.01..1.0), 50 * 50), seed in 1usize..50) {
            let mut walk: Vec<f64> = weights[..nodes * nodes].iter().map(|weight| weight.unwrap_or(0.0)).collect();
            for node in 1..nodes {
                walk[node * nodes] += 0.05;
                walk[node * nodes + node] = 0.0;
            }
            let passed = 1 + seed % (nodes - 1);
            let free = free(&walk, nodes);
            for (node, told) in followed(&walk, nodes, passed).into_iter().enumerate() {
                prop_assert!((free[node * nodes + passed] - told).abs() < 1e-9, "{node} past {passed}: {told}");
            }
        }
    }

    #[test]
    fn circles_that_hardly_anything_leaves_lose_no_digit() {
        // 1 and 2 lead to each other, and out of that by twice as much from 1.
        let out = 1e-200;
        let free = free(&[0.0, 0.0, 0.0, 2.0 * out, 0.0, 1.0, out, 1.0, 0.0], 3);
        assert_eq!(free[3..], [1.0, 0.0, 2.0 * out, 1.0, out, 0.0]);
    }
}
