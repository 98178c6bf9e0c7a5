//! Prints the table of code points: `cargo run --example unicode_table > src/words.tsv`.

#[path = "../tests/support/mod.rs"]
mod support;

fn main() {
    print!("{}", support::render());
}
