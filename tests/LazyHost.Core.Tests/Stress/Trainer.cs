namespace LazyHost.Tests.Stress;

/// <summary>
/// A variable and what it is trained to, in one of four ways. The steps' arithmetic is of one subtraction, products with powers of two, and one subtraction again,
/// so that the host's own gives the same bits.
/// </summary>
internal sealed class Trainer
{
    /// <summary>Elements of a value that stays on its device: more than 64 KiB.</summary>
    public const int Large = 17_000;

    public const float Rate = 0.25f;

    private readonly Parameter weight;
    private readonly Tensor total, rate;
    private readonly Device other;
    private float expected, expectedTotal;
    private int step;

    /// <param name="number">Its number, which decides how it goes about a step.</param>
    /// <param name="device">Where it trains.</param>
    /// <param name="other">Where copies of its results go.</param>
    /// <param name="rate">A value of <see cref="Rate"/> that all trainers of the device share.</param>
    public Trainer(int number, Device device, Device other, Tensor rate)
    {
        (Number, Device, this.other) = (number, device, other);
        var size = number / 2 % 4 == 3 ? Large : 4;
        this.rate = size == Large ? rate : Tensor.Full([], Rate, device);
        weight = new(Tensor.Full([size], number, device));
        total = Tensor.Zeros([size], device).Keep();
        device.MarkStep();
        expected = number;
    }

    public int Number { get; }

    public Device Device { get; }

    /// <summary>What readers may look at: replaced in every few steps.</summary>
    public Published? Latest { get; private set; }

    /// <summary>One step; its state afterwards is what <see cref="Check"/> expects.</summary>
    public void Step()
    {
        step++;
        switch (Number / 2 % 4)
        {
            case 0: // a step scope
                var scope = Device.BeginStep();
                Record();
                scope.CompleteAsync().GetAwaiter().GetResult();
                break;
            case 1: // a step that a read cuts in two
                Record();
                if (step % 3 == 0) Published.RequireAll(expected, weight);
                total.AddInPlace(1);
                expectedTotal++;
                Device.MarkStep();
                break;
            case 2: // a step of several runs: each operator is one
                if (step % 4 == 0)
                    using (Device.Use(ExecutionMode.Eager)) Record();
                else Record();
                Device.MarkStep();
                break;
            default: // large values
                Record();
                Device.MarkStep();
                break;
        }
    }

    public void Check()
    {
        Published.RequireAll(expected, weight);
        Published.RequireAll(expectedTotal, total);
    }

    /// <summary>Uses that need the device. Another thread's <see cref="Device.SyncLiveTensors"/> may take a segment, and its error, away: so those that end one read, too.</summary>
    public IEnumerable<Action> Uses()
    {
        yield return () => { var kept = (weight + 1).Keep(); Device.MarkStep(); kept.ToArray<float>(); };
        yield return () => (weight * 2).Sum().Item();
        yield return () => (weight - 1).ToArrayAsync<float>().GetAwaiter().GetResult();
        yield return () => { var pending = weight * 3; Device.SyncTensors([pending]); };
        yield return () => { var kept = (weight * 5).Keep(); Device.SyncLiveTensors(); kept.ToArray<float>(); };
        yield return () => Device.Compiled(() => weight.Assign(weight + 1));
        yield return () => (weight.Detach() * 7).To(other);
    }

    private void Record()
    {
        float target = (step % 17) + Number;
        weight.Grad = null;
        // The shared rate is an input of every flow on the device at once.
        (weight - target).Square().Sum().Backward();
        using (GradMode.NoGrad()) weight.Assign(weight - (weight.Grad! * rate));
        total.AddInPlace(weight.Detach());
        expected -= (expected - target) * 2 * Rate;
        expectedTotal += expected;
        if (step % 5 == 0) Latest = new((weight.Detach() * 2).Keep(), other, expected * 2);
    }
}
