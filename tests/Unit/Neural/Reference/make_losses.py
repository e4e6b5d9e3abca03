"""Writes losses.json: the losses of PyTorch over twenty steps of small networks.

Weights and data follow a formula that the tests know as well, so only losses are stored.
Run with Debian's python3-torch: /usr/bin/python3 make_losses.py > losses.json
"""
import json
import sys

import torch
from torch import nn

torch.set_num_threads(1)
STEPS = 20


def numbers(count, seed, scale):
    """Whole numbers by a linear congruence, brought to [-scale, scale)."""
    state = seed
    values = []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2147483648
        values.append(((state >> 8) % 10007) / 10007.0 * 2 - 1)
    return torch.tensor(values, dtype=torch.float64).mul(scale).float()


def fill(tensor, seed, scale, order=None):
    values = numbers(tensor.numel(), seed, scale)
    if order is not None:
        shape, axes = order
        values = values.reshape(shape).permute(axes)
    with torch.no_grad():
        tensor.copy_(values.reshape(tensor.shape))


def dense(layer, seed, scale=0.3):
    rows, columns = layer.in_features, layer.out_features
    fill(layer.weight, seed, scale, ((rows, columns), (1, 0)))
    fill(layer.bias, seed + 1, scale)


def conv(layer, seed, scale=0.3):
    out, inner, height, width = layer.weight.shape
    fill(layer.weight, seed, scale, ((height, width, inner, out), (3, 2, 0, 1)))
    fill(layer.bias, seed + 1, scale)


class Channels(nn.Module):
    """From channels first to numbers with channels last."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 5, batch_first=True)
        self.out = nn.Linear(5, 2)

    def forward(self, x):
        return self.out(self.gru(x.reshape(-1, 4, 3))[0][:, -1])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
        self.out = nn.Linear(12, 2)

    def forward(self, x):
        x = x.reshape(-1, 3, 4)
        y = self.norm(x)
        return self.out((x + self.attention(y, y, y)[0]).flatten(1))


def run(model, x, y, loss, optimizer):
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(model(x), y)
        losses.append(value.item())
        value.backward()
        optimizer.step()
    return losses


def mlp(width):
    model = nn.Sequential(
        nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 12), nn.Tanh(), nn.Linear(12, width))
    for i, layer in enumerate([model[0], model[2], model[4]]):
        dense(layer, 10 + 2 * i)
    return model


def classes(count, width):
    return torch.arange(count) % width


def main():
    x = numbers(10 * 6, 1, 1.0).reshape(10, 6)
    y = numbers(10 * 2, 2, 1.0).reshape(10, 2)
    curves = {}
    makers = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.005),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05),
    }
    for name, make in makers.items():
        model = mlp(3)
        parameters = model.parameters()
        if name == "adamw":
            parameters = [
                {"params": [p for p in model.parameters() if p.dim() > 1]},
                {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0.0},
            ]
        curves["mlp_" + name] = run(
            model, x, classes(10, 3), nn.CrossEntropyLoss(), make(parameters))
    for name, loss in {
        "mse": nn.MSELoss(), "mae": nn.L1Loss(), "huber": nn.HuberLoss(),
    }.items():
        model = mlp(2)
        curves["mlp_" + name] = run(
            model, x, y, loss, torch.optim.Adam(model.parameters(), lr=0.01))
    model = mlp(2)
    curves["mlp_bce"] = run(
        model, x, (y > 0).float(), nn.BCEWithLogitsLoss(),
        torch.optim.Adam(model.parameters(), lr=0.01))
    model = mlp(3)
    curves["mlp_smoothed"] = run(
        model, x, classes(10, 3), nn.CrossEntropyLoss(label_smoothing=0.1),
        torch.optim.Adam(model.parameters(), lr=0.01))

    model = nn.Sequential(
        nn.Conv2d(2, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8),
        nn.ReLU(), nn.MaxPool2d(2), Channels(), nn.Linear(72, 3))
    conv(model[0], 30)
    conv(model[2], 32)
    dense(model[7], 34)
    images = numbers(6 * 8 * 8 * 2, 3, 1.0).reshape(6, 8, 8, 2).permute(0, 3, 1, 2)
    curves["cnn"] = run(
        model, images, classes(6, 3), nn.CrossEntropyLoss(),
        torch.optim.Adam(model.parameters(), lr=0.01))

    model = Gru()
    fill(model.gru.weight_ih_l0, 40, 0.3, ((3, 15), (1, 0)))
    fill(model.gru.weight_hh_l0, 41, 0.3, ((5, 15), (1, 0)))
    fill(model.gru.bias_ih_l0, 42, 0.3)
    fill(model.gru.bias_hh_l0, 43, 0.3)
    dense(model.out, 44)
    steps = numbers(10 * 12, 4, 1.0).reshape(10, 12)
    curves["gru"] = run(
        model, steps, classes(10, 2), nn.CrossEntropyLoss(),
        torch.optim.Adam(model.parameters(), lr=0.01))

    model = Attention()
    fill(model.attention.in_proj_weight, 50, 0.3, ((4, 12), (1, 0)))
    fill(model.attention.in_proj_bias, 51, 0.3)
    fill(model.attention.out_proj.weight, 52, 0.3, ((4, 4), (1, 0)))
    fill(model.attention.out_proj.bias, 53, 0.3)
    dense(model.out, 54)
    curves["attention"] = run(
        model, steps, classes(10, 2), nn.CrossEntropyLoss(),
        torch.optim.Adam(model.parameters(), lr=0.01))
    json.dump({"torch": torch.__version__, "losses": curves}, sys.stdout, indent=1)
    sys.stdout.write("\n")


main()
