//! Articles come in: lines of JSON as they stand in their file, or what a reader made of anything else.

use std::io;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Corpus;
use super::lines::{Left, Lines, Numbered};
use super::table::{Row, Table};
use crate::jsonl::{self, Fields};
use crate::layout::{self, Block, Cues};
use crate::patterns::Candidates;
use crate::spool::Spool;
use crate::words::Words;
use crate::{index, positions};

/// Lines or articles that one thread reads in one go.
const PORTION: usize = 32;

/// An article as a reader gives it.
pub struct Article<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The host of its address.
    pub host: Option<&'a str>,
    /// The name of its outlet.
    pub outlet: Option<&'a str>,
    /// Its title.
    pub title: Option<&'a str>,
    /// Where the parts of the text that an extractor took for the article start and end, in code points, ascending.
    pub main: Option<&'a [u32]>,
    /// All else that is known of it.
    pub rest: &'a [u8],
    /// Where it was read.
    pub path: &'a str,
}

impl Corpus {
    /// Begins a file of lines, which reports call `path`.
    pub fn open(&mut self, path: &str) {
        let number = self.table.path_number(path);
        self.open = Open { path: path.to_owned(), number, lines: Lines::default() };
    }

    /// Takes the next piece of the open file. Returns the lines that are left to another reader, in their order. A line
    /// that is too long is passed over.
    pub fn feed(&mut self, piece: &[u8]) -> io::Result<Vec<Left>> {
        let (most, mut left, mut numbered) = (self.limits.line, Vec::new(), Vec::new());
        let (carried, whole) = self.open.lines.cut(piece, most, &mut left);
        for lines in [&carried, whole] {
            self.open.lines.number(lines, most, &mut numbered, &mut left);
        }
        self.read_lines(&numbered, &mut left)?;
        left.sort_unstable_by_key(Left::number);
        Ok(left)
    }

    /// Ends the open file. Its last line, which may have no end, counts only if the file is whole. Returns what is left to
    /// another reader, and how many lines the file had.
    pub fn close(&mut self, whole: bool) -> io::Result<(Vec<Left>, u32)> {
        let left = if whole && self.open.lines.is_open() { self.feed(b"\n")? } else { Vec::new() };
        Ok((left, self.open.lines.count()))
    }

    /// Reads lines by their numbers: all of a piece at once, for the threads wait for each other at the end.
    fn read_lines(&mut self, numbered: &[Numbered], left: &mut Vec<Left>) -> io::Result<()> {
        let (fields, cues, open, most) = (&self.fields, &*self.cues, &self.open, self.limits.text);
        let spare = Mutex::new(std::mem::take(&mut self.spare));
        let read = |lines: &[Numbered]| {
            let mut portion = spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            portion.texts.reserve(lines.iter().map(|(_, line)| line.len()).sum());
            lines.iter().for_each(|&(number, line)| portion.read_line(number, line, open, fields, most, cues));
            portion
        };
        // What was read last is put away by one thread while the others read on.
        let mut waiting = std::mem::take(&mut self.waiting);
        let (table, spool) = (&mut self.table, &mut self.spool);
        let (absorbed, mut read) = rayon::join(
            || waiting.iter().try_for_each(|portion| portion.put_away(table, spool)),
            || numbered.par_chunks(PORTION).map(read).collect::<Vec<Portion>>(),
        );
        read.iter_mut().for_each(|portion| left.append(&mut portion.left));
        self.waiting = read;
        self.spare = spare.into_inner().unwrap_or_else(PoisonError::into_inner);
        waiting.iter_mut().for_each(Portion::clear);
        self.spare.append(&mut waiting);
        absorbed
    }

    /// Puts away what was read last. To be called before the articles are looked at.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        self.spare = Vec::new();
        let waiting = std::mem::take(&mut self.waiting);
        waiting.iter().try_for_each(|portion| portion.put_away(&mut self.table, &mut self.spool))
    }

    /// Takes articles that a reader made.
    pub fn push(&mut self, articles: &[Article]) -> io::Result<()> {
        let paths: Vec<u32> = articles.iter().map(|article| self.table.path_number(article.path)).collect();
        let cues = &*self.cues;
        let read: Vec<Result<Portion, positions::PositionError>> = articles
            .par_chunks(PORTION)
            .zip(paths.par_chunks(PORTION))
            .map(|(articles, paths)| {
                let mut portion = Portion::default();
                articles.iter().zip(paths).try_for_each(|(article, &path)| portion.add(article, path, cues))?;
                Ok(portion)
            })
            .collect();
        for portion in read {
            portion.map_err(io::Error::other)?.put_away(&mut self.table, &mut self.spool)?;
        }
        Ok(())
    }
}

/// The file that is being read: what reports call it, the number of that, and its lines.
#[derive(Default)]
pub(super) struct Open {
    path: String,
    number: u32,
    lines: Lines,
}

/// Some articles as one thread read them, all in the same memory.
#[derive(Default)]
pub(super) struct Portion {
    texts: String,
    rests: Vec<u8>,
    names: String,
    blocks: Vec<Block>,
    rows: Vec<Measured>,
    left: Vec<Left>,
    words: Words,
    candidates: Candidates,
}

impl Portion {
    /// Forgets the articles and keeps the memory.
    fn clear(&mut self) {
        self.texts.clear();
        self.rests.clear();
        self.names.clear();
        self.blocks.clear();
        self.rows.clear();
    }

    /// Puts the articles into the table and the spool.
    fn put_away(&self, table: &mut Table, spool: &mut Spool) -> io::Result<()> {
        let (mut texts, mut rests, mut blocks) = (0, 0, 0);
        for row in &self.rows {
            let known = |from: usize, length: Option<usize>| length.map(|length| &self.names[from..from + length]);
            let names = row.names;
            let host = known(names + row.id, row.host);
            let outlet = known(names + row.id + row.host.unwrap_or(0), row.outlet);
            table.push(
                Row {
                    id: &self.names[names..names + row.id],
                    source: (host, outlet),
                    path: row.path,
                    line: row.line,
                    text: &self.texts[texts..row.texts_end],
                    rest: &self.rests[rests..row.rests_end],
                    is_line: row.is_line,
                    title: row.title,
                    main: row.main.as_deref(),
                    content: row.content,
                    blocks: &self.blocks[blocks..row.blocks_end],
                },
                spool,
            )?;
            (texts, rests, blocks) = (row.texts_end, row.rests_end, row.blocks_end);
        }
        Ok(())
    }
}

/// One of them: where its parts end.
struct Measured {
    /// Where its id, host and outlet begin, and how long they are.
    names: usize,
    id: usize,
    host: Option<usize>,
    outlet: Option<usize>,
    texts_end: usize,
    rests_end: usize,
    blocks_end: usize,
    path: u32,
    line: u32,
    is_line: bool,
    title: Option<u64>,
    main: Option<Box<[(u32, u32)]>>,
    content: u64,
}

/// An article's names and place.
struct Named<'a> {
    id: &'a str,
    host: Option<&'a str>,
    outlet: Option<&'a str>,
    path: u32,
    line: u32,
}

impl Portion {
    fn read_line(&mut self, number: u32, line: &[u8], open: &Open, fields: &Fields, most: usize, cues: &Cues) {
        let before = self.texts.len();
        let plain = jsonl::read_line(line, fields, &mut self.texts).filter(|_| self.texts.len() - before <= most);
        // An address whose host is not plain to see is left to the other reader, too.
        let host = plain.as_ref().map_or(Some(None), |plain| match plain.url.as_deref() {
            Some(url) => host_of(url).map(Some),
            None => Some(None),
        });
        if let (Some(plain), Some(host)) = (&plain, host) {
            let place = plain.id.is_none().then(|| format!("{}:{number}", open.path));
            let id = plain.id.as_deref().or(plain.url.as_deref()).or(place.as_deref()).unwrap_or_default();
            let outlet = plain.outlet.as_deref();
            let named = Named { id, host, outlet, path: open.number, line: number };
            let (start, end) = plain.raw_text;
            let rest = [&line[..start], b"\"\"", &line[end..]];
            self.add_parts(before, rest, named, plain.title.as_deref(), None, true, cues);
        } else {
            self.texts.truncate(before);
            self.left.push(Left::NotPlain(number, line.to_vec()));
        }
    }

    fn add(&mut self, article: &Article, path: u32, cues: &Cues) -> Result<(), positions::PositionError> {
        let Article { id, text, host, outlet, title, main, rest, .. } = *article;
        let main = match main {
            Some(edges) => {
                let bytes = positions::to_bytes(text, edges)?;
                Some(bytes.chunks_exact(2).map(|part| (part[0] as u32, part[1] as u32)).collect())
            }
            None => None,
        };
        let before = self.texts.len();
        self.texts.push_str(text);
        self.add_parts(before, [rest, b"", b""], Named { id, host, outlet, path, line: 0 }, title, main, false, cues);
        Ok(())
    }

    /// Adds the article whose text stands from a place on at the end of the texts.
    #[allow(clippy::too_many_arguments)]
    fn add_parts(
        &mut self,
        text: usize,
        rest: [&[u8]; 3],
        named: Named,
        title: Option<&str>,
        main: Option<Box<[(u32, u32)]>>,
        is_line: bool,
        cues: &Cues,
    ) {
        let text = &self.texts[text..];
        let first = self.blocks.len();
        self.words.clear();
        layout::read_blocks(text, &mut self.words, &mut self.blocks);
        layout::read_cues(text, &mut self.blocks[first..], main.as_deref(), cues, &mut self.candidates);
        let content = index::digest(&self.words.hashes) as u64;
        let title = title.and_then(|title| layout::title_key(title, &mut self.words));
        rest.iter().for_each(|part| self.rests.extend_from_slice(part));
        let names = self.names.len();
        self.names.push_str(named.id);
        [named.host, named.outlet].into_iter().flatten().for_each(|name| self.names.push_str(name));
        self.rows.push(Measured {
            names,
            id: named.id.len(),
            host: named.host.map(str::len),
            outlet: named.outlet.map(str::len),
            texts_end: self.texts.len(),
            rests_end: self.rests.len(),
            blocks_end: self.blocks.len(),
            path: named.path,
            line: named.line,
            is_line,
            title,
            main,
            content,
        });
    }
}

/// Returns the host of a plain address: what stands before its path, without scheme, user and closing dots. Nothing comes
/// back for an address with other signs than ASCII's visible ones.
fn host_of(address: &str) -> Option<&str> {
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let is_scheme = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    };
    let rest = match address.split_once("//") {
        Some(("", rest)) => rest,
        Some((scheme, rest)) if scheme.strip_suffix(':').is_some_and(is_scheme) => rest,
        _ => address,
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    Some(host.rsplit('@').next().unwrap_or(host).trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Bounds, Limits};
    use crate::jsonl::Target;
    use crate::patterns::Patterns;
    use crate::verdicts::Verdicts;
    use proptest::prelude::*;
    use std::sync::Arc;

    const LIMIT: usize = 30;

    /// What a corpus keeps of a file that comes in these pieces: text and line of each article, the lines it leaves, and
    /// how many lines it counts.
    fn fed(pieces: &[&[u8]], whole: bool, texts: usize) -> (Vec<(String, u32)>, Vec<Left>, u32) {
        let cues = Cues {
            patterns: Patterns::new(&[]).unwrap(),
            kinds: vec![],
            edge_only: vec![],
            under_headline: [0; 2],
            other: 1,
            verdicts: Verdicts::default(),
        };
        let fields = Fields::from([("text".to_owned(), vec![(Target::Text, 0)])]);
        let bounds = Bounds { texts, keys: 0, folder: std::env::temp_dir() };
        let mut corpus = Corpus::new(Arc::new(cues), fields, Limits { line: LIMIT, text: 20 }, bounds);
        corpus.open("a.jsonl");
        let mut left: Vec<Left> = pieces.iter().flat_map(|piece| corpus.feed(piece).unwrap()).collect();
        let (last, count) = corpus.close(whole).unwrap();
        left.extend(last);
        corpus.sort().unwrap();
        let article = |place| {
            let kept = corpus.kept(place).unwrap().1;
            (kept.text, kept.place.1)
        };
        let mut articles: Vec<(String, u32)> = (0..corpus.len() as u32).map(article).collect();
        articles.sort_by_key(|&(_, line)| line);
        (articles, left, count)
    }

    fn line() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            3 => "[ab]{1,22}".prop_map(|text| format!(r#"{{"text":"{text}"}}"#).into_bytes()),
            1 => Just(b"{\"text\":\"a\"}\r".to_vec()),
            1 => Just(b" \t\r".to_vec()),
            1 => prop::collection::vec(any::<u8>().prop_filter("a line", |&byte| byte != b'\n'), 0..40),
        ]
    }

    proptest! {
        #[test]
        fn lines_are_read_one_by_one_wherever_the_file_is_cut(
            lines in prop::collection::vec(line(), 0..8),
            ends in any::<bool>(),
            whole in any::<bool>(),
            mut cuts in prop::collection::vec(0usize..200, 0..12),
        ) {
            let mut file = lines.join(&b'\n');
            if ends {
                file.push(b'\n');
            }
            let mut expected = (vec![], vec![], 0);
            let mut rest = file.as_slice();
            while !rest.is_empty() {
                let end = rest.iter().position(|&byte| byte == b'\n');
                if end.is_none() && !whole {
                    break;
                }
                let line = &rest[..end.unwrap_or(rest.len())];
                rest = end.map_or(&[], |end| &rest[end + 1..]);
                expected.2 += 1;
                let number = expected.2;
                let bare = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
                let text = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix("{\"text\":\""));
                match text.and_then(|text| text.trim_end_matches('\r').strip_suffix("\"}")) {
                    _ if line.len() > LIMIT => expected.1.push(Left::TooLong(number, line.len())),
                    Some(text) if text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                        expected.0.push((text.to_owned(), number));
                    }
                    _ if bare.iter().all(|byte| b" \t\r\x0B\x0C".contains(byte)) => {}
                    _ => expected.1.push(Left::NotPlain(number, bare.to_vec())),
                }
            }
            cuts.iter_mut().for_each(|cut| *cut = (*cut).min(file.len()));
            cuts.extend([0, file.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|ends| &file[ends[0]..ends[1]]).collect();
            prop_assert_eq!(&fed(&pieces, whole, 0), &expected);
            prop_assert_eq!(fed(&[&file], whole, 1 << 30), expected);
        }
    }

    #[test]
    fn hosts() {
        let cases = [
            ("https://www.example.org/a?b#c", Some("www.example.org")),
            ("//example.org", Some("example.org")),
            ("example.org./x", Some("example.org")),
            ("http://user@pass@example.org:80/", Some("example.org:80")),
            ("mailto:a@example.org", Some("example.org")),
            ("1http://example.org", Some("1http:")),
            ("a//b", Some("a")),
            ("https://exämple.org", None),
            (" https://example.org", None),
        ];
        for (address, host) in cases {
            assert_eq!(host_of(address), host, "{address}");
        }
    }
}
