//! Pictures that people send: looked at by their content, never trusted.

use crate::{
    accounts::{rules, store::Picture},
    shared::{Error, Kind, Result},
};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    imageops::FilterType,
};
use sha2::{Digest, Sha256};
use std::io::Cursor;

/// The side of an avatar, in pixels.
pub const SIDE: u32 = 256;
/// Most pixels of a side of what is sent.
const MAX_SIDE: u32 = 10_000;
/// Most bytes that reading a picture may take.
const MAX_MEMORY: u64 = 192 * 1024 * 1024;
/// Of a photo without transparency; nobody sees the difference at this size.
const QUALITY: u8 = 88;

/// The avatar that a picture makes: its middle, as a square, upright, without anything that the
/// file said beside it. A moving picture gives its first frame.
pub fn avatar(bytes: &[u8]) -> Result<Picture> {
    if bytes.len() > rules::PICTURE {
        return Err(too_large());
    }
    let picture = read(bytes)?;
    let side = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
    let square = picture.crop_imm(left, top, side, side);
    let square = square.resize_exact(SIDE, SIDE, FilterType::Triangle);
    let (content_type, bytes) = written(&square)?;
    let hash = Sha256::digest(&bytes);
    let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Picture {
        hash,
        content_type: content_type.to_owned(),
        bytes,
    })
}

fn read(bytes: &[u8]) -> Result<DynamicImage> {
    let format = image::guess_format(bytes).map_err(|_| unknown())?;
    let known = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
    ];
    if !known.contains(&format) {
        return Err(unknown());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    // Cameras write which way up; without it the picture would lie on its side.
    let orientation = decoder.orientation().map_err(|error| refused(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Photos as JPEG, which is a tenth of the size; what is transparent, and what says the same
/// without loss in less, as WebP.
fn written(picture: &DynamicImage) -> Result<(&'static str, Vec<u8>)> {
    let rgba = picture.to_rgba8();
    let (width, height) = rgba.dimensions();
    let mut webp = Vec::new();
    WebPEncoder::new_lossless(&mut webp)
        .encode(&rgba, width, height, image::ExtendedColorType::Rgba8)
        .map_err(Error::internal)?;
    if rgba.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
        return Ok(("image/webp", webp));
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(&picture.to_rgb8())
        .map_err(Error::internal)?;
    if webp.len() <= jpeg.len() {
        return Ok(("image/webp", webp));
    }
    Ok(("image/jpeg", jpeg))
}

fn refused(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::new(
            Kind::TooLarge,
            "picture-too-wide",
            format!("A picture has at most {MAX_SIDE} pixels on a side"),
        )
        .with("max", MAX_SIDE),
        ImageError::Unsupported(_) => unknown(),
        _ => Error::bad_request("picture-broken", "This picture cannot be read"),
    }
}

fn unknown() -> Error {
    Error::new(
        Kind::UnsupportedMediaType,
        "picture-unknown",
        "A picture is PNG, JPEG, WebP or GIF",
    )
}

/// More bytes than a picture may have.
pub fn too_large() -> Error {
    Error::new(
        Kind::TooLarge,
        "picture-too-large",
        "A picture has at most 4 MiB",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    fn encoded(picture: &RgbaImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::ImageRgba8(picture.clone());
        let picture = match format {
            ImageFormat::Jpeg => DynamicImage::ImageRgb8(picture.to_rgb8()),
            _ => picture,
        };
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// Red on the left, green in the middle, blue on the right.
    fn stripes() -> RgbaImage {
        RgbaImage::from_fn(600, 200, |x, _| match x / 200 {
            0 => Rgba([255, 0, 0, 255]),
            1 => Rgba([0, 255, 0, 255]),
            _ => Rgba([0, 0, 255, 255]),
        })
    }

    #[test]
    fn every_kind_becomes_the_square_of_its_middle() {
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::WebP,
            ImageFormat::Gif,
        ] {
            let avatar = avatar(&encoded(&stripes(), format)).unwrap();
            let shown = image::load_from_memory(&avatar.bytes).unwrap().to_rgb8();
            assert_eq!(shown.dimensions(), (SIDE, SIDE), "{format:?}");
            let [red, green, blue] = shown.get_pixel(128, 128).0;
            assert!(red < 10 && green > 245 && blue < 10, "{format:?}");
            assert_eq!(avatar.hash.len(), 64);
        }
    }

    #[test]
    fn what_is_transparent_stays_so() {
        let glass = RgbaImage::from_pixel(64, 64, Rgba([9, 9, 9, 100]));
        let avatar = avatar(&encoded(&glass, ImageFormat::Png)).unwrap();
        assert_eq!(avatar.content_type, "image/webp");
        let shown = image::load_from_memory(&avatar.bytes).unwrap().to_rgba8();
        assert_eq!(shown.get_pixel(10, 10).0[3], 100);
    }

    #[test]
    fn nothing_but_the_picture_is_kept() {
        let mut jpeg = encoded(&stripes(), ImageFormat::Jpeg);
        // A block of Exif that says that the picture lies on its side, and a secret.
        let mut exif =
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend(b"born at 45.4380 N 12.3358 E");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let block = [&[0xff, 0xe1], length.as_slice(), &exif].concat();
        jpeg.splice(2..2, block);
        let avatar = avatar(&jpeg).unwrap();
        let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|at| at == text);
        assert!(holds(&jpeg, b"45.4380"));
        assert!(!holds(&avatar.bytes, b"45.4380") && !holds(&avatar.bytes, b"Exif"));
        // And it was put upright: the stripes lie now, so the middle is one colour from side to side.
        let shown = image::load_from_memory(&avatar.bytes).unwrap().to_rgb8();
        assert!(shown.get_pixel(5, 128).0[1] > 240 && shown.get_pixel(250, 128).0[1] > 240);
    }

    #[test]
    fn the_same_picture_has_the_same_hash() {
        let png = encoded(&stripes(), ImageFormat::Png);
        assert_eq!(avatar(&png).unwrap(), avatar(&png).unwrap());
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let code = |bytes: &[u8]| avatar(bytes).unwrap_err().code.into_owned();
        let png = encoded(&stripes(), ImageFormat::Png);
        assert_eq!(code(b""), "picture-unknown");
        assert_eq!(code(b"hello"), "picture-unknown");
        assert_eq!(
            code(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "picture-unknown"
        );
        assert_eq!(code(b"BM\0\0\0\0\0\0\0\0\x36\0\0\0"), "picture-unknown");
        assert_eq!(code(&png[..png.len() / 2]), "picture-broken");
        assert_eq!(code(&vec![0; rules::PICTURE + 1]), "picture-too-large");
        let mut wide = png.clone();
        // The width in the header, with its checksum: a small file that claims a vast picture.
        wide[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        let sum = crc(&wide[12..29]);
        wide[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(code(&wide), "picture-too-wide");
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
            })
        })
    }

    proptest::proptest! {
        #[test]
        fn damage_is_an_error_and_no_panic(at in 0_usize..3_000, byte in proptest::prelude::any::<u8>(), kind in 0_usize..4) {
            let format = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif][kind];
            let small = RgbaImage::from_fn(40, 30, |x, y| Rgba([x as u8 * 5, y as u8 * 7, 90, 255]));
            let mut bytes = encoded(&small, format);
            let at = at % bytes.len();
            bytes[at] = byte;
            let _either = avatar(&bytes);
        }
    }
}
