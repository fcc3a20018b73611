using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>The dimensions of a window, the last one innermost.</summary>
internal readonly record struct WindowDimensions(WindowDimension A, WindowDimension B, WindowDimension C, WindowDimension D, long Planes, long OverCount, long ResultCount)
{
    private const int Most = 4;

    /// <summary>The dimensions of a window, or null where there are more than kernels take.</summary>
    public static WindowDimensions? Of(Window window)
    {
        if (window.Rank > Most) return null;
        var dimensions = Enumerable.Repeat(WindowDimension.None, Most).ToArray();
        long stride = 1;
        for (var i = window.Rank - 1; i >= 0; i--)
        {
            dimensions[Most - window.Rank + i] = new(window.Over[i], window.Results[i], window.Sizes[i], window.Strides[i], window.Low[i], window.OverStrides[i], stride);
            stride *= window.Results[i];
        }
        return new(dimensions[0], dimensions[1], dimensions[2], dimensions[3], window.Planes, window.OverCount, window.ResultCount);
    }
}
