"""A picture's copy without what a camera wrote into it: place, time, device, thumbnail."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from services.intake.errors import FileNotTaken

#: A picture that unpacks into more would take the process's memory.
_MOST_PIXELS: Final = 60_000_000
#: Nobody needs more on a screen; less is less to recognise somebody by.
_LONGEST_SIDE: Final = 4096
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 88
_BROKEN: Final = (UnidentifiedImageError, OSError, SyntaxError, ValueError)


def stripped(picture: bytes) -> tuple[str, bytes]:
    """The media type and bytes of a new picture made of the pixels alone, upright; refused when broken."""
    try:
        with Image.open(BytesIO(picture), formats=_FORMATS) as opened:
            _require_size(opened)
            return _written(_pixels(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_BROKEN) as wrong:
        raise FileNotTaken("图片无法读取，请换一份。", {"file": "图片已损坏或过大"}) from wrong


def readable(picture: bytes) -> bool:
    """Whether a picture can be looked at; of one with more pixels than we unpack, whether it begins well."""
    try:
        with Image.open(BytesIO(picture), formats=_FORMATS) as opened:
            if opened.width * opened.height <= _MOST_PIXELS:
                opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
                opened.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return True
    except _BROKEN:
        return False
    return True


def _require_size(picture: Image.Image) -> None:
    if picture.width * picture.height > _MOST_PIXELS:
        raise ValueError("more pixels than a released copy may be made of")


def _pixels(opened: Image.Image) -> Image.Image:
    """The first frame, turned as its camera was held, without palette, profile and remarks."""
    opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
    opened.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    upright = ImageOps.exif_transpose(opened)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    bare = Image.new(mode, upright.size)
    bare.paste(upright.convert(mode))
    return bare


def _written(picture: Image.Image) -> tuple[str, bytes]:
    target = BytesIO()
    if picture.mode == "RGBA":
        picture.save(target, "PNG")
        return "image/png", target.getvalue()
    picture.save(target, "JPEG", quality=_QUALITY)
    return "image/jpeg", target.getvalue()
