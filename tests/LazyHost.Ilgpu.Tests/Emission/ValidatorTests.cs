using System.Reflection;
using ILGPU;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.Backends.Ilgpu.Functions;

namespace LazyHost.Ilgpu.Tests.Emission;

public sealed class ValidatorTests
{
    [Theory]
    [InlineData(nameof(PointerSized), "pointer-sized")]
    [InlineData(nameof(HalfPrecision), "Half")]
    [InlineData(nameof(UnorderedBranch), "compare with")]
    [InlineData(nameof(SignedDivision), "signed division")]
    [InlineData(nameof(FromUnsigned), "unsigned integer")]
    [InlineData(nameof(Greatest), "Math.Max")]
    [InlineData(nameof(Tanh), "MathF.Tanh")]
    [InlineData(nameof(CallsOther), "signed division")]
    public void What_ILGPU_compiles_wrongly_is_refused(string method, string reason)
    {
        var error = Assert.Throws<CompilationException>(() => KernelValidator.Check(Own(method)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_functions_kernels_call_are_accepted()
    {
        var functions = new[] { typeof(FloatFunctions), typeof(IntegerFunctions), typeof(Conversions), typeof(FarSine), typeof(RemainderFunction), typeof(Words2), typeof(Words4), typeof(Longs2) }
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)).ToList();
        Assert.NotEmpty(functions);
        foreach (var function in functions) KernelValidator.Check(function);
    }

    [Fact]
    public void A_kernel_that_is_refused_or_does_not_compile_leaves_the_next_one_as_it_was()
    {
        using var device = new TestDevice();
        Assert.Throws<CompilationException>(() => KernelValidator.Check(Own(nameof(PointerSized))));
        // Strings pass no validator, and no compiler either.
        var launcher = typeof(Action<ILGPU.Runtime.AcceleratorStream, KernelConfig, ArrayView<float>>);
        if (TestDevice.Type != ILGPU.Runtime.AcceleratorType.CPU)
            Assert.ThrowsAny<Exception>(() => device.Session.Kernels.Make(Own(nameof(Throws)), launcher, nameof(Throws)));
        KernelRunner.Compare(device.Session, KernelGraphs.Maps([24], DType.Float32));
    }

    private static MethodInfo Own(string name) => typeof(ValidatorTests).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void PointerSized(ArrayView<float> to, nint count) => to[0] = count;

    private static void HalfPrecision(ArrayView<float> to, System.Half x) => to[0] = (float)x;

    private static void UnorderedBranch(ArrayView<float> to, float x)
    {
        if (x >= 1) to[0] = x;
    }

    private static void SignedDivision(ArrayView<int> to, int x) => to[0] = x / 4;

    private static void FromUnsigned(ArrayView<float> to, uint x) => to[0] = x;

    private static void Greatest(ArrayView<float> to, float x) => to[0] = Math.Max(x, 0);

    private static void Tanh(ArrayView<float> to, float x) => to[0] = MathF.Tanh(x);

    private static void CallsOther(ArrayView<int> to, int x) => SignedDivision(to, x);

    private static void Throws(ArrayView<float> to) => to[0] = new object().GetHashCode();
}
