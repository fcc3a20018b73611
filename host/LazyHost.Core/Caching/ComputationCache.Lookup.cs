using System.Runtime.ExceptionServices;

namespace LazyHost;

// One caller compiles a missing entry while the others wait. Its compilation outlives it where others wait; if it fails, the next one tries.
public sealed partial class ComputationCache
{
    /// <summary>The entry of a key, with a use counted on its computation, or null where it is not there or still being compiled.</summary>
    internal CachedComputation? TryGet(UInt128 hash, ReadOnlySpan<long> key)
    {
        CachedComputation? used;
        lock (gate)
        {
            var found = Find(hash, key);
            used = found?.Value is null ? null : TryUse(found);
        }
        if (used is null) Free();
        return used;
    }

    /// <summary>The entry of a key, with a use counted on its computation, compiled for this caller if nobody else has or does.</summary>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="key">The whole key.</param>
    /// <param name="prepare">Called where this caller has to compile: does on its thread what needs its recording, and may refuse; gives what compiles.</param>
    /// <param name="cancellationToken">Cancels the wait, and the compilation where nobody else waits for it.</param>
    internal (CachedComputation Value, bool Hit) GetOrCompile(
        UInt128 hash, ReadOnlySpan<long> key, Func<Func<CancellationToken, CachedComputation>> prepare, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CacheEntry entry;
            PendingCompilation pending;
            bool leads;
            Free();
            lock (gate)
            {
                var found = Find(hash, key);
                if (found?.Value is not null)
                {
                    if (TryUse(found) is { } used) return (used, true);
                    continue;
                }
                leads = found is null;
                entry = found ?? Link(hash, key);
                pending = entry.Pending!;
                pending.Join();
            }
            if (leads) return (Lead(entry, pending, prepare, cancellationToken), false);
            Wait(entry, pending, leads: false, cancellationToken);
        }
    }

    private CachedComputation Lead(CacheEntry entry, PendingCompilation pending, Func<Func<CancellationToken, CachedComputation>> prepare, CancellationToken cancellationToken)
    {
        Func<CancellationToken, CachedComputation> compile;
        try { compile = prepare(); }
        catch
        {
            lock (gate) Unlink(entry);
            pending.End();
            throw;
        }
        // On a thread of its own where this caller may have to leave it to others: the pool's may all be waiting for it.
        if (cancellationToken.CanBeCanceled)
        {
            _ = Task.Factory.StartNew(() => Compile(entry, pending, compile), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Wait(entry, pending, leads: true, cancellationToken);
        }
        else Compile(entry, pending, compile);
        if (pending.Error is { } error) ExceptionDispatchInfo.Throw(error);
        return pending.Result!;
    }

    /// <summary>Waits for a compilation; leaves it when cancelled.</summary>
    private void Wait(CacheEntry entry, PendingCompilation pending, bool leads, CancellationToken cancellationToken)
    {
        var left = false;
        void Leave()
        {
            lock (gate)
            {
                if (left || pending.IsOver) return;
                left = true;
                pending.Leave(leads);
                if (!pending.IsAbandoned) return;
                Unlink(entry);
            }
            pending.Cancel();
        }
        using (cancellationToken.UnsafeRegister(static leave => ((Action)leave!)(), (Action)Leave))
        {
            try { pending.Wait(cancellationToken); }
            catch (OperationCanceledException) { Leave(); } // the registration may be undone before it is called
        }
        if (left) throw new OperationCanceledException(cancellationToken);
    }

    private void Compile(CacheEntry entry, PendingCompilation pending, Func<CancellationToken, CachedComputation> compile)
    {
        try
        {
            var value = compile(pending.Token);
            lock (gate)
            {
                if (!value.Computation.TryUse())
                {
                    leaving.Enqueue(value.Computation);
                    throw new DeviceGoneException("a backend was removed while a program was compiled for it");
                }
                if (pending.IsAbandoned)
                {
                    value.Computation.Unuse();
                    leaving.Enqueue(value.Computation);
                    throw new OperationCanceledException(pending.Token);
                }
                Insert(entry, value);
                if (pending.IsLeaderGone) value.Computation.Unuse();
                else Counted(pending.Result = value);
                pending.End();
            }
        }
        catch (Exception e)
        {
            lock (gate)
            {
                if (!pending.IsAbandoned) Unlink(entry);
                pending.Error = e;
                pending.End();
            }
        }
        Free();
    }

    private void Insert(CacheEntry entry, CachedComputation value)
    {
        (entry.Value, entry.Pending) = (value, null);
        entry.Node = order.AddFirst(entry);
        bytes += value.Bytes;
        compileTime += value.CompileTime;
        Trim(entry);
    }

    /// <summary>Drops what the limits do not allow, but for what is pinned and what was just put in.</summary>
    private void Trim(CacheEntry? newest)
    {
        for (var node = order.Last; node is not null && (order.Count > maximumEntries || bytes > maximumBytes);)
        {
            var (entry, before) = (node.Value, node.Previous);
            if (entry.Pins == 0 && entry != newest)
            {
                Remove(entry);
                evictions++;
                if (evicted.Add(entry.Hash)) evictedOrder.Enqueue(entry.Hash);
                if (evictedOrder.Count > maximumEntries) evicted.Remove(evictedOrder.Dequeue());
            }
            node = before;
        }
    }

    /// <summary>The value of an entry with a use counted; null, and the entry dropped, where a backend it needs is gone.</summary>
    private CachedComputation? TryUse(CacheEntry entry)
    {
        if (!entry.Value!.Computation.TryUse())
        {
            Remove(entry);
            return null;
        }
        if (order.First != entry.Node)
        {
            order.Remove(entry.Node!);
            order.AddFirst(entry.Node!);
        }
        hits++;
        return Counted(entry.Value);
    }

    private CachedComputation Counted(CachedComputation value)
    {
        value.Uses++;
        return value;
    }

    private CacheEntry? Find(UInt128 hash, ReadOnlySpan<long> key)
    {
        for (var entry = entries.GetValueOrDefault(hash); entry is not null; entry = entry.Next)
            if (key.SequenceEqual(entry.Key)) return entry;
        return null;
    }

    /// <summary>The first entry of a hash that has a program.</summary>
    private CacheEntry? Find(UInt128 hash)
    {
        var entry = entries.GetValueOrDefault(hash);
        while (entry is { Value: null }) entry = entry.Next;
        return entry;
    }

    private CacheEntry Link(UInt128 hash, ReadOnlySpan<long> key)
    {
        misses++;
        return entries[hash] = new(hash, key.ToArray()) { Next = entries.GetValueOrDefault(hash) };
    }

    private void Remove(CacheEntry entry)
    {
        order.Remove(entry.Node!);
        bytes -= entry.Value!.Bytes;
        Add(dropped, entry.Value, entry.Value.Uses);
        Unlink(entry);
        leaving.Enqueue(entry.Value.Computation);
    }

    private void Unlink(CacheEntry entry)
    {
        if (!entries.TryGetValue(entry.Hash, out var first)) return;
        if (first == entry)
        {
            if (entry.Next is null) entries.Remove(entry.Hash);
            else entries[entry.Hash] = entry.Next;
            return;
        }
        while (first.Next is not null && first.Next != entry) first = first.Next;
        if (first.Next == entry) first.Next = entry.Next;
    }
}
