namespace LazyHost;

/// <summary>Why a segment was closed.</summary>
internal enum CloseReason
{
    /// <summary>A value that was only recorded was needed: by another flow, by a copy, by a gradient.</summary>
    Use,
    Read,
    MarkStep,
    SyncTensors,
    SyncLiveTensors,
    ScopeBegin,
    ScopeEnd,
    RegionBegin,
    RegionEnd,
    NodeLimit,
    Eager,
    /// <summary>A value was used after its segment, and is computed again.</summary>
    Recompute,
    /// <summary>A function was captured; nothing was run.</summary>
    Capture,
}
