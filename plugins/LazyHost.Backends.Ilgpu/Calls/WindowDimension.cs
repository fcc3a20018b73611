using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>One dimension a window slides along.</summary>
/// <param name="Over">The elements.</param>
/// <param name="Results">The window's places.</param>
/// <param name="Size">The window's elements.</param>
/// <param name="Stride">Elements from one place to the next.</param>
/// <param name="Low">Padding before the first element.</param>
/// <param name="OverStride">How far apart elements lie.</param>
/// <param name="ResultStride">How far apart results lie.</param>
internal readonly record struct WindowDimension(long Over, long Results, long Size, long Stride, long Low, long OverStride, long ResultStride)
{
    /// <summary>A dimension of one element that nothing slides along.</summary>
    public static WindowDimension None => new(1, 1, 1, 1, 0, 0, 0);

    /// <summary>Takes the place along this dimension off the number of a result; the elements that place sees.</summary>
    public void Elements(ref long result, out long first, out long end)
    {
        result = Division.Divide(result, Results, out var at);
        var start = (at * Stride) - Low;
        first = start > 0 ? start : 0;
        end = start + Size < Over ? start + Size : Over;
    }

    /// <summary>Takes the index along this dimension off the number of an element; the places that see that index.</summary>
    public void Places(ref long element, out long first, out long end)
    {
        element = Division.Divide(element, Over, out var at);
        var last = at + Low;
        first = last >= Size ? Division.Divide(last - Size, Stride, out _) + 1 : 0;
        end = Division.Divide(last, Stride, out _) + 1;
        end = end < Results ? end : Results;
    }
}
