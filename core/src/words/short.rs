//! What is the xxh3-64 of a short word, without asking how short?
//!
//! xxh3 has one formula for one to three bytes, one for four to eight and one for nine to sixteen. Which of them a word
//! needs cannot be foretold, and a wrong guess costs more than all three. So they are written as one: by the length of
//! the word a table says which bytes to bring where, and which steps count.

/// The longest word that is short.
pub const SHORT: usize = 16;

/// The three formulas as one, for words of one length.
#[repr(align(64))]
pub struct Recipe {
    /// Which byte of the word stands where in the two numbers that are hashed; 0x80: none.
    pub shuffle: [u8; 16],
    /// Is added to the two numbers without carry: parts of xxh3's secret.
    pub flip: [u64; 2],
    /// All ones where rotated copies are added to the first number without carry.
    rotated: u64,
    /// All ones where the product of the two numbers counts.
    folded: u64,
    first_factor: u64,
    last_factor: u64,
    first_shift: u8,
    last_shift: u8,
    /// The length of the word.
    length: u8,
    /// The length once more where it is added between the factors, else 0.
    added: u8,
}

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

/// How to hash words of no byte (never asked for) up to sixteen.
pub static RECIPES: [Recipe; SHORT + 1] = {
    const NONE: Recipe = recipe(1);
    let mut recipes = [NONE; SHORT + 1];
    let mut length = 1;
    while length <= SHORT {
        recipes[length] = recipe(length as u8);
        length += 1;
    }
    recipes
};

const fn recipe(length: u8) -> Recipe {
    let mut shuffle = [0x80; 16];
    match length {
        1..=3 => {
            shuffle[0] = length - 1;
            shuffle[2] = 0;
            shuffle[3] = length / 2;
            Recipe {
                shuffle,
                flip: [((SECRET[0] ^ SECRET[0] >> 32) & 0xFFFF_FFFF) ^ (length as u64) << 8, 0],
                rotated: 0,
                folded: 0,
                first_factor: 0xC2B2_AE3D_27D4_EB4F,
                last_factor: 0x1656_67B1_9E37_79F9,
                first_shift: 29,
                last_shift: 32,
                length,
                added: 0,
            }
        }
        4..=8 => {
            let mut at = 0;
            while at < 4 {
                shuffle[at as usize] = length - 4 + at;
                shuffle[4 + at as usize] = at;
                at += 1;
            }
            Recipe {
                shuffle,
                flip: [SECRET[1] ^ SECRET[2], 0],
                rotated: u64::MAX,
                folded: 0,
                first_factor: 0x9FB2_1C65_1E98_DF25,
                last_factor: 0x9FB2_1C65_1E98_DF25,
                first_shift: 35,
                last_shift: 28,
                length,
                added: length,
            }
        }
        _ => {
            let mut at = 0;
            while at < 8 {
                shuffle[at as usize] = at;
                shuffle[8 + at as usize] = length - 8 + at;
                at += 1;
            }
            Recipe {
                shuffle,
                flip: [SECRET[3] ^ SECRET[4], SECRET[5] ^ SECRET[6]],
                rotated: 0,
                folded: u64::MAX,
                first_factor: 0,
                last_factor: 0x1656_6791_9E37_79F9,
                first_shift: 37,
                last_shift: 32,
                length,
                added: 0,
            }
        }
    }
}

impl Recipe {
    /// Returns the hash, given the two numbers, shuffled and flipped.
    #[inline(always)]
    pub fn finish(&self, low: u64, high: u64) -> u64 {
        let product = low as u128 * high as u128;
        let folded = (self.length as u64)
            .wrapping_add(low.swap_bytes())
            .wrapping_add(high)
            .wrapping_add(product as u64 ^ (product >> 64) as u64);
        let rotated = low.rotate_left(49) ^ low.rotate_left(24);
        let mut sum = (low ^ rotated & self.rotated).wrapping_mul(self.first_factor);
        // One of the two is nothing: the first factor is 0 where the product counts.
        sum |= folded & self.folded;
        sum ^= (sum >> (self.first_shift & 63)).wrapping_add(self.added as u64);
        sum = sum.wrapping_mul(self.last_factor);
        sum ^ sum >> (self.last_shift & 63)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    /// The hash of a word whose bytes are brought into place one by one.
    fn hash(word: &[u8]) -> u64 {
        let recipe = &RECIPES[word.len()];
        let byte = |&place: &u8| word.get(place as usize).copied().unwrap_or(0);
        let shuffled: Vec<u8> = recipe.shuffle.iter().map(byte).collect();
        let number = |half: usize| u64::from_le_bytes(shuffled[8 * half..][..8].try_into().expect("eight bytes"));
        recipe.finish(number(0) ^ recipe.flip[0], number(1) ^ recipe.flip[1])
    }

    proptest! {
        #[test]
        fn it_is_xxh3(word in prop::collection::vec(any::<u8>(), 1..=SHORT)) {
            prop_assert_eq!(hash(&word), xxh3_64(&word));
        }
    }
}
