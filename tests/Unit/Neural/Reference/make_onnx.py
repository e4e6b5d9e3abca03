"""Writes torch_onnx.json: networks of PyTorch as ONNX files, rows, and what PyTorch makes of them.

Run with Debian's python3-torch: /usr/bin/python3 make_onnx.py > torch_onnx.json
"""
import base64
import io
import json
import sys
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(7)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1)
        self.a = nn.Conv2d(4, 8, 3, stride=2, padding=1, bias=False)
        self.an = nn.BatchNorm2d(8)
        self.b = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.skip = nn.Conv2d(4, 8, 1, stride=2, bias=False)
        self.sn = nn.BatchNorm2d(8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        y = self.bn(self.b(torch.relu(self.an(self.a(x)))))
        x = torch.relu(y + self.sn(self.skip(x)))
        return self.head(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))


class Basic(nn.Module):
    """A ResNet block without a change of shape, without bias in its convolutions."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 3, 3, padding=1, bias=False)
        self.an = nn.BatchNorm2d(3)
        self.head = nn.Linear(3, 2)

    def forward(self, x):
        x = torch.relu(self.an(self.a(x)) + x)
        return self.head(x.mean((2, 3)))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.cell = kind(4, 5, batch_first=True)
        self.head = nn.Linear(5, 2)

    def forward(self, x):
        y, _ = self.cell(x)
        return self.head(y[:, -1])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = nn.TransformerEncoderLayer(
            8, 2, 12, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.norm(self.block(x)).mean(1))


class Texts(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(10, 4)
        self.conv = nn.Conv1d(4, 6, 3, padding=1)
        self.head = nn.Linear(6, 2)

    def forward(self, x):
        y = torch.relu(self.conv(self.table(x).transpose(1, 2)))
        return torch.softmax(self.head(y.max(2).values), 1)


NETS = {
    "mlp": (nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 8), nn.Tanh(),
                          nn.Linear(8, 3), nn.Softmax(1)), (6,)),
    "mlp_batchnorm": (nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.GELU(),
                                    nn.LayerNorm(8), nn.Linear(8, 1), nn.Sigmoid()), (6,)),
    "mlp_nobias": (nn.Sequential(nn.Linear(6, 8, bias=False), nn.LeakyReLU(), nn.Dropout(),
                                 nn.Linear(8, 1)), (6,)),
    "elu": (nn.Sequential(nn.Linear(6, 8), nn.ELU(), nn.Linear(8, 2)), (6,)),
    "cnn": (nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3),
                          nn.BatchNorm2d(6), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
                          nn.Linear(24, 5), nn.Softmax(1)), (1, 14, 14)),
    "cnn_strided": (nn.Sequential(nn.Conv2d(3, 4, 5, stride=2, padding=2), nn.ReLU(),
                                  nn.MaxPool2d(3, 2, 1), nn.Flatten(), nn.Linear(4 * 3 * 3, 2)),
                    (3, 11, 11)),
    "cnn_even_strided": (nn.Sequential(nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.ReLU(),
                                       nn.Flatten(), nn.Linear(4 * 6 * 6, 2)), (3, 12, 12)),
    "depthwise": (nn.Sequential(nn.Conv2d(3, 3, 3, padding=1, groups=3), nn.Conv2d(3, 6, 1),
                                nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                                nn.Linear(6, 2)), (3, 8, 8)),
    "grouped": (nn.Sequential(nn.Conv2d(4, 8, 3, padding=1, groups=2), nn.ReLU(),
                              nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(8, 2)), (4, 6, 6)),
    "dilated": (nn.Sequential(nn.Conv2d(1, 3, 3, dilation=2), nn.ReLU(), nn.Flatten(),
                              nn.Linear(48, 2)), (1, 8, 8)),
    "resnet_block": (Residual(), (3, 9, 9)),
    "resnet_basic": (Basic(), (3, 7, 7)),
    "gru": (Recurrent(nn.GRU), (6, 4)),
    "lstm": (Recurrent(nn.LSTM), (6, 4)),
    "encoder": (Encoder(), (5, 8)),
    "texts": (Texts(), "ids"),
}

def text_of(net, shape):
    """One network with three rows as a line of JSON."""
    net.eval()
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.uniform_(-.3, .3)
            module.running_var.uniform_(.5, 2)
            module.weight.data.uniform_(.5, 1.5)
            module.bias.data.uniform_(-.3, .3)
    x = torch.randint(0, 10, (3, 7)) if shape == "ids" else torch.rand(3, *shape) - .3
    file = io.BytesIO()
    torch.onnx.export(net, x, file, opset_version=13, input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
    with torch.no_grad():
        y = net(x)
    return json.dumps({
        "shape": list(x.shape),
        "x": [round(v, 7) for v in x.float().flatten().tolist()],
        "y": [round(v, 8) for v in y.flatten().tolist()],
        "file": base64.b64encode(file.getvalue()).decode(),
    })


lines = [f' "{name}": {text_of(*net)}' for name, net in NETS.items()]
sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")
