using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Persistence;

namespace LazyHost.Ilgpu.Tests.Backend;

/// <summary>Kernels made of the texts of others.</summary>
public sealed class KernelTextTests
{
    private static readonly MethodInfo Method = typeof(KernelTextTests).GetMethod(nameof(Turned), BindingFlags.Static | BindingFlags.NonPublic)!;

    [Fact]
    public void A_second_session_needs_no_compiler()
    {
        Assert.SkipWhen(TestDevice.Type == AcceleratorType.CPU, "ILGPU's simulation has no kernel texts: set LAZYHOST_TEST_DEVICE, or run eng/opencl-tests.sh");
        byte[] kept;
        using (var first = new TestDevice())
        {
            var used = KernelTable.Record(() => AssertRuns(first.Session));
            Assert.Equal(1, used.Compiled);
            Assert.Equal(0, KernelTable.Record(() => AssertRuns(first.Session)).Compiled);
            kept = first.Session.Kernels.Texts.Write(used.Names).ToArray();
        }
        using var second = new TestDevice();
        second.Session.Kernels.Texts.Read(kept);
        Assert.Equal(0, KernelTable.Record(() => AssertRuns(second.Session)).Compiled);
    }

    [Fact]
    public void A_text_the_driver_does_not_take_is_made_anew()
    {
        Assert.SkipWhen(TestDevice.Type == AcceleratorType.CPU, "ILGPU's simulation has no kernel texts: set LAZYHOST_TEST_DEVICE, or run eng/opencl-tests.sh");
        using var device = new TestDevice();
        var (name, bad) = ($"{Method.DeclaringType} {Method}", new KernelText("kernel void Kernel_Turned(", 0));
        device.Session.Kernels.Texts.Add(name, bad);
        Assert.Equal(1, KernelTable.Record(() => AssertRuns(device.Session)).Compiled);
        Assert.NotEqual(bad, device.Session.Kernels.Texts.Find(name));
    }

    [Fact]
    public void Barriers_order_local_memory()
    {
        Assert.SkipWhen(TestDevice.Type != AcceleratorType.OpenCL, "these barriers are OpenCL's: set LAZYHOST_TEST_DEVICE, or run eng/opencl-tests.sh");
        using var device = new TestDevice();
        var used = KernelTable.Record(() => AssertRuns(device.Session));
        var source = device.Session.Kernels.Texts.Find(Assert.Single(used.Names))!.Source;
        Assert.Contains("work_group_barrier ( CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE )", source, StringComparison.Ordinal);
        Assert.DoesNotContain("( CLK_GLOBAL_MEM_FENCE", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_something_else_are_refused()
    {
        var texts = new KernelTexts();
        texts.Add("a", new("kernel", 4));
        var bytes = texts.Write(["a"]).ToArray();
        Assert.Throws<InvalidDataException>(() => new KernelTexts().Read(default));
        Assert.Throws<InvalidDataException>(() => new KernelTexts().Read((byte[])[9, .. bytes[1..]]));
        Assert.ThrowsAny<Exception>(() => new KernelTexts().Read(bytes.AsMemory(0, bytes.Length / 2)));
        Assert.True(texts.Write(["a", "b"]).IsEmpty);
        var read = new KernelTexts();
        read.Read(bytes);
        Assert.Equal(new KernelText("kernel", 4), read.Find("a"));
    }

    private static void AssertRuns(DeviceSession session)
    {
        var launch = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<int>, int>>(Method);
        using var buffer = session.Memory.Rent(64 * sizeof(int));
        lock (session.Gate)
        {
            session.Accelerator.Bind();
            launch(session.Stream, new KernelConfig(1, 64), buffer.View.Cast<int>(), 7);
            session.Stream.Synchronize();
        }
        var bytes = new byte[64 * sizeof(int)];
        session.Copies.ToHost(buffer.View, bytes);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 63 - i + 7), Enumerable.Range(0, 64).Select(i => BitConverter.ToInt32(bytes, i * sizeof(int))));
    }

    private static void Turned(ArrayView<int> values, int added)
    {
        var shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = Group.IdxX + added;
        Group.Barrier();
        values[Group.IdxX] = shared[63 - Group.IdxX];
    }
}
