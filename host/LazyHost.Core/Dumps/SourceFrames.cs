using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LazyHost;

/// <summary>Finds the user's own code on the stack. Takes microseconds: only for where an option asks for it.</summary>
internal static class SourceFrames
{
    private static readonly HashSet<string> library = ["LazyHost.Abstractions", "LazyHost.Operators", "LazyHost.Lowering", "LazyHost.Core", "LazyHost.Hosting", "LazyHost.Formats"];

    /// <summary>Where this library's own sources were when it was built.</summary>
    private static readonly string root = OwnFile()[..^"Dumps/SourceFrames.cs".Length];

    /// <summary>Puts the user's own place in for one that is not known, or that lies in a module or optimizer of the library.</summary>
    public static void Locate(ref string? file, ref int line)
    {
        if (file is { Length: > 0 } && !file.StartsWith(root, StringComparison.Ordinal)) return;
        if (Innermost() is { } user && (user.Line > 0 || file is null or "")) (file, line) = (user.File, user.Line);
    }

    /// <summary>The place for an error: the user's own, and the scope; null where nothing is known.</summary>
    public static CallSite? Site(string? file, int line, string? scope = null)
    {
        Locate(ref file, ref line);
        return file is null && scope is null ? null : new(file ?? "", line, scope);
    }

    /// <summary>The innermost frame of the user's, or null where there is none.</summary>
    public static CallSite? Innermost()
    {
        foreach (var frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
            if (UserMethod(frame) is { } method)
                return frame.GetFileName() is { } file ? new(file, frame.GetFileLineNumber()) : new(Name(method), 0);
        return null;
    }

    /// <summary>All frames of the user's, innermost first, such as <c>Model.Forward (Model.cs:41)</c>.</summary>
    public static List<string> All()
    {
        var frames = new List<string>();
        foreach (var frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
            if (UserMethod(frame) is { } method)
                frames.Add(frame.GetFileName() is { } file ? $"{Name(method)} ({Path.GetFileName(file)}:{frame.GetFileLineNumber().ToString(CultureInfo.InvariantCulture)})" : Name(method));
        return frames;
    }

    private static string OwnFile([CallerFilePath] string file = "") => file;

    private static MethodBase? UserMethod(StackFrame frame)
    {
        if (frame.GetMethod() is not { } method || method.Module.Assembly.GetName().Name is not { } assembly) return null;
        return library.Contains(assembly) || assembly.StartsWith("System.", StringComparison.Ordinal) || assembly == "mscorlib" ? null : method;
    }

    /// <summary>Type and method; of lambdas and async methods, the method they were written in.</summary>
    private static string Name(MethodBase method)
    {
        var type = method.DeclaringType;
        var name = method.Name;
        // The compiler puts lambdas and state machines into types nested in the user's: <Forward>d__3.MoveNext, <>c.<Forward>b__2_0.
        while (type is { DeclaringType: not null } && type.Name.StartsWith('<'))
        {
            if (type.Name.LastIndexOf('>') is > 1 and var end) name = type.Name[1..end];
            type = type.DeclaringType;
        }
        // A local function's is in another's, <<Run>g__Inner|0_0>d; top-level code is <Main>$.
        while (name.StartsWith('<') && name.LastIndexOf('>') is > 1 and var close) name = name[1..close];
        return type is null ? name : $"{type.Name}.{name}";
    }
}
