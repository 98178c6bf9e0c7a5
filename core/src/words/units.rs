//! What is a text made of? Bytes of UTF-8, or code points, which is how Python gives it: either is read as it stands.

use super::lanes::{Kinds, Lanes, WIDTH};
use super::narrow;

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

/// A code point, in as many bytes as the widest of its text needs.
pub trait CodePoint: Copy + Default + Into<u32> {
    /// Does what `Lanes::narrow` does.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn narrow<L: Lanes>(block: &[Self; WIDTH]) -> [u8; WIDTH];
}

/// A code point below U+0100.
#[derive(Clone, Copy, Default)]
#[repr(transparent)]
pub struct Latin1(pub u8);

impl From<Latin1> for u32 {
    #[inline(always)]
    fn from(code_point: Latin1) -> u32 {
        code_point.0.into()
    }
}

impl CodePoint for Latin1 {
    #[inline(always)]
    unsafe fn narrow<L: Lanes>(block: &[Latin1; WIDTH]) -> [u8; WIDTH] {
        let mut bytes = [0; WIDTH];
        for (byte, code_point) in bytes.iter_mut().zip(block) {
            *byte = if code_point.0.is_ascii() { code_point.0 } else { narrow::OTHER };
        }
        bytes
    }
}

impl CodePoint for u16 {
    #[inline(always)]
    unsafe fn narrow<L: Lanes>(block: &[u16; WIDTH]) -> [u8; WIDTH] {
        // SAFETY: the caller vouches for the processor.
        unsafe { L::narrow(block) }
    }
}

impl CodePoint for u32 {
    #[inline(always)]
    unsafe fn narrow<L: Lanes>(block: &[u32; WIDTH]) -> [u8; WIDTH] {
        let mut narrower = [0; WIDTH];
        for (narrow, &code_point) in narrower.iter_mut().zip(block) {
            *narrow = code_point.min(u16::MAX.into()) as u16;
        }
        // SAFETY: the caller vouches for the processor.
        unsafe { L::narrow(&narrower) }
    }
}

impl<C: CodePoint> Unit for C {
    type Window = [C; 8];

    #[inline(always)]
    fn bytes(_: &[C]) -> Option<&[u8]> {
        None
    }

    #[inline(always)]
    unsafe fn look<L: Lanes>(block: &[C; WIDTH], folded: &mut [u8; WIDTH]) -> Kinds {
        // SAFETY: the caller vouches for the processor.
        unsafe { L::look(&C::narrow::<L>(block), folded) }
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
    fn window(text: &[C], at: usize) -> [C; 8] {
        *text[at..].first_chunk().expect("eight code points follow")
    }

    #[inline(always)]
    fn later(mut window: [C; 8], units: usize) -> [C; 8] {
        window.rotate_left(units);
        window
    }

    #[inline(always)]
    fn is_ascii(window: [C; 8]) -> bool {
        window.into_iter().fold(0, |all, code_point| all | code_point.into()) < 0x80
    }

    #[inline(always)]
    fn is_far(window: [C; 8]) -> bool {
        window[0].into() >= 0x800
    }

    #[inline(always)]
    fn near(window: [C; 8]) -> (u32, usize) {
        (window[0].into(), 1)
    }

    #[inline(always)]
    fn first(window: [C; 8]) -> Character {
        let code_point = window[0].into();
        let Some(character) = char::from_u32(code_point) else {
            return Character { code_point: 0, units: 1, utf8: 0, length: 0 };
        };
        let mut utf8 = [0; 8];
        let length = character.encode_utf8(&mut utf8).len();
        Character { code_point, units: 1, utf8: u64::from_le_bytes(utf8), length }
    }
}
