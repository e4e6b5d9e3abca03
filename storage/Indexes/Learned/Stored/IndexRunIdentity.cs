using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>Which run a file is: of which index over the rows of which segment.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="SegmentCrc">The checksum of the segment's footer.</param>
/// <param name="IndexId">The number of the index, never used again in the database.</param>
/// <param name="DefinitionCrc">The checksum of its columns, their order and types.</param>
/// <param name="ColumnCount">The columns of the index.</param>
/// <param name="RowCount">The rows of the segment.</param>
internal readonly record struct IndexRunIdentity(
    SegmentIdentity Segment,
    uint SegmentCrc,
    int IndexId,
    uint DefinitionCrc,
    int ColumnCount,
    int RowCount)
{
    /// <summary>The identity of the run of an index over a segment.</summary>
    public static IndexRunIdentity Of(SegmentFile segment, LearnedIndex index) => new(
        segment.Identity,
        segment.Info.FooterCrc,
        index.Id,
        index.Keys.DefinitionCrc,
        index.Keys.Count,
        checked((int)segment.RowCount));

    /// <summary>Writes it into the first bytes of a record.</summary>
    public void Write(Span<byte> record)
    {
        Segment.DatabaseId.TryWriteBytes(record);
        BinaryPrimitives.WriteInt32LittleEndian(record[16..], Segment.TableId);
        BinaryPrimitives.WriteInt32LittleEndian(record[20..], IndexId);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], Segment.SegmentId);
        BinaryPrimitives.WriteUInt32LittleEndian(record[32..], SegmentCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(record[36..], DefinitionCrc);
        BinaryPrimitives.WriteInt32LittleEndian(record[40..], ColumnCount);
        BinaryPrimitives.WriteInt32LittleEndian(record[44..], RowCount);
    }

    /// <summary>Whether a record begins with it.</summary>
    public bool IsIn(ReadOnlySpan<byte> record)
    {
        Span<byte> own = stackalloc byte[IndexRunFormat.IdentitySizeBytes];
        Write(own);
        return record.StartsWith(own);
    }
}
