//! Which attributes of a tag mean something to us?

use super::elements::{Name, pack};
use crate::markup::Tag;

/// The attributes that mean something here, as written.
#[derive(Default)]
pub struct Attributes<'a> {
    pub class: &'a str,
    pub id: &'a str,
    pub role: &'a str,
    pub href: Option<&'a str>,
    pub src: Option<&'a str>,
    pub rel: &'a str,
    pub kind: &'a str,
    pub name: Option<&'a str>,
    pub property: Option<&'a str>,
    pub item: Option<&'a str>,
    pub content: Option<&'a str>,
    pub value: Option<&'a str>,
    pub moment: Option<&'a str>,
    pub lang: Option<&'a str>,
    pub published: bool,
    pub hidden: bool,
}

const CLASS: Name = pack("class");
const CONTENT: Name = pack("content");
const DATETIME: Name = pack("datetime");
const HIDDEN: Name = pack("hidden");
const HREF: Name = pack("href");
const ID: Name = pack("id");
const ITEMPROP: Name = pack("itemprop");
const LANG: Name = pack("lang");
const NAME: Name = pack("name");
const PROPERTY: Name = pack("property");
const PUBDATE: Name = pack("pubdate");
const REL: Name = pack("rel");
const ROLE: Name = pack("role");
const SRC: Name = pack("src");
const STYLE: Name = pack("style");
const TYPE: Name = pack("type");
const VALUE: Name = pack("value");

impl<'a> Attributes<'a> {
    /// Reads those of a tag, and shows each to somebody else too.
    pub fn of(tag: Tag<'a>, mut show: impl FnMut(Name, &'a str, &'a str)) -> Self {
        let mut found = Attributes::default();
        for (written, value) in tag.attributes() {
            let name = pack(written);
            show(name, written, value);
            match name {
                ID => first(&mut found.id, value),
                SRC => found.src = found.src.or(Some(value)),
                REL => first(&mut found.rel, value),
                HREF => found.href = found.href.or(Some(value)),
                ROLE => first(&mut found.role, value),
                TYPE => first(&mut found.kind, value),
                NAME => found.name = found.name.or(Some(value)),
                LANG => found.lang = found.lang.or(Some(value)),
                VALUE => found.value = found.value.or(Some(value)),
                CLASS => first(&mut found.class, value),
                STYLE => found.hidden |= hides(value),
                HIDDEN => found.hidden = true,
                CONTENT => found.content = found.content.or(Some(value)),
                PUBDATE => found.published = true,
                PROPERTY => found.property = found.property.or(Some(value)),
                ITEMPROP => found.item = found.item.or(Some(value)),
                DATETIME => found.moment = found.moment.or(Some(value)),
                _ => {}
            }
        }
        found
    }
}

fn first<'a>(kept: &mut &'a str, value: &'a str) {
    if kept.is_empty() {
        *kept = value;
    }
}

/// A style that hides its element holds one of these words.
const HIDING: [&[u8]; 2] = [b"display", b"hidden"];

/// Whether a style may say that nothing is shown.
pub fn may_hide(style: &str) -> bool {
    let holds = |word: &[u8]| style.as_bytes().windows(word.len()).any(|written| written.eq_ignore_ascii_case(word));
    HIDING.iter().any(|word| holds(word))
}

/// Whether a style says that nothing is shown.
fn hides(style: &str) -> bool {
    if !may_hide(style) {
        return false;
    }
    let bare = style.split_ascii_whitespace().collect::<String>().to_ascii_lowercase();
    bare.contains("display:none") || bare.contains("visibility:hidden")
}
