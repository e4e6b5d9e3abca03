namespace NeuroDb.Storage;

/// <summary>
/// The entries of one owner, in numbered slots, filled on demand and emptied by the
/// <see cref="BufferManager"/>. A hit is one volatile read and, the first time after the clock
/// passed, one byte written; nobody is counted or locked. Who has got an entry may keep it: it is
/// never changed, only no longer found here.
/// </summary>
internal sealed class BufferSlots<T> : BufferSlots, IDisposable
    where T : class
{
    private readonly BufferManager _manager;
    private readonly IBufferSource<T> _source;
    private readonly T?[] _values;
    private readonly byte[] _used;
    private readonly Dictionary<int, BufferLoad<T>> _loads = [];
    private readonly Lock _gate = new();

    /// <summary>Makes empty slots.</summary>
    public BufferSlots(BufferManager manager, IBufferSource<T> source, int count)
    {
        _manager = manager;
        _source = source;
        _values = new T?[count];
        _used = new byte[count];
    }

    /// <summary>How many slots there are.</summary>
    public int Count => _values.Length;

    /// <summary>The entry of a slot, read now if it is not there.</summary>
    public T Get(int slot)
    {
        T? value = Volatile.Read(ref _values[slot]);
        if (value is null)
        {
            return Load(slot);
        }

        if (_used[slot] == 0)
        {
            _used[slot] = 1;
        }

        return value;
    }

    /// <summary>The entry of a slot if it is in memory; nothing is read.</summary>
    public bool TryGet(int slot, out T? value)
    {
        value = Volatile.Read(ref _values[slot]);
        return value is not null;
    }

    /// <inheritdoc/>
    public override bool TakeReference(int slot)
    {
        bool isUsed = _used[slot] != 0;
        _used[slot] = 0;
        return isUsed;
    }

    /// <summary>Makes an entry visible; called by the manager under its lock.</summary>
    public void Publish(int slot, T value) => Volatile.Write(ref _values[slot], value);

    /// <inheritdoc/>
    public override void Drop(int slot) =>
        Release(Interlocked.Exchange(ref _values[slot], null));

    /// <summary>Lets all entries go.</summary>
    public void Dispose() => _manager.Forget(this);

    private T Load(int slot)
    {
        while (true)
        {
            BufferLoad<T> load = Join(slot, out bool isFirst);
            if (isFirst)
            {
                return Load(slot, load);
            }

            lock (load.Gate)
            {
                // The first one failed: this thread finds out for itself why.
                if (load.Result is not null)
                {
                    return load.Result;
                }
            }
        }
    }

    // The first one leaves with the load's lock held, so that nobody can pass it by.
    private BufferLoad<T> Join(int slot, out bool isFirst)
    {
        lock (_gate)
        {
            isFirst = !_loads.TryGetValue(slot, out BufferLoad<T>? load);
            if (isFirst)
            {
                load = new BufferLoad<T>();
                load.Gate.Enter();
                _loads.Add(slot, load);
            }

            return load!;
        }
    }

    private T Load(int slot, BufferLoad<T> load)
    {
        try
        {
            // Another load may have ended between the look and the joining.
            T? value = Volatile.Read(ref _values[slot]);
            if (value is null)
            {
                value = _source.Load(slot, out long sizeBytes);
                _manager.Keep(this, slot, value, sizeBytes);
            }

            load.Result = value;
            return value;
        }
        finally
        {
            lock (_gate)
            {
                Invariant.Check(_loads.Remove(slot));
            }

            load.Gate.Exit();
        }
    }
}
