using CustomOperator;
using LazyHost;
using LazyHost.Operators;

// From here on names, settings and reports know it; devices ask its form how to run it.
OperatorCatalog.Register(PopCount.Form);
await using var lazy = await LazyRuntime.StartAsync();
foreach (var device in lazy.Devices.All)
{
    var x = Tensor.From([0, 1, 255, -1], [4], device);
    var bits = Tensor.Apply(PopCount.Form, [x]);
    Console.WriteLine($"{device.Id}: {string.Join(", ", bits.ToArray<int>())}");
    Console.WriteLine(device.DumpLatestProgram());
}
