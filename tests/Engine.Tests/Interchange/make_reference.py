"""Makes reference files for `MaeLab.Runner verify` with the plain model of plain_mae.py (apt-get install python3-torch).

    make_reference.py FILE name=value ...     for example: img_size=16 in_chans=3 patch_size=4 mlp_ratio=3 norm_pix_loss=false
"""
import sys

import torch

import tensor_files
from plain_mae import Mae

DEFAULTS = dict(
    img_size=28, patch_size=4, in_chans=1, embed_dim=32, depth=2, num_heads=4, decoder_embed_dim=16, decoder_depth=1,
    decoder_num_heads=2, mlp_ratio=4, mask_ratio=0.75, norm_pix_loss="true", lr=1e-3, weight_decay=0.05, beta1=0.9, beta2=0.95,
    eps=1e-8, steps=3, batch=2)


def initialize(model):
    """Other values than the engine's own rules give, so that nothing is right by being zero or one."""
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, mean=1.0 if "norm" in name and name.endswith("weight") else 0.0, std=0.1)


def optimizer_of(model, settings):
    trained = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    decayed = [parameter for name, parameter in trained if parameter.ndim > 1 and not name.endswith(".bias")]
    plain = [parameter for name, parameter in trained if parameter.ndim == 1 or name.endswith(".bias")]
    return torch.optim.AdamW(
        [dict(params=plain, weight_decay=0.0), dict(params=decayed, weight_decay=settings["weight_decay"])],
        lr=settings["lr"], betas=(settings["beta1"], settings["beta2"]), eps=settings["eps"])


def main(path, arguments):
    settings = dict(DEFAULTS)
    for name, value in (argument.split("=") for argument in arguments):
        settings[name] = type(DEFAULTS[name])(float(value)) if not isinstance(DEFAULTS[name], str) else value
    torch.manual_seed(0)
    size, patch, channels, steps, batch = (settings[key] for key in ("img_size", "patch_size", "in_chans", "steps", "batch"))
    patches = (size // patch) ** 2
    model = Mae(
        size, channels, patch, settings["embed_dim"], settings["depth"], settings["num_heads"], settings["decoder_embed_dim"],
        settings["decoder_depth"], settings["decoder_num_heads"], settings["mlp_ratio"], settings["norm_pix_loss"] == "true")
    initialize(model)
    optimizer = optimizer_of(model, settings)
    images, noise = torch.randn(steps, batch, channels, size, size), torch.rand(steps, batch, patches)
    tensors = {"input/images": images, "input/noise": noise}
    tensors.update({f"model/{name}": parameter.detach().clone() for name, parameter in model.named_parameters()})
    losses = []
    for step in range(steps):
        latent, prediction, mask, restore, loss = model(images[step], noise[step], int(patches * (1 - settings["mask_ratio"])))
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            tensors.update({"expected/latent": latent, "expected/pred": prediction, "expected/mask": mask, "expected/ids_restore": restore})
            tensors.update({f"expected/grad/{name}": parameter.grad.clone() for name, parameter in model.named_parameters() if parameter.requires_grad})
        optimizer.step()
        losses.append(loss.item())
    tensors["expected/losses"] = torch.tensor(losses)
    tensors.update({f"expected/final/{name}": parameter for name, parameter in model.named_parameters()})
    metadata = {"format": "mae-reference-v1", "torch": torch.__version__, **{name: str(value) for name, value in settings.items()}}
    tensor_files.write(path, metadata, tensors)


main(sys.argv[1], sys.argv[2:])
