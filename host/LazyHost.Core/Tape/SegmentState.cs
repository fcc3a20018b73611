namespace LazyHost;

internal enum SegmentState
{
    /// <summary>Taking nodes.</summary>
    Open,
    /// <summary>Being keyed, compiled and bound; nothing written yet.</summary>
    Closing,
    /// <summary>Handed to the device.</summary>
    Submitted,
    /// <summary>Closed without a run: its values are computed when they are used.</summary>
    SetAside,
    /// <summary>Thrown away with its step.</summary>
    Discarded,
}
