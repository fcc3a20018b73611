namespace LazyHost;

/// <summary>Records a pure function for arguments such as these, on stand-ins, in a flow of its own that is thrown away.</summary>
internal sealed class PureRecorder(PureFunction function, Tensor[] arguments)
{
    private readonly Device device = arguments[0].Device;
    private readonly PureSignature signature = new(arguments);
    private readonly Capture capture = new() { IsPure = true };
    private readonly Tensor[] standIns = new Tensor[arguments.Length];
    private readonly List<Tensor> made = [];
    private readonly List<PureResult> results = [];

    /// <exception cref="CaptureException">The function does what cannot be put into other recordings.</exception>
    public PureTemplate Record() => capture.Record(device, null, function.Site, Record);

    private PureTemplate Record(Tape tape, Segment segment)
    {
        tape.Flow.Scope = null; // scopes inside are found in those of each caller
        // Pending in a segment nobody records: taken by reference where they are used first, as if they came from outside, and read by nobody.
        var nowhere = new Segment(device, null!, 0, null, tape) { State = SegmentState.Discarded };
        for (var i = 0; i < standIns.Length; i++)
            standIns[i] = signature.Same[i] < i ? standIns[signature.Same[i]] : new(arguments[i].Type, nowhere, default) { RequiresGrad = arguments[i].Flows };
        var given = function.Body([.. standIns]);
        if (given is null || given.Length == 0 || Array.Exists(given, static r => r is null)) throw new CaptureException($"pure function '{function.Name}' returned nothing, or null; it must return tensors");
        if (tape.Open != segment) throw new CaptureException($"pure function '{function.Name}' was cut in two while it was recorded: another thread used a tensor it computes");
        if (tape.Closures is not null) throw new CaptureException($"pure function '{function.Name}' adds a step closure, which would run only once; add it outside");
        var places = Array.ConvertAll(given, result => Add(result, tape, segment));
        return new(function, signature, capture, segment.Recording!, standIns, [.. results], places);
    }

    /// <summary>The place of a result among what each call makes; what it is a view of comes before it.</summary>
    private int Add(Tensor tensor, Tape tape, Segment segment)
    {
        if (tensor.Device != device) throw new CaptureException($"pure function '{function.Name}' runs on {device.Id} but returned a tensor on {tensor.Device.Id}");
        if (made.IndexOf(tensor) is >= 0 and var known) return known;
        if (tensor is TensorView own && !capture.Takes(own) && !own.IsPendingIn(segment)) own.RecordIn(capture, tape); // used in a loop since
        var result = Array.IndexOf(standIns, tensor) is >= 0 and var argument ? new(argument)
            : !tensor.IsPendingIn(segment) ? new(-1, tensor)
            : tensor is TensorView view ? new(-1, null, view.PendingValue, view, Add(view.Parent, tape, segment), view.IsStale)
            : new PureResult(-1, null, tensor.PendingValue);
        made.Add(tensor);
        results.Add(result);
        return results.Count - 1;
    }
}
