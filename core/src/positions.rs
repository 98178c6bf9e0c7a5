//! Code points outside, bytes inside: the one place where positions of a text change their unit.

use std::fmt;

/// Why a position can't be carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionError {
    /// A position lies behind the end of the text.
    PastEnd {
        /// The position asked for.
        position: usize,
        /// The length of the text in the same unit.
        length: usize,
    },
    /// A position is smaller than the one before it.
    Descending {
        /// The position asked for.
        position: usize,
        /// The one before it.
        previous: usize,
    },
    /// A byte position lies inside a code point.
    InsideCodePoint {
        /// The position asked for.
        position: usize,
    },
    /// The text has more code points than a `u32` counts.
    TextTooLong,
}

impl fmt::Display for PositionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PastEnd { position, length } => {
                write!(out, "position {position} is behind the end of the text, which is {length} long")
            }
            Self::Descending { position, previous } => {
                write!(out, "position {position} comes after {previous}; give positions in ascending order")
            }
            Self::InsideCodePoint { position } => {
                write!(out, "byte {position} is inside a code point; give the byte a code point starts with")
            }
            Self::TextTooLong => write!(out, "the text has more than {} code points; split it", u32::MAX),
        }
    }
}

impl std::error::Error for PositionError {}

/// Returns the byte position of each code-point position. They must not descend; the end of the text is a position.
pub fn to_bytes(text: &str, code_points: &[u32]) -> Result<Vec<usize>, PositionError> {
    let ascii = text.is_ascii();
    let (mut byte, mut seen) = (0, 0);
    let mut found = Vec::with_capacity(code_points.len());
    for &position in code_points {
        let position = position as usize;
        if position < seen {
            return Err(PositionError::Descending { position, previous: seen });
        }
        let rest = &text[byte..];
        let step =
            if ascii { Some(position - seen).filter(|&step| step <= rest.len()) } else { skip(rest, position - seen) };
        let Some(step) = step else {
            return Err(PositionError::PastEnd { position, length: count(text.as_bytes()) });
        };
        byte += step;
        seen = position;
        found.push(byte);
    }
    Ok(found)
}

/// Returns the code-point position of each byte position. They must not descend; the end of the text is a position.
pub fn to_code_points(text: &str, bytes: &[usize]) -> Result<Vec<u32>, PositionError> {
    let ascii = text.is_ascii();
    let (mut previous, mut seen) = (0, 0);
    let mut found = Vec::with_capacity(bytes.len());
    for &position in bytes {
        if position < previous {
            return Err(PositionError::Descending { position, previous });
        }
        if position > text.len() {
            return Err(PositionError::PastEnd { position, length: text.len() });
        }
        if !text.is_char_boundary(position) {
            return Err(PositionError::InsideCodePoint { position });
        }
        let between = &text.as_bytes()[previous..position];
        seen += if ascii { between.len() } else { count(between) };
        previous = position;
        found.push(u32::try_from(seen).map_err(|_| PositionError::TextTooLong)?);
    }
    Ok(found)
}

/// How many code points start in `bytes`; the loop is plain so that it vectorises.
pub(crate) fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| starts_code_point(byte)).count()
}

fn starts_code_point(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// The bytes that the first `code_points` of `text` take, or nothing if it has fewer.
fn skip(text: &str, mut code_points: usize) -> Option<usize> {
    const STRIDE: usize = 64;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + STRIDE < bytes.len() {
        // So few that bytes count them, many at a time.
        let here = bytes[at..at + STRIDE].iter().map(|&byte| u8::from(starts_code_point(byte))).sum::<u8>() as usize;
        // Stop while the wanted start is still ahead: the stride that holds it is walked below.
        if here >= code_points {
            break;
        }
        code_points -= here;
        at += STRIDE;
    }
    // A stride may have ended inside a code point whose start is already counted.
    while at < bytes.len() && !starts_code_point(bytes[at]) {
        at += 1;
    }
    text[at..].char_indices().map(|(byte, _)| byte).chain([text.len() - at]).nth(code_points).map(|byte| at + byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_ways() {
        let text = "Идлиб, 10 février";
        let code_points = [0, 1, 5, 5, 7, 12, 17];
        let bytes = to_bytes(text, &code_points).unwrap();
        assert_eq!(bytes, [0, 2, 10, 10, 12, 18, 23]);
        assert_eq!(to_code_points(text, &bytes).unwrap(), code_points);
    }

    #[test]
    fn refusals_name_the_position() {
        assert_eq!(to_bytes("abc", &[4]), Err(PositionError::PastEnd { position: 4, length: 3 }));
        assert_eq!(to_bytes("é", &[1, 2]), Err(PositionError::PastEnd { position: 2, length: 1 }));
        assert_eq!(to_bytes("abc", &[2, 1]), Err(PositionError::Descending { position: 1, previous: 2 }));
        assert_eq!(to_code_points("é", &[1]), Err(PositionError::InsideCodePoint { position: 1 }));
        assert_eq!(to_code_points("é", &[3]), Err(PositionError::PastEnd { position: 3, length: 2 }));
        assert_eq!(to_code_points("abc", &[2, 1]), Err(PositionError::Descending { position: 1, previous: 2 }));
        assert!(PositionError::TextTooLong.to_string().contains("4294967295"));
    }

    proptest! {
        #[test]
        fn char_indices_agree(text in "(\\PC|[ab ]|é|\n){0,300}") {
            let expected: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
            let positions: Vec<u32> = (0..expected.len() as u32).collect();
            prop_assert_eq!(&to_bytes(&text, &positions).unwrap(), &expected);
            prop_assert_eq!(&to_code_points(&text, &expected).unwrap(), &positions);
            for (&byte, &position) in expected.iter().zip(&positions) {
                prop_assert_eq!(to_bytes(&text, &[position]).unwrap(), [byte]);
            }
        }
    }
}
