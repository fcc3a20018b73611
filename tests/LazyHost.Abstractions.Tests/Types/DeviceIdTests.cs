namespace LazyHost.Abstractions.Tests.Types;

public class DeviceIdTests
{
    [Theory]
    [InlineData("simd:0", "simd", 0)]
    [InlineData("cuda:12", "cuda", 12)]
    [InlineData("Reference", "reference", 0)]
    [InlineData("my-gpu_2:3", "my-gpu_2", 3)]
    public void Names_that_are_read(string text, string kind, int ordinal)
    {
        var id = DeviceId.Parse(text);
        Assert.Equal(new DeviceId(kind, ordinal), id);
        Assert.Equal(id, DeviceId.Parse(id.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":0")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cuda:1:2")]
    [InlineData("cu da:1")]
    [InlineData("cuda:99999999999")]
    [InlineData(null)]
    public void Names_that_are_not(string? text)
    {
        Assert.False(DeviceId.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<UnknownDeviceException>(() => DeviceId.Parse(text!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Order_is_by_kind_then_ordinal() =>
        Assert.Equal(["cuda:0", "cuda:2", "cuda:10", "simd:0"],
            new[] { "simd:0", "cuda:10", "cuda:0", "cuda:2" }.Select(DeviceId.Parse).Order().Select(id => id.ToString()));
}
