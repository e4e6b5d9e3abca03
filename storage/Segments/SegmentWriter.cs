using System.Buffers;
using System.Numerics;

namespace NeuroDb.Storage;

/// <summary>
/// Writes one new segment file from its start to its end, a chunk at a time; memory stays bounded
/// by one chunk, the write buffer and the key codes. One thread. A file that is not completed is
/// removed on disposal.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly IFileSystem _files;
    private readonly IFile _file;
    private readonly SegmentIdentity _identity;
    private readonly TableSchema _schema;
    private readonly PageGuard _guard;
    private readonly BackgroundFlush _flush;
    private readonly BackgroundWork _ahead;
    private readonly SegmentPageWriter _pages;
    private readonly ZoneWriter _zones = new();
    private readonly ColumnEncoder _encoder;
    private readonly KeyRunBuilder[] _keys;
    private readonly ColumnStore[] _staged;
    private readonly long[] _stagedNumbers = new long[Limits.ChunkRowCount];
    private readonly List<ChunkRecord> _chunks = [];
    private readonly List<ExtentRecord> _extents = [];
    private int _stagedCount;
    private long _stagedSizeBytes;
    private long _lastRowNumber = -1;
    private bool _isComplete;
    private bool _isDisposed;
    private readonly byte[] _salt = new byte[PageGuard.SaltSizeBytes];

    private SegmentWriter(
        IFileSystem files,
        IFile file,
        SegmentIdentity identity,
        TableSchema schema,
        PageGuard guard,
        IWorkers? workers)
    {
        _files = files;
        _file = file;
        _identity = identity;
        _schema = schema;
        _guard = guard;
        guard.Start(_salt);
        _flush = new BackgroundFlush(file, workers);
        _ahead = new BackgroundWork(workers);
        _pages = new SegmentPageWriter(
            file,
            guard,
            SegmentBlocks.Header(identity, guard.SealSizeBytes, _salt),
            _flush,
            _ahead);
        _encoder = new ColumnEncoder(_pages, _zones);
        _staged = ColumnStore.CreateAll(schema);
        _keys = [.. schema.Keys.Select(_ => new KeyRunBuilder())];
    }

    /// <summary>
    /// The number that the row numbers are relative to; -1 while only the manifest will know it.
    /// </summary>
    public long BaseRowId { get; set; } = -1;

    /// <summary>The rows appended so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>The bytes of the file so far, and of what waits to be written, roughly.</summary>
    public long SizeBytes => _pages.Position + _stagedSizeBytes;

    /// <summary>
    /// Makes a file, which must not exist; takes the guard over. Workers flush it while it grows.
    /// </summary>
    public static SegmentWriter Create(
        IFileSystem files,
        string path,
        SegmentIdentity identity,
        TableSchema schema,
        PageGuard guard,
        IWorkers? workers = null)
    {
        int size = guard.SealSizeBytes;
        Invariant.Check(BitOperations.IsPow2(size) && size <= PageGuard.SealSizeBytesMax);
        IFile file = files.Open(path, FileOpenKind.Create);
        return new SegmentWriter(files, file, identity, schema, guard, workers);
    }

    /// <summary>Appends rows.</summary>
    /// <param name="columns">The columns that hold them, by ordinal.</param>
    /// <param name="rows">The rows of the columns, in the order to be written.</param>
    /// <param name="rowNumbers">
    /// The number of each row relative to the base of the segment, ascending over all calls.
    /// </param>
    public void Append(
        ColumnStore[] columns, ReadOnlySpan<int> rows, ReadOnlySpan<long> rowNumbers)
    {
        Invariant.Check(!_isComplete && !_isDisposed);
        Invariant.Check(columns.Length == _staged.Length && rows.Length == rowNumbers.Length);
        Invariant.Check(RowCount + rows.Length <= SegmentFormat.RowCountMax);
        AddKeys(columns, rows);
        RowCount += rows.Length;
        while (!rows.IsEmpty)
        {
            int run = RunOf(rows);
            int count = Math.Min(run, Limits.ChunkRowCount - _stagedCount);
            if (count == Limits.ChunkRowCount)
            {
                WriteChunk(columns, rows[0], count, rowNumbers[..count]);
            }
            else
            {
                Stage(columns, rows[0], count, rowNumbers[..count]);
            }

            rows = rows[count..];
            rowNumbers = rowNumbers[count..];
        }
    }

    /// <summary>
    /// Writes the rest, then directory and footer, both twice so that damage of one place does not
    /// take the whole segment with it, and flushes the file; the caller flushes its directory.
    /// Nothing can be appended afterwards.
    /// </summary>
    public SegmentInfo Complete()
    {
        Invariant.Check(!_isComplete && !_isDisposed);
        WriteStaged();
        var fences = new List<ulong>();
        KeyRecord[] keys = WriteKeys(fences);
        var encodedSchema = new ArrayBufferWriter<byte>();
        SchemaCodec.Encode(encodedSchema, _schema);
        long offset = _pages.EndExtents();
        byte[] directory = new SegmentDirectory
        {
            SchemaFingerprint = SchemaFingerprint.Of(_schema),
            ColumnCount = _staged.Length,
            Chunks = [.. _chunks],
            Extents = [.. _extents],
            Keys = keys,
            Fences = [.. fences],
            Seals = _pages.Seals.ToArray(),
            Zones = _zones.Bytes.ToArray(),
            Schema = encodedSchema.WrittenSpan.ToArray(),
            BaseRowId = BaseRowId,
        }.Encode(_pages.PageCount);
        Span<byte> seal = stackalloc byte[_guard.SealSizeBytes];
        _guard.Seal(_pages.PageCount, directory, seal);
        var layout = new SegmentLayout(RowCount, offset, directory.Length, _pages.PageCount);
        byte[] footer = SegmentBlocks.Footer(
            _identity, _guard.SealSizeBytes, layout, seal, _salt);
        for (int copy = 0; copy < SegmentFormat.TailCount; copy++)
        {
            _pages.WriteSealed(directory);
            _pages.WriteSealed(footer);
        }

        _flush.Await();
        _file.Flush();
        _isComplete = true;
        return new SegmentInfo(_pages.Position, SegmentBlocks.CrcOf(footer), RowCount);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _ahead.Stop();
        _flush.Stop();
        _guard.Dispose();
        _encoder.Dispose();
        _pages.Dispose();
        _file.Dispose();
        Array.ForEach(_keys, static key => key.Dispose());
        if (!_isComplete)
        {
            try
            {
                _files.Delete(_file.Path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Nothing names the file, so the next opening of the database removes it.
            }
        }
    }

    private static int RunOf(ReadOnlySpan<int> rows)
    {
        int run = 1;
        while (run < rows.Length && rows[run] == rows[run - 1] + 1)
        {
            run++;
        }

        return run;
    }

    private void AddKeys(ColumnStore[] columns, ReadOnlySpan<int> rows)
    {
        for (int key = 0; key < _keys.Length; key++)
        {
            int ordinal = (int)RowCount;
            foreach (int row in rows)
            {
                if (KeyCode.TryOf(_schema, _schema.Keys[key], columns, row, out ulong code))
                {
                    _keys[key].Add(code, ordinal);
                }

                ordinal++;
            }
        }
    }

    private void Stage(
        ColumnStore[] columns, int start, int count, ReadOnlySpan<long> rowNumbers)
    {
        int total = _stagedCount + count;
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)total);
        for (int i = 0; i < columns.Length; i++)
        {
            _staged[i].Reserve(capacity);
            _staged[i].Copy(_stagedCount, columns[i], start, count);
            _stagedSizeBytes += StoredSize.Of(_staged[i], _stagedCount, count);
        }

        rowNumbers.CopyTo(_stagedNumbers.AsSpan(_stagedCount));
        _stagedCount = total;
        if (total == Limits.ChunkRowCount)
        {
            WriteStaged();
        }
    }

    private void WriteStaged()
    {
        if (_stagedCount > 0)
        {
            WriteChunk(_staged, 0, _stagedCount, _stagedNumbers.AsSpan(0, _stagedCount));
            _stagedCount = 0;
            _stagedSizeBytes = 0;
        }
    }

    private void WriteChunk(
        ColumnStore[] columns, int start, int count, ReadOnlySpan<long> rowNumbers)
    {
        foreach (long number in rowNumbers)
        {
            Invariant.Check(number > _lastRowNumber);
            _lastRowNumber = number;
        }

        bool isConsecutive = rowNumbers[^1] - rowNumbers[0] == count - 1;
        _chunks.Add(new ChunkRecord(
            count,
            isConsecutive ? SegmentFormat.ConsecutiveFlag : 0,
            rowNumbers[0],
            rowNumbers[^1],
            _extents.Count,
            0));
        foreach (ColumnStore column in columns)
        {
            _extents.Add(_encoder.Write(column, start, count));
        }

        if (!isConsecutive)
        {
            _extents.Add(_encoder.WriteNumbers(rowNumbers));
        }
    }

    private KeyRecord[] WriteKeys(List<ulong> fences)
    {
        var records = new KeyRecord[_keys.Length];
        Span<long> codes = stackalloc long[KeyRun.PieceEntryCount];
        Span<long> ordinals = stackalloc long[KeyRun.PieceEntryCount];
        for (int key = 0; key < _keys.Length; key++)
        {
            KeyRunBuilder run = _keys[key];
            run.Sort();
            int firstExtent = _extents.Count;
            int firstFence = fences.Count;
            for (int start = 0; start < run.Count; start += KeyRun.PieceEntryCount)
            {
                int count = Math.Min(KeyRun.PieceEntryCount, run.Count - start);
                for (int i = 0; i < count; i++)
                {
                    codes[i] = (long)run.Codes[start + i];
                    ordinals[i] = run.Ordinals[start + i];
                }

                fences.Add(run.Codes[start]);
                _extents.Add(_encoder.WritePiece(codes[..count], ordinals[..count]));
            }

            records[key] = new KeyRecord(
                run.Count,
                KeyCode.IsOrdered(_schema, _schema.Keys[key]) ? SegmentFormat.OrderedFlag : 0,
                firstExtent,
                fences.Count - firstFence,
                run.Count == 0 ? 0 : run.Codes[^1],
                firstFence,
                0);
        }

        return records;
    }
}
