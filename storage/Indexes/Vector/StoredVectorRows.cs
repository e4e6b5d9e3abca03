using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>The vectors of a column of a table, of whatever type they are.</summary>
internal abstract class StoredVectorRows(int count, DataType type)
    : VectorRows(count, type.Length)
{
    private readonly bool _isFloat = type.Kind == TypeKind.Vector;

    /// <inheritdoc/>
    public override int RowSizeBytes { get; } = type.Kind == TypeKind.Vector
        ? type.Length * sizeof(float)
        : CompactVector.SizeBytesOf(type.Kind, type.Length);

    /// <inheritdoc/>
    public override bool IsNull(int ordinal) =>
        StoreOf(ordinal).IsNull(ordinal % Limits.ChunkRowCount);

    /// <inheritdoc/>
    public override void CopyTo(int ordinal, Span<float> target)
    {
        if (_isFloat)
        {
            Floats(ordinal).CopyTo(target);
        }
        else
        {
            CompactVector.Widen(type.Kind, Bytes(ordinal), target);
        }
    }

    /// <inheritdoc/>
    public override float SquaredNorm(int ordinal)
    {
        if (_isFloat)
        {
            return Norm.ComputeSquared(Floats(ordinal));
        }

        ReadOnlySpan<byte> bytes = Bytes(ordinal);
        return (float)(type.Kind switch
        {
            TypeKind.HalfVector => PairReduction.Compute<Half, Half, Dot>(
                Halves(bytes), Halves(bytes), VectorWidths.Widest),
            TypeKind.Int8Vector => PairReduction.Compute<sbyte, sbyte, Dot>(
                Int8s(bytes), Int8s(bytes), VectorWidths.Widest),
            _ => PairReduction.Compute<byte, byte, Dot>(bytes, bytes, VectorWidths.Widest),
        });
    }

    /// <inheritdoc/>
    public override float Rank(int ordinal, VectorQuery query)
    {
        if (_isFloat)
        {
            return query.Rank(Floats(ordinal));
        }

        ReadOnlySpan<byte> bytes = Bytes(ordinal);
        return type.Kind switch
        {
            TypeKind.HalfVector => query.Rank(Halves(bytes)),
            TypeKind.Int8Vector => query.Rank(Int8s(bytes)),
            _ => query.RankBits(bytes),
        };
    }

    /// <inheritdoc/>
    public override double RankDouble(int ordinal, VectorQuery query) => type.Kind switch
    {
        TypeKind.Vector => query.RankDouble(Floats(ordinal)),
        TypeKind.BitVector => query.RankBits(Bytes(ordinal)),
        _ => query.RankDouble(ToArray(ordinal)),
    };

    /// <inheritdoc/>
    public override void Prefetch(int ordinal) => ReadAhead.Row(
        MemoryMarshal.Cast<byte, float>(StoreOf(ordinal).BytesAt(ordinal % Limits.ChunkRowCount)));

    /// <summary>The store that holds a row.</summary>
    protected abstract VectorColumnStore StoreOf(int ordinal);

    private static ReadOnlySpan<Half> Halves(ReadOnlySpan<byte> bytes) =>
        MemoryMarshal.Cast<byte, Half>(bytes);

    private static ReadOnlySpan<sbyte> Int8s(ReadOnlySpan<byte> bytes) =>
        MemoryMarshal.Cast<byte, sbyte>(bytes);

    private ReadOnlySpan<float> Floats(int ordinal) =>
        ((FloatVectorStore)StoreOf(ordinal)).RowAt(ordinal % Limits.ChunkRowCount);

    private ReadOnlySpan<byte> Bytes(int ordinal) =>
        StoreOf(ordinal).BytesAt(ordinal % Limits.ChunkRowCount);
}
