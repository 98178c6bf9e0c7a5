//! What is a text made of? Bytes of UTF-8, or code points, which is how Python gives it: either is read as it stands.

use super::lanes::{Kinds, Lanes, WIDTH};

/// One byte of UTF-8, or one code point.
pub trait Unit: Copy + Default {
    /// What follows a place in a text: four characters that are near, or one that is far.
    type Window: Copy;

    /// Returns a text of bytes as such.
    fn bytes(text: &[Self]) -> Option<&[u8]>;

    /// Does what `Lanes::look` does.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn look<L: Lanes>(block: &[Self; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds;

    /// Returns how many units of a block, from the first on, are letters or separate words; what else there may be, such
    /// as an apostrophe that may vanish, comes after.
    fn plain(kinds: &Kinds, in_run: u64) -> usize;

    /// Returns what follows a place, which is at least eight units.
    fn window(text: &[Self], at: usize) -> Self::Window;

    /// Returns what follows so many units later, as far as it was in the window.
    fn later(window: Self::Window, units: usize) -> Self::Window;

    /// Tells whether all in it is ASCII.
    fn is_ascii(window: Self::Window) -> bool;

    /// Tells whether its first character is far: above U+07FF.
    fn is_far(window: Self::Window) -> bool;

    /// Returns the first code point, if it is near, and how many units it takes.
    fn near(window: Self::Window) -> (u32, usize);

    /// Returns the first character.
    fn first(window: Self::Window) -> Character;
}

/// One character.
pub struct Character {
    pub code_point: u32,
    /// How many units it takes.
    pub units: usize,
    /// Its UTF-8, the first byte in the lowest place, and what may follow that.
    pub utf8: u64,
    /// How long its UTF-8 is; what is no character, a surrogate or above U+10FFFF, has none.
    pub length: usize,
}

impl Unit for u8 {
    type Window = u64;

    #[inline(always)]
    fn bytes(text: &[u8]) -> Option<&[u8]> {
        Some(text)
    }

    #[inline(always)]
    unsafe fn look<L: Lanes>(block: &[u8; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds {
        // SAFETY: the caller vouches for the processor.
        unsafe { L::look(block, folded) }
    }

    #[inline(always)]
    fn plain(kinds: &Kinds, in_run: u64) -> usize {
        let separators = !(kinds.letters | kinds.apostrophes | kinds.high);
        let after_letter = kinds.letters << 1 | in_run;
        // Where one of U+2010..U+2027 begins.
        let marks = kinds.e2 & kinds.x80 >> 1 & kinds.marks >> 2;
        let curly = marks & kinds.curly >> 2;
        // An apostrophe separates where no run is open and where a separator follows.
        let undecided = after_letter & (kinds.apostrophes & !(separators >> 1) | curly & !(separators >> 3));
        let marks = marks & !undecided;
        let plain = !(kinds.high | undecided) | marks | marks << 1 | marks << 2;
        plain.trailing_ones() as usize
    }

    #[inline(always)]
    fn window(text: &[u8], at: usize) -> u64 {
        u64::from_le_bytes(*text[at..].first_chunk().expect("eight bytes follow"))
    }

    #[inline(always)]
    fn later(window: u64, units: usize) -> u64 {
        window >> (8 * units)
    }

    #[inline(always)]
    fn is_ascii(window: u64) -> bool {
        window & 0x8080_8080_8080_8080 == 0
    }

    #[inline(always)]
    fn is_far(window: u64) -> bool {
        window & 0xE0 == 0xE0
    }

    #[inline(always)]
    fn near(window: u64) -> (u32, usize) {
        let two = window >> 7 & 1;
        let code_point = (window & 0x7F) << (6 * two) & 0x7FF | window >> 8 & 0x3F & two.wrapping_neg();
        (code_point as u32, 1 + two as usize)
    }

    #[inline(always)]
    fn first(window: u64) -> Character {
        let first = window as u32 & 0xFF;
        let six = |place: u32| (window >> (8 * place)) as u32 & 0x3F;
        let (code_point, length) = match first {
            0xE0..0xF0 => ((first & 0xF) << 12 | six(1) << 6 | six(2), 3),
            0x00..0x80 => (first, 1),
            0x80..0xE0 => ((first & 0x1F) << 6 | six(1), 2),
            0xF0.. => ((first & 0x7) << 18 | six(1) << 12 | six(2) << 6 | six(3), 4),
        };
        Character { code_point, units: length, utf8: window, length }
    }
}

/// Code points that `Lanes::look` is to see as dashes, quotes and dots: U+2010 and what follows it.
const MARKS: std::ops::Range<u32> = 0x2010..0x2028;

impl Unit for u32 {
    type Window = [u32; 8];

    #[inline(always)]
    fn bytes(_: &[u32]) -> Option<&[u8]> {
        None
    }

    #[inline(always)]
    unsafe fn look<L: Lanes>(block: &[u32; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds {
        let mut bytes = [0; WIDTH];
        for (byte, &code_point) in bytes.iter_mut().zip(block) {
            // What stands for a mark is the last byte of its UTF-8; 0xFF for all others that are not ASCII.
            let mark = code_point.wrapping_sub(MARKS.start);
            let high = if mark < MARKS.end - MARKS.start { 0x90 + mark } else { 0xFF };
            *byte = if code_point < 0x80 { code_point } else { high } as u8;
        }
        // SAFETY: the caller vouches for the processor.
        unsafe { L::look(&bytes, folded) }
    }

    #[inline(always)]
    fn plain(kinds: &Kinds, in_run: u64) -> usize {
        let separators = !(kinds.letters | kinds.apostrophes | kinds.high);
        let after_letter = kinds.letters << 1 | in_run;
        // An apostrophe separates where no run is open and where a separator follows.
        let undecided = after_letter & (kinds.apostrophes | kinds.curly) & !(separators >> 1);
        let plain = !(kinds.high | undecided) | kinds.marks & !undecided;
        plain.trailing_ones() as usize
    }

    #[inline(always)]
    fn window(text: &[u32], at: usize) -> [u32; 8] {
        *text[at..].first_chunk().expect("eight code points follow")
    }

    #[inline(always)]
    fn later(mut window: [u32; 8], units: usize) -> [u32; 8] {
        window.rotate_left(units);
        window
    }

    #[inline(always)]
    fn is_ascii(window: [u32; 8]) -> bool {
        window.iter().fold(0, |all, code_point| all | code_point) < 0x80
    }

    #[inline(always)]
    fn is_far(window: [u32; 8]) -> bool {
        window[0] >= 0x800
    }

    #[inline(always)]
    fn near(window: [u32; 8]) -> (u32, usize) {
        (window[0], 1)
    }

    #[inline(always)]
    fn first(window: [u32; 8]) -> Character {
        let Some(character) = char::from_u32(window[0]) else {
            return Character { code_point: 0, units: 1, utf8: 0, length: 0 };
        };
        let mut utf8 = [0; 8];
        let length = character.encode_utf8(&mut utf8).len();
        Character { code_point: window[0], units: 1, utf8: u64::from_le_bytes(utf8), length }
    }
}
