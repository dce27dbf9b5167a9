"""encoder_features.py ENCODER IMAGES FEATURES HEADS: loads an exported encoder strictly and writes its features of the images."""
import sys

import torch

import tensor_files
from plain_mae import Encoder

torch.set_num_threads(1)
encoder_path, images_path, features_path, heads = sys.argv[1:]
_, weights = tensor_files.read(encoder_path)
_, images = tensor_files.read(images_path)
width, channels, patch, _ = weights["patch_embed.proj.weight"].shape
depth = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blocks."))
encoder = Encoder(images["images"].shape[-1], channels, patch, width, depth, int(heads))
encoder.load_state_dict(weights, strict=True)
with torch.no_grad():
    tensor_files.write(features_path, {}, {"features": encoder(images["images"])})
