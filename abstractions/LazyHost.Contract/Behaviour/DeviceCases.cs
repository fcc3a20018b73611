using LazyHost.Backends;
using static LazyHost.Contract.BehaviourCases;

namespace LazyHost.Contract;

/// <summary>What a backend says of itself.</summary>
internal static class DeviceCases
{
    private const string Group = "devices";

    public static IEnumerable<ContractCase> All() =>
    [
        new(Group, "the kind is part of a device name", harness => Task.Run(() => KindIsAName(harness.Backend))),
        new(Group, "there is a device, described", harness => Task.Run(() => DevicesAreDescribed(harness.Backend))),
        new(Group, "the fingerprint is stable", harness => Task.Run(() => FingerprintIsStable(harness.Backend))),
        new(Group, "an unknown custom call is refused", harness => Task.Run(() => UnknownCallIsRefused(harness))),
        new(Group, "answers about capability are stable", harness => Task.Run(() => AnswersAreStable(harness.Backend))),
    ];

    private static void KindIsAName(IBackend backend) =>
        Require(DeviceId.TryParse($"{backend.Kind}:0", out var id) && id.Kind == backend.Kind, $"the kind '{backend.Kind}' must be lower-case letters, digits, '-' and '_'");

    private static void DevicesAreDescribed(IBackend backend)
    {
        Require(backend.Devices.Count > 0, "no device was found; a backend without devices must fail when it is made");
        foreach (var device in backend.Devices)
        {
            Require(!string.IsNullOrWhiteSpace(device.Name), "a device has no name");
            Require(device.MemoryBytes >= 0, $"{device.Name} has {device.MemoryBytes} bytes of memory");
            Require(device.Details is not null, $"{device.Name} has null as details");
        }
        Require(ReferenceEquals(backend.Devices, backend.Devices), "devices are probed once, but two reads gave two lists");
    }

    private static void FingerprintIsStable(IBackend backend)
    {
        Require(!string.IsNullOrWhiteSpace(backend.Fingerprint), "the fingerprint is empty; it must name what changes the code the backend makes");
        Require(backend.Fingerprint == backend.Fingerprint, "two reads of the fingerprint differ");
    }

    private static void UnknownCallIsRefused(Harness harness) =>
        Require(harness.FirstRefused(Graphs.UnknownCall()) is not null, "a custom call that nobody knows must be refused by Query, not by CompileAsync");

    private static void AnswersAreStable(IBackend backend)
    {
        foreach (var literal in LiteralCases.Literals)
        {
            TensorType[] operands = [.. literal.Operands.Select(operand => operand.Type)], outputs = [.. literal.Expected.Select(result => result.Type)];
            var answer = backend.Query(new OperatorQuery(literal.Primitive, literal.Attributes, operands, outputs));
            Require(answer != Capability.Decompose, $"{literal.Primitive.Name}: a primitive has no decomposition, so the answer is Whole or No");
            Require(answer == backend.Query(new OperatorQuery(literal.Primitive, literal.Attributes, operands, outputs)), $"{literal.Primitive.Name}: two equal questions got two answers");
        }
    }
}
