//! Bytes of the index: numbers, texts, sorted words, deflated files.
//!
//! Takes values, gives bytes and reads them back; what they mean is decided by `index` and `query`.
//! Numbers are LEB128 without sign; a text is its length in bytes and UTF-8; sorted words share what
//! they have in common with the word before.

use std::io::Read;
use std::sync::Arc;

use flate2::read::DeflateDecoder;
use libdeflater::{CompressionLvl, Compressor};

/// Above this level a page costs a fifth more processor time for half a hundredth of its bytes.
const LEVEL: i32 = 7;

/// What a file is named after. Ten hexadecimal digits tell apart every version that a site will ever
/// have.
pub(super) type Digest = [u8; 5];

pub(super) fn digest(bytes: &[u8]) -> Digest {
    short(blake3::hash(bytes).as_bytes())
}

/// The beginning of a whole digest.
pub(super) fn short(digest: &[u8; 32]) -> Digest {
    let [a, b, c, d, e, ..] = *digest;
    [a, b, c, d, e]
}

/// Deflates; expensive to make, so that each thread keeps one.
pub(super) struct Packer {
    compressor: Compressor,
}

impl Packer {
    pub(super) fn new() -> Self {
        let level = CompressionLvl::new(LEVEL).expect("a level between 1 and 12");
        Self { compressor: Compressor::new(level) }
    }

    /// Raw deflate, which the browser inflates whatever the server does.
    pub(super) fn deflated(&mut self, bytes: &[u8]) -> Arc<[u8]> {
        let mut out = vec![0; self.compressor.deflate_compress_bound(bytes.len())];
        let size = self.compressor.deflate_compress(bytes, &mut out);
        out[..size.expect("the bound leaves room for every input")].into()
    }
}

/// Collects bytes.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn digest(&mut self, digest: &Digest) {
        self.bytes.extend_from_slice(digest);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Words in the order of their bytes; what they share is cut at characters.
    pub(super) fn sorted_words<'a>(&mut self, words: impl ExactSizeIterator<Item = &'a str>) {
        self.number(words.len());
        let mut before = "";
        for word in words {
            let shared = shared(before, word);
            self.number(shared);
            self.text(&word[shared..]);
            before = word;
        }
    }

    /// Ascending numbers as differences.
    pub(super) fn ascending(&mut self, numbers: impl ExactSizeIterator<Item = usize>) {
        self.number(numbers.len());
        self.differences(numbers);
    }

    /// Ascending numbers as differences, their count being known from elsewhere.
    pub(super) fn differences(&mut self, numbers: impl Iterator<Item = usize>) {
        let mut before = 0;
        for number in numbers {
            self.number(number - before);
            before = number;
        }
    }
}

/// How many bytes two words share at their beginning, whole characters only.
pub(super) fn shared(a: &str, b: &str) -> usize {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    common.map(|(c, _)| c.len_utf8()).sum()
}

/// Reads what a [`Writer`] wrote; only ever given our own bytes.
pub(super) struct Reader {
    bytes: Vec<u8>,
    at: usize,
}

const OWN: &str = "the index is read as it was written";

impl Reader {
    pub(super) fn inflate(deflated: &[u8]) -> Self {
        let mut bytes = Vec::new();
        DeflateDecoder::new(deflated).read_to_end(&mut bytes).expect(OWN);
        Self { bytes, at: 0 }
    }

    /// What is left, as text.
    pub(super) fn rest(self) -> String {
        String::from_utf8(self.bytes[self.at..].to_vec()).expect(OWN)
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    pub(super) fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    pub(super) fn digest(&mut self) -> Digest {
        std::array::from_fn(|_| self.byte())
    }

    pub(super) fn text(&mut self) -> String {
        let length = self.number();
        self.at += length;
        String::from_utf8(self.bytes[self.at - length..self.at].to_vec()).expect(OWN)
    }

    pub(super) fn sorted_words(&mut self) -> Vec<String> {
        let count = self.number();
        let mut words: Vec<String> = Vec::with_capacity(count);
        for _ in 0..count {
            let shared = self.number();
            let mut word = words.last().map_or(String::new(), |before| before[..shared].to_owned());
            word.push_str(&self.text());
            words.push(word);
        }
        words
    }

    pub(super) fn ascending(&mut self) -> Vec<usize> {
        let count = self.number();
        self.differences(count)
    }

    pub(super) fn differences(&mut self, count: usize) -> Vec<usize> {
        let mut before = 0;
        (0..count)
            .map(|_| {
                before += self.number();
                before
            })
            .collect()
    }
}
