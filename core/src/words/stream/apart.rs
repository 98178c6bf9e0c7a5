//! What is folded many characters at a time where a text is not English, and compiled apart from what reads that?
//!
//! Inside the loop over English text it would slow that down, though it is never entered.

use super::{BASE, NONE, Page, Place};
use crate::table::{Class, Table};
use crate::words::alphabets::Alphabet;
use crate::words::han;
use crate::words::lanes::{Anywhere, Lanes, WIDTH};
#[cfg(target_arch = "x86_64")]
use crate::words::lanes::{Avx2, Avx512};
use crate::words::units::Unit;

/// What is compiled once for each kind of processor.
pub trait Apart: Lanes {
    /// Does what `Page::alphabetic` does.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    unsafe fn alphabetic<const NUMBERS: bool>(
        page: &mut Page,
        text: &[u8],
        place: Place,
        end: usize,
        alphabet: &Alphabet,
    ) -> Place;
}

macro_rules! apart {
    ($lanes:ty $(, $features:literal)?) => {
        impl Apart for $lanes {
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn alphabetic<const NUMBERS: bool>(
                page: &mut Page,
                text: &[u8],
                place: Place,
                end: usize,
                alphabet: &Alphabet,
            ) -> Place {
                // SAFETY: the caller vouches for the processor.
                unsafe { page.alphabetic::<$lanes, NUMBERS>(text, place, end, alphabet) }
            }
        }
    };
}

apart!(Anywhere);
#[cfg(target_arch = "x86_64")]
apart!(Avx2, "avx2,bmi1,bmi2,lzcnt,popcnt");
#[cfg(target_arch = "x86_64")]
apart!(Avx512, "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt");

impl Page {
    /// Folds blocks that are made of an alphabet and of what is plain, up to anything else.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    #[inline(always)]
    unsafe fn alphabetic<L: Lanes, const NUMBERS: bool>(
        &mut self,
        text: &[u8],
        mut place: Place,
        end: usize,
        alphabet: &Alphabet,
    ) -> Place {
        while place.goes_on(end) {
            let block = text[place.at..].first_chunk().expect("64 bytes follow");
            let folded = self.folded[place.length..].first_chunk_mut().expect("the page has bytes to spare");
            // SAFETY: the caller vouches for the processor.
            let (mut kinds, found) = unsafe { (L::look(block, folded), L::fold(alphabet, block, folded)) };
            kinds.letters |= found.letters;
            kinds.high &= !(found.letters | found.separators);
            // SAFETY: the caller vouches for the processor.
            let taken = unsafe { self.take::<L, u8, NUMBERS>(&kinds, &mut place) };
            // The block's last byte may be the first of a character.
            if taken < WIDTH - 1 {
                break;
            }
        }
        place
    }

    /// Folds Han characters, up to four at a time, and passes what of three bytes separates them. No run is open, and the
    /// first is a Han one.
    #[inline(never)]
    pub fn han(&mut self, table: &Table, text: &[u8], mut place: Place, end: usize) -> Place {
        while place.goes_on(end) {
            let rest = &text[place.at..];
            *self.folded[place.length..].first_chunk_mut().expect("bytes to spare") =
                *rest.first_chunk::<16>().expect("64 bytes follow");
            let is_none = usize::from(place.open == NONE);
            let borders = self.borders[place.count..].first_chunk_mut().expect("borders to spare");
            *borders = han::BORDERS[is_none].map(|after| place.length as u16 + after);
            let count = han::are_next(rest);
            if count > 0 {
                place.count += 2 * count - is_none;
                place.length += count * han::BYTES;
                place.at += count * han::BYTES;
                place.open = BASE;
            }
            if count < han::FOUR {
                let next = u8::first(u8::window(text, place.at));
                if next.units != han::BYTES || table.entry_of(next.code_point).class() != Class::Separator {
                    break;
                }
                self.close(&mut place);
                place.at += next.units;
            }
        }
        place
    }
}
