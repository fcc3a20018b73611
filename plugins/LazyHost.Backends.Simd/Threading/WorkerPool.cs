using System.Runtime.CompilerServices;

namespace LazyHost.Backends.Simd.Threading;

/// <summary>
/// Threads that help the caller of <see cref="Run{T}"/>: one job at a time, pieces claimed in order. A call made while another job runs (from another thread, or
/// from inside a piece) does its pieces on its own thread alone, so that nothing waits for anything and no core is asked for twice.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int Open = 1 << 30;
    private const int SpinRounds = 2000;

    private readonly Thread[] workers;
    private readonly SemaphoreSlim wake = new(0);
    private int busy, parked, generation;
    private volatile bool isStopping;
    private delegate*<void*, long, void> body;
    private void* state;
    private long pieces, next;
    private int members;
    private Exception? failure;

    public WorkerPool(int threads)
    {
        workers = new Thread[Math.Max(0, threads - 1)];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = new(Work) { IsBackground = true, Name = $"lazyhost-simd-{i + 1}" };
            workers[i].UnsafeStart();
        }
    }

    /// <summary>The threads a job may have, its caller's included.</summary>
    public int Threads => workers.Length + 1;

    /// <summary>Runs the pieces 0 .. count-1. Returns when all are done; an exception of a piece is thrown here.</summary>
    public void Run<T>(ref T work, long count) where T : struct, IWork
    {
        if (count <= 1 || workers.Length == 0 || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (long i = 0; i < count; i++) work.Run(i);
            return;
        }
        failure = null;
        body = &Invoke<T>;
        state = Unsafe.AsPointer(ref work); // a struct on the caller's stack, which stays until the job is over
        pieces = count;
        next = 0;
        Volatile.Write(ref members, Open);
        Interlocked.Increment(ref generation);
        var sleeping = Volatile.Read(ref parked);
        if (sleeping > 0) wake.Release((int)Math.Min(sleeping, count - 1));
        Participate();
        Interlocked.And(ref members, ~Open);
        var spinner = new SpinWait();
        while (Volatile.Read(ref members) != 0) spinner.SpinOnce(-1);
        var thrown = failure;
        state = null;
        failure = null;
        Volatile.Write(ref busy, 0);
        if (thrown is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
    }

    public void Dispose()
    {
        if (isStopping) return;
        isStopping = true;
        if (workers.Length > 0) wake.Release(workers.Length);
        foreach (var worker in workers) worker.Join();
        wake.Dispose();
    }

    private static void Invoke<T>(void* state, long piece) where T : struct, IWork => Unsafe.AsRef<T>(state).Run(piece);

    private void Work()
    {
        var seen = 0;
        while (!isStopping)
        {
            if (!Await(ref seen)) continue;
            if (!Join()) continue;
            Participate();
            Interlocked.Decrement(ref members);
        }
    }

    /// <summary>Waits for a job newer than the one seen: spinning first, then parked.</summary>
    private bool Await(ref int seen)
    {
        for (var i = 0; i < SpinRounds; i++)
        {
            var current = Volatile.Read(ref generation);
            if (current != seen) { seen = current; return true; }
            Thread.SpinWait(8);
        }
        Interlocked.Increment(ref parked);
        if (Volatile.Read(ref generation) == seen && !isStopping) wake.Wait();
        Interlocked.Decrement(ref parked);
        return false;
    }

    /// <summary>Takes part in the job unless its caller has closed it.</summary>
    private bool Join()
    {
        while (true)
        {
            var current = Volatile.Read(ref members);
            if ((current & Open) == 0) return false;
            if (Interlocked.CompareExchange(ref members, current + 1, current) == current) return true;
        }
    }

    private void Participate()
    {
        try
        {
            while (true)
            {
                var piece = Interlocked.Increment(ref next) - 1;
                if (piece >= pieces) return;
                body(state, piece);
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref failure, e, null);
            Volatile.Write(ref next, pieces);
        }
    }
}
