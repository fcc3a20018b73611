using System.Diagnostics;
using LazyHost.Formats;

namespace LazyHost.Cli.Training;

/// <summary>A small convolutional network for digits, and its training with Adam. Equal seeds give equal batches and equal first parameters.</summary>
internal sealed class MnistTrainer(Device device, ulong seed)
{
    public const int BatchSize = 64;
    private const int EvaluationBatch = 500;
    private const double LearningRate = 5e-3;

    private readonly Sequential model = new(
        new Conv2d(1, 8, 5, device, padding: 2, seed: (seed * 3) + 1), new ReLU(), new MaxPool2d(2),
        new Conv2d(8, 16, 5, device, padding: 2, seed: (seed * 3) + 2), new ReLU(), new MaxPool2d(2),
        new Flatten(), new Linear(16 * 7 * 7, MnistData.Classes, device, seed: (seed * 3) + 3));

    /// <summary>Trains for a number of steps. <paramref name="report"/> is told the step, its loss and the mean time of a step since the last report.</summary>
    /// <returns>The mean time of a step, in milliseconds.</returns>
    public async Task<double> TrainAsync(MnistData data, int steps, int reportEvery, Action<int, float, double> report, CancellationToken cancellationToken)
    {
        var optimizer = new Adam(model.Parameters());
        var order = Enumerable.Range(0, data.Count).ToArray();
        var random = new Random((int)(seed % int.MaxValue));
        var perEpoch = data.Count / BatchSize;
        var watch = Stopwatch.StartNew();
        var (reported, reportedAt) = (0, TimeSpan.Zero);
        for (var step = 0; step < steps; step++)
        {
            if (step % perEpoch == 0) random.Shuffle(order);
            var (images, labels) = data.Batch(order.AsSpan(step % perEpoch * BatchSize, BatchSize), device);
            var loss = model.Forward(images).CrossEntropy(labels);
            // Falls to zero, so that the last steps settle.
            optimizer.LearningRate = LearningRate * (steps - step) / steps;
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            device.MarkStep(cancellationToken);
            if ((step + 1) % reportEvery != 0 && step + 1 != steps) continue;
            var value = await loss.ItemAsync<float>(cancellationToken);
            report(step + 1, value, (watch.Elapsed - reportedAt).TotalMilliseconds / (step + 1 - reported));
            (reported, reportedAt) = (step + 1, watch.Elapsed);
        }
        await device.WaitDeviceOpsAsync(cancellationToken);
        return steps == 0 ? 0 : watch.Elapsed.TotalMilliseconds / steps;
    }

    /// <summary>The share of digits recognized, and the mean cross entropy.</summary>
    public async Task<(double Accuracy, double Loss)> EvaluateAsync(MnistData data, CancellationToken cancellationToken)
    {
        using var noGrad = GradMode.NoGrad();
        model.Train(false);
        var (right, lost) = (0.0, 0.0);
        for (var start = 0; start < data.Count; start += EvaluationBatch)
        {
            var places = Enumerable.Range(start, Math.Min(EvaluationBatch, data.Count - start)).ToArray();
            var (images, labels) = data.Batch(places, device);
            var scores = model.Forward(images);
            var loss = scores.CrossEntropy(labels, "sum").Keep();
            var hits = scores.ArgMax(1).Eq(labels).To(DType.Float32).Sum();
            right += await hits.ItemAsync<float>(cancellationToken);
            lost += await loss.ItemAsync<float>(cancellationToken);
        }
        model.Train();
        return (right / data.Count, lost / data.Count);
    }

    /// <summary>Writes the parameters to a safetensors file, whole or not at all.</summary>
    public async Task SaveAsync(string path, CancellationToken cancellationToken)
    {
        var tensors = new Dictionary<string, HostTensor>();
        foreach (var (name, parameter) in model.NamedParameters()) tensors.Add(name, new(parameter.Type, await parameter.ToBytesAsync(cancellationToken)));
        new SafetensorsFile(tensors).Write(path);
    }

    /// <summary>Takes the parameters from a safetensors file.</summary>
    /// <exception cref="InvalidFileException">The file is damaged, or its tensors are not this model's.</exception>
    public void Load(string path) =>
        model.LoadParameters(SafetensorsFile.Read(path).Tensors.ToDictionary(t => t.Key, t => Tensor.FromBytes(t.Value.Type, t.Value.Data, device)));
}
