//! What does one line of JSON say of an article, as far as matching needs to know?
//!
//! Only plain records are understood here, which is nearly all of them: an object whose text, id, address, site name
//! and title are strings. Whatever is unusual in the least is left to the reader that knows every case and can say
//! what is wrong.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What a field may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The article's id.
    Id,
    /// Its text.
    Text,
    /// Its address.
    Url,
    /// Who published it.
    Outlet,
    /// Its title.
    Title,
    /// An object that may say more: no plain case.
    Container,
}

const TARGETS: usize = 5;

/// Which field names mean what: for each name its meanings, each with its rank; of two fields that mean the same the one
/// of lower rank counts.
pub type Fields = HashMap<String, Vec<(Target, u32)>>;

/// What a plain record says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plain<'a> {
    /// Its id, if it gives one.
    pub id: Option<Cow<'a, str>>,
    /// Its address.
    pub url: Option<Cow<'a, str>>,
    /// Who published it.
    pub outlet: Option<Cow<'a, str>>,
    /// Its title.
    pub title: Option<Cow<'a, str>>,
    /// Where the value of the text stands in the line, quotation marks included.
    pub raw_text: (usize, usize),
}

/// Returns what a line says and appends its text to `text`; nothing, with `text` as it was, if the record isn't plain.
pub fn read_line<'a>(line: &'a [u8], fields: &Fields, text: &mut String) -> Option<Plain<'a>> {
    let line = std::str::from_utf8(line).ok()?;
    let mut json = serde_json::Deserializer::from_str(line);
    let found = json.deserialize_map(Record { fields }).ok()?;
    json.end().ok()?;
    let [id, raw, url, outlet, title] = found;
    let raw = match raw {
        Some(Value::Raw(raw)) => raw,
        _ => return None,
    };
    let before = text.len();
    if decode(raw, text).is_none() || !is_usable(&text[before..]) {
        text.truncate(before);
        return None;
    }
    let start = raw.as_ptr() as usize - line.as_ptr() as usize;
    let known = |value: Option<Value<'a>>| match value {
        Some(Value::Known(value)) => Some(value),
        _ => None,
    };
    Some(Plain {
        id: known(id),
        url: known(url),
        outlet: known(outlet),
        title: known(title),
        raw_text: (start, start + raw.len()),
    })
}

/// Appends a string of JSON that was passed over as such, quotation marks included. Code points written as numbers are left
/// to the parser, which would decode everything else into memory of its own first.
fn decode(raw: &str, out: &mut String) -> Option<()> {
    let before = out.len();
    let mut rest = raw.strip_prefix('"')?.strip_suffix('"')?;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push(match rest.as_bytes().get(at + 1)? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            sign @ (b'"' | b'\\' | b'/') => char::from(*sign),
            _ => {
                out.truncate(before);
                return serde_json::Deserializer::from_str(raw).deserialize_str(Decode { out }).ok();
            }
        });
        rest = &rest[at + 2..];
    }
    out.push_str(rest);
    Some(())
}

/// Whether a string says something for sure. What is white space to one language is none to another, so that a string
/// without a plain sign is not judged here.
fn is_usable(value: &str) -> bool {
    value.chars().any(|sign| sign.is_ascii_graphic() || sign.is_alphanumeric())
}

fn is_web_address(name: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        name.as_bytes().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
    })
}

enum Value<'a> {
    Known(Cow<'a, str>),
    Raw(&'a str),
}

struct Record<'f> {
    fields: &'f Fields,
}

impl<'de> Visitor<'de> for Record<'_> {
    type Value = [Option<Value<'de>>; TARGETS];

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [const { None }; TARGETS];
        let mut ranks = [u32::MAX; TARGETS];
        let mut seen: Vec<&str> = Vec::new();
        while let Some(name) = map.next_key_seed(Text)? {
            let Some((name, meanings)) = self.fields.get_key_value(name.as_ref()) else {
                map.next_value_seed(Skip)?;
                continue;
            };
            // Of a name that stands twice the last value counts, and a field of several meanings is no plain case.
            let &[(target, rank)] = meanings.as_slice() else { return Err(A::Error::custom("several meanings")) };
            if seen.contains(&name.as_str()) {
                return Err(A::Error::custom("the same name twice"));
            }
            seen.push(name);
            let mut value = match target {
                Target::Container => {
                    let raw = map.next_value::<&RawValue>()?.get();
                    if raw.starts_with('{') {
                        return Err(A::Error::custom("an object that may say more"));
                    }
                    serde_json::Deserializer::from_str(raw).deserialize_any(Skip).map_err(A::Error::custom)?;
                    continue;
                }
                Target::Text => raw_text(map.next_value::<&RawValue>()?.get()).map_err(A::Error::custom)?,
                _ => map.next_value_seed(Known)?.map(Value::Known),
            };
            // The address of a page is no outlet's name.
            if let (Target::Outlet, Some(Value::Known(name))) = (target, &value)
                && is_web_address(name)
            {
                return Err(A::Error::custom("an address for a name"));
            }
            if value.is_some() && rank < ranks[target as usize] {
                ranks[target as usize] = rank;
                std::mem::swap(&mut found[target as usize], &mut value);
            }
            // Of several texts only one is decoded; the others may still hold what makes the line no JSON.
            if let Some(Value::Raw(passed)) = value {
                serde_json::Deserializer::from_str(passed).deserialize_str(Skip).map_err(A::Error::custom)?;
            }
        }
        Ok(found)
    }
}

/// The text is decoded when it is known which field holds it; an empty one doesn't count.
fn raw_text(raw: &str) -> Result<Option<Value<'_>>, &'static str> {
    match raw {
        "null" | "\"\"" => Ok(None),
        _ if raw.starts_with('"') => Ok(Some(Value::Raw(raw))),
        _ => Err("the text is no string"),
    }
}

/// A string, borrowed where nothing in it is escaped.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

/// A value of which a name can be read: a string or a whole number, or one that says nothing.
struct Known;

impl<'de> DeserializeSeed<'de> for Known {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Known {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a string or a whole number")
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        usable(Cow::Borrowed(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        usable(Cow::Owned(value.to_owned()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(value.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
}

fn usable<'a, E: Error>(value: Cow<'a, str>) -> Result<Option<Cow<'a, str>>, E> {
    match value {
        value if value.is_empty() => Ok(None),
        value if is_usable(&value) => Ok(Some(value)),
        _ => Err(E::custom("perhaps white space")),
    }
}

/// Appends a string to a text.
struct Decode<'t> {
    out: &'t mut String,
}

impl Visitor<'_> for Decode<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a string")
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.out.push_str(value);
        Ok(())
    }
}

/// Passes over a value, and refuses whatever would be refused if it were read.
struct Skip;

impl<'de> DeserializeSeed<'de> for Skip {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Skip)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(Skip)?.is_some() {
            map.next_value_seed(Skip)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields() -> Fields {
        let names = [
            ("id", Target::Id, 0),
            ("guid", Target::Id, 1),
            ("text", Target::Text, 0),
            ("body", Target::Text, 1),
            ("url", Target::Url, 0),
            ("outlet", Target::Outlet, 0),
            ("title", Target::Title, 0),
            ("meta", Target::Container, 0),
        ];
        names.into_iter().map(|(name, target, rank)| (name.to_owned(), vec![(target, rank)])).collect()
    }

    proptest! {
        #[test]
        fn strings_are_decoded_as_the_parser_does(text in "(\\PC|[\"\\\\/\n\t\r\u{8}\u{c}]){0,40}", escaped in any::<bool>()) {
            let plain = serde_json::to_string(&text).unwrap();
            let raw = if escaped { plain.replace('/', "\\/").replace('a', "\\u0061") } else { plain };
            let mut out = String::from("before");
            prop_assert_eq!(decode(&raw, &mut out), Some(()));
            prop_assert_eq!(out, format!("before{text}"));
        }
    }

    fn read(line: &str) -> Option<(Plain<'_>, String)> {
        let mut text = String::new();
        read_line(line.as_bytes(), &fields(), &mut text).map(|plain| (plain, text))
    }

    #[test]
    fn a_plain_record() {
        let line = r#"{"guid": 7, "meta": [{}], "id": "a\u0041", "n": [1, {"x": null}], "text": "Rain\nfell \ud83d\ude00", "url": null}"#;
        let (plain, text) = read(line).unwrap();
        assert_eq!((plain.id.as_deref(), plain.url, text.as_str()), (Some("aA"), None, "Rain\nfell 😀"));
        assert_eq!(&line[plain.raw_text.0..plain.raw_text.1], r#""Rain\nfell \ud83d\ude00""#);
        assert_eq!(read(r#"{"guid": 7, "text": "x"}"#).unwrap().0.id.as_deref(), Some("7"));
    }

    #[test]
    fn the_better_name_wins_unless_it_is_empty() {
        assert_eq!(read(r#"{"body": "b", "text": "t"}"#).unwrap().1, "t");
        assert_eq!(read(r#"{"body": "b", "text": ""}"#).unwrap().1, "b");
    }

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        let lines = [
            "[]",
            "{",
            r#"{"id": "a"}"#,
            r#"{"text": 5}"#,
            r#"{"text": ["a"], "body": "b"}"#,
            r#"{"text": "a", "text": "b"}"#,
            r#"{"text": " \t"}"#,
            r#"{"text": "a", "outlet": {"name": "b"}}"#,
            r#"{"text": "a", "id": 1.5}"#,
            r#"{"text": "a", "meta": {"url": "b"}}"#,
            r#"{"text": "a", "meta": [1e999]}"#,
            r#"{"text": "a", "outlet": "HTTPS://b.test/c"}"#,
            r#"{"text": "a", "id": "\u2003"}"#,
            r#"{"text": "a", "more": "\ud800"}"#,
            r#"{"text": "a", "body": "\ud800"}"#,
            r#"{"body": "\ud800", "text": "a"}"#,
            r#"{"text": "a", "more": 1e999}"#,
            r#"{"text": "a", "more": NaN}"#,
            r#"{"text": "a"} x"#,
            "{\"text\": \"a\nb\"}",
        ];
        for line in lines {
            assert_eq!(read(line), None, "{line}");
        }
        assert_eq!(read_line(b"{\"text\": \"\xFF\"}", &fields(), &mut String::new()), None);
    }
}
