//! How a cache gets back to disk.
//!
//! Takes what was known and what is new, leaves a file that holds what of both was of use. A little that
//! is new is appended, with a new table; where most of the file would be of no use, or the file is another
//! by now, it is written anew and renamed into place. A process that is killed on the way must leave the
//! old cache, the new one or none, and no wrong one.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::Key;
use super::file::{BEGINNING, Known, Place, ROW_BYTES, Writer};
use super::fresh::Fresh;
use super::temporary::{Temporary, prepare};

/// Saves what is of use, if that is anything else than what is saved already.
pub(super) fn save(path: &Path, known: Option<&Known>, fresh: &mut Fresh) -> io::Result<()> {
    if fresh.is_empty() && known.is_none_or(Known::is_used_up) {
        return Ok(());
    }
    if let Some(failure) = fresh.failure() {
        return Err(failure);
    }
    match known {
        Some(known) if appended(path, known, fresh)? => Ok(()),
        Some(_) | None => anew(path, known, fresh),
    }
}

/// What is known, of use, and not there in a newer state.
fn kept(known: &Known, fresh: &Fresh) -> impl Iterator<Item = (Key, Place)> {
    known.used().filter(|(key, _)| !fresh.has(*key))
}

/// Appends to the file, if that is worth while and nobody else does.
fn appended(path: &Path, known: &Known, fresh: &Fresh) -> io::Result<bool> {
    if !fresh.has_file() {
        prepare(path)?;
    }
    let Some((file, end)) = known.locked(path) else { return Ok(false) };
    let (mut rows, mut old) = (fresh.len(), 0);
    kept(known, fresh).for_each(|(_, place)| {
        rows += 1;
        old += place.length;
    });
    let added = fresh.length() + (rows * ROW_BYTES) as u64;
    if (BEGINNING + old + added) * 2 < end + added {
        return Ok(false);
    }
    let file = Arc::new(file);
    let mut writer = Writer::new(Arc::clone(&file), end);
    kept(known, fresh).for_each(|(key, place)| writer.name(key, place));
    let written = fresh.add_to(&mut writer).and_then(|()| writer.finish());
    if written.is_err() {
        // The next run would find out by itself; this one leaves the room that the disk has not.
        file.cut(end)?;
    }
    written.map(|()| true)
}

/// Writes all to another file and renames it.
fn anew(path: &Path, known: Option<&Known>, fresh: &mut Fresh) -> io::Result<()> {
    let mut made = None;
    let mut writer = match fresh.finished(path)? {
        Some(writer) => writer,
        None => {
            let temporary: &mut Temporary = made.insert(Temporary::beside(path)?);
            let mut writer = Writer::new(Arc::clone(&temporary.file), BEGINNING);
            fresh.add_to(&mut writer)?;
            writer
        }
    };
    if let Some(known) = known {
        let mut old: Vec<_> = kept(known, fresh).collect();
        // As they lie in the file: a disk that turns would have to turn for each of them.
        old.sort_unstable_by_key(|(_, place)| place.start);
        for (key, place) in old {
            // What is damaged is missed by the next run.
            if let Some(bytes) = known.bytes(place) {
                writer.add(key, place, &bytes)?;
            }
        }
    }
    writer.finish()?;
    match &mut made {
        Some(temporary) => temporary.rename(path),
        None => fresh.rename(path),
    }
}
