namespace NeuroDb.Storage;

/// <summary>
/// Counts the bytes of rows in memory: those that a checkpoint could still move into files, and,
/// told to the <see cref="BufferManager"/>, all that are held, also by readers of older states.
/// Changed under the gate of commits, but for <see cref="Release"/>; any thread may ask.
/// </summary>
/// <param name="buffers">Shares the budget; null for a database in memory.</param>
internal sealed class DeltaMemory(BufferManager? buffers)
{
    // So that a small commit takes no lock.
    private const long ReportSizeBytes = 64 << 10;
    private readonly List<(long SizeBytes, long Generation, RowDelta[] Deltas)> _retired = [];
    private long _currentBytes;
    private long _unreportedBytes;

    /// <summary>The bytes of the deltas that tables consist of now, roughly.</summary>
    public long CurrentBytes => Volatile.Read(ref _currentBytes);

    /// <summary>Counts what a delta has got since the last time.</summary>
    public void Grow(RowDelta delta)
    {
        long size = delta.SizeBytes;
        long grown = size - delta.CountedBytes;
        delta.CountedBytes = size;
        Volatile.Write(ref _currentBytes, _currentBytes + grown);
        _unreportedBytes += grown;
        if (_unreportedBytes >= ReportSizeBytes)
        {
            buffers?.ReportDelta(_unreportedBytes);
            _unreportedBytes = 0;
        }
    }

    /// <summary>Takes parts of tables out of the count of what is current, once each.</summary>
    /// <param name="parts">The parts that no table has any more.</param>
    /// <param name="generation">The last generation that reaches them.</param>
    public void Retire(IEnumerable<RowPart> parts, long generation)
    {
        long bytes = 0;
        RowDelta[] deltas = [.. parts.OfType<RowDelta>()];
        foreach (RowDelta delta in deltas)
        {
            bytes += delta.CountedBytes;
            delta.CountedBytes = 0;
        }

        Volatile.Write(ref _currentBytes, _currentBytes - bytes);
        buffers?.ReportDelta(_unreportedBytes);
        _unreportedBytes = 0;
        lock (_retired)
        {
            _retired.Add((bytes, generation, deltas));
        }
    }

    /// <summary>Tells that nobody reads generations before a number any more.</summary>
    public void Release(long oldestGeneration)
    {
        long bytes = 0;
        lock (_retired)
        {
            foreach ((long retired, long generation, RowDelta[] deltas) in _retired)
            {
                if (generation < oldestGeneration)
                {
                    bytes += retired;
                    Array.ForEach(deltas, static delta => delta.Retire());
                }
            }

            _retired.RemoveAll(known => known.Generation < oldestGeneration);
        }

        if (bytes > 0)
        {
            buffers?.ReportDelta(-bytes);
        }
    }
}
