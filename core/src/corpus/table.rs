//! What stays in memory of each article.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use crate::layout::Block;
use crate::spool::Spool;

/// Who published an article, as far as it says: the host of its address and the name of its outlet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    /// The host of its address.
    pub host: Option<String>,
    /// The name of its outlet.
    pub outlet: Option<String>,
}

/// What was read of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its text.
    pub text: String,
    /// All else that was said of it.
    pub rest: Vec<u8>,
    /// Whether that is the line of JSON it came in, with an empty text, and not what the caller gave.
    pub is_line: bool,
    /// Where it was read, and on which line; 0 where there are no lines.
    pub place: (String, u32),
}

/// Columns, one row for each article by its number.
#[derive(Default)]
pub struct Table {
    pub source: Vec<u32>,
    /// A digest of all words of its text.
    pub content: Vec<u64>,
    pub path: Vec<u32>,
    pub blocks: Blocks,
    pub paths: Vec<String>,
    pub sources: Sources,
    path_numbers: HashMap<String, u32>,
    line: Vec<u32>,
    spooled: Vec<u64>,
    text_length: Vec<u32>,
    /// Twice the length, and one more for a line of JSON.
    rest_length: Vec<u32>,
    title: Vec<Option<std::num::NonZeroU64>>,
    main: HashMap<u32, Box<[(u32, u32)]>>,
    first_block: Vec<usize>,
    ids: Vec<u8>,
    id_end: Vec<usize>,
}

/// Columns, one row for each block, those of an article one after the other.
#[derive(Default)]
pub struct Blocks {
    pub keys: Vec<u64>,
    pub words: Vec<u32>,
    cues: Vec<u8>,
    /// Where they end in their text, in bytes. Each begins at the first sign behind the one before that is no white space.
    ends: Vec<u32>,
}

impl Blocks {
    fn extend(&mut self, blocks: &[Block]) {
        self.keys.extend(blocks.iter().map(|block| block.key));
        self.words.extend(blocks.iter().map(|block| block.words));
        self.cues.extend(blocks.iter().map(|block| block.cue));
        self.ends.extend(blocks.iter().map(|block| block.end));
    }

    /// The kind that the wording of a block gives away.
    pub fn cue(&self, row: usize) -> u8 {
        self.cues[row]
    }

    /// Sets `page` to the blocks of these rows, which are those of a text.
    pub fn of(&self, rows: Range<usize>, text: &str, page: &mut Vec<Block>) {
        page.clear();
        let mut behind = 0;
        page.extend(rows.map(|row| {
            let rest = &text[behind..];
            let start = behind + rest.len() - rest.trim_start().len();
            behind = self.ends[row] as usize;
            let (words, key, cue) = (self.words[row], self.keys[row], self.cues[row]);
            Block { start: start as u32, end: self.ends[row], words, key, cue }
        }));
    }
}

/// One row.
pub struct Row<'a> {
    pub id: &'a str,
    pub source: (Option<&'a str>, Option<&'a str>),
    pub path: u32,
    pub line: u32,
    pub text: &'a str,
    /// All else.
    pub rest: &'a [u8],
    pub is_line: bool,
    /// The key of its title.
    pub title: Option<u64>,
    /// The parts that an extractor took for the article, in bytes.
    pub main: Option<&'a [(u32, u32)]>,
    pub content: u64,
    pub blocks: &'a [Block],
}

impl Table {
    pub fn len(&self) -> usize {
        self.source.len()
    }

    pub fn push(&mut self, row: Row, spool: &mut Spool) -> io::Result<()> {
        let number = self.len() as u32;
        self.spooled.push(spool.push([row.text.as_bytes(), row.rest])?);
        self.source.push(self.sources.number(row.source.0, row.source.1));
        self.content.push(row.content);
        self.path.push(row.path);
        self.line.push(row.line);
        self.text_length.push(row.text.len() as u32);
        self.rest_length.push(2 * row.rest.len() as u32 + u32::from(row.is_line));
        self.title.push(row.title.and_then(std::num::NonZeroU64::new));
        row.main.map(|main| self.main.insert(number, main.into()));
        self.first_block.push(self.blocks.keys.len());
        self.blocks.extend(row.blocks);
        self.ids.extend_from_slice(row.id.as_bytes());
        self.id_end.push(self.ids.len());
        Ok(())
    }

    /// The number of a path, known or new.
    pub fn path_number(&mut self, path: &str) -> u32 {
        // Of lines it is nearly always the last one; of pages each has its own.
        if self.paths.last().is_some_and(|last| last == path) {
            return self.paths.len() as u32 - 1;
        }
        *self.path_numbers.entry(path.to_owned()).or_insert_with(|| {
            self.paths.push(path.to_owned());
            self.paths.len() as u32 - 1
        })
    }

    pub fn id(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.id_end[number - 1] };
        &self.ids[start..self.id_end[number]]
    }

    pub fn blocks_of(&self, number: u32) -> Range<usize> {
        let number = number as usize;
        self.first_block[number]..self.first_block.get(number + 1).copied().unwrap_or(self.blocks.keys.len())
    }

    /// The key of an article's title.
    pub fn title(&self, number: u32) -> Option<u64> {
        self.title[number as usize].map(u64::from)
    }

    /// The parts that an extractor took for the article, in bytes.
    pub fn main(&self, number: u32) -> Option<&[(u32, u32)]> {
        self.main.get(&number).map(|main| &**main)
    }

    pub fn text<'a>(&self, number: u32, spool: &'a Spool, bytes: &'a mut Vec<u8>) -> io::Result<&'a str> {
        let number = number as usize;
        let bytes = spool.read(self.spooled[number], self.text_length[number] as usize, bytes)?;
        // SAFETY: these bytes were a `str` when they went to the spool, which gives back what it was given.
        Ok(unsafe { std::str::from_utf8_unchecked(bytes) })
    }

    pub fn kept(&self, number: u32, spool: &Spool) -> io::Result<Kept> {
        let at = number as usize;
        let (text, rest) = (self.text_length[at] as usize, (self.rest_length[at] / 2) as usize);
        let mut buffer = Vec::new();
        let (text, rest) = spool.read(self.spooled[at], text + rest, &mut buffer)?.split_at(text);
        let text = String::from_utf8(text.to_vec()).map_err(io::Error::other)?;
        let place = (self.paths[self.path[at] as usize].clone(), self.line[at]);
        Ok(Kept { text, rest: rest.to_vec(), is_line: self.rest_length[at] % 2 == 1, place })
    }
}

/// Sources, each with a number.
#[derive(Default)]
pub struct Sources {
    numbers: HashMap<Source, u32>,
    entries: Vec<Source>,
    asked: Source,
}

impl Sources {
    pub fn entries(&self) -> &[Source] {
        &self.entries
    }

    fn number(&mut self, host: Option<&str>, outlet: Option<&str>) -> u32 {
        // The memory of what was asked last is used again: nearly always the source is known.
        let set = |kept: &mut Option<String>, given: Option<&str>| match (kept.as_mut(), given) {
            (Some(kept), Some(given)) => {
                kept.clear();
                kept.push_str(given);
            }
            _ => *kept = given.map(str::to_owned),
        };
        set(&mut self.asked.host, host);
        set(&mut self.asked.outlet, outlet);
        if let Some(&number) = self.numbers.get(&self.asked) {
            return number;
        }
        let number = self.entries.len() as u32;
        self.numbers.insert(self.asked.clone(), number);
        self.entries.push(self.asked.clone());
        number
    }
}
