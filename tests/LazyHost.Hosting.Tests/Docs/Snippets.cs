using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LazyHost.Hosting.Tests.Docs;

/// <summary>The C# of README.md and of pages in docs, compiled and run; <see cref="ReadmeTests"/> holds the pages to it.</summary>
internal static class Snippets
{
    public static async Task<float[]> InAHostAsync(string[] args, float[] samples, int n)
    {
        #region host
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddLazyHost(builder.Configuration.GetSection("LazyHost"));
        using var host = builder.Build();
        await host.StartAsync();

        Device device = host.Services.GetRequiredService<IDeviceCatalog>().Default;
        Tensor w = Tensor.Ones([784, 10], device), b = Tensor.Zeros([10], device);
        Tensor x = Tensor.From(samples, [n, 784], device);
        Tensor y = (x.MatMul(w) + b).Relu().Softmax(axis: 1); // recorded, not run
        float[] p = await y.ToArrayAsync<float>();             // compiled once, run, fetched
        #endregion
        await host.StopAsync();
        return p;
    }

    public static async Task<List<float>> TrainAsync(IEnumerable<(float[] Images, long[] Labels)> batches)
    {
        var losses = new List<float>();
        #region train
        await using var lazy = await LazyRuntime.StartAsync();
        Device device = lazy.Devices.Default;
        var model = new Sequential(new Linear(784, 128, device, seed: 1), new ReLU(), new Linear(128, 10, device, seed: 2));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-3);
        foreach (var (images, labels) in batches)
        {
            Tensor loss = model.Forward(Tensor.From(images, [64, 784], device)).CrossEntropy(Tensor.From(labels, [64], device));
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            device.MarkStep(); // hands the step to the device and goes on recording
            #endregion
            losses.Add(loss.Item());
        }
        return losses;
    }

    public static long See(LazyRuntime lazy, Device device, TextWriter Console)
    {
        Tensor x = Tensor.Ones([4, 3], device), w = Tensor.Ones([3, 2], device), b = Tensor.Zeros([2], device), z = x * 2;
        #region dumps
        Tensor y = (x.MatMul(w) + b).Relu();
        Console.WriteLine(y.Dump());                                // the graph that computes it; nothing runs
        Console.WriteLine(device.Dump([y, z], DumpFormat.Mermaid)); // of several tensors, of several flows
        Console.WriteLine(y.Dump(DumpFormat.Backend));              // the backend's program, compiled and thrown away
        Console.WriteLine(device.DumpLatestProgram());              // what the device was given last
        #endregion
        _ = y.ToArray<float>();
        #region metrics
        LazyMetrics metrics = lazy.Engine.Metrics;
        Console.WriteLine(metrics.Report());                        // everything that happened
        Console.WriteLine(metrics.Report("CompileTime"));           // some of it, and what fell back
        double p99 = metrics.ExecuteTime.Read().Percentile(99);   // milliseconds
        long adds = metrics.TracedOperators.GetValueOrDefault("lazy::add");
        metrics.Reset();                                          // from 0 again
        #endregion
        #region scopes
        using (device.Scope("encoder"))
        {
            using (device.Scope("attention")) x = Attention(x);   // encoder.1/attention.1
            using (device.Scope("feed")) x = Feed(x);             // encoder.1/feed.2
        }
        #endregion
        Console.WriteLine(x.Dump());
        return p99 > 0 ? adds : -1;

        static Tensor Attention(Tensor x) => x.Softmax();
        static Tensor Feed(Tensor x) => x.Relu();
    }

    public static float Marks(Device device, float[] batch, int rows)
    {
        #region sizes
        Tensor x = Tensor.From(batch, [rows, 784], device).MarkDynamic(0);   // axes count from the end where negative
        #endregion
        return (x * 2).Sum().Item();
    }

    public static CacheStatistics Caches(LazyRuntime lazy, Device device, TextWriter console)
    {
        var size = 0;
        void step() => _ = Tensor.Ones([++size], device).Exp().ToArray<float>();
        #region compiles
        lazy.Engine.CompileHistory.Compiled += why => console.WriteLine(why);
        foreach (CompileExplanation why in lazy.Engine.CompileHistory.Recent) console.WriteLine($"{why.Reason} at {why.Site}: {why.Now}, was {why.Before}");
        #endregion
        step();
        step();
        #region cache
        ComputationCache cache = lazy.Engine.ComputationCache;
        CacheStatistics figures = cache.Statistics;         // entries, bytes, pinned, hits, misses, evictions, compile time
        CachedComputation program = cache.GetLatest()!;     // its key, graph, device, uses, bytes, compile time, text
        IDisposable pin = cache.Pin(program.Key);           // it stays, whatever the limits, until this is disposed of
        bool erased = cache.Erase(program.Key);             // false: it is pinned
        cache.Clear();                                      // drops all but what is pinned
        #endregion
        console.WriteLine(erased);
        pin.Dispose();
        size = 1; // the program that was pinned
        #region limits
        lazy.Engine.CompileLimit.Forbid();                   // the program has warmed up: no more, by anybody
        lazy.Engine.CompileLimit.Most += 10;                 // or a few
        using (device.ForbidCompiles()) step();              // none by this flow
        var evaluation = new CompileLimit(2, "evaluation");  // two in all, in however many scopes
        using (device.Use(evaluation)) step();
        #endregion
        console.WriteLine(evaluation.Count);
        return figures;
    }

    public static float[] Capture(Device device, TextWriter console)
    {
        Tensor x = Tensor.Ones([4, 3], device), w = Tensor.Ones([3, 2], device), b = Tensor.From([0f, 1], [2], device);
        #region capture
        var temperature = new Scalar(1.0);
        CompiledFunction<Tensor> predict = Lazy.Compile((Tensor x) => ((x.MatMul(w) + b) / temperature).Softmax(axis: 1));
        predict.Warmup(device, [x.Type]);      // captured and compiled before the first run
        Tensor p = predict.Run(x);             // a fresh result, which no later run changes
        temperature.Value = 0.5;
        predict.Run([x], [p]);                 // written to a tensor of the caller's: nothing is allocated
        console.WriteLine(predict.Explain());  // what is frozen in it, what it reaches, its memory
        #endregion
        return p.ToArray<float>();
    }

    public static float[] Loops(Device device)
    {
        Tensor money = Tensor.Full([1], 1000, device), x = Tensor.Ones([1], device);
        var years = 2;
        #region loops
        Tensor[] grown = Loop.For(years, [money], (year, c) => [c[0] * 1.05 + 100]);               // a number, a Scalar or an i64 tensor of turns
        Tensor[] root = Loop.While([x], c => (c[0] * c[0] - 2).Abs().Max().Gt(1e-4), c => [(c[0] + 2 / c[0]) * 0.5]);
        #endregion
        return [grown[0].Item(), root[0].Item()];
    }

    public static float[] Pure(Device device)
    {
        Tensor w = Tensor.Full([2, 2], 3, device), b = Tensor.Full([2], -1, device), x = Tensor.Ones([1, 2], device);
        #region pure
        Func<Tensor, Tensor> block = Lazy.AssumePure((Tensor x) => (x.MatMul(w) + b).Relu());
        Tensor y = block(block(x)) * 2;        // one segment; the key, the bits and the gradients that the function itself would give
        #endregion
        return y.ToArray<float>();
    }
}
