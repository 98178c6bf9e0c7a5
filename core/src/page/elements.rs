//! What does an element do to a page, by its name?

use std::sync::LazyLock;

/// An element's name in lower case, packed so that two are compared at once.
pub type Name = u128;

/// Runs within a line; all others stand on lines of their own.
pub const INLINE: u16 = 1;
/// Holds nothing, and has no end tag.
pub const VOID: u16 = 1 << 1;
/// Shows nothing of what it holds, or nothing that is read.
pub const UNSEEN: u16 = 1 << 2;
/// Holds no markup.
pub const RAW: u16 = 1 << 3;
/// Its start tag ends a paragraph.
pub const ENDS_P: u16 = 1 << 4;
/// No end tag of an unlisted element reaches beyond it.
pub const SPECIAL: u16 = 1 << 5;
/// No end tag of an element outside reaches into it.
pub const BARRIER: u16 = 1 << 6;
/// Its end tag takes it from the open elements, whatever else is open above it.
pub const FORMATTING: u16 = 1 << 7;
/// Its start tag ends SVG and MathML.
pub const BREAKS_OUT: u16 = 1 << 8;
/// A heading: one ends another.
pub const HEADING: u16 = 1 << 9;
/// Its end is left out where its parent's end or its like's start follows.
pub const IMPLIED: u16 = 1 << 10;
/// Stands only in tables.
pub const OF_TABLE: u16 = 1 << 11;
/// SVG and MathML.
pub const FOREIGN: u16 = 1 << 12;

/// Holds nothing that an extractor reads.
pub const LEFT_OUT: u16 = 1 << 13;
/// Holds no running text: some extractors pass over it.
pub const PASSED_OVER: u16 = 1 << 14;

const TABLE: &[(&str, u16)] = &[
    ("address article aside blockquote center details dialog dir div dl fieldset footer header hgroup", BLOCK),
    ("figcaption figure", BLOCK | PASSED_OVER),
    ("listing main menu nav ol pre search section summary ul", BLOCK),
    ("form", ENDS_P | SPECIAL),
    ("p", BLOCK | IMPLIED),
    ("h1 h2 h3 h4 h5 h6", BLOCK | HEADING),
    ("hr", BLOCK | VOID),
    ("li dd dt", ENDS_P | SPECIAL | IMPLIED),
    ("table", BLOCK | BARRIER),
    ("tbody thead tfoot tr", SPECIAL | OF_TABLE),
    ("td th caption", SPECIAL | OF_TABLE | BARRIER),
    ("colgroup", SPECIAL | OF_TABLE),
    ("col", SPECIAL | OF_TABLE | VOID),
    ("br wbr", INLINE | VOID | SPECIAL | BREAKS_OUT),
    ("embed img", INLINE | VOID | SPECIAL | BREAKS_OUT | PASSED_OVER),
    ("area base basefont bgsound frame input keygen link meta param", VOID | SPECIAL | INLINE | PASSED_OVER),
    ("source track", VOID | SPECIAL | INLINE | LEFT_OUT),
    ("a b big code em font i nobr s small strike strong tt u", INLINE | FORMATTING | BREAKS_OUT),
    ("abbr acronym bdi bdo cite data del dfn ins kbd mark q samp time var", INLINE),
    ("label", INLINE | PASSED_OVER),
    ("span sub sup ruby", INLINE | BREAKS_OUT),
    ("rb rp rt rtc", INLINE | IMPLIED),
    ("script style", RAW | UNSEEN | SPECIAL | LEFT_OUT),
    ("title", RAW | UNSEEN | SPECIAL | PASSED_OVER),
    ("xmp", RAW | BLOCK),
    ("plaintext", RAW | BLOCK),
    ("textarea iframe", RAW | UNSEEN | SPECIAL | PASSED_OVER),
    ("noembed noframes", RAW | UNSEEN | SPECIAL),
    ("noscript", UNSEEN | SPECIAL | PASSED_OVER),
    ("template", UNSEEN | SPECIAL | BARRIER | LEFT_OUT),
    ("object", UNSEEN | SPECIAL | BARRIER | PASSED_OVER),
    ("select button", UNSEEN | SPECIAL | PASSED_OVER),
    ("canvas datalist", UNSEEN),
    ("svg", UNSEEN | FOREIGN | LEFT_OUT),
    ("math", UNSEEN | FOREIGN),
    ("applet marquee", SPECIAL | BARRIER),
    ("optgroup option", IMPLIED | PASSED_OVER),
    ("html head body", SPECIAL),
];
const BLOCK: u16 = ENDS_P | SPECIAL | BREAKS_OUT;

/// The table by [`place`], with room for as many more; names that fall on a place that is taken stand behind it.
static FLAGS: LazyLock<[(Name, u16); PLACES]> = LazyLock::new(|| {
    let mut places = [(0, 0); PLACES];
    for (names, flags) in TABLE {
        for name in names.split(' ').map(pack) {
            let free = (place(name)..).find(|at| places[at % PLACES].0 == 0).expect("there are more places than names");
            places[free % PLACES] = (name, *flags);
        }
    }
    places
});
const PLACES: usize = 512;

fn place(name: Name) -> usize {
    ((name as u64 ^ (name >> 64) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 55) as usize
}

/// The letters of a name that are packed.
const MOST: usize = 15;

/// Packs a name, in whatever case. Of a longer one than any in HTML only some letters count.
#[inline]
pub const fn pack(name: &str) -> Name {
    let bytes = name.as_bytes();
    let (bytes, _) = bytes.split_at(if bytes.len() < MOST { bytes.len() } else { MOST });
    let length = bytes.len();
    // The first and the last letters as two numbers; those that are in both are the same in both.
    let letters = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u64::from_be_bytes(*first) as Name) << (8 * (length - 8)) | u64::from_be_bytes(*last) as Name
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u32::from_be_bytes(*first) as Name) << (8 * (length - 4)) | u32::from_be_bytes(*last) as Name
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u16::from_be_bytes(*first) as Name) << (8 * (length - 2)) | u16::from_be_bytes(*last) as Name
    } else if let [letter] = bytes {
        *letter as Name
    } else {
        0
    };
    (name.len() as Name) << (8 * length) | lower(letters)
}

/// Makes the ASCII capitals among sixteen bytes small letters.
const fn lower(bytes: u128) -> u128 {
    const fn every(byte: u8) -> u128 {
        u128::from_ne_bytes([byte; 16])
    }
    // With the top bits cleared no sum carries into the next byte: its top bit then says "at least".
    let low = bytes & every(0x7F);
    let capitals = (low + every(0x80 - b'A')) & !(low + every(0x80 - (b'Z' + 1))) & !bytes & every(0x80);
    bytes | capitals >> 2
}

/// What an element of this name does; nothing of note where it is unknown.
pub fn flags(name: Name) -> u16 {
    let mut at = place(name);
    loop {
        match FLAGS[at % PLACES] {
            (0, _) => return 0,
            (known, flags) if known == name => return flags,
            _ => at += 1,
        }
    }
}

/// Whether a line begins behind a tag of such an element, to everybody who lays out pages.
pub fn begins_line(does: u16) -> bool {
    does & (ENDS_P | OF_TABLE) != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Letter by letter.
    fn slowly(name: &str) -> Name {
        let append = |packed: Name, letter: u8| packed << 8 | Name::from(letter.to_ascii_lowercase());
        name.bytes().take(MOST).fold(name.len() as Name, append)
    }

    proptest! {
        #[test]
        fn names_are_packed_letter_by_letter(name in "[a-zA-Z@\\[`{é\u{7F}-]{0,20}") {
            prop_assert_eq!(pack(&name), slowly(&name));
        }
    }
}
