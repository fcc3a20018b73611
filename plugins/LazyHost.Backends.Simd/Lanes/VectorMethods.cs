using LazyHost.Lowering.Lanes;
using System.Reflection;
using System.Runtime.Intrinsics;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Finds the method that does an operation on vectors of a width, or on single lanes.</summary>
internal sealed class VectorMethods
{
    private readonly Dictionary<(string, Type, Type, Type, int), MethodInfo> known = [];
    private readonly Lock gate = new();

    /// <summary>The type of <paramref name="lanes"/> lanes: a vector, or the element itself for one.</summary>
    public static Type TypeOf(LaneType type, int lanes) => lanes == 1 ? type.ScalarElement() : VectorType(type.Element(), lanes * type.Size() * 8);

    public static Type VectorType(Type element, int bits) => (bits switch { 512 => typeof(Vector512<>), 256 => typeof(Vector256<>), _ => typeof(Vector128<>) }).MakeGenericType(element);

    public static Type VectorClass(int bits) => bits switch { 512 => typeof(Vector512), 256 => typeof(Vector256), _ => typeof(Vector128) };

    /// <summary>A method of a vector class, or of <see cref="ScalarFunctions"/> for one lane, by name and the type of its first operand.</summary>
    public MethodInfo Find(string name, LaneType type, int lanes, int operands)
    {
        var owner = lanes == 1 ? typeof(ScalarFunctions) : VectorClass(lanes * type.Size() * 8);
        var element = lanes == 1 ? type.ScalarElement() : type.Element();
        return Find(owner, name, element, TypeOf(type, lanes), operands);
    }

    /// <summary>A method of <paramref name="owner"/>; generic ones over <paramref name="element"/>.</summary>
    public MethodInfo Find(Type owner, string name, Type element, Type first, int operands)
    {
        lock (gate)
        {
            if (known.TryGetValue((name, owner, element, first, operands), out var method)) return method;
            MethodInfo? found = null;
            foreach (var candidate in owner.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                if (candidate.Name != name || candidate.GetParameters().Length != operands) continue;
                if (Instantiate(candidate, element) is not { } real) continue;
                var matches = real.GetParameters()[0].ParameterType == first && (operands < 3 || real.GetParameters()[2].ParameterType == first || name == "ConditionalSelect");
                if (matches && (found is null || !candidate.IsGenericMethod)) found = real;
            }
            return known[(name, owner, element, first, operands)] = found ?? throw new CompilationException($"{owner.Name} has no {name} for {first.Name} of {element.Name}");
        }
    }

    private static MethodInfo? Instantiate(MethodInfo method, Type element)
    {
        if (!method.IsGenericMethodDefinition) return method;
        if (method.GetGenericArguments().Length != 1) return null;
        if (element == typeof(bool) && method.Name != nameof(ScalarFunctions.ConditionalSelect)) return null;
        try { return method.MakeGenericMethod(element); }
        catch (ArgumentException) { return null; } // the element does not meet the constraints
    }
}
