namespace LazyHost.Tests.Properties;

internal enum Op
{
    /// <summary>Making tensors; the shape is in <see cref="Instruction.Shape"/>.</summary>
    From, Integers, Bernoulli, Uniform, Parameter,
    /// <summary>Computing from tensors.</summary>
    Elementwise, Sum, Max, MatMul, Concat, Flip, View,
    /// <summary>Writing to tensors.</summary>
    InPlace, Assign, Fill, FillIntegers,
    /// <summary>Gradients and optimizers.</summary>
    Backward, ReadGrad, Descend, ZeroGrad,
    /// <summary>Asking for values.</summary>
    Read, ReadBytes, ReadTogether, Keep, Sync,
    /// <summary>Boundaries.</summary>
    MarkStep, SyncLive, Barrier, BeginScope, Complete, Discard, Fork, EndFork,
    /// <summary>Surroundings.</summary>
    SetSeed, Drop, Collect,
}

/// <summary>One line of a program.</summary>
/// <param name="Op">What it does.</param>
/// <param name="Result">The tensor it makes, or -1.</param>
/// <param name="On">The tensors it is about.</param>
/// <param name="Name">The element-wise operation or the kind of view.</param>
/// <param name="With">Numbers: elements, axes, sizes, seeds.</param>
/// <param name="Shape">The shape of what it makes.</param>
internal sealed record Instruction(Op Op, int Result = -1, int[]? On = null, string Name = "", int[]? With = null, int[]? Shape = null)
{
    public int[] On { get; } = On ?? [];

    public int[] With { get; } = With ?? [];

    /// <summary>Whether it is done where gradients are not recorded.</summary>
    public bool NoGrad { get; init; }

    public override string ToString() => $"{(Result < 0 ? "" : $"t{Result} = ")}{(NoGrad ? "no_grad " : "")}{Op}{(Name.Length > 0 ? $" {Name}" : "")}"
        + $"({string.Join(", ", On.Select(t => $"t{t}"))}{(With.Length > 0 ? $"; {string.Join(", ", With)}" : "")}){(Shape is null ? "" : $" : [{string.Join(", ", Shape)}]")}";
}
