#!/usr/bin/env python3
"""PyTorch on the cases of HyperDsl.GpuBenchmarks: the same sizes, the same work a step, the same table.

A step copies the batch to the device, computes loss and gradients, clips their norm to 1, takes a step of Adam, and reads the loss. Time is
taken after warm-up, over samples of many steps with the device synchronised at both ends. Products are float32 unless --tf32.

    python3 rivals.py                   all cases on the first CUDA device
    python3 rivals.py --device cpu --case tiny --seconds 1
"""

import argparse
import math
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

INPUTS = 64
GATES = 4
EPSILON = 1e-3


class LayerNormLstmStep(nn.Module):
    """Gates to (h, c): layer norm of each gate and of c, forget bias 1. Gates stand in the order i, g, f, o."""

    def __init__(self, units):
        super().__init__()
        self.units = units
        self.gain = nn.Parameter(torch.ones(GATES, units))
        self.shift = nn.Parameter(torch.zeros(GATES, units))
        self.cell_norm = nn.LayerNorm(units, eps=EPSILON)

    def forward(self, gates, c):
        gates = F.layer_norm(gates.view(-1, GATES, self.units), (self.units,), eps=EPSILON)
        i, g, f, o = torch.addcmul(self.shift, gates, self.gain).unbind(1)
        c = torch.sigmoid(f + 1) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(self.cell_norm(c)), c


class HyperLstm(nn.Module):
    """A layer-norm HyperLSTM (Ha, Dai and Le 2016, appendix A.2) with all products with the input before the first step, and one product
    a step for everything that depends on h."""

    def __init__(self, units, hyper_units, embedding):
        super().__init__()
        self.units, self.hyper_units, self.embedding = units, hyper_units, embedding
        wide, narrow = GATES * units, GATES * hyper_units

        def weight(*shape):
            return nn.Parameter(torch.empty(*shape).uniform_(-1, 1) / math.sqrt(shape[0]))

        self.from_input = weight(INPUTS, wide + narrow)
        self.from_state = weight(units, wide + narrow)
        self.hyper_from_state = weight(hyper_units, narrow)
        self.hyper_bias = nn.Parameter(torch.zeros(narrow))
        self.embeddings = weight(hyper_units, 3 * GATES * embedding)
        self.embedding_bias = nn.Parameter(torch.ones(2 * GATES * embedding))
        self.scale = nn.Parameter(torch.full((3 * GATES, embedding, units), 0.1 / embedding))
        self.bias = nn.Parameter(torch.zeros(wide))
        self.main = LayerNormLstmStep(units)
        self.hyper = LayerNormLstmStep(hyper_units)

    def step(self, main_input, hyper_input, h, c, hyper_h, hyper_c, embedding_bias):
        wide = GATES * self.units
        from_h = h @ self.from_state
        hyper_gates = torch.addmm(hyper_input, hyper_h, self.hyper_from_state) + from_h[:, wide:]
        hyper_h, hyper_c = self.hyper(hyper_gates, hyper_c)
        z = torch.addmm(embedding_bias, hyper_h, self.embeddings).view(-1, 3 * GATES, self.embedding).transpose(0, 1)
        d = torch.bmm(z, self.scale).transpose(0, 1).reshape(-1, 3, wide)
        gates = d[:, 0] * from_h[:, :wide] + d[:, 1] * main_input + d[:, 2] + self.bias
        h, c = self.main(gates, c)
        return h, c, hyper_h, hyper_c

    def forward(self, x):  # [step, batch, inputs]
        steps, batch, _ = x.shape
        wide = GATES * self.units
        products = (x.reshape(steps * batch, INPUTS) @ self.from_input).view(steps, batch, -1)
        main, hyper = products[..., :wide], products[..., wide:] + self.hyper_bias
        embedding_bias = torch.cat([self.embedding_bias, self.embedding_bias.new_zeros(GATES * self.embedding)])
        h = c = x.new_zeros(batch, self.units)
        hyper_h = hyper_c = x.new_zeros(batch, self.hyper_units)
        outputs = []
        for t in range(steps):
            h, c, hyper_h, hyper_c = self.step(main[t], hyper[t], h, c, hyper_h, hyper_c, embedding_bias)
            outputs.append(h)
        return torch.stack(outputs)


class Recurrent(nn.Module):
    """The mean over steps of the sum of squares of what a cell gives."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x):
        y = self.cell(x)
        y = y[0] if isinstance(y, tuple) else y
        return y.square().sum(2).mean()


class DigitNet(nn.Module):
    """The MNIST network with a generated second kernel."""

    CHANNELS, SIZE, EMBEDDING = 16, 7, 4

    def __init__(self):
        super().__init__()
        channels, size, z = self.CHANNELS, self.SIZE, self.EMBEDDING
        self.first = nn.Conv2d(1, channels, size, padding=size // 2)
        self.z = nn.Parameter(torch.randn(z))
        self.hidden = nn.Linear(z, channels * z)
        self.kernel = nn.Linear(z, size * size * channels)
        self.bias = nn.Parameter(torch.zeros(channels))
        self.readout = nn.Linear(size * size * channels, 10)

    def forward(self, image, label):
        channels, size = self.CHANNELS, self.SIZE
        x = F.max_pool2d(F.relu(self.first(image)), 2)
        kernel = self.kernel(self.hidden(self.z).view(channels, self.EMBEDDING))
        kernel = kernel.view(channels, size, size, channels).permute(3, 0, 1, 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, kernel, self.bias, padding=size // 2)), 2)
        return F.cross_entropy(self.readout(x.flatten(1)), label)


class ConvolutionNet(nn.Module):
    """Two convolutions of 3×3 on colour images, and a linear layer on the mean over the image."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(3, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.readout = nn.Linear(channels, 10)

    def forward(self, image, label):
        x = F.relu(self.second(F.relu(self.first(image))))
        return F.cross_entropy(self.readout(x.mean((2, 3))), label)


def sequences(examples, steps):
    return (torch.rand(steps, examples, INPUTS) - 0.5,)


def images(examples, colours, side):
    return torch.rand(examples, colours, side, side) - 0.5, torch.randint(10, (examples,))


def recurrent(name, units, examples, steps, hyper_units=0, embedding=0):
    """A case and its rivals: torch's own LSTM, and for a HyperLSTM the same cell eager and compiled."""
    rivals = {"nn.LSTM": lambda: Recurrent(nn.LSTM(INPUTS, units))}
    if hyper_units:
        rivals = {"HyperLSTM": lambda: Recurrent(HyperLstm(units, hyper_units, embedding)), **rivals}
    return name, examples, steps, lambda: sequences(examples, steps), rivals


CASES = [
    recurrent("tiny-hyperlstm", 8, 3, 4, 4, 2),
    ("tiny-conv", 2, 1, lambda: images(2, 3, 32), {"convolutions": lambda: ConvolutionNet(2)}),
    recurrent("lstm-128", 128, 32, 50),
    recurrent("lstm-512", 512, 64, 100),
    recurrent("lstm-1000", 1000, 128, 20),
    recurrent("hyperlstm-128", 128, 32, 50, 32, 4),
    recurrent("hyperlstm-512", 512, 64, 100, 128, 16),
    recurrent("hyperlstm-1000", 1000, 128, 20, 128, 4),
    ("mnist-hyper", 1000, 1, lambda: images(1000, 1, 28), {"hypernetwork": DigitNet}),
    ("conv-64", 128, 1, lambda: images(128, 3, 32), {"convolutions": lambda: ConvolutionNet(64)}),
]


def synchronise(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def sample(step, device, seconds):
    """Milliseconds a step of each sample."""

    def measure(count):
        synchronise(device)
        begin = time.perf_counter()
        for _ in range(count):
            step()
        synchronise(device)
        return (time.perf_counter() - begin) * 1000 / count

    begin = time.perf_counter()
    warm = 0
    while warm < 5 or time.perf_counter() - begin < min(1, seconds):
        last = measure(1)
        warm += 1
    count = max(1, math.ceil(50 / last))
    samples = []
    begin = time.perf_counter()
    while len(samples) < 5 or time.perf_counter() - begin < seconds:
        samples.append(measure(count))
    return samples


def run(name, rival, make, data, examples, steps, device, seconds, compiled):
    torch.manual_seed(1)
    model = make().to(device)
    loss_of = torch.compile(model) if compiled else model
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    batch = data()
    if device.type == "cuda":
        batch = tuple(part.pin_memory() for part in batch)
        torch.cuda.reset_peak_memory_stats(device)

    def step():
        loss = loss_of(*(part.to(device, non_blocking=True) for part in batch))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimiser.step()
        value = loss.item()
        assert math.isfinite(value), f"{name}: the loss is {value}"

    samples = sample(step, device, seconds)
    best = min(samples)
    memory = f"{torch.cuda.max_memory_allocated(device) / 2**20:.1f}" if device.type == "cuda" else "-"
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(
        f"| {name} | {rival} | {parameters:,} | {examples} | {steps} | {best:.3f} | {statistics.median(samples):.3f} "
        f"| {examples / best * 1000:,.0f} | {memory} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", help="a device of torch (cuda)")
    parser.add_argument("--case", help="one case, or all of a family such as hyperlstm; without it all but the tiny ones")
    parser.add_argument("--seconds", type=float, default=5, help="how long to sample each rival (5)")
    parser.add_argument("--tf32", action="store_true", help="let products be rounded to TF32")
    parser.add_argument("--no-compile", action="store_true", help="leave out torch.compile, which takes minutes for long sequences")
    arguments = parser.parse_args()
    chosen = [
        case for case in CASES
        if (not case[0].startswith("tiny-") if arguments.case is None
            else case[0] == arguments.case or case[0].startswith(arguments.case + "-"))
    ]
    if not chosen:
        parser.error(f"there is no case '{arguments.case}'; cases: {', '.join(case[0] for case in CASES)}")
    device = torch.device(arguments.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        parser.error("torch sees no CUDA device")
    torch.backends.cuda.matmul.allow_tf32 = arguments.tf32
    torch.backends.cudnn.allow_tf32 = arguments.tf32
    torch.backends.cudnn.benchmark = True
    compiles = hasattr(torch, "compile") and not arguments.no_compile
    where = torch.cuda.get_device_name(device) if device.type == "cuda" else "the processor"
    print(f"PyTorch {torch.__version__} on {where}, {'TF32' if arguments.tf32 else 'float32'}\n")
    print("| case | rival | parameters | examples | steps | ms a step, best | median | examples/s | MiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, examples, steps, data, rivals in chosen:
        for rival, make in rivals.items():
            run(name, rival + ", eager", make, data, examples, steps, device, arguments.seconds, compiled=False)
            if compiles and rival != "nn.LSTM":
                run(name, rival + ", torch.compile", make, data, examples, steps, device, arguments.seconds, compiled=True)
    if not compiles:
        print("\ntorch.compile was left out" + ("" if hasattr(torch, "compile") else ": this PyTorch has none"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
