//! What character references stand for.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The longest name of a reference, with its semicolon.
const LONGEST_NAME: usize = 32;
/// What the numbers 128 to 159 mean on the web: the characters of Windows-1252.
const WINDOWS: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2C6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}',
    '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}',
    '\u{17E}', '\u{178}',
];

static NAMED: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let rows = include_str!("entities.tsv").lines().filter_map(|line| line.split_once('\t'));
    let character = |point: &str| u32::from_str_radix(point, 16).ok().and_then(char::from_u32);
    let characters = |points: &'static str| points.split(' ').map(character).collect::<Option<String>>();
    rows.map(|(name, points)| (name, characters(points).expect("the table names characters"))).collect()
});

/// Appends `text` to `out` with its character references resolved, by the rules of attributes or those of text.
pub fn decode(text: &str, in_attribute: bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes().get(1) {
            Some(b'#') => numbered(rest, out),
            Some(byte) if byte.is_ascii_alphanumeric() => named(rest, in_attribute, out),
            _ => 0,
        };
        if taken == 0 {
            out.push('&');
        }
        rest = &rest[taken.max(1)..];
    }
    out.push_str(rest);
}

/// Resolves the reference by number that `text` begins with; returns how many bytes it took, 0 if it is none.
fn numbered(text: &str, out: &mut String) -> usize {
    let (radix, start) = if matches!(text.as_bytes().get(2), Some(b'x' | b'X')) { (16, 3) } else { (10, 2) };
    let digits = text[start..].bytes().take_while(|&byte| char::from(byte).is_digit(radix)).count();
    if digits == 0 {
        return 0;
    }
    let number = text[start..start + digits].bytes().fold(0_u32, |number, byte| {
        let digit = char::from(byte).to_digit(radix).expect("it was counted as a digit");
        number.saturating_mul(radix).saturating_add(digit)
    });
    out.push(match number {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9F => WINDOWS[number as usize - 0x80],
        _ => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    });
    start + digits + usize::from(text.as_bytes().get(start + digits) == Some(&b';'))
}

/// The same for a reference by name. Old names need no semicolon: of several that fit the longest counts.
fn named(text: &str, in_attribute: bool, out: &mut String) -> usize {
    let bytes = &text.as_bytes()[1..];
    let letters = bytes.iter().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let closed = letters + usize::from(bytes.get(letters) == Some(&b';'));
    for end in (2..=closed).rev() {
        if let Some(characters) = NAMED.get(&text[1..=end]) {
            let open = bytes[end - 1] != b';';
            if open && in_attribute && bytes.get(end).is_some_and(|&byte| byte == b'=' || byte.is_ascii_alphanumeric())
            {
                return 0;
            }
            out.push_str(characters);
            return end + 1;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str, in_attribute: bool) -> String {
        let mut out = String::new();
        decode(text, in_attribute, &mut out);
        out
    }

    #[test]
    fn references() {
        let cases = [
            ("a &amp; b &ampc &notit; &notin; &x; & &", "a & b &c \u{AC}it; \u{2209} &x; & &"),
            ("&#65;&#x42;&#67 &#150;&#0;&#xD800;&#99999999999;", "ABC \u{2013}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("&#; &#x; &#xg; &;", "&#; &#x; &#xg; &;"),
            ("&nbsp;&eacute;&NotEqualTilde;", "\u{A0}é\u{2242}\u{338}"),
        ];
        for (text, expected) in cases {
            assert_eq!(decoded(text, false), expected, "{text}");
        }
        assert_eq!(decoded("?a=1&copy=2&amp;b&lt", true), "?a=1&copy=2&b<");
    }
}
