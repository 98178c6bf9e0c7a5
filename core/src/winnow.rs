//! Which bodies may share a passage? Winnowing (Schleimer, Wilkerson and Aiken, 2003).
//!
//! Of every window of consecutive shingles the smallest hash is kept. A run of `window` shingles that two bodies share
//! is a window in both, so both keep the same hash: every shared run of `window + width - 1` words is found, however
//! small a part of the bodies it is.

/// Appends the kept shingles of one body, each once, ascending. A body of fewer shingles than `window` keeps its
/// smallest one.
pub fn keep(shingles: &[u64], window: usize, out: &mut Vec<u64>) {
    let window = window.min(shingles.len());
    if window == 0 {
        return;
    }
    let first = out.len();
    out.extend_from_slice(shingles);
    let smallest = &mut out[first..];
    slide(smallest, window);
    // Neighbouring windows mostly have one smallest hash in common.
    let kept = without_repeats(&mut smallest[..=shingles.len() - window]);
    smallest[..kept].sort_unstable();
    let unique = without_repeats(&mut smallest[..kept]);
    out.truncate(first + unique);
}

/// Moves the values that differ from the one before them to the front, and returns how many they are.
fn without_repeats(values: &mut [u64]) -> usize {
    let mut last = !values[0];
    let mut count = 0;
    for at in 0..values.len() {
        let value = values[at];
        // Written in any case: whether it counts cannot be foretold.
        values[count] = value;
        count += (value != last) as usize;
        last = value;
    }
    count
}

/// Puts in the place of each value the smallest of the `window` values from it on, where there are as many.
fn slide(values: &mut [u64], window: usize) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") {
        // SAFETY: this processor has AVX-512.
        return unsafe { slide_avx512(values, window) };
    } else if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: this processor has AVX2.
        return unsafe { slide_avx2(values, window) };
    }
    slide_anywhere(values, window);
}

/// The same code, compiled for vectors of eight numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
unsafe fn slide_avx512(values: &mut [u64], window: usize) {
    slide_anywhere(values, window);
}

/// The same code, compiled for vectors of four numbers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn slide_avx2(values: &mut [u64], window: usize) {
    slide_anywhere(values, window);
}

#[inline(always)]
fn slide_anywhere(values: &mut [u64], window: usize) {
    // The smallest of twice as many values each time, then of two overlapping parts of the window.
    let mut width = 1;
    while width < window {
        let step = width.min(window - width);
        let count = values.len() - step;
        let mut at = 0;
        // Eight are read before any is written, or the compiler could not know that they may be taken together.
        while at + 8 <= count {
            let mut least: [u64; 8] = *values[at..].first_chunk().expect("eight values");
            let later: [u64; 8] = *values[at + step..].first_chunk().expect("eight values");
            for lane in 0..8 {
                least[lane] = least[lane].min(later[lane]);
            }
            values[at..at + 8].copy_from_slice(&least);
            at += 8;
        }
        for at in at..count {
            values[at] = values[at].min(values[at + step]);
        }
        width += step;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kept(shingles: &[u64], window: usize) -> Vec<u64> {
        let mut out = Vec::new();
        keep(shingles, window, &mut out);
        out
    }

    #[test]
    fn the_example_of_the_paper() {
        // Schleimer et al., figure 2: hashes of 5-grams, windows of 4; the kept values are 17, 39, 8, 17, 39.
        let hashes = [77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98];
        assert_eq!(kept(&hashes, 4), [8, 17, 39]);
    }

    #[test]
    fn short_and_empty_bodies() {
        assert_eq!(kept(&[5, 3, 9], 21), [3]);
        assert!(kept(&[], 21).is_empty());
    }

    fn slid(slide: impl Fn(&mut [u64], usize), values: &[u64], window: usize) -> Vec<u64> {
        let mut values = values.to_vec();
        slide(&mut values, window);
        values.truncate(values.len() - window + 1);
        values
    }

    proptest! {
        #[test]
        fn every_path_finds_the_smallest(values in prop::collection::vec(any::<u64>(), 1..200), window in 1usize..30) {
            let window = window.min(values.len());
            let direct: Vec<u64> = values.windows(window).map(|part| *part.iter().min().expect("not empty")).collect();
            prop_assert_eq!(slid(slide_anywhere, &values, window), &direct[..]);
            #[cfg(target_arch = "x86_64")]
            {
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: this processor has AVX2.
                    prop_assert_eq!(slid(|values, window| unsafe { slide_avx2(values, window) }, &values, window), &direct[..]);
                }
                if std::arch::is_x86_feature_detected!("avx512f") {
                    // SAFETY: this processor has AVX-512.
                    prop_assert_eq!(slid(|values, window| unsafe { slide_avx512(values, window) }, &values, window), &direct[..]);
                }
            }
        }

        #[test]
        fn what_is_appended_leaves_the_rest(before in prop::collection::vec(any::<u64>(), 0..4), hashes in prop::collection::vec(0u64..50, 0..80)) {
            let mut out = before.clone();
            keep(&hashes, 21, &mut out);
            prop_assert_eq!(out, [before, kept(&hashes, 21)].concat());
        }

        #[test]
        fn every_shared_run_leaves_a_shared_hash(
            before in prop::collection::vec(0u64..1000, 0..40),
            run in prop::collection::vec(any::<u64>(), 21..60),
            after in prop::collection::vec(1000u64..2000, 0..40),
        ) {
            let one = [before.clone(), run.clone(), after.clone()].concat();
            let other = [after, run, before].concat();
            let other = kept(&other, 21);
            prop_assert!(kept(&one, 21).iter().any(|hash| other.contains(hash)));
        }

        #[test]
        fn what_is_kept_is_the_smallest_of_each_window(hashes in prop::collection::vec(0u64..50, 1..80), window in 1usize..30) {
            let width = window.min(hashes.len());
            let mut slow: Vec<u64> = hashes.windows(width).map(|part| *part.iter().min().expect("not empty")).collect();
            slow.sort_unstable();
            slow.dedup();
            prop_assert_eq!(kept(&hashes, window), slow);
        }
    }
}
