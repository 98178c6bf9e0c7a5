//! Where are the bytes kept that will be needed again? In memory up to a bound, beyond it in a temporary file.
//!
//! The file has no name: the system takes it back when the process ends, however it ends.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Memory is taken in pieces of so many bytes; a longer record goes to the file.
const PIECE: usize = 8 << 20;
/// A large page of the system.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE_PAGE: usize = 2 << 20;
/// Bytes that wait to be written together.
const WRITTEN_AT_ONCE: usize = 1 << 20;
/// Marks a place in the file.
const IN_FILE: u64 = 1 << 63;

/// Records of bytes, each kept whole.
pub struct Spool {
    pieces: Vec<Vec<u8>>,
    most_pieces: usize,
    file: Overflow,
    waiting: Vec<u8>,
}

impl Spool {
    /// Keeps at most about `memory` bytes in memory, and what is more in a temporary file in `folder`.
    pub fn new(memory: usize, folder: &Path) -> Spool {
        Spool { pieces: Vec::new(), most_pieces: memory / PIECE, file: Overflow::new(folder), waiting: Vec::new() }
    }

    /// Keeps a record of two parts; returns the place to read it from.
    pub fn push(&mut self, record: [&[u8]; 2]) -> io::Result<u64> {
        let length = record[0].len() + record[1].len();
        if self.pieces.last().is_none_or(|piece| piece.len() + length > PIECE)
            && self.pieces.len() < self.most_pieces
            && length <= PIECE
        {
            self.pieces.push(new_piece());
        }
        if let Some(piece) = self.pieces.last_mut().filter(|piece| piece.len() + length <= PIECE) {
            let place = piece.len();
            record.iter().for_each(|part| piece.extend_from_slice(part));
            return Ok(((self.pieces.len() - 1) * PIECE + place) as u64);
        }
        let place = self.file.written + self.waiting.len() as u64;
        record.iter().for_each(|part| self.waiting.extend_from_slice(part));
        if self.waiting.len() >= WRITTEN_AT_ONCE {
            self.seal()?;
        }
        Ok(place | IN_FILE)
    }

    /// Writes what waits to be written. To be called before anything is read.
    pub fn seal(&mut self) -> io::Result<()> {
        self.file.append(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }

    /// Returns `length` bytes from a place on, which lie within one record; `buffer` holds them if they came from the
    /// file.
    pub fn read<'a>(&'a self, place: u64, length: usize, buffer: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        if place & IN_FILE == 0 {
            let (piece, start) = (place as usize / PIECE, place as usize % PIECE);
            return Ok(&self.pieces[piece][start..start + length]);
        }
        buffer.resize(length, 0);
        self.file.read(place & !IN_FILE, buffer)?;
        Ok(buffer)
    }
}

/// Memory for a piece. All of it will be used, so the system may give it in large pages, each at once.
fn new_piece() -> Vec<u8> {
    let piece = Vec::with_capacity(PIECE);
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let start = (piece.as_ptr() as usize).next_multiple_of(LARGE_PAGE);
        let end = (piece.as_ptr() as usize + PIECE) / LARGE_PAGE * LARGE_PAGE;
        // SAFETY: this is advice on memory of the piece's own.
        unsafe { libc::madvise(start as *mut libc::c_void, end.saturating_sub(start), libc::MADV_HUGEPAGE) };
    }
    piece
}

/// A temporary file that is made when something has to be written.
pub struct Overflow {
    folder: PathBuf,
    file: Option<File>,
    written: u64,
}

impl Overflow {
    /// Will make the file in `folder`.
    pub fn new(folder: &Path) -> Overflow {
        Overflow { folder: folder.to_owned(), file: None, written: 0 }
    }

    /// Writes at the end; returns where.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let place = self.written;
        if !bytes.is_empty() {
            let named = |error: io::Error| {
                let folder = self.folder.display();
                io::Error::new(error.kind(), format!("{folder}: {error}; set TMPDIR to a folder with more room"))
            };
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile_in(&self.folder).map_err(named)?),
            };
            io::Write::write_all(file, bytes).map_err(named)?;
            self.written += bytes.len() as u64;
        }
        Ok(place)
    }

    /// Fills `buffer` from a place on.
    pub fn read(&self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        if buffer.is_empty() {
            // Of nothing but empty records no file was made.
            return Ok(());
        }
        let Some(file) = &self.file else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_exact_at(file, buffer, place);
        #[cfg(windows)]
        {
            let mut filled = 0;
            while filled < buffer.len() {
                match std::os::windows::fs::FileExt::seek_read(file, &mut buffer[filled..], place + filled as u64)? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    count => filled += count,
                }
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_kept_comes_back(
            sizes in prop::collection::vec(prop_oneof![0usize..200, 1_000_000usize..5_000_000], 1..12),
            memory in prop_oneof![Just(0usize), Just(8 << 20), Just(64 << 20)],
        ) {
            let record = |at: usize, size: usize| vec![at as u8 + 1; size];
            let mut spool = Spool::new(memory, &std::env::temp_dir());
            let places: Vec<u64> =
                sizes.iter().enumerate().map(|(at, &size)| { let record = record(at, size); let (one, other) = record.split_at(size / 3); spool.push([one, other]).unwrap() }).collect();
            spool.seal().unwrap();
            for (at, (&size, place)) in sizes.iter().zip(places).enumerate() {
                let mut buffer = Vec::new();
                prop_assert_eq!(spool.read(place, size, &mut buffer).unwrap(), record(at, size));
                let half = spool.read(place + size as u64 / 2, size - size / 2, &mut buffer).unwrap();
                prop_assert_eq!(half, &record(at, size)[size / 2..]);
            }
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let mut spool = Spool::new(0, Path::new("/no/such/folder"));
        spool.push([b"rec", b"ord"]).unwrap();
        assert!(spool.seal().unwrap_err().to_string().contains("/no/such/folder"));
    }
}
