//! Streaming ZIP writer: the content is written while it is produced, and only a few chunks are in
//! memory at any time.

use super::{folder, tasks::blocking};
use crate::shared::{Error, Result};
use bytes::Bytes;
use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};
use tokio::sync::mpsc;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Chunks that can wait to be written.
const WAITING: usize = 16;

/// A step in writing an archive, in order.
enum Piece {
    /// Starts a new file with this name.
    File(String),
    /// Content of the current file.
    Bytes(Bytes),
}

/// The producer's end of an archive. Clones write to the same archive.
#[derive(Clone)]
pub struct Archive {
    pieces: mpsc::Sender<Piece>,
}

/// The receiving end, for [`write()`].
pub struct Pieces(mpsc::Receiver<Piece>);

/// Returns the producer's end and the end that [`write()`] takes.
pub fn new() -> (Archive, Pieces) {
    let (pieces, receiver) = mpsc::channel(WAITING);
    (Archive { pieces }, Pieces(receiver))
}

impl Archive {
    /// Starts a new file and finishes the previous one.
    pub async fn file(&self, name: impl Into<String>) -> Result<()> {
        self.push(Piece::File(name.into())).await
    }

    /// Appends to the current file.
    pub async fn write(&self, bytes: impl Into<Bytes>) -> Result<()> {
        self.push(Piece::Bytes(bytes.into())).await
    }

    async fn push(&self, piece: Piece) -> Result<()> {
        let closed = |_| Error::internal("the archive cannot be written");
        self.pieces.send(piece).await.map_err(closed)
    }
}

/// Writes the archive until all its [`Archive`] handles are dropped and returns its size in bytes.
/// The file appears only when it is complete; only the owner can read it.
///
/// # Errors
/// `internal` when the disk is full or the folder is not writable.
pub async fn write(path: PathBuf, pieces: Pieces) -> Result<u64> {
    blocking(move || {
        let part = path.with_extension("part");
        let written = write_all(&part, pieces).and_then(|()| {
            fs::rename(&part, &path)?;
            Ok(fs::metadata(&path)?.len())
        });
        if written.is_err() {
            // An incomplete archive is useless.
            drop(fs::remove_file(&part));
        }
        written.map_err(Error::internal)
    })
    .await?
}

fn write_all(path: &Path, Pieces(mut pieces): Pieces) -> zip::result::ZipResult<()> {
    let file = folder::private().create(true).truncate(true).open(path)?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    // ZIP needs this option for files above 4 GiB.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true);
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::File(name) => zip.start_file(name, options)?,
            Piece::Bytes(bytes) => zip.write_all(&bytes)?,
        }
    }
    let file = zip
        .finish()?
        .into_inner()
        .map_err(|error| error.into_error())?;
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::File, io::Read};

    #[tokio::test]
    async fn what_goes_in_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let (archive, pieces) = new();
        let fill = async move {
            for name in ["one.txt", "fold/zwei-ß.txt"] {
                archive.file(name).await.unwrap();
                for number in 0..100 {
                    archive.write(format!("{name} {number}\n")).await.unwrap();
                }
            }
        };
        let (size, ()) = tokio::join!(write(path.clone(), pieces), fill);
        assert_eq!(size.unwrap(), fs::metadata(&path).unwrap().len());
        let mut zip = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
        assert_eq!(zip.len(), 2);
        let mut text = String::new();
        let mut file = zip.by_name("fold/zwei-ß.txt").unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 100);
        assert!(text.ends_with("fold/zwei-ß.txt 99\n"));
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_told() {
        let (archive, pieces) = new();
        let written = write("/nowhere/at/all.zip".into(), pieces);
        let fill = async move {
            // `write` has failed, so the channel closes and `file` returns an error.
            while archive.file("x").await.is_ok() {}
        };
        let (written, ()) = tokio::join!(written, fill);
        assert_eq!(written.unwrap_err().code, "internal");
    }
}
