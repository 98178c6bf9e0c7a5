//! What are the xxh3-64 of words, many of them side by side?
//!
//! xxh3 has one formula for one to three bytes, one for four to eight and one for nine to sixteen. All three are worked out for
//! every word, and its length says which of their steps count. That is for processors that multiply eight numbers of 64 bits at
//! once; for those that multiply eight of 32 there is `four.rs`.

use xxhash_rust::xxh3::xxh3_64;

/// As many bytes are read that end where a word does, however short it is.
pub const BEFORE: usize = 8;
/// The places in memory at which words may stand.
pub const PLACES: usize = 1 << 12;
/// The memory: past all places there is room for what is read at once.
pub type Memory = [u8; PLACES + 16];
/// Words that are hashed side by side.
pub const LANES: usize = 32;
/// The longest word that is short.
pub const SHORT: usize = 16;

/// Parts of xxh3's secret.
pub const SECRET: [u64; 7] = [
    0xBE4B_A423_396C_FEB8,
    0x1CAD_21F7_2C81_017C,
    0xDB97_9083_E96D_D4DE,
    0x1F67_B3B7_A4A4_4072,
    0x78E5_C0CC_4EE6_79CB,
    0x2172_FFCC_7DD0_5A82,
    0x8E24_43F7_7446_08B8,
];

/// Returns the hashes of the first words, `count` of them, given where in the memory they start and end. Before the first are
/// at least `BEFORE` bytes. What comes after them, in the words and in the hashes, means nothing.
#[inline(always)]
pub fn hash_all(memory: &Memory, words: &[[u16; 2]; LANES], count: usize) -> [u64; LANES] {
    let (mut first, mut last, mut hashes) = ([0; LANES], [0; LANES], [0; LANES]);
    for (lane, &[start, end]) in words.iter().enumerate() {
        first[lane] = eight_bytes(memory, start);
        last[lane] = eight_bytes(memory, end.wrapping_sub(BEFORE as u16));
    }
    let mut longest = 0;
    for (lane, &[start, end]) in words.iter().enumerate() {
        let length = end.wrapping_sub(start);
        longest = longest.max(length);
        hashes[lane] = hash(first[lane], last[lane], length as u64);
    }
    if longest as usize > SHORT {
        hash_long(memory, words, count, &mut hashes);
    }
    hashes
}

/// Sets the hashes of those of the first words, `count` of them, that are not short.
pub fn hash_long(memory: &Memory, words: &[[u16; 2]; LANES], count: usize, hashes: &mut [u64; LANES]) {
    for (&[start, end], hash) in words.iter().zip(hashes).take(count) {
        if (end - start) as usize > SHORT {
            *hash = xxh3_64(&memory[start as usize..end as usize]);
        }
    }
}

#[inline(always)]
fn eight_bytes(memory: &Memory, at: u16) -> u64 {
    // The mask changes nothing and spares a check.
    u64::from_le_bytes(*memory[at as usize & (PLACES - 1)..].first_chunk().expect("eight bytes"))
}

/// Returns the hash of a short word, given the eight bytes from its start on, the eight before its end, and its length.
/// No branches: this is compiled for several words at once.
#[inline(always)]
fn hash(first: u64, last: u64, length: u64) -> u64 {
    let (is_tiny, is_long) = (length < 4, length > 8);
    let either = |is_first: bool, first: u64, other: u64| if is_first { first } else { other };
    // One to three bytes: the first, the middle and the last one; four to eight: the first four and the last four.
    let middle = first >> ((4 * length) & 8) & 0xFF;
    let tiny = (first & 0xFF) << 16 | middle << 24 | last >> 56 | length << 8;
    let tiny = tiny ^ (SECRET[0] ^ SECRET[0] >> 32) & 0xFFFF_FFFF;
    let small = (first << 32).wrapping_add(last >> 32) ^ SECRET[1] ^ SECRET[2];
    let rotated = small ^ small.rotate_left(49) ^ small.rotate_left(24);
    let factor = either(is_tiny, 0xC2B2_AE3D_27D4_EB4F, 0x9FB2_1C65_1E98_DF25);
    let product = either(is_tiny, tiny, rotated).wrapping_mul(factor);
    // Nine to sixteen: the first eight and the last eight.
    let (low, high) = (first ^ SECRET[3] ^ SECRET[4], last ^ SECRET[5] ^ SECRET[6]);
    let sum = length.wrapping_add(low.swap_bytes()).wrapping_add(high).wrapping_add(folded_product(low, high));
    // From here on the three differ in their constants only.
    let mut sum = either(is_long, sum, product);
    let shifted = sum >> either(is_tiny, 29, either(is_long, 37, 35));
    sum ^= shifted.wrapping_add(either(is_tiny | is_long, 0, length));
    let factor = either(is_long, 0x1656_6791_9E37_79F9, 0x9FB2_1C65_1E98_DF25);
    sum = sum.wrapping_mul(either(is_tiny, 0x1656_67B1_9E37_79F9, factor));
    sum ^ sum >> either(is_tiny | is_long, 32, 28)
}

/// Returns the two halves of a product of 128 bits, added without carry. Processors multiply halves side by side.
#[inline(always)]
fn folded_product(one: u64, other: u64) -> u64 {
    const LOW: u64 = 0xFFFF_FFFF;
    let (low, high) = (one & LOW, one >> 32);
    let (other_low, other_high) = (other & LOW, other >> 32);
    let (lowest, highest) = (low * other_low, high * other_high);
    let (across, back) = (low * other_high, high * other_low);
    let middle = (lowest >> 32) + (across & LOW) + (back & LOW);
    (lowest & LOW | middle << 32)
        ^ highest.wrapping_add(across >> 32).wrapping_add(back >> 32).wrapping_add(middle >> 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_xxh3(
            bytes in prop::collection::vec(any::<u8>(), 300),
            words in prop::collection::vec((8u16..150, 1u16..30), LANES),
            at_end in any::<bool>(),
        ) {
            let first = if at_end { PLACES - bytes.len() } else { 0 };
            let mut memory = [0; PLACES + 16];
            memory[first..first + bytes.len()].copy_from_slice(&bytes);
            let words = words.into_iter().map(|(start, length)| [start, start + length].map(|place| first as u16 + place));
            let words: Vec<[u16; 2]> = words.collect();
            let hashes = hash_all(&memory, words[..].try_into().unwrap(), LANES);
            for (&[start, end], hash) in words.iter().zip(hashes) {
                prop_assert_eq!(hash, xxh3_64(&memory[start as usize..end as usize]));
            }
        }
    }
}
