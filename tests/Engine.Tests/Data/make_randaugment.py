"""Makes randaugment.safetensors: what Pillow makes of two images by RandAugment's operations (apt-get install python3-pil python3-torch).

    make_randaugment.py FILE

Strengths are those of timm's increasing set for a magnitude of 0 to 10. Tensors [C, S, S]: `grey/image` and `rgb/image`, and
`grey/OPERATION/MAGNITUDE/SIGN` where SIGN is -1 or 1.
"""
import pathlib
import sys

import numpy
import torch
from PIL import Image, ImageEnhance, ImageOps

sys.path.append(str(pathlib.Path(__file__).parent.parent / "Interchange"))
import tensor_files  # noqa: E402

MAGNITUDES = (2.5, 9.0, 10.0)
FILLS = {"L": 73, "RGB": (124, 116, 104)}


def moved(matrix):
    return lambda image: image.transform(image.size, Image.AFFINE, matrix(image.size[0]), resample=Image.BICUBIC, fillcolor=FILLS[image.mode])


def lightened(add):
    table = [min(255, value + add) if value < 128 else value for value in range(256)]
    return lambda image: image.point(table * len(image.getbands()))


def enhanced(enhancer, amount):
    return lambda image: enhancer(image).enhance(1 + amount)


def operations(share, sign):
    """Name to function of an image; the last element says whether the sign matters."""
    signed, amount = sign * share, sign * share * 0.9
    yield "AutoContrast", ImageOps.autocontrast, False
    yield "Equalize", ImageOps.equalize, False
    yield "Invert", ImageOps.invert, False
    yield "Rotate", lambda image: image.rotate(signed * 30, resample=Image.BICUBIC, fillcolor=FILLS[image.mode]), True
    yield "Posterize", lambda image: ImageOps.posterize(image, 4 - int(share * 4)), False
    yield "Solarize", lambda image: ImageOps.solarize(image, 256 - int(share * 256)), False
    yield "SolarizeAdd", lightened(int(share * 110)), False
    yield "Color", enhanced(ImageEnhance.Color, amount), True
    yield "Contrast", enhanced(ImageEnhance.Contrast, amount), True
    yield "Brightness", enhanced(ImageEnhance.Brightness, amount), True
    yield "Sharpness", enhanced(ImageEnhance.Sharpness, amount), True
    yield "ShearX", moved(lambda size: (1, signed * 0.3, 0, 0, 1, 0)), True
    yield "ShearY", moved(lambda size: (1, 0, 0, signed * 0.3, 1, 0)), True
    yield "TranslateX", moved(lambda size: (1, 0, signed * 0.45 * size, 0, 1, 0)), True
    yield "TranslateY", moved(lambda size: (1, 0, 0, 0, 1, signed * 0.45 * size)), True


def picture(size, channels):
    """Waves of every frequency under noise, neither black nor white, dark more often than bright."""
    y, x = numpy.mgrid[:size, :size] / size
    noise = numpy.random.default_rng(channels).normal(0, 0.1, (size, size, channels))
    waves = numpy.stack([numpy.sin(9 * x * (1 + x) + channel) * numpy.cos(7 * y + 2 * channel) for channel in range(channels)], -1)
    return (25 + 200 * numpy.clip(0.5 + 0.4 * waves + noise, 0, 1) ** 2).astype(numpy.uint8)


def tensor(image):
    return torch.from_numpy(numpy.moveaxis(numpy.atleast_3d(numpy.array(image)), -1, 0).copy())


def main(path):
    tensors = {}
    for name, image in (("grey", Image.fromarray(picture(28, 1)[..., 0])), ("rgb", Image.fromarray(picture(20, 3)))):
        tensors[f"{name}/image"] = tensor(image)
        for magnitude in MAGNITUDES:
            for sign in (-1, 1):
                for operation, change, is_signed in operations(magnitude / 10, sign):
                    if is_signed or sign > 0:
                        tensors[f"{name}/{operation}/{magnitude}/{sign}"] = tensor(change(image))
    fills = {f"fill/{mode}": str(fill) for mode, fill in FILLS.items()}
    tensor_files.write(path, {"format": "randaugment-v1", "pillow": Image.__version__, **fills}, tensors)


main(sys.argv[1])
