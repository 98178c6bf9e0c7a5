//! The committed table is what the generator writes, and the core reads it as it was meant.

mod support;

use dedup_core::table::{Class, Table};

fn class_named(name: Option<&str>) -> Class {
    match name {
        None => Class::Separator,
        Some("letter") => Class::Letter,
        Some("base") => Class::Base,
        Some("mark") => Class::Mark,
        Some("ignorable") => Class::Ignorable,
        Some("apostrophe") => Class::Apostrophe,
        Some(other) => panic!("the generator knows no class {other}"),
    }
}

#[test]
fn the_committed_table_is_the_generated_one() {
    assert!(
        include_str!("../src/words.tsv") == support::render(),
        "src/words.tsv is stale: cargo run --example unicode_table > src/words.tsv, and that is a new scheme version"
    );
}

#[test]
fn every_code_point_is_read_as_generated() {
    let table = Table::get();
    for character in '\0'..=char::MAX {
        let class = class_named(support::class(character));
        assert_eq!(table.class(character), class, "{character:?}");
        if matches!(class, Class::Letter | Class::Base | Class::Mark) {
            assert_eq!(table.fold(character), support::fold(character), "{character:?}");
        }
    }
}

#[test]
fn a_fold_folds_to_itself() {
    for character in '\0'..=char::MAX {
        let fold = support::fold(character);
        let again: String = fold.chars().map(support::fold).collect();
        assert_eq!(again, fold, "{character:?}");
    }
}
