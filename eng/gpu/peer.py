#!/usr/bin/env python3
"""The workloads of `lazyhost bench` in PyTorch on a GPU, eager and through torch.compile: one JSON line each, with the fields of `lazyhost bench --json`.

usage: eng/gpu/peer.py [--systems eager,compile,graphs] [--filter TEXT] [--seconds S] [--device cuda]
graphs is torch.compile that replays CUDA graphs; by default it is left out.
"""
import argparse
import json
import math
import statistics
import time

import torch
from torch.nn import functional as F

WARM_UP, LEAST_RUNS, MOST_RUNS = 5, 7, 2000


def chain(d, n):
    z = rnd(d, n)

    def step():
        t = z
        for k in range(100):
            t = t * z if k % 4 == 0 else t + z if k % 4 == 1 else t - z if k % 4 == 2 else t.relu()
        return t
    return step


def gelu_tanh_mul(d, n):
    x, g = rnd(d, n), rnd(d, n)
    return lambda: x * 0.5 * ((x * 0.7978845608 * (x * x * 0.044715 + 1.0)).tanh() + 1.0) * g


def bias_residual_layernorm(d):
    x, b, r, w, c = rnd(d, 4096, 1024), rnd(d, 1024), rnd(d, 4096, 1024), rnd(d, 1024), rnd(d, 1024)
    return lambda: F.layer_norm(x + b + r, [1024], w, c)


def softmax(d):
    x = rnd(d, 4096, 4096)
    return lambda: x.softmax(1)


def sum_axis0(d):
    x = rnd(d, 4096, 4096)
    return lambda: x.sum(0)


def mean_var(d):
    x = rnd(d, 4096, 4096)

    def step():
        mean = x.mean(1, keepdim=True)
        return mean, (x - mean).square().mean(1)
    return step


def transpose_add(d):
    x, y = rnd(d, 4096, 4096), rnd(d, 4096, 4096)
    return lambda: x.t() + y


def matmul(d, n):
    a, b = rnd(d, n, n), rnd(d, n, n)
    return lambda: a @ b


def matmul_bias_gelu(d):
    a, w, b = rnd(d, 1024, 1024), rnd(d, 1024, 4096), rnd(d, 4096)
    return lambda: F.gelu(a @ w + b)


def bmm(d):
    a, b = rnd(d, 32, 256, 64), rnd(d, 32, 64, 256)
    return lambda: a @ b


def conv3x3(d):
    x, w = rnd(d, 8, 64, 56, 56), rnd(d, 64, 64, 3, 3)
    return lambda: F.conv2d(x, w, padding=1).relu()


def mlp_train_adam(d):
    x = rnd(d, 128, 784)
    y = torch.zeros(128, 10, device=d)
    y[torch.arange(128), torch.arange(128) * 7 % 10] = 1
    p = [rnd(d, 784, 512), rnd(d, 512), rnd(d, 512, 512), rnd(d, 512), rnd(d, 512, 10), rnd(d, 10)]
    m, v = [torch.zeros_like(t) for t in p], [torch.zeros_like(t) for t in p]

    def step():
        h1 = (x @ p[0] + p[1]).relu()
        h2 = (h1 @ p[2] + p[3]).relu()
        s = (h2 @ p[4] + p[5]).softmax(1)
        results = [-(y * (s + 1e-9).log()).sum() / 128.0]
        go = (s - y) / 128.0
        gh2 = go @ p[4].t() * (h2 > 0).float()
        gh1 = gh2 @ p[2].t() * (h1 > 0).float()
        g = [x.t() @ gh1, gh1.sum(0), h1.t() @ gh2, gh2.sum(0), h2.t() @ go, go.sum(0)]
        for i in range(6):
            first = m[i] * 0.9 + g[i] * 0.1
            second = v[i] * 0.999 + g[i] * g[i] * 0.001
            results += [p[i] - first / (second.sqrt() + 1e-8) * 1e-3, first, second]
        return results
    return step


def transformer_block(d):
    batch, tokens, width, heads = 4, 128, 512, 8
    x, wqkv, wo = rnd(d, batch, tokens, width), rnd(d, width, 3 * width), rnd(d, width, width)
    w1, w2 = rnd(d, width, 4 * width), rnd(d, 4 * width, width)
    g1, b1, g2, b2 = rnd(d, width), rnd(d, width), rnd(d, width), rnd(d, width)

    def step():
        qkv = (F.layer_norm(x, [width], g1, b1) @ wqkv).reshape(batch, tokens, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        weights = (q @ k.transpose(-2, -1) * (1 / math.sqrt(width / heads))).softmax(3)
        y = x + (weights @ v).transpose(1, 2).reshape(batch, tokens, width) @ wo
        return y + F.gelu(F.layer_norm(y, [width], g2, b2) @ w1) @ w2
    return step


def workloads():
    for n in (16, 262_144, 4_194_304):
        yield f"chain100/{n}", lambda d, n=n: chain(d, n)
    for n in (262_144, 16_777_216):
        yield f"gelu_tanh_mul/{n}", lambda d, n=n: gelu_tanh_mul(d, n)
    yield "bias_residual_layernorm/4096x1024", bias_residual_layernorm
    yield "softmax/4096x4096", softmax
    yield "sum_axis0/4096x4096", sum_axis0
    yield "mean_var/4096x4096", mean_var
    yield "transpose_add/4096x4096", transpose_add
    for n in (64, 256, 1024, 2048):
        yield f"matmul/{n}", lambda d, n=n: matmul(d, n)
    yield "matmul_bias_gelu/1024x1024x4096", matmul_bias_gelu
    yield "bmm/32x256x64x256", bmm
    yield "conv3x3/8x64x56x56", conv3x3
    yield "mlp_train_adam/128x784x512x512x10", mlp_train_adam
    yield "transformer_block/4x128x512x8", transformer_block


def rnd(d, *sizes):
    return (torch.rand(*sizes, device=d) - 0.5) * 0.4


def wait(d):
    if d.type == "cuda":
        torch.cuda.synchronize()


def timed(step, d):
    start = time.perf_counter()
    results = step()
    wait(d)
    del results
    return (time.perf_counter() - start) * 1e6


def measure(name, make, system, d, seconds):
    step = make(d)
    if system != "eager":
        torch.compiler.reset()
        step = torch.compile(step, mode="reduce-overhead" if system == "graphs" else None)
    wait(d)
    first = timed(step, d)
    for _ in range(WARM_UP):
        timed(step, d)
    times, end = [], time.perf_counter() + seconds
    while len(times) < LEAST_RUNS or (time.perf_counter() < end and len(times) < MOST_RUNS):
        times.append(timed(step, d))
    return {"median_us": round(statistics.median_high(times), 1), "min_us": round(min(times), 1), "first_us": round(first), "runs": len(times)}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--systems", default="eager,compile")
    arguments.add_argument("--filter", default="")
    arguments.add_argument("--seconds", type=float, default=1)
    arguments.add_argument("--device", default="cuda")
    options = arguments.parse_args()
    d = torch.device(options.device)
    # float32 products in float32, as lazyhost computes them.
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.manual_seed(1)
    for system in options.systems.split(","):
        for name, make in workloads():
            if options.filter not in name:
                continue
            line = {"workload": name, "system": f"torch-{system}", "threads": torch.get_num_threads()}
            try:
                with torch.no_grad():
                    line |= measure(name, make, system, d, options.seconds)
            except Exception as e:
                line["error"] = " ".join(str(e).split())[:300] or type(e).__name__
            print(json.dumps(line), flush=True)


main()
