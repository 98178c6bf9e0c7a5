//! Which attributes of a tag mean something to us?

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

impl<'a> Attributes<'a> {
    /// Reads those of a tag, and shows each to somebody else too.
    pub fn of(tag: Tag<'a>, mut show: impl FnMut(&'a str, &'a str)) -> Self {
        let mut found = Attributes::default();
        for (name, value) in tag.attributes() {
            show(name, value);
            match name.len() {
                2 if name.eq_ignore_ascii_case("id") => first(&mut found.id, value),
                3 if name.eq_ignore_ascii_case("src") => found.src = found.src.or(Some(value)),
                3 if name.eq_ignore_ascii_case("rel") => first(&mut found.rel, value),
                4 if name.eq_ignore_ascii_case("href") => found.href = found.href.or(Some(value)),
                4 if name.eq_ignore_ascii_case("role") => first(&mut found.role, value),
                4 if name.eq_ignore_ascii_case("type") => first(&mut found.kind, value),
                4 if name.eq_ignore_ascii_case("name") => found.name = found.name.or(Some(value)),
                4 if name.eq_ignore_ascii_case("lang") => found.lang = found.lang.or(Some(value)),
                5 if name.eq_ignore_ascii_case("value") => found.value = found.value.or(Some(value)),
                5 if name.eq_ignore_ascii_case("class") => first(&mut found.class, value),
                5 if name.eq_ignore_ascii_case("style") => found.hidden |= hides(value),
                6 if name.eq_ignore_ascii_case("hidden") => found.hidden = true,
                7 if name.eq_ignore_ascii_case("content") => found.content = found.content.or(Some(value)),
                7 if name.eq_ignore_ascii_case("pubdate") => found.published = true,
                8 if name.eq_ignore_ascii_case("property") => found.property = found.property.or(Some(value)),
                8 if name.eq_ignore_ascii_case("itemprop") => found.item = found.item.or(Some(value)),
                8 if name.eq_ignore_ascii_case("datetime") => found.moment = found.moment.or(Some(value)),
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

/// Whether a style says that nothing is shown.
fn hides(style: &str) -> bool {
    let bare = style.split_ascii_whitespace().collect::<String>().to_ascii_lowercase();
    bare.contains("display:none") || bare.contains("visibility:hidden")
}
