//! Where do the lines of a file begin and end that comes in pieces?

/// Stands before the first line of some files, and is no part of it.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line that is not read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// It is no plain record: its number, counted from 1, and what it holds.
    NotPlain(u32, Vec<u8>),
    /// It is longer than allowed: its number, and its length in bytes.
    TooLong(u32, usize),
}

impl Left {
    /// The number of the line.
    pub fn number(&self) -> u32 {
        match *self {
            Left::NotPlain(number, _) | Left::TooLong(number, _) => number,
        }
    }
}

/// A line by its number, without its end.
pub type Numbered<'a> = (u32, &'a [u8]);

/// The file that is being read, as far as its lines go.
#[derive(Default)]
pub struct Lines {
    /// Lines that ended so far.
    count: u32,
    /// The beginning of a line whose end has not come.
    carry: Vec<u8>,
    /// How long the line is that is being passed over, because it is too long.
    passed: Option<usize>,
}

impl Lines {
    /// How many lines have ended.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether a line has begun whose end has not come.
    pub fn is_open(&self) -> bool {
        !self.carry.is_empty() || self.passed.is_some()
    }

    /// Takes the next piece. Returns the line that began in an earlier one and ends in this, and the lines that this piece
    /// holds whole. A line that gets longer than `most` bytes is passed over, and left.
    pub fn cut<'a>(&mut self, piece: &'a [u8], most: usize, left: &mut Vec<Left>) -> (Vec<u8>, &'a [u8]) {
        let end = memchr::memrchr(b'\n', piece).map_or(0, |at| at + 1);
        let (mut whole, rest) = piece.split_at(end);
        let mut carried = Vec::new();
        if end > 0 {
            let first = memchr::memchr(b'\n', whole).map_or(end, |at| at + 1);
            carried = std::mem::take(&mut self.carry);
            if let Some(passed) = self.passed.take() {
                self.count += 1;
                left.push(Left::TooLong(self.count, passed + first - 1));
                whole = &whole[first..];
            } else if !carried.is_empty() {
                carried.extend_from_slice(&whole[..first]);
                whole = &whole[first..];
            }
        }
        match &mut self.passed {
            Some(passed) => *passed += rest.len(),
            None => self.carry.extend_from_slice(rest),
        }
        if self.carry.len() > most {
            self.passed = Some(std::mem::take(&mut self.carry).len());
        }
        (carried, whole)
    }

    /// Tells the number of each of some whole lines that is to be read: blank ones are nothing, and those of more than
    /// `most` bytes are left.
    pub fn number<'a>(&mut self, lines: &'a [u8], most: usize, numbered: &mut Vec<Numbered<'a>>, left: &mut Vec<Left>) {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', lines) {
            self.count += 1;
            let mut line = &lines[start..end];
            start = end + 1;
            if line.len() > most {
                left.push(Left::TooLong(self.count, line.len()));
                continue;
            }
            if self.count == 1 {
                line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
            }
            // These are the signs Python takes for white space in bytes.
            if !line.iter().all(|byte| matches!(byte, b' ' | b'\t'..=b'\r')) {
                numbered.push((self.count, line));
            }
        }
    }
}
