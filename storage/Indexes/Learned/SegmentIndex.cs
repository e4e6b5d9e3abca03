namespace NeuroDb.Storage;

/// <summary>
/// The run of one index over the rows of one segment: made of the columns the first time it is
/// asked for, kept by the buffer manager, and made again if it had to make room. It holds nothing
/// that the columns do not say, so neither a crash nor damage can make it disagree with them.
/// </summary>
internal sealed class SegmentIndex : IBufferSource<IndexRun>, IIndexRows, IDisposable
{
    private readonly SegmentFile _file;
    private readonly IndexKeys _keys;
    private readonly BufferSlots<IndexRun> _run;

    /// <summary>Makes the index of a segment; nothing is read yet.</summary>
    public SegmentIndex(SegmentFile file, IndexKeys keys)
    {
        _file = file;
        _keys = keys;
        _run = new BufferSlots<IndexRun>(file.Buffers, this, 1);
    }

    /// <summary>The run.</summary>
    public IndexRun Run => _run.Get(0);

    /// <summary>The run if it is in memory.</summary>
    public bool TryGet(out IndexRun? run) => _run.TryGet(0, out run);

    /// <inheritdoc/>
    public ColumnStore Column(int chunk, int column) =>
        column < _file.Directory.ColumnCount
            ? _file.Column(chunk, column)
            : _keys.Initial(column);

    /// <summary>Lets the run go.</summary>
    public void Dispose() => _run.Dispose();

    IndexRun IBufferSource<IndexRun>.Load(int slot, out long sizeBytes)
    {
        IndexRun run = IndexRunBuilder.Build(
            _keys, this, 0, checked((int)_file.RowCount), isLearned: true);
        sizeBytes = run.SizeBytes;
        return run;
    }
}
