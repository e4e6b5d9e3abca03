using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The run of one index over the rows of one segment: read from its file, or made of the columns
/// where there is none, and kept by the buffer manager. While it is not in memory, a few lookups
/// read only what they need of the file. It holds nothing that the columns do not say, so neither a
/// crash nor damage can make it disagree with them.
/// </summary>
internal sealed class SegmentIndex : IBufferSource<IndexRun>, IIndexRows, IDisposable
{
    // Reading the whole run costs about as much as so many lookups in its file.
    private const int SliceCountMax = 128;

    // Larger runs would push out too much: lookups go to the file.
    private const int BudgetShareMin = 8;
    private readonly SegmentFile _file;
    private readonly LearnedIndex _index;
    private readonly BufferSlots<IndexRun> _run;
    private readonly Lock _opening = new();
    private IndexRunFile? _stored;
    private IndexRun? _made;
    private bool _isSought;
    private bool _isDamaged;
    private int _sliceCount;
    private int _isReading;

    /// <summary>Makes the index of a segment; nothing is read yet.</summary>
    public SegmentIndex(SegmentFile file, LearnedIndex index)
    {
        _file = file;
        _index = index;
        _run = new BufferSlots<IndexRun>(file.Buffers, this, 1);
    }

    /// <summary>The run.</summary>
    public IndexRun Run => _run.Get(0);

    private bool IsSmall => IndexRun.SizeBytesOf(_file.RowCount, _index.Keys.Count)
        <= _file.Buffers.BudgetBytes / BudgetShareMin;

    private IndexRunStore? Runs => _file.Store?.IndexRuns;

    /// <summary>
    /// Gets the run into memory; looks while it is made whether it is to stop. Nobody waits for
    /// what may stop: who needs the run meanwhile makes it too.
    /// </summary>
    /// <param name="look">Raises what ends the work early.</param>
    public void Make(Action look)
    {
        if (!_run.TryGet(0, out _))
        {
            if (Stored() is null)
            {
                Volatile.Write(ref _made, Build(look));
            }

            _ = Run;
            Volatile.Write(ref _made, null);
        }
    }

    /// <summary>The run if it is in memory.</summary>
    public bool TryGet(out IndexRun? run) => _run.TryGet(0, out run);

    /// <summary>The model of the run, in memory or in its file; null if there is none.</summary>
    public LearnedModel? FindModel()
    {
        if (_run.TryGet(0, out IndexRun? run))
        {
            return run!.Model;
        }

        LearnedModel? model = null;
        return Stored() is { } stored && Try(() => model = stored.ReadModel()) ? model : null;
    }

    /// <summary>
    /// The run, or a part of it that holds at least all entries between two first codes.
    /// </summary>
    /// <param name="low">The lowest first code.</param>
    /// <param name="high">The highest one.</param>
    public IndexRun RunBetween(ulong low, ulong high)
    {
        if (_run.TryGet(0, out _) || low > high || Stored() is not { } stored
            || (_sliceCount >= SliceCountMax && IsSmall && !TryReadSoon()))
        {
            return Run;
        }

        // A count that two threads add to at once may miss one; it decides nothing but when.
        _sliceCount++;
        IndexRun? slice = null;
        return Try(() => slice = stored.TrySlice(_index.Keys, low, high)) && slice is not null
            ? slice
            : Run;
    }

    /// <summary>
    /// Whether a few lookups may go to the file meanwhile, since the run is not in memory and is
    /// read on another thread.
    /// </summary>
    public bool TryReadSoon()
    {
        if (!IsSmall || Stored() is null)
        {
            return false;
        }

        if (Interlocked.Exchange(ref _isReading, 1) != 0 || _file.TryReadSoon(ReadWhole))
        {
            return true;
        }

        Volatile.Write(ref _isReading, 0);
        return false;
    }

    /// <summary>Makes the run, in memory or in its file, before the first lookup.</summary>
    public void Prepare()
    {
        if (IsSmall)
        {
            _ = Run;
        }
        else
        {
            Store();
        }
    }

    /// <summary>The part of the run between bounds, or more of it.</summary>
    public IndexRun RunBetween(in IndexBounds bounds) =>
        bounds.Low.Length == 0 || bounds.High.Length == 0
            ? Run
            : RunBetween(bounds.Low[0], bounds.High[0]);

    /// <summary>Makes the file of the run if it is to have one and has none.</summary>
    public void Store()
    {
        if (Runs is { } store && store.IsWanted(_file, _index) && !store.Exists(_file, _index))
        {
            if (_run.TryGet(0, out IndexRun? run))
            {
                store.Save(_file, _index, run!);
                return;
            }

            run = Build();
            store.Save(_file, _index, run);
            run.Release();
        }
    }

    /// <inheritdoc/>
    public ColumnStore Column(int chunk, int column) =>
        column < _file.Directory.ColumnCount
            ? _file.Column(chunk, column)
            : _index.Keys.Initial(column);

    /// <inheritdoc/>
    public ColumnStore Next(int chunk, int column, ColumnStore? spent) =>
        column < _file.Directory.ColumnCount
            ? _file.Read(chunk, column, spent)
            : Column(chunk, column);

    /// <summary>Lets the run go and closes its file.</summary>
    public void Dispose()
    {
        _run.Dispose();
        lock (_opening)
        {
            _isSought = true;
            _stored?.Dispose();
            _stored = null;
        }
    }

    IndexRun IBufferSource<IndexRun>.Load(int slot, out long sizeBytes)
    {
        IndexRun? run = null;
        if (Stored() is { } stored)
        {
            _ = Try(() => run = stored.ReadAll(_index.Keys));
        }

        if (run is null)
        {
            run = Interlocked.Exchange(ref _made, null) ?? Build();
            Runs?.Save(_file, _index, run);
            lock (_opening)
            {
                _isSought &= _stored is not null;
            }
        }

        // Nobody counts who has got a run from the buffers.
        run.Lend();
        sizeBytes = run.SizeBytes + (_index.Keys[0].IsText
            ? (long)run.Count * IndexTieCodes.EntrySizeBytes
            : 0);
        return run;
    }

    private void ReadWhole()
    {
        try
        {
            _ = Run;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private IndexRun Build(Action? look = null) => IndexRunBuilder.Build(
        _index.Keys, this, 0, checked((int)_file.RowCount), isLearned: true, look);

    private IndexRunFile? Stored()
    {
        IndexRunStore? store = Runs;
        if (store is null)
        {
            return null;
        }

        lock (_opening)
        {
            if (!_isSought)
            {
                _isSought = true;
                _stored = store.Open(_file, _index);
            }

            return _isDamaged ? null : _stored;
        }
    }

    // A file that is damaged is not looked into again; it stays open for who reads it meanwhile.
    private bool Try(Action read)
    {
        if (Runs!.Try(_file, _index, read))
        {
            return true;
        }

        lock (_opening)
        {
            _isDamaged = true;
        }

        return false;
    }
}
