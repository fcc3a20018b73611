namespace LazyHost;

/// <summary>The base of every error LazyHost throws on purpose. The message says what was wrong with which value and what to do.</summary>
public abstract class LazyHostException : Exception
{
    /// <summary>Makes the error.</summary>
    protected LazyHostException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>Where the user's program recorded the operation at fault, or null where nobody knows.</summary>
    public CallSite? CallSite { get; private set; }

    /// <summary>The operator at fault, or null.</summary>
    public string? Operator { get; private set; }

    /// <summary>The message without operator and place.</summary>
    public string Reason => base.Message;

    /// <inheritdoc/>
    public override string Message
    {
        get
        {
            var text = Operator is null ? base.Message : $"{Operator}: {base.Message}";
            return CallSite is not { } site ? text : site.File.Length > 0 ? $"{text} (at {site})" : $"{text} (in {site.Scope})";
        }
    }

    /// <summary>Adds the operator and the place it was recorded at, where they are not known yet. Returns this error.</summary>
    public LazyHostException At(string? operatorName, CallSite? site)
    {
        Operator ??= operatorName;
        CallSite ??= site;
        return this;
    }
}
