using System.Collections.Concurrent;
using System.Reflection;
using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Every operator by name: the forms of this assembly, found by their types, and those registered by the program. Safe for concurrent use.</summary>
public static class OperatorCatalog
{
    private static readonly ConcurrentDictionary<string, OperatorForm> Forms = new(Discover().ToDictionary(form => form.Name), StringComparer.Ordinal);

    /// <summary>Every operator, in the order of names. Primitives are in <see cref="Primitives.All"/>.</summary>
    public static IReadOnlyList<OperatorForm> All => [.. Forms.Values.OrderBy(form => form.Name, StringComparer.Ordinal)];

    /// <summary>The operator or primitive of a name such as <c>softmax</c> or <c>prim.add</c>, or null.</summary>
    public static OperatorForm? Find(string name) => Forms.GetValueOrDefault(name) ?? Primitives.All.FirstOrDefault(primitive => primitive.Name == name);

    /// <summary>Adds an operator of the program's own. Registering the same form again does nothing.</summary>
    /// <exception cref="InvalidAttributeException">Another operator has the name.</exception>
    public static void Register(OperatorForm form)
    {
        if (form is Primitive) throw new InvalidAttributeException("primitives are a closed set; derive the form from OperatorForm").At(form.Name, null);
        if (Primitives.All.Any(primitive => primitive.Name == form.Name) || Forms.GetOrAdd(form.Name, form) != form)
            throw new InvalidAttributeException("another operator has this name; choose one that is free").At(form.Name, null);
    }

    private static IEnumerable<OperatorForm> Discover() =>
        from type in typeof(OperatorCatalog).Assembly.GetExportedTypes()
        where type.IsSubclassOf(typeof(OperatorForm)) && !type.IsAbstract
        select (OperatorForm)type.GetProperty("Form", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
