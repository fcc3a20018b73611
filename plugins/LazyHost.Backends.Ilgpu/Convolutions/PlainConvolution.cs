using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Convolutions that are products of matrices as they lie.</summary>
internal static class PlainConvolution
{
    /// <summary>The product that a convolution is, or null.</summary>
    public static DotStep? Of(PrimitiveStep step, DType type, ConvolutionShape shape)
    {
        var (x, w, to) = (step.Inputs[0], step.Inputs[1], step.Outputs[0]);
        var starts = true;
        var (isWhole, isEach) = (shape.ResultCount == 1, true);
        for (var i = 0; i < shape.Spatial; i++)
        {
            starts &= shape.Low[i] == 0 && (shape.DilationX[i] == 1 || shape.Over[i] == 1);
            isWhole &= shape.Taps[i] == shape.Over[i] && (shape.DilationW[i] == 1 || shape.Taps[i] == 1);
            isEach &= shape.Taps[i] == 1 && shape.Strides[i] == 1 && shape.Results[i] == shape.Over[i];
        }
        if (!starts || shape.Groups != 1) return null;
        // The window is the whole image: an image is a row of A, a filter a column of B. So is the gradient of filters of one tap.
        if (isWhole)
            return new(type, 1, shape.Batch, shape.Filters, shape.Depth, new(x, 0, 0, shape.Depth, 1), new(w, 0, 0, 1, shape.Depth), new(to, 0, 0, shape.Filters, 1));
        // The window is one element: the filters are A, the channels of an image B.
        return !isEach ? null : new(type, shape.Batch, shape.Filters, shape.ResultCount, shape.Channels,
            new(w, 0, 0, shape.Channels, 1), new(x, 0, shape.Channels * shape.OverCount, shape.OverCount, 1), new(to, 0, shape.Filters * shape.ResultCount, shape.ResultCount, 1));
    }
}
