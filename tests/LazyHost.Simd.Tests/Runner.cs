using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;
using LazyHost.IR;
using Microsoft.Extensions.Logging.Abstractions;

namespace LazyHost.Simd.Tests;

/// <summary>Compiles graphs and runs them on bytes.</summary>
internal static class Runner
{
    public static IBackend Reference { get; } = new ReferenceBackend();

    public static byte[][] Run(IBackend backend, Graph graph, byte[][] inputs, long[]? scalars = null, CompilationOptions? options = null)
    {
        using var executable = backend.CompileAsync(new("test", new(backend.Kind, 0), graph, options ?? CompilationOptions.Default, NullLogger.Instance), default).AsTask().Result;
        return Run(backend, executable, [.. graph.Roots.ToArray().Select(graph.TypeOf)], inputs, scalars);
    }

    public static byte[][] Run(IBackend backend, IExecutable executable, TensorType[] outputs, byte[][] inputs, long[]? scalars = null)
    {
        var arguments = new ExecutionArguments
        {
            Inputs = [.. inputs.Select(bytes => Upload(backend, bytes))],
            Outputs = [.. outputs.Select(type => backend.Allocate(0, type.ByteSize))],
            Workspace = executable.WorkspaceBytes > 0 ? backend.Allocate(0, executable.WorkspaceBytes) : null,
            Scalars = scalars ?? [],
        };
        backend.ExecuteAsync(executable, arguments, default).AsTask().Wait();
        var results = outputs.Select((type, i) => Download(backend, arguments.Outputs[i], type.ByteSize)).ToArray();
        foreach (var buffer in arguments.Inputs.Concat(arguments.Outputs)) buffer.Dispose();
        arguments.Workspace?.Dispose();
        return results;
    }

    public static IDeviceBuffer Upload(IBackend backend, byte[] bytes)
    {
        var buffer = backend.Allocate(0, bytes.Length);
        backend.CopyFromHostAsync(bytes, buffer, default).AsTask().Wait();
        return buffer;
    }

    public static byte[] Download(IBackend backend, IDeviceBuffer buffer, long count)
    {
        var bytes = new byte[count];
        backend.CopyToHostAsync(buffer, bytes, default).AsTask().Wait();
        return bytes;
    }

    /// <summary>Runs a graph on the backend and the reference, and compares every output.</summary>
    public static void Compare(SimdBackend simd, Graph graph, byte[][] inputs, Tolerance? tolerance = null, long[]? scalars = null) => Compare([simd], graph, inputs, tolerance, scalars);

    /// <summary>Runs a graph on several backends and once on the reference, and compares every output.</summary>
    public static void Compare(IEnumerable<SimdBackend> backends, Graph graph, byte[][] inputs, Tolerance? tolerance = null, long[]? scalars = null)
    {
        var expected = Run(Reference, graph, inputs, scalars);
        foreach (var simd in backends) Compare(graph, expected, Run(simd, graph, inputs, scalars), tolerance);
    }

    private static void Compare(Graph graph, byte[][] expected, byte[][] actual, Tolerance? tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            Elements.AssertClose(graph.TypeOf(graph.Roots[i]), expected[i], actual[i], tolerance ?? Tolerance.Default(graph.TypeOf(graph.Roots[i]).DType), () => graph.ToString());
    }
}
