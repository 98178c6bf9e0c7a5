//! What does a line say when what changes from page to page is left out of it?
//!
//! "7,412 readers gave on 3 March, says Ann Reed: join.example/42" and "88 readers gave on 9 May, says Bo Lind:
//! join.example/7" are one line with other numbers, names and addresses in it.

use xxhash_rust::xxh3::xxh3_64;

use crate::keys;
use crate::signs::Sign;

/// What is left must hold so many words, and half of all: less would be said of anything.
const LEAST_PLAIN: usize = 4;
/// What keys are multiplied with, one power for each word, so that their order counts.
const FACTOR: u64 = 0x9E37_79B1_85EB_CA87;
/// Stands before the first word, and for what was left out.
const START: u64 = 0x5851_F42D_4C95_7F2D;
const SLOT: u64 = 0x1405_7B7E_F767_814F;

/// Bytes without which a word never changes from page to page.
static MAY_CHANGE: [u8; 256] = {
    let (mut may, mut byte) = ([0; 256], 0);
    while byte < may.len() {
        may[byte] = matches!(byte as u8, b'0'..=b'9' | b'@' | b'.' | b':' | 0x80..) as u8;
        byte += 1;
    }
    may
};

/// Returns the key of a line without its numbers, addresses and names: words between spaces that hold a digit, that look
/// like an address, or that begin with a capital inside the line. Nothing comes back where too little is left, or where
/// the numbers are what the line says.
pub fn loose_key(line: &str) -> Option<u64> {
    let (mut key, mut plain, mut slots, mut in_slot) = (START, 0, 0, false);
    let (mut figures, mut has_year) = (0, false);
    let mut lower = Vec::with_capacity(32);
    // Between other spaces than ASCII's stand the parts of a number, or of a name.
    let words = line.split_ascii_whitespace().map(without_marks);
    for (at, word) in words.filter(|word| !word.is_empty()).enumerate() {
        // Nearly all words are letters of ASCII, and say so while they are read.
        let mut is_plain = true;
        lower.clear();
        lower.extend(word.bytes().map(|byte| {
            is_plain &= MAY_CHANGE[usize::from(byte)] == 0;
            byte.to_ascii_lowercase()
        }));
        let has_number = !is_plain && !word.is_ascii() && push_lower(word, &mut lower);
        let is_slot = has_number || !is_plain && changes(word) || at > 0 && begins_with_capital(word);
        if !is_slot {
            key = key.wrapping_mul(FACTOR).wrapping_add(xxh3_64(&lower));
            plain += 1;
        } else {
            slots += 1;
            figures += usize::from(word.bytes().any(|byte| byte.is_ascii_digit()));
            has_year |= word.len() == 4 && word.parse().is_ok_and(|year: u32| keys::YEARS.contains(&year));
            if !in_slot {
                key = key.wrapping_mul(FACTOR).wrapping_add(SLOT);
            }
        }
        in_slot = is_slot;
    }
    key ^= key >> 37;
    key = key.wrapping_mul(FACTOR);
    let is_line =
        plain >= LEAST_PLAIN && plain >= slots && (has_year || !keys::are_content(figures, plain + slots - figures));
    is_line.then_some(key ^ key >> 32)
}

/// A word without what stands around it.
fn without_marks(word: &str) -> &str {
    let is_plain = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    if is_plain(word.bytes().next()) && is_plain(word.bytes().next_back()) {
        return word;
    }
    word.trim_matches(|sign: char| !Sign::of(sign).is_alphanumeric())
}

/// Makes `lower` the word in small letters, and tells whether a number stands in it.
fn push_lower(word: &str, lower: &mut Vec<u8>) -> bool {
    let mut has_number = false;
    lower.clear();
    for character in word.chars() {
        let sign = Sign::of(character);
        has_number |= sign.is_numeric();
        sign.push_lower(character, lower);
    }
    has_number
}

fn begins_with_capital(word: &str) -> bool {
    match word.as_bytes()[0] {
        first if first.is_ascii() => first.is_ascii_uppercase(),
        _ => word.starts_with(|sign: char| Sign::of(sign).is_uppercase()),
    }
}

/// Whether a word holds one of our digits or looks like an address.
fn changes(word: &str) -> bool {
    let bytes = word.as_bytes();
    let within = |at: usize| bytes.get(at + 1).is_some_and(|&next| next == b'/' || next.is_ascii_alphanumeric());
    let is_telling = |(at, byte): (usize, &u8)| match byte {
        b'0'..=b'9' | b'@' => true,
        b'.' => within(at),
        b':' => bytes.get(at + 1) == Some(&b'/'),
        _ => false,
    };
    bytes.iter().enumerate().any(is_telling)
}

/// Returns where the last sentences of a text begin, at most so many and never the first one: the last one first.
pub fn last_sentences(text: &str, most: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut next = text.len();
    for (at, sign) in text.char_indices().rev() {
        if found.len() == most {
            break;
        }
        let behind = at + sign.len_utf8();
        let ends = match sign {
            '。' | '！' | '？' | '।' | '۔' | '؟' => true,
            '.' | '!' | '?' | '…' => {
                let closed = text[behind..].trim_start_matches(['"', '\'', '”', '’', '»', ')', ']']);
                closed.starts_with(char::is_whitespace)
            }
            _ => false,
        };
        let closing =
            |sign: char| sign.is_whitespace() || matches!(sign, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』');
        let start = behind + text[behind..].find(|sign| !closing(sign)).unwrap_or(text.len() - behind);
        if ends && start < next {
            found.push(start);
            next = at;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_names_and_addresses_do_not_matter() {
        let one = loose_key("Join the 7,412 readers of Ann Reed who gave on 3 March: join.example/42 helps.");
        let two = loose_key("Join the 88 readers of Bo Lind who gave on 19 December: https://join.example/7 helps.");
        assert!(one.is_some() && one == two);
        assert_ne!(one, loose_key("Leave the 88 readers of Bo Lind who gave on 19 December: join.example/7 helps."));
        assert_eq!(
            loose_key("Читайте также наш канал Вестник в сети"),
            loose_key("Читайте также наш канал Маяк в сети")
        );
    }

    #[test]
    fn too_little_is_no_line() {
        for line in [
            "",
            "By Ann Reed",
            "The Mayor of Port Ellery Said No to It All",
            "SHARE THIS STORY WITH ALL YOUR FRIENDS",
            "12 comments",
            "Shr 71 cts vs 43 cts",
        ] {
            assert_eq!(loose_key(line), None, "{line:?}");
        }
    }

    #[test]
    fn sentences_end_where_they_end() {
        let text = "One came. “Two went!” Then 3.5 fell… Done";
        assert_eq!(
            last_sentences(text, 2).iter().map(|&at| &text[at..]).collect::<Vec<_>>(),
            ["Done", "Then 3.5 fell… Done"]
        );
        let text = "雨が降った。寄付をお願いします。";
        assert_eq!(last_sentences(text, 2).iter().map(|&at| &text[at..]).collect::<Vec<_>>(), ["寄付をお願いします。"]);
        assert_eq!(last_sentences("One came.", 2), [0; 0]);
        assert_eq!(last_sentences("", 2), [0; 0]);
    }

    proptest! {
        #[test]
        fn any_text_has_sentences(text in "(\\PC|[.!?…。 ”])*", most in 0usize..4) {
            let found = last_sentences(&text, most);
            prop_assert!(found.len() <= most);
            prop_assert!(found.windows(2).all(|pair| pair[0] > pair[1]));
            for at in found {
                prop_assert!(0 < at && at < text.len() && text.is_char_boundary(at));
            }
            loose_key(&text);
        }
    }
}
