using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// The values of one column of one chunk: a typed array that one writer appends to while readers
/// look at the rows that were published before. It grows by copy and swap, never in place, so a
/// reader may go on with the array it has: every row it may see lies in it.
/// </summary>
internal abstract class ColumnStore(DataType type, byte[]? nulls = null)
{
    private byte[]? _nulls = nulls;

    /// <summary>The SQL type of the values.</summary>
    public DataType Type { get; } = type;

    /// <summary>How many rows have room.</summary>
    public abstract int Capacity { get; }

    /// <summary>Which of the first rows are NULL.</summary>
    public NullMask Nulls => new(Volatile.Read(ref _nulls));

    /// <summary>Makes an empty store for a type.</summary>
    public static ColumnStore Create(DataType type) => type.Physical switch
    {
        PhysicalKind.Int64 => new ColumnStore<long>(type),
        PhysicalKind.Double => new ColumnStore<double>(type),
        PhysicalKind.Decimal => new ColumnStore<decimal>(type),
        PhysicalKind.Uuid => new ColumnStore<Guid>(type),
        PhysicalKind.Interval => new ColumnStore<TimeInterval>(type),
        PhysicalKind.Text => new ColumnStore<string>(type),
        PhysicalKind.Blob => new ColumnStore<byte[]>(type),
        PhysicalKind.Vector or PhysicalKind.CompactVector when type.Length > 0 =>
            VectorColumnStore.OfVectors(type),
        PhysicalKind.Vector => new ColumnStore<ReadOnlyMemory<float>>(type),
        PhysicalKind.CompactVector => new ColumnStore<CompactVector>(type),
        _ => throw Invariant.Broken($"a physical kind for {type}"),
    };

    /// <summary>
    /// What a column holds in rows from before it was added to its table, that many times.
    /// </summary>
    public static ColumnStore Initial(ColumnSchema column, int count)
    {
        ColumnStore store = Create(column.Type);
        store.Reserve(count);
        store.Write(0, ColumnBuffer.Constant(column.Type, column.Initial, count), 0, count);
        return store;
    }

    /// <summary>One empty store for each column of a table.</summary>
    public static ColumnStore[] CreateAll(TableSchema schema)
    {
        var stores = new ColumnStore[schema.Columns.Count];
        for (int i = 0; i < stores.Length; i++)
        {
            stores[i] = Create(schema.Columns[i].Type);
        }

        return stores;
    }

    /// <summary>Makes room for that many rows in all, by copy and swap.</summary>
    public abstract void Reserve(int capacity);

    /// <summary>The bytes of texts or blobs outside of the collector's heap.</summary>
    public virtual long ElementSizeBytes => 0;

    /// <summary>
    /// Makes all the room that an empty store will have, for rows that stay for long: outside of
    /// the collector's heap, where the values allow it. Readers have a snapshot, which keeps them.
    /// </summary>
    /// <param name="capacity">How many rows.</param>
    /// <param name="isTouched">Whether the system is to find the memory now.</param>
    /// <param name="elementSizeBytes">The bytes that texts or blobs will take, roughly.</param>
    public virtual void ReserveToStay(int capacity, bool isTouched, long elementSizeBytes) =>
        Reserve(capacity);

    /// <summary>
    /// Gives memory outside of the collector's heap back: nobody reads the values any more but
    /// those who have a view of them.
    /// </summary>
    public virtual void Release()
    {
    }

    /// <summary>
    /// Writes rows of a buffer from a row on. Vectors are copied: their memory may be used again.
    /// </summary>
    /// <returns>The bytes that the values take in the log, roughly.</returns>
    public abstract long Write(int row, ColumnBuffer source, int start, int count);

    /// <summary>Writes rows of another store of the same type from a row on.</summary>
    public abstract void Copy(int row, ColumnStore source, int start, int count);

    /// <summary>Whether rows may be references to large values.</summary>
    public virtual bool HasLarge => false;

    /// <summary>The reference of a row that is not NULL; false if it is the value itself.</summary>
    public virtual bool TryGetLarge(int row, out LargeReference reference)
    {
        reference = default;
        return false;
    }

    /// <summary>The first rows as a buffer; numbers and texts without copying.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="large">Opens the large values; null where there are none.</param>
    public abstract ColumnBuffer View(int count, ILargeValues? large);

    /// <summary>Asks for the memory of the value of a row.</summary>
    public virtual void Prefetch(int row)
    {
    }

    /// <summary>Whether a row is NULL.</summary>
    public bool IsNull(int row) => Nulls.IsNull(row);

    /// <summary>The value of one row.</summary>
    public abstract Value ValueAt(int row);

    /// <summary>The key hash of a row that is not NULL.</summary>
    public abstract ulong HashAt(int row);

    /// <summary>The key hashes of rows that are not NULL, from a row on.</summary>
    public virtual void Hash(int row, Span<ulong> hashes)
    {
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = HashAt(row + i);
        }
    }

    /// <summary>The key hash of a value of this physical kind that is not NULL.</summary>
    public abstract ulong HashOf(Value value);

    /// <summary>Whether a row equals a row of another store; NULL equals nothing.</summary>
    public abstract bool SameAt(int row, ColumnStore other, int otherRow);

    /// <summary>Whether a row equals a value that is not NULL.</summary>
    public abstract bool SameAs(int row, Value value);

    /// <summary>The values of some rows of a snapshot, which may lie in different chunks.</summary>
    /// <param name="stores">Gives the store of this column for each address.</param>
    /// <param name="rows">The rows, in the order of the result.</param>
    public abstract ColumnBuffer Gather(StoreCursor stores, ReadOnlySpan<RowPlace> rows);

    /// <summary>Writes rows for the log: the mask if any row is NULL, then the values.</summary>
    public void Encode(IBufferWriter<byte> writer, int start, int count)
    {
        ReadOnlySpan<byte> mask = Nulls.MayHaveNulls ? Nulls.Slice(start).Bytes(count) : default;
        bool hasNulls = mask.IndexOfAnyExcept((byte)0) >= 0;
        writer.WriteByte((byte)Type.Physical);
        writer.WriteByte(hasNulls ? (byte)1 : (byte)0);
        if (hasNulls)
        {
            writer.Write(mask);
        }

        EncodeValues(writer, start, count);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote, from a row on.</summary>
    public void Decode(RecordReader reader, int row, int count)
    {
        reader.Check(reader.ReadByte() == (byte)Type.Physical, "the column's physical kind");
        byte hasNulls = reader.ReadByte();
        reader.Check(hasNulls <= 1, "a mark of 0 or 1");
        byte[] mask = [];
        if (hasNulls == 1)
        {
            mask = new byte[count];
            reader.Read(mask);
            reader.Check(!mask.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1), "0 or 1");
        }

        WriteNulls(row, mask, count);
        DecodeValues(reader, row, count);
    }

    /// <summary>Writes the values of rows.</summary>
    protected abstract void EncodeValues(IBufferWriter<byte> writer, int start, int count);

    /// <summary>Reads the values of rows; the mask is read already.</summary>
    protected abstract void DecodeValues(RecordReader reader, int row, int count);

    /// <summary>Copies the mask of rows from a row on; an empty mask means no NULL.</summary>
    protected void WriteNulls(int row, ReadOnlySpan<byte> mask, int count)
    {
        if (mask.IsEmpty)
        {
            _nulls?.AsSpan(row, count).Clear();
            return;
        }

        Invariant.Check(mask.Length == count);
        if (_nulls is null)
        {
            if (mask.IndexOfAnyExcept((byte)0) < 0)
            {
                return;
            }

            Volatile.Write(ref _nulls, new byte[Capacity]);
        }

        mask.CopyTo(_nulls.AsSpan(row));
    }

    /// <summary>Puts another mask, or none, in the place of the one that is there.</summary>
    protected void ReplaceNulls(byte[]? nulls) => Volatile.Write(ref _nulls, nulls);

    /// <summary>Grows the mask, if there is one, to the capacity of the values.</summary>
    protected void ReserveNulls(int capacity)
    {
        if (_nulls is not null)
        {
            var grown = new byte[capacity];
            _nulls.CopyTo(grown, 0);
            Volatile.Write(ref _nulls, grown);
        }
    }
}
