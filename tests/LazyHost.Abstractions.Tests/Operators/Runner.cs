using System.Runtime.InteropServices;
using LazyHost.Backends.Reference;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Runs operators on the Reference backend: arrays of .NET numbers in, doubles out.</summary>
internal static class Runner
{
    /// <summary>The roots of a graph, each as doubles.</summary>
    public static double[][] Run(Graph graph, params Array[] inputs)
    {
        var decomposed = GraphDecomposer.Decompose(graph, CatalogTests.PrimitivesOnly);
        var results = ReferenceInterpreter.Run(decomposed, [.. inputs.Select(Bytes)], []);
        return [.. results.Select((bytes, i) => Doubles(decomposed.TypeOf(decomposed.Roots[i]).DType, bytes))];
    }

    /// <summary>The outputs of one operator, whose operands have the element types of the arrays.</summary>
    public static double[][] Run(OperatorForm form, Attributes attributes, params (Array Data, Shape Shape)[] operands)
    {
        var builder = new GraphBuilder();
        var values = operands.Select(o => builder.Parameter(new(TypeOf(o.Data), o.Shape))).ToArray();
        var node = builder.Emit(form, values, attributes);
        for (var i = 0; i < form.OutputCount; i++) builder.AddRoot(node with { Output = i });
        return Run(builder.Build(), [.. operands.Select(o => o.Data)]);
    }

    /// <summary>The only output of one operator on vectors.</summary>
    public static double[] Vectors(OperatorForm form, params Array[] operands) =>
        Run(form, default, [.. operands.Select(o => (o, Shape.Create([(long)o.Length])))])[0];

    /// <summary>Pseudo-random elements in a sample's range.</summary>
    public static Array Draw(SampleInput input, Random random)
    {
        var count = (int)input.Type.Shape.ElementCount;
        return input.Type.DType switch
        {
            DType.Float64 => Enumerable.Range(0, count).Select(_ => input.Low + ((input.High - input.Low) * random.NextDouble())).ToArray(),
            DType.Int64 => Enumerable.Range(0, count).Select(_ => random.NextInt64((long)input.Low, (long)input.High + 1)).ToArray(),
            DType.UInt64 => Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64((long)input.Low, (long)input.High + 1)).ToArray(),
            DType.Int32 => Enumerable.Range(0, count).Select(_ => random.Next((int)input.Low, (int)input.High + 1)).ToArray(),
            DType.Bool => Enumerable.Range(0, count).Select(_ => random.Next(2) == 1).ToArray(),
            _ => throw new ArgumentException($"{input.Type} is not drawn here"),
        };
    }

    // By type code: to a pattern, an array of ulong is also one of long.
    private static DType TypeOf(Array data) => data is Half[] ? DType.Float16 : Type.GetTypeCode(data.GetType().GetElementType()) switch
    {
        TypeCode.Double => DType.Float64,
        TypeCode.Single => DType.Float32,
        TypeCode.Int64 => DType.Int64,
        TypeCode.UInt64 => DType.UInt64,
        TypeCode.Int32 => DType.Int32,
        TypeCode.Byte => DType.UInt8,
        TypeCode.SByte => DType.Int8,
        TypeCode.Boolean => DType.Bool,
        _ => throw new ArgumentException(data.GetType().Name),
    };

    private static byte[] Bytes(Array data)
    {
        var bytes = new byte[data.Length * TypeOf(data).Size()];
        switch (data)
        {
            case Half[] halves: MemoryMarshal.AsBytes<Half>(halves).CopyTo(bytes); break;
            default: Buffer.BlockCopy(data, 0, bytes, 0, bytes.Length); break;
        }
        return bytes;
    }

    private static double[] Doubles(DType type, byte[] bytes) => type switch
    {
        DType.Float64 => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
        DType.Float32 => [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(x => (double)x)],
        DType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(x => (double)x)],
        DType.BFloat16 => [.. MemoryMarshal.Cast<byte, BFloat16>(bytes).ToArray().Select(x => (double)(float)x)],
        DType.Int64 => [.. MemoryMarshal.Cast<byte, long>(bytes).ToArray().Select(x => (double)x)],
        DType.UInt64 => [.. MemoryMarshal.Cast<byte, ulong>(bytes).ToArray().Select(x => (double)x)],
        DType.Int32 => [.. MemoryMarshal.Cast<byte, int>(bytes).ToArray().Select(x => (double)x)],
        DType.UInt8 or DType.Bool => [.. bytes.Select(x => (double)x)],
        DType.Int8 => [.. bytes.Select(x => (double)(sbyte)x)],
        _ => throw new ArgumentException(type.Name()),
    };
}
