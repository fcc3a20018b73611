using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>The instructions of <see cref="DeviceMath"/>. Every context whose kernels use it must register them.</summary>
internal static class DeviceMathCode
{
    public static void Register(Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        var ptx = new PTXIntrinsic(Own(nameof(EmitPtx)), IntrinsicImplementationMode.GenerateCode);
        var openCl = new CLIntrinsic(Own(nameof(EmitOpenCl)), IntrinsicImplementationMode.GenerateCode);
        foreach (var method in typeof(DeviceMath).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            manager.RegisterMethod(method, ptx);
            manager.RegisterMethod(method, openCl);
        }
    }

    private static MethodInfo Own(string name) => typeof(DeviceMathCode).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void EmitPtx(PTXBackend backend, PTXCodeGenerator code, Value value)
    {
        var method = ((MethodCall)value).Target.Source;
        var type = method.GetParameters()[0].ParameterType == typeof(double) ? "f64" : "f32";
        var instruction = method.Name switch
        {
            nameof(DeviceMath.FusedMultiplyAdd) => $"fma.rn.{type}",
            nameof(DeviceMath.Multiply) => $"mul.rn.{type}",
            nameof(DeviceMath.Divide) => $"div.rn.{type}",
            nameof(DeviceMath.Sqrt) => $"sqrt.rn.{type}",
            nameof(DeviceMath.Exp2) => "ex2.approx.ftz.f32",
            nameof(DeviceMath.Floor) => $"cvt.rmi.{type}.{type}",
            nameof(DeviceMath.Ceiling) => $"cvt.rpi.{type}.{type}",
            nameof(DeviceMath.Truncate) => $"cvt.rzi.{type}.{type}",
            nameof(DeviceMath.Round) => $"cvt.rni.{type}.{type}",
            nameof(DeviceMath.LessThan) => $"setp.lt.{type}",
            nameof(DeviceMath.LessThanOrEqual) => $"setp.le.{type}",
            _ => throw new CompilationException($"{method.Name} has no instruction"),
        };
        var operands = new List<PTXRegisterAllocator.PrimitiveRegister>();
        foreach (Value operand in value.Nodes) operands.Add(code.LoadPrimitive(operand));
        var target = code.AllocateHardware(value);
        using var command = code.BeginCommand(instruction);
        command.AppendArgument(target);
        foreach (var operand in operands) command.AppendArgument(operand);
    }

    private static void EmitOpenCl(CLBackend backend, CLCodeGenerator code, Value value)
    {
        var method = ((MethodCall)value).Target.Source;
        var function = method.Name switch
        {
            nameof(DeviceMath.FusedMultiplyAdd) => "fma",
            nameof(DeviceMath.Multiply) => "*",
            nameof(DeviceMath.Divide) => "/",
            nameof(DeviceMath.Sqrt) => "sqrt",
            nameof(DeviceMath.Exp2) => "exp2",
            nameof(DeviceMath.Floor) => "floor",
            nameof(DeviceMath.Ceiling) => "ceil",
            nameof(DeviceMath.Truncate) => "trunc",
            nameof(DeviceMath.Round) => "rint",
            nameof(DeviceMath.LessThan) => "<",
            nameof(DeviceMath.LessThanOrEqual) => "<=",
            _ => throw new CompilationException($"{method.Name} has no function"),
        };
        var operands = new List<CLVariableAllocator.Variable>();
        foreach (Value operand in value.Nodes) operands.Add(code.Load(operand));
        var target = code.Allocate(value);
        using var statement = code.BeginStatement(target);
        if (!char.IsLetter(function[0]))
        {
            statement.AppendArgument(operands[0]);
            statement.AppendCommand(function);
            statement.Append(operands[1]);
            return;
        }
        statement.AppendCommand(function);
        statement.BeginArguments();
        foreach (var operand in operands) statement.AppendArgument(operand);
        statement.EndArguments();
    }
}
