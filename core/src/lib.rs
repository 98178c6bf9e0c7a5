//! dedup's core: words, fingerprints, matching and block recurrence over arrays.
//!
//! `python/` is the only folder that knows Python exists; every other module is plain Rust.

pub mod agreements;
pub mod arborescences;
pub mod bands;
pub mod blocks;
pub mod chains;
pub mod corpus;
pub mod edits;
pub mod index;
pub mod jsonl;
pub mod keys;
pub mod layout;
pub mod markup;
pub mod matching;
pub mod minhash;
pub mod page;
pub mod pairwise;
pub mod passages;
pub mod patterns;
pub mod positions;
pub mod postings;
#[cfg(feature = "python")]
mod python;
pub mod recurrence;
pub mod shingles;
pub mod signs;
pub mod sketch;
pub mod slots;
pub mod spool;
pub mod table;
pub mod unhashed;
pub mod verdicts;
pub mod verify;
pub mod winnow;
pub mod words;
