using LazyHost.Backends.Ilgpu.Memory;

namespace LazyHost.Ilgpu.Tests.Backend;

public sealed class MemoryTests : IDisposable
{
    private readonly TestDevice device = new();

    private DeviceMemory Memory => device.Session.Memory;

    [Fact]
    public void Buffers_are_aligned_apart_and_counted()
    {
        var before = Memory.Statistics;
        long[] sizes = [1, 255, 256, 257, 4096, 100_000, 0];
        var buffers = sizes.Select(Memory.Rent).ToArray();
        var now = Memory.Statistics;
        Assert.Equal(sizes.Sum(), now.InUse - before.InUse);
        Assert.Equal(sizes.Length, now.Buffers - before.Buffers);
        Assert.True(now.Reserved >= now.InUse);
        for (var i = 0; i < buffers.Length; i++) device.Session.Copies.ToDevice(Enumerable.Repeat((byte)(i + 1), (int)sizes[i]).ToArray(), buffers[i].View);
        for (var i = 0; i < buffers.Length; i++)
        {
            var bytes = new byte[sizes[i]];
            device.Session.Copies.ToHost(buffers[i].View, bytes);
            Assert.All(bytes, b => Assert.Equal(i + 1, b));
        }
        foreach (var buffer in buffers) buffer.Dispose();
        buffers[0].Dispose(); // does nothing the second time
        Assert.Equal((before.InUse, before.Buffers), (Memory.Statistics.InUse, Memory.Statistics.Buffers));
        Assert.Equal(sizes.Sum(), Memory.Statistics.Peak);
        Assert.Throws<ObjectDisposedException>(() => buffers[1].View);
    }

    [Fact]
    public void What_comes_back_serves_again_in_any_sizes()
    {
        Memory.Rent(1).Dispose();
        var reserved = Memory.Statistics.Reserved;
        var random = new Random(5);
        var held = new List<DeviceBuffer>();
        for (var i = 0; i < 2000; i++)
        {
            if (held.Count > 20 || (held.Count > 0 && random.Next(2) == 0))
            {
                var at = random.Next(held.Count);
                held[at].Dispose();
                held.RemoveAt(at);
            }
            else held.Add(Memory.Rent(random.Next(1, 20_000)));
        }
        Assert.Equal(reserved, Memory.Statistics.Reserved);
        foreach (var buffer in held) buffer.Dispose();
        // Free neighbours are one block again: the whole slab serves one request.
        using (Memory.Rent(reserved)) Assert.Equal(reserved, Memory.Statistics.Reserved);
        Memory.Trim();
        Assert.Equal(0, Memory.Statistics.Reserved);
    }

    [Fact]
    public void Too_much_is_an_error_that_leaves_the_device_as_it_was()
    {
        using var kept = Memory.Rent(1000);
        device.Session.Copies.ToDevice(new byte[1000], kept.View);
        var before = Memory.Statistics;
        var error = Assert.Throws<DeviceMemoryException>(() => Memory.Rent(1L << 50));
        Assert.Contains("test:0", error.Message, StringComparison.Ordinal);
        Assert.Contains("1,125,899,906,842,624 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal((before.InUse, before.Buffers), (Memory.Statistics.InUse, Memory.Statistics.Buffers));
        var bytes = new byte[1000];
        device.Session.Copies.ToHost(kept.View, bytes);
        using var another = Memory.Rent(5000);
        Assert.Equal(5000, another.View.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(PinnedMemory.PieceBytes)]
    [InlineData(PinnedMemory.PieceBytes + 1)]
    [InlineData((3 * PinnedMemory.PieceBytes) + 17)]
    public void Copies_of_any_size_arrive(int bytes)
    {
        var sent = new byte[bytes];
        new Random(bytes).NextBytes(sent);
        using DeviceBuffer first = Memory.Rent(bytes), second = Memory.Rent(bytes);
        device.Session.Copies.ToDevice(sent, first.View);
        device.Session.Copies.Within(first.View, second.View);
        var received = new byte[bytes];
        device.Session.Copies.ToHost(second.View, received);
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    public void Dispose() => device.Dispose();
}
