using System.Reflection;
using System.Reflection.Emit;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>The instructions of a method, with the methods they call.</summary>
internal static class IlReader
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(code => code.Value);

    public static IEnumerable<(OpCode Code, MethodBase? Called)> Read(MethodBase method)
    {
        var bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i < bytes.Length;)
        {
            var code = Codes[bytes[i] == 0xFE ? (short)(0xFE00 | bytes[i + 1]) : bytes[i]];
            i += code.Size;
            var called = code.OperandType == OperandType.InlineMethod
                ? method.Module.ResolveMethod(BitConverter.ToInt32(bytes, i), method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null) : null;
            i += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, i)),
                _ => 4,
            };
            yield return (code, called);
        }
    }
}
