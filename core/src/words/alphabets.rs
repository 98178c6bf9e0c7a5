//! What do letters of two bytes fold to, sixty-four bytes at a time? Cyrillic, Greek, Arabic and Hebrew text is made of them.
//!
//! Nearly all of them fold to two bytes, so the folded text stands where the text stood.

use std::sync::LazyLock;

use super::lanes::WIDTH;
use super::ready;
use crate::table::{Class, Table};

/// Characters of two lead bytes that differ in their last bit.
const CHARACTERS: usize = 128;
/// The lead bytes of two-byte characters, two for each alphabet.
const FIRST_LEAD: u8 = 0xC0;
const ALPHABETS: usize = 16;
/// In place of a fold's last byte: the character separates words.
const SEPARATOR: u8 = 1;

/// The folds of 128 characters, a row of the table of code points: for each, by the last bit of its first byte and the last six
/// of its second. Zeros stand for what is left to others, such as what vanishes, or folds to more or fewer bytes.
pub struct Alphabet {
    /// The lead byte whose last bit is not set.
    lead: u8,
    /// The first byte of each fold.
    leads: [u8; CHARACTERS],
    /// The last one, or `SEPARATOR`.
    trails: [u8; CHARACTERS],
    /// Whether most of its letters are here.
    is_useful: bool,
}

/// What sixty-four bytes hold of an alphabet: one bit for each byte of a character, both of which are in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Letters, and marks that do not vanish.
    pub letters: u64,
    /// What separates words.
    pub separators: u64,
}

static ALL: LazyLock<Vec<Alphabet>> =
    LazyLock::new(|| (0..ALPHABETS as u8).map(|number| Alphabet::new(FIRST_LEAD + 2 * number)).collect());

/// Returns all alphabets, for `of`.
#[inline(always)]
pub fn all() -> &'static [Alphabet] {
    &ALL
}

/// Returns the alphabet of the character that begins with a byte, if it has one that is of use.
#[inline(always)]
pub fn of(all: &[Alphabet], first: u8) -> Option<&Alphabet> {
    let alphabet = all.get(usize::from(first.wrapping_sub(FIRST_LEAD) / 2))?;
    alphabet.is_useful.then_some(alphabet)
}

impl Alphabet {
    fn new(lead: u8) -> Alphabet {
        let mut alphabet = Alphabet { lead, leads: [0; CHARACTERS], trails: [0; CHARACTERS], is_useful: false };
        let (mut letters, mut here) = (0, 0);
        let first = u32::from(lead & 0x1F) << 6;
        // Below U+0080 what has two bytes is no UTF-8.
        for (place, code_point) in (first..first + CHARACTERS as u32).enumerate().filter(|&(_, point)| point >= 0x80) {
            let ready = ready::all().of_near(code_point);
            match Table::get().entry_of(code_point).class() {
                Class::Separator => alphabet.trails[place] = SEPARATOR,
                Class::Letter | Class::Mark => {
                    letters += 1;
                    let [one, other, ..] = ready.fold.to_le_bytes();
                    // Digits are noted one by one.
                    if ready.length == 2 && one >= FIRST_LEAD && !ready.is_digit {
                        here += 1;
                        (alphabet.leads[place], alphabet.trails[place]) = (one, other);
                    }
                }
                Class::Base | Class::Ignorable | Class::Apostrophe => {}
            }
        }
        alphabet.is_useful = here > 0 && 2 * here > letters;
        alphabet
    }

    /// Writes the folds of this alphabet's characters where they stand in a block of UTF-8, which begins with a character, and
    /// leaves the rest as it is.
    #[inline(always)]
    pub fn fold_anywhere(&self, bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Found {
        let mut found = Found { letters: 0, separators: 0 };
        for at in 1..WIDTH {
            let [lead, trail] = [bytes[at - 1], bytes[at]];
            if lead & !1 == self.lead {
                let place = usize::from((lead & 1) << 6 | trail & 0x3F);
                let both = 0b11 << (at - 1);
                match self.trails[place] {
                    0 => {}
                    SEPARATOR => found.separators |= both,
                    fold => {
                        found.letters |= both;
                        [folded[at - 1], folded[at]] = [self.leads[place], fold];
                    }
                }
            }
        }
        found
    }

    /// Does the same.
    ///
    /// # Safety
    ///
    /// The processor has AVX2.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub unsafe fn fold_avx2(&self, bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Found {
        // SAFETY: the caller vouches for the processor.
        unsafe { avx2::fold(self, bytes, folded) }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{Alphabet, CHARACTERS, Found, SEPARATOR, WIDTH};

    // Functions and no closures, which would be compiled for any processor.

    #[inline]
    #[target_feature(enable = "avx2")]
    pub fn fold(alphabet: &Alphabet, bytes: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Found {
        let (bytes, folded): (*const __m256i, *mut __m256i) = (bytes.as_ptr().cast(), folded.as_mut_ptr().cast());
        // SAFETY: the arrays are two vectors long.
        let (low, high) = unsafe { (_mm256_loadu_si256(bytes), _mm256_loadu_si256(bytes.add(1))) };
        // For each byte the one before it.
        let before_low = _mm256_alignr_epi8::<15>(low, _mm256_permute2x128_si256::<0x08>(low, low));
        let before_high = _mm256_alignr_epi8::<15>(high, _mm256_permute2x128_si256::<0x21>(low, high));
        let low = half(alphabet, low, before_low);
        let high = half(alphabet, high, before_high);
        // For each byte what is to stand before the one after it.
        let next_low = _mm256_alignr_epi8::<1>(_mm256_permute2x128_si256::<0x21>(low.leads, high.leads), low.leads);
        let next_high = _mm256_alignr_epi8::<1>(_mm256_permute2x128_si256::<0x81>(high.leads, high.leads), high.leads);
        // SAFETY: the arrays are two vectors long.
        unsafe {
            write(folded, next_low, low.trails);
            write(folded.add(1), next_high, high.trails);
        }
        let letters = bits(low.trails) | bits(high.trails) << 32;
        let separators = bits(low.separators) | bits(high.separators) << 32;
        Found { letters: letters | letters >> 1, separators: separators | separators >> 1 }
    }

    /// For each second byte of a character, and zero elsewhere.
    struct Half {
        /// The first byte of the fold.
        leads: __m256i,
        /// The last one.
        trails: __m256i,
        /// Whether it separates.
        separators: __m256i,
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn half(alphabet: &Alphabet, bytes: __m256i, before: __m256i) -> Half {
        let is_here = _mm256_cmpeq_epi8(_mm256_and_si256(before, all(!1)), all(alphabet.lead));
        let row = _mm256_and_si256(_mm256_slli_epi16::<6>(before), all(0x40));
        let place = _mm256_or_si256(row, _mm256_and_si256(bytes, all(0x3F)));
        let leads = _mm256_and_si256(look_up(&alphabet.leads, place), is_here);
        let trails = _mm256_and_si256(look_up(&alphabet.trails, place), is_here);
        Half { leads, trails, separators: _mm256_cmpeq_epi8(trails, all(SEPARATOR)) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn look_up(table: &[u8; CHARACTERS], place: __m256i) -> __m256i {
        // Four bits of the place are looked up in every eighth of the table, the others say in which of them it stands.
        let first = quarter(table.first_chunk().expect("a quarter"), place);
        let second = quarter(table[32..].first_chunk().expect("a quarter"), place);
        let third = quarter(table[64..].first_chunk().expect("a quarter"), place);
        let last = quarter(table[96..].first_chunk().expect("a quarter"), place);
        let by_bit = _mm256_slli_epi16::<2>(place);
        let (low, high) = (_mm256_blendv_epi8(first, second, by_bit), _mm256_blendv_epi8(third, last, by_bit));
        _mm256_blendv_epi8(low, high, _mm256_slli_epi16::<1>(place))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn quarter(table: &[u8; 32], place: __m256i) -> __m256i {
        let table: *const __m128i = table.as_ptr().cast();
        // SAFETY: a quarter is two vectors long.
        let (low, high) = unsafe { (_mm_loadu_si128(table), _mm_loadu_si128(table.add(1))) };
        let low = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(low), place);
        let high = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(high), place);
        _mm256_blendv_epi8(low, high, _mm256_slli_epi16::<3>(place))
    }

    /// Writes both bytes of folds over what is there. None is ASCII, so the highest bit says where they are.
    ///
    /// # Safety
    ///
    /// There is a vector.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn write(folded: *mut __m256i, leads: __m256i, trails: __m256i) {
        // SAFETY: the caller vouches for the vector.
        unsafe {
            let with_trails = _mm256_blendv_epi8(_mm256_loadu_si256(folded), trails, trails);
            _mm256_storeu_si256(folded, _mm256_blendv_epi8(with_trails, leads, leads));
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn all(byte: u8) -> __m256i {
        _mm256_set1_epi8(byte as i8)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn bits(lanes: __m256i) -> u64 {
        u64::from(_mm256_movemask_epi8(lanes) as u32)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Blocks that begin with characters of two bytes and of one.
    fn block(text: &str) -> [u8; WIDTH] {
        let mut block = [0; WIDTH];
        let length = text.len().min(WIDTH);
        block[..length].copy_from_slice(&text.as_bytes()[..length]);
        block
    }

    /// What the table says, character by character.
    fn direct(alphabet: &Alphabet, text: &str, folded: &mut [u8; WIDTH]) -> Found {
        let mut found = Found { letters: 0, separators: 0 };
        for (at, character) in text.char_indices().filter(|&(at, sign)| sign.len_utf8() == 2 && at + 2 <= WIDTH) {
            let fold = Table::get().fold(character);
            let both = 0b11 << at;
            let is_of_it = text.as_bytes()[at] & !1 == alphabet.lead;
            match Table::get().class(character) {
                Class::Separator if is_of_it => found.separators |= both,
                Class::Letter | Class::Mark
                    if is_of_it && fold.len() == 2 && !fold.is_ascii() && !"٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹".contains(&fold) =>
                {
                    found.letters |= both;
                    folded[at..at + 2].copy_from_slice(fold.as_bytes());
                }
                _ => {}
            }
        }
        found
    }

    fn check(alphabet: &Alphabet, text: &str) {
        let block = block(text);
        let mut expected = [b'x'; WIDTH];
        let found = direct(alphabet, text, &mut expected);
        let mut folded = [b'x'; WIDTH];
        assert_eq!((alphabet.fold_anywhere(&block, &mut folded), folded), (found, expected), "{text:?}");
        #[cfg(target_arch = "x86_64")]
        if crate::words::has_avx2() {
            let mut folded = [b'x'; WIDTH];
            // SAFETY: this processor has AVX2.
            assert_eq!((unsafe { alphabet.fold_avx2(&block, &mut folded) }, folded), (found, expected), "{text:?}");
        }
    }

    #[test]
    fn every_character_in_every_place() {
        for character in '\u{80}'..'\u{800}' {
            for alphabet in all() {
                check(alphabet, &format!("{}{character}", "a".repeat(character as usize % 63)));
                check(alphabet, &character.to_string().repeat(WIDTH / 2));
            }
        }
    }

    #[test]
    fn they_are_of_use_where_most_letters_keep_their_length() {
        let useful = |character: char| of(all(), character.to_string().as_bytes()[0]).is_some();
        for character in ['я', 'Я', 'ґ', 'қ', 'ω', 'ش', 'پ', 'ש', 'ա'] {
            assert!(useful(character), "{character}");
        }
        for character in ['a', 'é', 'ł', 'ő', '«', '—', '漢'] {
            assert!(!useful(character), "{character}");
        }
    }

    proptest! {
        #[test]
        fn any_mixture(text in "[a-zа-яѐ-ё\u{400}-\u{52F}\u{600}-\u{6FF}α-ω«» ,é漢]{0,64}", number in 0usize..ALPHABETS) {
            check(&all()[number], &text);
        }
    }
}
