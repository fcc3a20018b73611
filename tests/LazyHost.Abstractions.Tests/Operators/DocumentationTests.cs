using System.Runtime.CompilerServices;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

public class DocumentationTests
{
    [Fact]
    public void The_document_names_every_operator_and_primitive()
    {
        var text = File.ReadAllText(Path.Combine(Folder(), "../../../docs/operators.md"));
        var names = OperatorCatalog.All.Where(form => form.GetType().Assembly == typeof(OperatorCatalog).Assembly).Select(form => form.Name)
            .Concat(Primitives.All.Select(primitive => primitive.Name["prim.".Length..]));
        Assert.All(names, name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
