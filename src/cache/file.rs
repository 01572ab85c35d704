//! The file of a cache: its format, and who believes what in it.
//!
//! Takes bytes and keys, gives them back only where they are what this machine has put there. A reader
//! loads the table and nothing else; an entry is read when it is asked for, and believed if its digest
//! fits. What a table names must never be written over: other processes may be reading it.
//!
//! | From | Bytes | Holds |
//! |---|--:|---|
//! | 0 | 64 | what wrote the file, filled up with line ends |
//! | 64 | 8 | where the table begins, as all numbers with the lowest byte first |
//! | 72 | 8 | how many bytes it has |
//! | 80 | 32 | digest of the file's own marks, of the 80 bytes above and of the table |
//! | 112 | | entries, tables and what killed processes have left, in any order |
//!
//! A row of the table has 64 bytes, and rows are sorted by their keys:
//!
//! | From | Bytes | Holds |
//! |---|--:|---|
//! | 0 | 32 | the key |
//! | 32 | 8 | where the entry begins |
//! | 40 | 8 | how many bytes it has |
//! | 48 | 16 | the beginning of its digest |

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::UNIX_EPOCH;

use super::Key;

/// Changes whenever an entry of the same key could mean something else.
const MAGIC: &str = concat!("askbook cache 4, askbook ", env!("CARGO_PKG_VERSION"));
const MAGIC_BYTES: usize = 64;
/// What the digest in the header covers of it.
const SIGNED_BYTES: usize = MAGIC_BYTES + 16;
const HEADER_BYTES: usize = SIGNED_BYTES + blake3::OUT_LEN;
/// Where entries begin.
pub(super) const BEGINNING: u64 = HEADER_BYTES as u64;
/// Bytes that are written at once.
pub(super) const BLOCK: usize = 1 << 20;

const KEY_BYTES: usize = 32;
const DIGEST_BYTES: usize = 16;
pub(super) const ROW_BYTES: usize = KEY_BYTES + 16 + DIGEST_BYTES;

type Row = [u8; ROW_BYTES];

/// Where an entry lies, and what its bytes are like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) start: u64,
    pub(super) length: u64,
    digest: [u8; DIGEST_BYTES],
}

impl Place {
    /// The place of bytes that come to lie at the beginning of a file.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut digest = [0; DIGEST_BYTES];
        digest.copy_from_slice(&blake3::hash(bytes).as_bytes()[..DIGEST_BYTES]);
        Self { start: 0, length: bytes.len() as u64, digest }
    }

    pub(super) fn at(self, start: u64) -> Self {
        Self { start, ..self }
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        self.digest == Self::of(bytes).digest
    }
}

fn row(key: Key, place: Place) -> Row {
    let mut row = [0; ROW_BYTES];
    let (head, digest) = row.split_at_mut(KEY_BYTES + 16);
    let (head, length) = head.split_at_mut(KEY_BYTES + 8);
    let (head, start) = head.split_at_mut(KEY_BYTES);
    head.copy_from_slice(&key.0);
    start.copy_from_slice(&place.start.to_le_bytes());
    length.copy_from_slice(&place.length.to_le_bytes());
    digest.copy_from_slice(&place.digest);
    row
}

/// The first bytes of a key, in the order of keys. They nearly always say which of two comes first, and
/// numbers are compared without a call.
fn beginning(key: &[u8]) -> u64 {
    key.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

fn entry(row: &Row) -> Option<(Key, Place)> {
    let (key, rest) = row.split_first_chunk::<KEY_BYTES>()?;
    let (start, rest) = rest.split_first_chunk()?;
    let (length, digest) = rest.split_first_chunk()?;
    let (start, length) = (u64::from_le_bytes(*start), u64::from_le_bytes(*length));
    Some((Key(*key), Place { start, length, digest: digest.try_into().ok()? }))
}

/// A file, and what it was called when it was opened.
#[derive(Debug)]
pub(super) struct Marked {
    pub(super) file: File,
    found: Metadata,
}

impl Marked {
    pub(super) fn new(file: File) -> io::Result<Self> {
        Ok(Self { found: file.metadata()?, file })
    }

    /// The bytes of an entry, if they are what was put there.
    pub(super) fn read(&self, place: Place) -> Option<Vec<u8>> {
        let bytes = self.bytes(place.start, place.length)?;
        place.fits(&bytes).then_some(bytes)
    }

    fn bytes(&self, start: u64, length: u64) -> Option<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        read_at(&self.file, &mut bytes, start).ok()?;
        Some(bytes)
    }

    /// Writes bytes; the time of change stays the one of the marks.
    pub(super) fn write(&self, start: u64, bytes: &[u8]) -> io::Result<()> {
        let written = write_at(&self.file, bytes, start);
        // Also after a failure: what was there before is there still, and can be believed.
        self.file.set_modified(self.found.modified()?)?;
        written
    }

    /// Whether the file at a path is this very one.
    fn is(&self, other: &Self) -> bool {
        let marks = |of: &Self| marked(&of.found).map(|marks| marks.finalize());
        marks(self).is_ok_and(|own| marks(other).is_ok_and(|other| own == other))
    }

    /// Gives up what stands behind a place.
    pub(super) fn cut(&self, end: u64) -> io::Result<()> {
        self.file.set_len(end)?;
        self.file.set_modified(self.found.modified()?)
    }
}

/// What earlier runs have kept.
#[derive(Debug)]
pub(super) struct Known {
    file: Marked,
    /// The table as it stands in the file.
    table: Vec<u8>,
    /// Which rows are of use in this build.
    is_used: Vec<AtomicBool>,
}

impl Known {
    /// Opens a file; there is nothing where anything about it is odd.
    pub(super) fn open(path: &Path) -> Option<Self> {
        if !path.symlink_metadata().ok()?.is_file() || is_in_link(path) {
            return None;
        }
        let file = Marked::new(File::options().read(true).open(path).ok()?).ok()?;
        let header = file.bytes(0, BEGINNING)?;
        let (signed, digest) = header.split_first_chunk::<SIGNED_BYTES>()?;
        let (magic, place) = signed.split_first_chunk::<MAGIC_BYTES>()?;
        let (start, length) = place.split_first_chunk()?;
        let (start, length) =
            (u64::from_le_bytes(*start), u64::from_le_bytes(length.try_into().ok()?));
        // A length that nobody has signed yet must not ask for more memory than there is.
        let is_inside = start.checked_add(length).is_some_and(|end| end <= file.found.len());
        if *magic != self::magic() || !is_inside {
            return None;
        }
        let table = file.bytes(start, length)?;
        let marks = marked(&file.found).ok()?;
        if sign(marks, signed, &table) != *digest.first_chunk()? {
            return None;
        }
        let is_used = std::iter::repeat_with(AtomicBool::default).take(table.len() / ROW_BYTES);
        Some(Self { file, is_used: is_used.collect(), table })
    }

    fn rows(&self) -> &[Row] {
        self.table.as_chunks().0
    }

    fn number(&self, key: Key) -> Option<usize> {
        let beginning = beginning(&key.0);
        let order = |row: &Row| {
            self::beginning(row).cmp(&beginning).then_with(|| row[..KEY_BYTES].cmp(&key.0))
        };
        self.rows().binary_search_by(order).ok()
    }

    pub(super) fn holds(&self, key: Key) -> bool {
        self.number(key).is_some()
    }

    /// Whether there is an entry; if so, it is of use.
    pub(super) fn keep(&self, key: Key) -> bool {
        let number = self.number(key);
        number.inspect(|number| self.mark(*number)).is_some()
    }

    /// What is made of an entry; if something is, it is of use.
    pub(super) fn read<T>(&self, key: Key, make: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        let number = self.number(key)?;
        let (_, place) = entry(&self.rows()[number])?;
        let made = make(&self.file.read(place)?)?;
        self.mark(number);
        Some(made)
    }

    fn mark(&self, number: usize) {
        let is_used = &self.is_used[number];
        // Two threads that write to what lies side by side wait for one another.
        if !is_used.load(Ordering::Relaxed) {
            is_used.store(true, Ordering::Relaxed);
        }
    }

    /// All entries that are of use.
    pub(super) fn used(&self) -> impl Iterator<Item = (Key, Place)> {
        let is_used = self.is_used.iter().map(|is_used| is_used.load(Ordering::Relaxed));
        let rows = self.rows().iter().zip(is_used).filter(|(_, is_used)| *is_used);
        rows.filter_map(|(row, _)| entry(row))
    }

    pub(super) fn is_used_up(&self) -> bool {
        self.is_used.iter().all(|is_used| is_used.load(Ordering::Relaxed))
    }

    /// The same entries for another build, which has used none of them yet.
    pub(super) fn unused(mut self) -> Self {
        self.is_used.fill_with(AtomicBool::default);
        self
    }

    pub(super) fn bytes(&self, place: Place) -> Option<Vec<u8>> {
        self.file.read(place)
    }

    /// The file at a path for writing behind its end, and where that is: if it is still this one, and as
    /// long as what it holds no other process can do the same.
    pub(super) fn locked(&self, path: &Path) -> Option<(Marked, u64)> {
        let file = File::options().read(true).write(true).open(path).ok()?;
        // The marks are compared under the lock: one who is writing changes the time for a moment.
        file.try_lock().ok()?;
        let file = Marked::new(file).ok()?;
        let end = file.found.len();
        file.is(&self.file).then_some((file, end))
    }
}

/// Entries that come to stand behind the end of a file, and their table.
pub(super) struct Writer {
    file: Arc<Marked>,
    end: u64,
    block: Vec<u8>,
    rows: Vec<Row>,
}

impl Writer {
    pub(super) fn new(file: Arc<Marked>, end: u64) -> Self {
        Self { file, end, block: Vec::new(), rows: Vec::new() }
    }

    /// Names an entry that is in the file already.
    pub(super) fn name(&mut self, key: Key, place: Place) {
        self.rows.push(row(key, place));
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, key: Key, place: Place, bytes: &[u8]) -> io::Result<()> {
        self.name(key, place.at(self.end + self.block.len() as u64));
        self.block.extend_from_slice(bytes);
        if self.block.len() < BLOCK { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write(self.end, &self.block)?;
        self.end += self.block.len() as u64;
        self.block.clear();
        Ok(())
    }

    /// Writes the table, then the header that names it: until that is there, the old one holds.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.rows.sort_unstable();
        let table = self.rows.as_flattened();
        self.file.write(self.end, table)?;
        let mut header = magic().to_vec();
        header.extend(self.end.to_le_bytes());
        header.extend((table.len() as u64).to_le_bytes());
        let digest = sign(marked(&self.file.found)?, &header, table);
        header.extend(digest);
        self.file.write(0, &header)
    }
}

fn magic() -> [u8; MAGIC_BYTES] {
    const { assert!(MAGIC.len() <= MAGIC_BYTES) };
    let mut magic = [b'\n'; MAGIC_BYTES];
    magic[..MAGIC.len()].copy_from_slice(MAGIC.as_bytes());
    magic
}

fn sign(mut marks: blake3::Hasher, signed: &[u8], table: &[u8]) -> [u8; blake3::OUT_LEN] {
    *marks.update(signed).update(table).finalize().as_bytes()
}

/// A digest that begins with what one machine calls one file.
///
/// Whoever can put a file into a clone could also compute a digest of its content alone, and with it
/// say what any page looks like. Nobody can say in advance which number and which moment, to the
/// nanosecond, the system will give to the file.
fn marked(file: &Metadata) -> io::Result<blake3::Hasher> {
    // Some file systems do not know when a file was made.
    let times = [file.modified()?, file.created().unwrap_or(UNIX_EPOCH)];
    let times = times.map(|time| time.duration_since(UNIX_EPOCH).map(|age| age.as_nanos()));
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{times:?} {:?}\n", number(file)).as_bytes());
    Ok(hasher)
}

/// What a file system calls a file, whatever its name.
#[cfg(unix)]
pub(crate) fn number(file: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (file.dev(), file.ino())
}

#[cfg(not(unix))]
pub(crate) fn number(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// A clone can hold a link where the folder of the cache should be; it could lead anywhere.
pub(super) fn is_in_link(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.symlink_metadata().ok());
    folder.is_some_and(|folder| folder.is_symlink())
}

#[cfg(unix)]
use std::os::unix::fs::FileExt as _;

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    file.read_exact_at(bytes, start)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], start: u64) -> io::Result<()> {
    file.write_all_at(bytes, start)
}

/// Where a file is read and written at one place for all threads, they do so in turn.
#[cfg(not(unix))]
static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[cfg(not(unix))]
fn read_at(mut file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    use std::io::{Read as _, Seek as _};
    let _turn = super::guard(&TURN);
    file.seek(io::SeekFrom::Start(start))?;
    file.read_exact(bytes)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], start: u64) -> io::Result<()> {
    use std::io::{Seek as _, Write as _};
    let _turn = super::guard(&TURN);
    file.seek(io::SeekFrom::Start(start))?;
    file.write_all(bytes)
}
