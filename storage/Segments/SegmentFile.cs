using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// An open segment file: immutable, read by many threads. Every byte is verified before it is
/// used; damage is a <see cref="CorruptionException"/>. A chunk has 4096 rows, except the last;
/// the ordinal of a row in the segment is chunk * 4096 + row.
/// </summary>
internal sealed partial class SegmentFile
    : IDisposable, IBufferSource<ColumnStore>, IBufferSource<KeyPiece>,
        IBufferSource<LearnedKeyRun>
{
    private readonly IFile _file;
    private readonly PageGuard _guard;
    private readonly TableSchema _schema;
    private readonly SegmentDirectory _directory;
    private readonly SegmentLayout _layout;
    private readonly SegmentPages _pages;
    private readonly BufferSlots<ColumnStore> _columns;
    private readonly BufferSlots<KeyPiece> _pieces;
    private readonly BufferSlots<LearnedKeyRun> _learned;
    private readonly KeyRun[] _keys;
    private readonly long _firstVersion;

    private SegmentFile(
        IFile file,
        SegmentIdentity identity,
        TableSchema schema,
        PageGuard guard,
        SegmentDirectory directory,
        SegmentLayout layout,
        BufferManager buffers)
    {
        _file = file;
        _guard = guard;
        _schema = schema;
        _directory = directory;
        Identity = identity;
        Buffers = buffers;
        RowCount = layout.RowCount;
        _layout = layout;
        LengthBytes = layout.LengthBytes;
        _pages = new SegmentPages(
            file, guard, directory.Extents, directory.Seals, layout.DirectoryOffset);
        int slots = checked(directory.Chunks.Length * directory.ColumnCount);
        _firstVersion = BlockVersions.Take(slots);
        _columns = new BufferSlots<ColumnStore>(buffers, this, slots);
        _pieces = new BufferSlots<KeyPiece>(buffers, this, directory.Fences.Length);
        Indexes = new IndexSet<SegmentIndex>(index => new SegmentIndex(this, index));
        _learned = new BufferSlots<LearnedKeyRun>(buffers, this, directory.Keys.Length);
        _keys = [.. directory.Keys.Select((key, i) => new KeyRun(
            key, directory.Fences, _pieces, _learned, i, buffers.BudgetBytes, TryReadSoon))];
    }

    /// <summary>Where the file is.</summary>
    public string Path => _file.Path;

    /// <summary>Which segment this is.</summary>
    public SegmentIdentity Identity { get; }

    /// <summary>The columns that the file has, and the keys of the table.</summary>
    public TableSchema Schema => _schema;

    /// <summary>What holds the columns that were read.</summary>
    public BufferManager Buffers { get; }

    /// <summary>The pages, for who looks for damage.</summary>
    public SegmentPages Pages => _pages;

    /// <summary>The tables that lead to the pages.</summary>
    public SegmentDirectory Directory => _directory;

    /// <summary>
    /// A number for a column of a chunk that no other has while the process runs.
    /// </summary>
    public long VersionOf(int chunk, int column) =>
        _firstVersion + ((long)chunk * _directory.ColumnCount) + column;

    /// <summary>The chunks.</summary>
    public int ChunkCount => _directory.Chunks.Length;

    /// <summary>The rows.</summary>
    public long RowCount { get; }

    /// <summary>The bytes of the file.</summary>
    public long LengthBytes { get; }

    /// <summary>The runs of the indexes of the table.</summary>
    public IndexSet<SegmentIndex> Indexes { get; }

    /// <summary>Whose it is; null for one that is opened by itself.</summary>
    public SegmentStore? Store { get; init; }

    /// <summary>What the manifest says about the file.</summary>
    public required SegmentInfo Info { get; init; }

    /// <summary>
    /// Opens a file: reads and verifies its header, footer and directory, and that it is the one
    /// that is expected. Takes the guard over.
    /// </summary>
    public static SegmentFile Open(
        IFileSystem files,
        string path,
        SegmentIdentity identity,
        TableSchema schema,
        PageGuard guard,
        SegmentInfo expected,
        BufferManager buffers,
        SegmentStore? store = null)
    {
        if (!files.FileExists(path))
        {
            throw new CorruptionException(path, 0, "this segment is missing");
        }

        IFile file = files.Open(path, FileOpenKind.Read);
        SegmentFile? segment = null;
        try
        {
            SegmentLayout layout = ReadLayout(
                file, identity, guard, expected, out byte[] directorySeal);
            SegmentDirectory directory = ReadDirectory(file, guard, layout, directorySeal);
            schema = Of(schema, directory);
            SegmentDirectoryCheck.Check(directory, schema, layout, path);
            segment = new SegmentFile(file, identity, schema, guard, directory, layout, buffers)
            {
                Info = expected,
                Store = store,
            };
            return segment;
        }
        finally
        {
            if (segment is null)
            {
                guard.Dispose();
                file.Dispose();
            }
        }
    }

    /// <summary>The rows of a chunk.</summary>
    public int RowCountOf(int chunk) => _directory.Chunks[chunk].RowCount;

    /// <summary>The number of the first row of a chunk, relative to the segment's base.</summary>
    public long FirstRowNumber(int chunk) => _directory.Chunks[chunk].FirstRowNumber;

    /// <summary>The number of the last row of a chunk.</summary>
    public long LastRowNumber(int chunk) => _directory.Chunks[chunk].LastRowNumber;

    /// <summary>Whether the row numbers of a chunk have no gaps.</summary>
    public bool IsConsecutive(int chunk) =>
        _directory.Chunks[chunk].Flags == SegmentFormat.ConsecutiveFlag;

    /// <summary>The numbers of the rows of a chunk.</summary>
    public long[] ReadRowNumbers(int chunk)
    {
        ChunkRecord record = _directory.Chunks[chunk];
        var numbers = new long[record.RowCount];
        if (IsConsecutive(chunk))
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = record.FirstRowNumber + i;
            }

            return numbers;
        }

        using var cursor = new ExtentCursor(
            _pages, record.FirstExtent + _directory.ColumnCount);
        BlockReader block = cursor.TakeBlock(cursor.Remaining);
        IntegerDecoder.Decode(ref block, numbers);
        bool isAscending = numbers[0] == record.FirstRowNumber
            && numbers[^1] == record.LastRowNumber;
        for (int i = 1; i < numbers.Length; i++)
        {
            isAscending &= numbers[i] > numbers[i - 1];
        }

        block.Check(isAscending && block.Remaining == 0, "row numbers that do not ascend");
        return numbers;
    }

    /// <summary>
    /// A column of a chunk through the buffer manager; a hit is one volatile read. Do not change
    /// it.
    /// </summary>
    public ColumnStore Column(int chunk, int column)
    {
        Invariant.Check((uint)column < (uint)_directory.ColumnCount);
        return _columns.Get((chunk * _directory.ColumnCount) + column);
    }

    /// <summary>A column of a chunk if it is in memory; nothing is read.</summary>
    public bool TryColumn(int chunk, int column, out ColumnStore? store)
    {
        Invariant.Check((uint)column < (uint)_directory.ColumnCount);
        return _columns.TryGet((chunk * _directory.ColumnCount) + column, out store);
    }

    /// <summary>A column of a chunk read from the file, verified and decoded, not cached.</summary>
    public ColumnStore Read(int chunk, int column, ColumnStore? spent = null) =>
        Read(chunk, column, out _, spent);

    /// <summary>
    /// A column of vectors of one size of a chunk, read from the file into a store that is used
    /// again and again; what it held before is gone.
    /// </summary>
    public void Read(int chunk, int column, VectorColumnStore target)
    {
        Invariant.Check(target.Type == _schema.Columns[column].Type);
        ColumnDecoder.Decode(_pages, ExtentOf(chunk, column), RowCountOf(chunk), target);
    }

    /// <summary>What is known about a column of a chunk without reading it.</summary>
    public ZoneMap Zone(int chunk, int column)
    {
        ExtentRecord extent = _directory.Extents[ExtentOf(chunk, column)];
        int rows = RowCountOf(chunk);
        if (extent.Zone == ZoneKind.None)
        {
            return new ZoneMap(rows, extent.NullCount, false, false, Value.Null, Value.Null);
        }

        var reader = new BlockReader(
            _directory.Zones.AsSpan(extent.ZoneOffset, extent.ZoneLength), Path, extent.Offset);
        ZoneReader.Read(
            ref reader, _schema.Columns[column].Type, out Value minimum, out Value maximum);
        return new ZoneMap(
            rows, extent.NullCount, true, extent.Zone == ZoneKind.Exact, minimum, maximum);
    }

    /// <summary>How a column of a chunk is encoded.</summary>
    public SegmentEncoding EncodingOf(int chunk, int column) =>
        _directory.Extents[ExtentOf(chunk, column)].Encoding;

    /// <summary>The bytes of a column of a chunk in the file.</summary>
    public long StoredSizeBytes(int chunk, int column) =>
        _directory.Extents[ExtentOf(chunk, column)].Length;

    /// <summary>Reads and decodes every byte of the file.</summary>
    public void Verify(CancellationToken cancellation)
    {
        VerifyTails();
        for (int chunk = 0; chunk < ChunkCount; chunk++)
        {
            for (int column = 0; column < _directory.ColumnCount; column++)
            {
                cancellation.ThrowIfCancellationRequested();
                _ = Read(chunk, column);
                _ = Zone(chunk, column);
            }

            _ = ReadRowNumbers(chunk);
        }

        for (int piece = 0; piece < _directory.Fences.Length; piece++)
        {
            cancellation.ThrowIfCancellationRequested();
            _ = ReadPiece(piece);
        }
    }

    /// <summary>Checks that directory and footer stand twice, byte for byte the same.</summary>
    public void VerifyTails()
    {
        int size = checked((int)_layout.DirectoryLength + SegmentFormat.BlockSizeBytes);
        byte[] first = ReadBytes(_file, _layout.DirectoryOffset, size);
        byte[] second = ReadBytes(_file, _layout.DirectoryOffset + size, size);
        int same = first.AsSpan().CommonPrefixLength(second);
        if (same < size)
        {
            throw new CorruptionException(
                Path,
                _layout.DirectoryOffset + size + same,
                "the copies of directory and footer differ");
        }

        _ = WrittenSchema();
    }

    /// <summary>The definition of the table when the file was written.</summary>
    public TableSchema WrittenSchema()
    {
        var reader = new RecordReader(Path);
        reader.Start(_directory.Schema, "the schema of the segment");
        TableSchema schema = SchemaCodec.Decode(reader);
        reader.Check(
            reader.Remaining == 0
            && SchemaFingerprint.Of(schema) == _directory.SchemaFingerprint,
            "the schema that the fingerprint is of");
        return schema;
    }

    /// <summary>Closes the file and gives its place in the buffer manager back.</summary>
    public void Dispose()
    {
        _columns.Dispose();
        _pieces.Dispose();
        _learned.Dispose();
        foreach ((_, SegmentIndex index) in Indexes.All)
        {
            index.Dispose();
        }

        _guard.Dispose();
        _file.Dispose();
    }

    ColumnStore IBufferSource<ColumnStore>.Load(int slot, out long sizeBytes) =>
        Read(slot / _directory.ColumnCount, slot % _directory.ColumnCount, out sizeBytes);

    // A file has no more columns than the table had when it was written.
    private static TableSchema Of(TableSchema schema, SegmentDirectory directory) =>
        directory.ColumnCount < schema.Columns.Count
            ? schema with { Columns = [.. schema.Columns.Take(directory.ColumnCount)] }
            : schema;

    private static SegmentLayout ReadLayout(
        IFile file,
        SegmentIdentity identity,
        PageGuard guard,
        SegmentInfo expected,
        out byte[] directorySeal)
    {
        if (file.Length != expected.LengthBytes
            || expected.LengthBytes < 2 * SegmentFormat.BlockSizeBytes)
        {
            throw new CorruptionException(
                file.Path,
                Math.Min(file.Length, expected.LengthBytes),
                $"the segment has {file.Length} bytes, not {expected.LengthBytes}");
        }

        long end = expected.LengthBytes - SegmentFormat.BlockSizeBytes;
        byte[] block = ReadBytes(file, end, SegmentFormat.BlockSizeBytes);
        SegmentBlocks.CheckFooter(block, identity, guard.SealSizeBytes, file.Path, end);
        SegmentLayout layout = SegmentBlocks.LayoutOf(block);
        byte[] header = ReadBytes(file, 0, SegmentFormat.BlockSizeBytes);
        SegmentBlocks.CheckHeader(header, identity, guard.SealSizeBytes, file.Path);
        directorySeal = SegmentBlocks.DirectorySealOf(block, guard.SealSizeBytes).ToArray();
        if (SegmentBlocks.CrcOf(block) != expected.FooterCrc
            || layout.RowCount != expected.RowCount
            || layout.RowCount is < 0 or > SegmentFormat.RowCountMax
            || layout.PageCount < 0
            || layout.DirectoryOffset < SegmentFormat.BlockSizeBytes
            || layout.DirectoryLength is < SegmentFormat.DirectoryHeaderSizeBytes or > int.MaxValue
            || layout.LengthBytes != expected.LengthBytes
            || !SegmentBlocks.FooterSaltOf(block).SequenceEqual(SegmentBlocks.SaltOf(header)))
        {
            throw new CorruptionException(
                file.Path, end, $"this is not the footer that was written for {identity}");
        }

        return guard.TryResume(SegmentBlocks.SaltOf(header))
            ? layout
            : throw new CorruptionException(
                file.Path, 0, "the header has a salt, but the database is not encrypted");
    }

    private static SegmentDirectory ReadDirectory(
        IFile file, PageGuard guard, SegmentLayout layout, byte[] seal)
    {
        byte[] bytes = ReadBytes(file, layout.DirectoryOffset, (int)layout.DirectoryLength);
        if (!guard.TryOpen(layout.PageCount, bytes, seal))
        {
            throw new CorruptionException(
                file.Path, layout.DirectoryOffset, "the directory does not match its seal");
        }

        return SegmentDirectory.Decode(
            bytes, guard.SealSizeBytes, layout.PageCount, file.Path, layout.DirectoryOffset);
    }

    private static byte[] ReadBytes(IFile file, long offset, int count)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count);
        int read = file.Read(offset, bytes);
        return read == count
            ? bytes
            : throw new CorruptionException(file.Path, offset + read, "the file ends early");
    }

    private int ExtentOf(int chunk, int column)
    {
        Invariant.Check((uint)column < (uint)_directory.ColumnCount);
        return _directory.Chunks[chunk].FirstExtent + column;
    }

    private ColumnStore Read(
        int chunk, int column, out long sizeBytes, ColumnStore? spent = null) =>
        ColumnDecoder.Decode(
            _pages, ExtentOf(chunk, column), _schema.Columns[column].Type, RowCountOf(chunk),
            out sizeBytes, spent);
}
