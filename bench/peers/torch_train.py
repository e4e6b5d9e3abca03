"""Training steps of PyTorch, for the train bench: prints microseconds of CPU a step."""
import ctypes
import json
import sys
import time

# Memory that is freed stays with the process: large buffers are not mapped anew at every step.
libc = ctypes.CDLL(None)
libc.mallopt(-1, 1 << 30)
libc.mallopt(-3, 1 << 30)

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)


def best(step, warm, rounds, steps):
    for _ in range(warm):
        step()
    least = float("inf")
    for _ in range(rounds):
        start = time.thread_time()
        for _ in range(steps):
            step()
        least = min(least, (time.thread_time() - start) / steps)
    return least * 1e6


def stepper(model, x, y, loss):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss(model(x), y)
        value.backward()
        optimizer.step()

    return step


def mlp():
    model = nn.Sequential(
        nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    step = stepper(model, torch.rand(10, 2), torch.rand(10, 1), nn.MSELoss())
    return best(step, 200, 7, 300)


def cnn(layout):
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10))
    x = torch.rand(64, 1, 28, 28)
    model = model.to(memory_format=layout)
    x = x.contiguous(memory_format=layout)
    step = stepper(model, x, torch.arange(64) % 10, nn.CrossEntropyLoss())
    return best(step, 3, 6, 3)


result = {
    "version": torch.__version__,
    "mlp_us": mlp(),
    "cnn_us": min(cnn(torch.channels_last), cnn(torch.contiguous_format)),
}
json.dump(result, sys.stdout)
