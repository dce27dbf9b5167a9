"""A masked autoencoder in plain PyTorch with the parameter names of the public checkpoints, written from the paper and the
names alone. What MaeLab's engine computes is compared with it."""
import torch
from torch import nn
from torch.nn import functional


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        images, tokens, width = x.shape
        q, k, v = self.qkv(x).view(images, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = (q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5).softmax(-1) @ v
        return self.proj(mixed.transpose(1, 2).reshape(images, tokens, width))


class Mlp(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads, mlp_ratio):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width, int(width * mlp_ratio))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, channels, patch, width):
        super().__init__()
        self.proj = nn.Conv2d(channels, width, kernel_size=patch, stride=patch)

    def forward(self, images):
        return self.proj(images).flatten(2).transpose(1, 2)


def positions(grid, width):
    """[1, g^2 + 1, w], the column's angles before the row's, zero for cls."""
    frequencies = 10000.0 ** (-torch.arange(width // 4, dtype=torch.float64) / (width // 4))
    rows, columns = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    column, row = (axis.reshape(-1, 1) * frequencies for axis in (columns, rows))
    table = torch.cat([column.sin(), column.cos(), row.sin(), row.cos()], 1)
    return torch.cat([torch.zeros(1, width), table.float()])[None]


class Encoder(nn.Module):
    """forward: features [N, L + 1, D] of whole images."""

    def __init__(self, size, channels, patch, width, depth, heads, mlp_ratio=4.0):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(positions(size // patch, width), requires_grad=False)
        self.patch_embed = PatchEmbed(channels, patch, width)
        self.blocks = nn.Sequential(*[Block(width, heads, mlp_ratio) for _ in range(depth)])
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def tokens(self, images):
        return self.patch_embed(images) + self.pos_embed[:, 1:]

    def encode(self, tokens):
        cls = (self.cls_token + self.pos_embed[:, :1]).expand(len(tokens), -1, -1)
        return self.norm(self.blocks(torch.cat([cls, tokens], 1)))

    def forward(self, images):
        return self.encode(self.tokens(images))


class Mae(Encoder):
    def __init__(self, size, channels, patch, width, depth, heads, decoder_width, decoder_depth, decoder_heads, mlp_ratio, normalize):
        super().__init__(size, channels, patch, width, depth, heads, mlp_ratio)
        self.patch, self.normalize = patch, normalize
        self.decoder_embed = nn.Linear(width, decoder_width)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, decoder_width))
        self.decoder_pos_embed = nn.Parameter(positions(size // patch, decoder_width), requires_grad=False)
        self.decoder_blocks = nn.Sequential(*[Block(decoder_width, decoder_heads, mlp_ratio) for _ in range(decoder_depth)])
        self.decoder_norm = nn.LayerNorm(decoder_width, eps=1e-6)
        self.decoder_pred = nn.Linear(decoder_width, channels * patch * patch)

    def target(self, images):
        """[N, L, p p C], channel fastest."""
        n, c, s, _ = images.shape
        grid = s // self.patch
        patches = images.view(n, c, grid, self.patch, grid, self.patch).permute(0, 2, 4, 3, 5, 1).reshape(n, grid * grid, -1)
        if not self.normalize:
            return patches
        return (patches - patches.mean(-1, keepdim=True)) / (patches.var(-1, keepdim=True) + 1e-6).sqrt()

    def forward(self, images, noise, visible):
        """Noise [N, L]: patches of least noise are kept. Returns latent, prediction, mask (1 removed), ids_restore, loss."""
        order = noise.argsort(1)
        restore = order.argsort(1)
        mask = (restore >= visible).float()
        tokens = self.tokens(images)
        latent = self.encode(tokens.gather(1, order[:, :visible, None].expand(-1, -1, tokens.shape[-1])))

        embedded = self.decoder_embed(latent)
        filled = torch.cat([embedded[:, 1:], self.mask_token.expand(len(images), tokens.shape[1] - visible, -1)], 1)
        filled = filled.gather(1, restore[:, :, None].expand(-1, -1, filled.shape[-1]))
        decoded = torch.cat([embedded[:, :1], filled], 1) + self.decoder_pos_embed
        prediction = self.decoder_pred(self.decoder_norm(self.decoder_blocks(decoded)))[:, 1:]
        loss = (((prediction - self.target(images)) ** 2).mean(-1) * mask).sum() / mask.sum()
        return latent, prediction, mask, restore, loss
