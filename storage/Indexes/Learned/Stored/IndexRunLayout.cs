using System.Buffers.Binary;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Where the arrays of a stored run lie in its body, from the counts that its record has.
/// </summary>
/// <param name="ColumnCount">The columns.</param>
/// <param name="EntryCount">The entries.</param>
/// <param name="ModelCount">The keys of the directory of the model.</param>
/// <param name="LineCount">The lines; 0 for a model without lines.</param>
internal readonly record struct IndexRunLayout(
    int ColumnCount, int EntryCount, int ModelCount, int LineCount)
{
    private const int LineSizeBytes = sizeof(float) + sizeof(int);

    /// <summary>Where the fences begin.</summary>
    public static long Fences => IndexRunFormat.RecordSizeBytes;

    /// <summary>Where the keys of the model begin.</summary>
    public long ModelKeys => IndexRunFormat.Align(
        Fences + ((long)IndexRunFormat.FenceCountOf(EntryCount) * sizeof(ulong)));

    /// <summary>Where the lines of the model begin.</summary>
    public long ModelLines => ModelKeys + ((long)ModelCount * sizeof(ulong));

    /// <summary>The bytes of an array of codes with what stands behind it.</summary>
    private long CodesLength => IndexRunFormat.Align((long)EntryCount * sizeof(ulong));

    /// <summary>Where the ordinals begin.</summary>
    public long Ordinals => Codes(ColumnCount);

    /// <summary>The bytes of the body.</summary>
    public long Length => Ordinals + ((long)EntryCount * sizeof(int));

    /// <summary>Where the codes of a column begin.</summary>
    public long Codes(int column) => IndexRunFormat.Align(
        ModelLines + ((long)LineCount * LineSizeBytes)) + (column * CodesLength);

    /// <summary>The layout of a run.</summary>
    public static IndexRunLayout Of(IndexRun run) => new(
        run.Codes.Length, run.Count, run.Model.Directory.Count, run.Model.Lines.Length);

    /// <summary>Writes counts and figures of the model behind the identity.</summary>
    public void Write(Span<byte> record, LearnedModel model)
    {
        Span<byte> counts = record[IndexRunFormat.IdentitySizeBytes..];
        BinaryPrimitives.WriteInt32LittleEndian(counts, ModelCount);
        BinaryPrimitives.WriteInt32LittleEndian(counts[4..], LineCount);
        BinaryPrimitives.WriteInt32LittleEndian(counts[8..], model.DistinctCount);
        BinaryPrimitives.WriteInt32LittleEndian(counts[12..], model.ErrorBound);
        BinaryPrimitives.WriteInt32LittleEndian(counts[16..], model.Window);
    }

    /// <summary>The layout that a record has; false if its counts cannot be.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> record, in IndexRunIdentity identity, long bodyLength,
        out IndexRunLayout layout)
    {
        ReadOnlySpan<byte> counts = record[IndexRunFormat.IdentitySizeBytes..];
        layout = new IndexRunLayout(
            identity.ColumnCount,
            identity.RowCount,
            BinaryPrimitives.ReadInt32LittleEndian(counts),
            BinaryPrimitives.ReadInt32LittleEndian(counts[4..]));
        return layout.ModelCount >= 0 && layout.LineCount >= 0
            && layout.Length == bodyLength;
    }

    /// <summary>The model of the arrays that were read.</summary>
    public LearnedModel ModelOf(
        ReadOnlySpan<byte> record, ulong[] keys, LinePiece[] lines)
    {
        ReadOnlySpan<byte> counts = record[IndexRunFormat.IdentitySizeBytes..];
        return new LearnedModel
        {
            Directory = new LineDirectory(keys),
            Lines = lines,
            KeyCount = EntryCount,
            DistinctCount = BinaryPrimitives.ReadInt32LittleEndian(counts[8..]),
            ErrorBound = BinaryPrimitives.ReadInt32LittleEndian(counts[12..]),
            Window = BinaryPrimitives.ReadInt32LittleEndian(counts[16..]),
        };
    }
}
