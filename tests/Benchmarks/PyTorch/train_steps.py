"""Training steps of a masked autoencoder in plain PyTorch, to measure MaeLab's engine against.

Written from the MAE paper (He et al. 2021) in the way most PyTorch code is: nn.Linear, nn.LayerNorm, softmax attention (fused where
this PyTorch has it), torch.optim.AdamW, torch.autocast for bf16. Runs on the CPU with made-up images and without a loader, as MaeLab's
`bench` does. Speaks JSON lines: for every line on standard input, `{"steps": n}`, it answers `{"ms": [one number a step]}`.
"""
import argparse
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        n, t, w = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        if hasattr(F, "scaled_dot_product_attention"):
            x = F.scaled_dot_product_attention(q, k, v)
        else:
            x = ((q @ k.transpose(-2, -1)) * (w // self.heads) ** -0.5).softmax(-1) @ v
        return self.proj(x.transpose(1, 2).reshape(n, t, w))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class MaskedAutoencoder(nn.Module):
    def __init__(self, a):
        super().__init__()
        grid = a.image // a.patch
        self.patch, self.patches, values = a.patch, grid * grid, a.channels * a.patch**2
        self.visible = int(self.patches * (1 - a.mask_ratio) + 1e-9)
        self.embed = nn.Conv2d(a.channels, a.width, a.patch, a.patch)
        self.cls_token = nn.Parameter(0.02 * torch.randn(1, 1, a.width))
        self.pos_embed = nn.Parameter(torch.randn(1, self.patches + 1, a.width), requires_grad=False)
        self.blocks = nn.ModuleList(Block(a.width, a.heads) for _ in range(a.depth))
        self.norm = nn.LayerNorm(a.width, eps=1e-6)
        self.decoder_embed = nn.Linear(a.width, a.decoder_width)
        self.mask_token = nn.Parameter(0.02 * torch.randn(1, 1, a.decoder_width))
        self.decoder_pos_embed = nn.Parameter(torch.randn(1, self.patches + 1, a.decoder_width), requires_grad=False)
        self.decoder_blocks = nn.ModuleList(Block(a.decoder_width, a.decoder_heads) for _ in range(a.decoder_depth))
        self.decoder_norm = nn.LayerNorm(a.decoder_width, eps=1e-6)
        self.decoder_pred = nn.Linear(a.decoder_width, values)

    def target(self, images):
        n, c, s, _ = images.shape
        g, p = s // self.patch, self.patch
        t = images.reshape(n, c, g, p, g, p).permute(0, 2, 4, 3, 5, 1).reshape(n, g * g, p * p * c)
        return (t - t.mean(-1, keepdim=True)) / (t.var(-1, keepdim=True) + 1e-6) ** 0.5

    def forward(self, images):
        n = images.shape[0]
        x = self.embed(images).flatten(2).transpose(1, 2) + self.pos_embed[:, 1:]
        shuffle = torch.rand(n, self.patches).argsort(1)
        restore = shuffle.argsort(1)
        keep = shuffle[:, : self.visible]
        x = x.gather(1, keep.unsqueeze(-1).expand(-1, -1, x.shape[2]))
        mask = torch.ones(n, self.patches).scatter(1, keep, 0.0)
        x = torch.cat([(self.cls_token + self.pos_embed[:, :1]).expand(n, -1, -1).to(x.dtype), x], 1)
        for block in self.blocks:
            x = block(x)
        x = self.decoder_embed(self.norm(x))
        tokens = torch.cat([x[:, 1:], self.mask_token.to(x.dtype).expand(n, self.patches - self.visible, -1)], 1)
        tokens = tokens.gather(1, restore.unsqueeze(-1).expand(-1, -1, x.shape[2]))
        x = torch.cat([x[:, :1], tokens], 1) + self.decoder_pos_embed
        for block in self.decoder_blocks:
            x = block(x)
        prediction = self.decoder_pred(self.decoder_norm(x))[:, 1:]
        error = ((prediction.float() - self.target(images)) ** 2).mean(-1)
        return (error * mask).sum() / mask.sum()


def main():
    p = argparse.ArgumentParser()
    for name in ("image", "channels", "patch", "width", "depth", "heads", "decoder-width", "decoder-depth", "decoder-heads", "batch", "threads"):
        p.add_argument(f"--{name}", type=int, required=True)
    p.add_argument("--mask-ratio", type=float, required=True)
    p.add_argument("--bf16", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    model = MaskedAutoencoder(a)
    decayed = [w for w in model.parameters() if w.requires_grad and w.dim() > 1]
    plain = [w for w in model.parameters() if w.requires_grad and w.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": plain, "weight_decay": 0.0}, {"params": decayed}], lr=1e-4, betas=(0.9, 0.95), weight_decay=0.05)
    images = 2 * torch.rand(a.batch, a.channels, a.image, a.image) - 1

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=a.bf16):
            loss = model(images)
        loss.backward()
        optimizer.step()
        return loss.item()

    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        milliseconds = []
        for _ in range(json.loads(line)["steps"]):
            start = time.perf_counter()
            step()
            milliseconds.append(1000 * (time.perf_counter() - start))
        print(json.dumps({"ms": milliseconds}), flush=True)


if __name__ == "__main__":
    main()
