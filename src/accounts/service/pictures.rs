//! Uploaded pictures: checked by their content, never trusted.

use crate::{
    accounts::{rules, store::Picture},
    shared::{Error, Kind, Result},
};
use image::{
    DynamicImage, GenericImageView, ImageBuffer, ImageDecoder, ImageError, ImageFormat,
    ImageReader, Limits, Pixel,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    error::LimitErrorKind,
    imageops::{self, FilterType},
    metadata::Orientation,
};
use sha2::{Digest, Sha256};
use std::io::Cursor;

/// Width and height of an avatar in pixels.
pub const SIDE: u32 = 256;
/// Most pixels per side of an uploaded picture.
const MAX_SIDE: u32 = 10_000;
/// Most pixels of an uploaded picture.
const MAX_PIXELS: u64 = 40_000_000;
/// Most bytes for decoding a picture: its pixels and the decoder's own buffers.
const MAX_MEMORY: u64 = 256 * 1024 * 1024;
/// JPEG quality of opaque pictures; the loss is invisible at this size.
const QUALITY: u8 = 88;

/// Makes an avatar of a picture: the square at its center, upright, without metadata. Uses the
/// first frame of an animation.
pub fn avatar(bytes: &[u8]) -> Result<Picture> {
    if bytes.len() > rules::PICTURE {
        return Err(too_large());
    }
    let (picture, orientation) = read(bytes)?;
    let mut square = middle(&picture);
    drop(picture);
    // Rotating after cropping copies only the small square; the center is the same either way.
    square.apply_orientation(orientation);
    let (content_type, bytes) = written(&square)?;
    let hash = Sha256::digest(&bytes);
    let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Picture {
        hash,
        content_type: content_type.to_owned(),
        bytes,
    })
}

/// Crops and scales the center of a picture. Reads the pixels in place, since a copy could be as
/// large as the picture.
fn middle(picture: &DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageRgb8(pixels) => DynamicImage::ImageRgb8(shrunk(pixels)),
        DynamicImage::ImageRgba8(pixels) => DynamicImage::ImageRgba8(shrunk(pixels)),
        other => DynamicImage::ImageRgba8(shrunk(other)),
    }
}

fn shrunk<I>(pixels: &I) -> ImageBuffer<I::Pixel, Vec<<I::Pixel as Pixel>::Subpixel>>
where
    I: GenericImageView<Pixel: 'static>,
    <I::Pixel as Pixel>::Subpixel: 'static,
{
    let (width, height) = pixels.dimensions();
    let side = width.min(height);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let square = imageops::crop_imm(pixels, left, top, side, side);
    imageops::resize(&*square, SIDE, SIDE, FilterType::Triangle)
}

/// Decodes a picture, and reads its orientation from the metadata.
fn read(bytes: &[u8]) -> Result<(DynamicImage, Orientation)> {
    let format = image::guess_format(bytes).map_err(|_| unknown())?;
    // Bytes per pixel that the decoder allocates besides its output, without checking the limits.
    let beside = match format {
        ImageFormat::Png => 0,
        // A progressive JPEG keeps all coefficients until its last pass.
        ImageFormat::Jpeg => 6,
        ImageFormat::WebP | ImageFormat::Gif => 4,
        _ => return Err(unknown()),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(too_many_pixels());
    }
    // `from_decoder` allocates the output without checking the limits.
    let memory = decoder.total_bytes().saturating_add(pixels * beside);
    limits.reserve(memory).map_err(|error| refused(&error))?;
    decoder
        .set_limits(limits)
        .map_err(|error| refused(&error))?;
    let orientation = decoder.orientation().map_err(|error| refused(&error))?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((picture, orientation))
}

/// Encodes photos as JPEG, a tenth of the size. Encodes transparent pictures as `WebP`, and
/// pictures whose lossless `WebP` is not larger than the JPEG.
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
        ImageError::Limits(limit) if limit.kind() == LimitErrorKind::InsufficientMemory => {
            too_many_pixels()
        }
        ImageError::Limits(_) => Error::new(
            Kind::TooLarge,
            "picture-too-wide",
            format!("Picture too large: at most {MAX_SIDE} pixels on a side"),
        )
        .with("max", MAX_SIDE),
        ImageError::Unsupported(_) => unknown(),
        _ => Error::bad_request("picture-broken", "Damaged picture"),
    }
}

fn too_many_pixels() -> Error {
    Error::new(
        Kind::TooLarge,
        "picture-too-many-pixels",
        format!("Picture too large: at most {MAX_PIXELS} pixels, fewer with 16 bits per channel"),
    )
}

fn unknown() -> Error {
    Error::new(
        Kind::UnsupportedMediaType,
        "picture-unknown",
        "Unsupported format: use PNG, JPEG, WebP or GIF",
    )
}

/// Error: the file has too many bytes.
pub fn too_large() -> Error {
    Error::new(
        Kind::TooLarge,
        "picture-too-large",
        "Picture too large: at most 4 MiB",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use image::{Rgba, RgbaImage};
    use std::io::Write;

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
        // Exif data with a rotated orientation and a secret.
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
        // The rotated stripes are horizontal, so the middle row has one color.
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
        // The width in the header, with its checksum: a small file that claims to be a huge
        // picture.
        wide[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        let sum = crc(&wide[12..29]);
        wide[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(code(&wide), "picture-too-wide");
    }

    /// A PNG whose header claims this size, bit depth and color type.
    fn claimed(width: u32, height: u32, depth: u8, kind: u8) -> Vec<u8> {
        let mut png = encoded(&stripes(), ImageFormat::Png);
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        (png[24], png[25]) = (depth, kind);
        let sum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        png
    }

    #[test]
    fn a_picture_that_unpacks_to_much_is_refused_before_it_is_unpacked() {
        let code = |bytes: &[u8]| avatar(bytes).unwrap_err().code.into_owned();
        // Within the limits, it is decoded and turns out to be broken.
        assert_eq!(code(&claimed(6_000, 6_000, 8, 6)), "picture-broken");
        assert_eq!(
            code(&claimed(10_000, 10_000, 16, 6)),
            "picture-too-many-pixels"
        );
        assert_eq!(
            code(&claimed(10_000, 4_001, 1, 0)),
            "picture-too-many-pixels"
        );
        assert_eq!(
            code(&claimed(6_000, 6_000, 16, 6)),
            "picture-too-many-pixels"
        );
        assert_eq!(code(&claimed(10_001, 10, 8, 6)), "picture-too-wide");
    }

    /// The most pixels allowed, plus the decoders' own buffers, exceed the limit.
    #[test]
    fn what_a_decoder_keeps_counts_as_well() {
        let code = |bytes: &[u8]| avatar(bytes).unwrap_err().code.into_owned();
        let (width, height) = (8_000_u16, 5_000_u16);
        let mut jpeg = encoded(&stripes(), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        assert_eq!(code(&jpeg), "picture-too-many-pixels");
        let mut gif = encoded(&stripes(), ImageFormat::Gif);
        gif[6..8].copy_from_slice(&width.to_le_bytes());
        gif[8..10].copy_from_slice(&height.to_le_bytes());
        assert_eq!(code(&gif), "picture-too-many-pixels");
    }

    #[test]
    fn a_whole_bomb_takes_no_time() {
        // 800 MB of pixels in less than a megabyte, with correct checksums.
        let side = 10_000_usize;
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        for _ in 0..side {
            packed.write_all(&vec![0; 1 + side * 8]).unwrap();
        }
        let mut bomb = claimed(10_000, 10_000, 16, 6)[..33].to_vec();
        for (name, data) in [(b"IDAT", packed.finish().unwrap()), (b"IEND", Vec::new())] {
            let length = u32::try_from(data.len()).unwrap();
            let chunk = [name.as_slice(), &data].concat();
            bomb.extend(length.to_be_bytes());
            bomb.extend(&chunk);
            bomb.extend(crc(&chunk).to_be_bytes());
        }
        assert!(bomb.len() < rules::PICTURE, "{}", bomb.len());
        let started = std::time::Instant::now();
        assert_eq!(avatar(&bomb).unwrap_err().code, "picture-too-many-pixels");
        assert!(started.elapsed() < std::time::Duration::from_millis(200));
    }

    /// Rotating the middle of a picture gives the middle of the rotated picture.
    #[test]
    fn the_small_square_is_put_upright() {
        let rotated = DynamicImage::ImageRgba8(stripes()).rotate90().to_rgba8();
        let mut square = middle(&DynamicImage::ImageRgba8(stripes()));
        square.apply_orientation(Orientation::Rotate90);
        assert_eq!(square, middle(&DynamicImage::ImageRgba8(rotated)));
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
