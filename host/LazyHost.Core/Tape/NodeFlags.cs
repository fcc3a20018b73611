namespace LazyHost;

/// <summary>What is known of a node while its segment is recorded.</summary>
[Flags]
internal enum NodeFlags : byte
{
    None = 0,
    /// <summary>Its result was handed to the user: a root if nothing consumes it.</summary>
    User = 1,
    /// <summary>A node of the user's, or an assignment, took it.</summary>
    Consumed = 2,
    /// <summary>It lies on a path to something that needs a gradient.</summary>
    RequiresGrad = 4,
    /// <summary>It must be computed: read, kept, or used by another flow.</summary>
    Asked = 8,
    /// <summary>Its value becomes that of a variable.</summary>
    Variable = 16,
    /// <summary>It shows elements of its first operand: computed only where it is used, and then what it shows needs no value of its own.</summary>
    View = 32,
    /// <summary>It was asked for, and more than one tensor stands for it.</summary>
    Several = 64,
}
