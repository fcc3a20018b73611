using System.Globalization;
using System.Text;

namespace LazyHost.Lowering.Programs;

/// <summary>Kernels as text.</summary>
internal static class KernelText
{
    public static string Dump(Kernel kernel, string site)
    {
        var text = new StringBuilder();
        var loops = kernel.Sizes.Select((size, i) => $"i{i} < {size}").ToArray();
        text.Append(CultureInfo.InvariantCulture, $"kernel {kernel.Name} [{string.Join(", ", loops[..kernel.OuterRank])}]");
        if (kernel.OuterRank < loops.Length) text.Append(CultureInfo.InvariantCulture, $" rows of [{string.Join(", ", loops[kernel.OuterRank..])}]");
        text.Append(site).Append('\n');
        for (var i = 0; i < kernel.Expressions.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"    e{i} = {Describe(kernel, kernel.Expressions[i])} : {kernel.Expressions[i].DType.Name()}\n");
        for (var i = 0; i < kernel.Stages.Count; i++)
        {
            var stage = kernel.Stages[i];
            if (kernel.Stages.Count > 1 || stage.Reductions.Count > 0) text.Append(CultureInfo.InvariantCulture, $"  stage {i}\n");
            for (var r = 0; r < stage.Reductions.Count; r++)
                text.Append(CultureInfo.InvariantCulture, $"    r{i}.{r} = {Snake(stage.Reductions[r].Kind)}(e{stage.Reductions[r].Expression})\n");
            foreach (var store in stage.Stores) text.Append(CultureInfo.InvariantCulture,
                $"    {Describe(kernel.Accesses[store.Access])} = e{store.Expression}\n");
            foreach (var store in stage.RowStores) text.Append(CultureInfo.InvariantCulture,
                $"    row {Describe(kernel.Accesses[store.Access])} = e{store.Expression}\n");
        }
        return text.ToString();
    }

    private static string Describe(Kernel kernel, KernelExpression expression) => expression.Kind switch
    {
        KernelExpressionKind.Load => $"load {Describe(kernel.Accesses[expression.Index])}",
        KernelExpressionKind.Scalar => $"scalar {expression.Index}",
        KernelExpressionKind.Constant => Literal(expression.Bits, expression.DType),
        KernelExpressionKind.LoopIndex => $"i{expression.Index}",
        KernelExpressionKind.Reduced => $"r{expression.Bits}.{expression.Index}",
        _ => $"{Snake(expression.Primitive)}({string.Join(", ", expression.Operands.Select(operand => $"e{operand}"))})",
    };

    private static string Literal(long bits, DType type) => type switch
    {
        DType.Float64 => BitConverter.Int64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture),
        _ when type.IsFloat() => ((float)BitConverter.Int64BitsToDouble(bits)).ToString("R", CultureInfo.InvariantCulture),
        _ => bits.ToString(CultureInfo.InvariantCulture),
    };

    private static string Describe(KernelAccess access)
    {
        var text = new StringBuilder($"b{access.Buffer}[");
        var first = access.Offset == 0 && access.Strides.Any(stride => stride != 0);
        if (!first) text.Append(CultureInfo.InvariantCulture, $"{access.Offset}");
        for (var i = 0; i < access.Strides.Count; i++)
        {
            if (access.Strides[i] == 0) continue;
            if (!first) text.Append(" + ");
            first = false;
            text.Append(CultureInfo.InvariantCulture, $"{(access.Strides[i] == 1 ? "" : $"{access.Strides[i]}*")}i{i}");
        }
        text.Append(']');
        foreach (var guard in access.Guards) text.Append(CultureInfo.InvariantCulture, $" if {guard.Low} <= i{guard.Loop} < {guard.High}");
        return access.Fill < 0 ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $" else e{access.Fill}").ToString();
    }

    private static string Snake<T>(T kind) where T : struct, Enum =>
        string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
