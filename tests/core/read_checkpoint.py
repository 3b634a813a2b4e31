#!/usr/bin/env python3
"""Rebuilds DRAW's forward pass from a checkpoint with nothing but Python and docs/checkpoint.md.

read_checkpoint.py CHECKPOINT PASS.json: PASS.json holds `image` (C·H·W numbers), its `shape` [C, H, W] and `noise`
[T][D]. Prints the reconstruction (nats), the KL (nats), and the number of tensors.
"""
import json
import math
import struct
import sys


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    letters = {"F32": "f", "F64": "d", "I64": "q"}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        letter = letters[entry["dtype"]]
        numbers = struct.unpack(f"<{(end - begin) // struct.calcsize(letter)}{letter}", data[begin:end])
        tensors[name] = (entry["shape"], numbers)
    return tensors, metadata


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


class Model:
    def __init__(self, path):
        self.tensors, metadata = read_safetensors(path)
        self.configuration = json.loads(metadata["configuration"])
        self.prefix = "best." if self.tensors["state.best_epoch"][1][0] > 0 else "model."

    def numbers(self, name):
        return list(self.tensors[self.prefix + name][1])

    def linear(self, name, x):
        (rows, columns), weight = self.tensors[self.prefix + name + ".weight"]
        bias = self.numbers(name + ".bias")
        assert columns == len(x)
        return [bias[o] + sum(weight[o * columns + i] * x[i] for i in range(columns)) for o in range(rows)]

    def norm(self, name, v):
        mean = sum(v) / len(v)
        variance = sum((number - mean) ** 2 for number in v) / len(v)
        gain, shift = self.numbers(name + ".gain"), self.numbers(name + ".shift")
        return [gain[i] * (v[i] - mean) / math.sqrt(variance + 1e-5) + shift[i] for i in range(len(v))]

    def lstm(self, name, x, h, cell):
        normalised = self.configuration["model"]["normalization"] == "layer"
        if normalised:
            parts = (self.norm(name + ".input_norm", self.linear(name + ".input", x)),
                     self.norm(name + ".recurrent_norm", self.linear(name + ".recurrent", h)))
            gates = [sum(pair) for pair in zip(*parts)]
        else:
            gates = self.linear(name + ".gates", x + h)
        n = len(h)
        i, f = [sigmoid(v) for v in gates[:n]], [sigmoid(v) for v in gates[n:2 * n]]
        g, o = [math.tanh(v) for v in gates[2 * n:3 * n]], [sigmoid(v) for v in gates[3 * n:]]
        cell = [f[j] * cell[j] + i[j] * g[j] for j in range(n)]
        shown = self.norm(name + ".cell_norm", cell) if normalised else cell
        return [o[j] * math.tanh(shown[j]) for j in range(n)], cell

    def filters(self, name, state, options, height, width):
        """Intensity, F_X [N][W] and F_Y [N][H]; pixels count from 1."""
        g_x, g_y, log_variance, log_stride, log_intensity = self.linear(name + ".window", state)
        log_variance += 2 * math.log(options["start_sigma"])
        count = options["size"]
        extent = max(height, width) - 1
        delta = math.exp(log_stride) * (extent / (count - 1) if count > 1 else extent)

        def along(center, size):
            rows = []
            for i in range(1, count + 1):
                mean = center + (i - count / 2 - 0.5) * delta
                exponents = [-(a - mean) ** 2 / (2 * math.exp(log_variance)) for a in range(1, size + 1)]
                terms = [math.exp(e - max(exponents)) for e in exponents]
                rows.append([term / sum(terms) for term in terms])
            return rows

        f_x = along((width + 1) / 2 * (g_x + 1), width)
        f_y = along((height + 1) / 2 * (g_y + 1), height)
        return math.exp(log_intensity), f_x, f_y

    def read(self, images, state, shape):
        choice = self.configuration["read"]
        if "global" in choice:
            return [pixel for image in images for pixel in image]
        channels, height, width = shape
        count = choice["gaussian"]["size"]
        gamma, f_x, f_y = self.filters("read", state, choice["gaussian"], height, width)
        patch = []
        for image in images:
            for c in range(channels):
                plane = image[c * height * width:(c + 1) * height * width]
                for i in range(count):
                    for j in range(count):
                        patch.append(gamma * sum(f_y[i][b] * f_x[j][a] * plane[b * width + a]
                                                 for b in range(height) for a in range(width)))
        return patch

    def write(self, state, shape):
        choice = self.configuration["write"]
        if "global" in choice:
            return self.linear("write.canvas", state)
        channels, height, width = shape
        count = choice["gaussian"]["size"]
        gamma, f_x, f_y = self.filters("write", state, choice["gaussian"], height, width)
        patch = self.linear("write.patch", state)
        update = []
        for c in range(channels):
            w = patch[c * count * count:(c + 1) * count * count]
            for b in range(height):
                for a in range(width):
                    update.append(sum(f_y[i][b] * w[i * count + j] * f_x[j][a]
                                      for i in range(count) for j in range(count)) / gamma)
        return update

    def bound(self, image, shape, noise):
        canvas = self.numbers("canvas0")
        h_enc, cell_enc = self.numbers("encoder.h0"), self.numbers("encoder.cell0")
        h_dec, cell_dec = self.numbers("decoder.h0"), self.numbers("decoder.cell0")
        kl = 0
        for epsilon in noise:
            error = [x - sigmoid(c) for x, c in zip(image, canvas)]
            r = self.read([image, error], h_dec, shape)
            h_enc, cell_enc = self.lstm("encoder", r + h_dec, h_enc, cell_enc)
            latent = self.linear("latent", h_enc)
            mu, log_sigma = latent[:len(epsilon)], latent[len(epsilon):]
            z = [m + math.exp(s) * e for m, s, e in zip(mu, log_sigma, epsilon)]
            kl += sum(0.5 * (m * m + math.exp(2 * s) - 2 * s - 1) for m, s in zip(mu, log_sigma))
            h_dec, cell_dec = self.lstm("decoder", z, h_dec, cell_dec)
            canvas = [c + u for c, u in zip(canvas, self.write(h_dec, shape))]
        reconstruction = sum(max(c, 0) - c * x + math.log1p(math.exp(-abs(c))) for x, c in zip(image, canvas))
        return reconstruction, kl


def main():
    model = Model(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        given = json.load(file)
    reconstruction, kl = model.bound(given["image"], given["shape"], given["noise"])
    print(repr(reconstruction), repr(kl), len(model.tensors))


if __name__ == "__main__":
    main()
