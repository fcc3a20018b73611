namespace LazyHost.Tests.Stress;

/// <summary>A value that a stepping thread has recorded and others read.</summary>
internal sealed record Published(Tensor Tensor, Device Other, float Expected)
{
    public void Check(int way)
    {
        var (tensor, expected) = way switch
        {
            0 => (Tensor, Expected),
            1 => (Tensor * 2, Expected * 2),
            _ => (Tensor.To(Other) - 1, Expected - 1),
        };
        RequireAll(expected, tensor);
    }

    /// <summary>Every element is this number.</summary>
    public static void RequireAll(float expected, Tensor tensor)
    {
        var different = tensor.ToArray<float>().AsSpan().IndexOfAnyExcept(expected);
        Assert.True(different < 0, $"element {different} of {tensor} is not {expected}");
    }
}
