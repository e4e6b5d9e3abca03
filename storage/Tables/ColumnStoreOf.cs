using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>A <see cref="ColumnStore"/> over an array of its physical type.</summary>
/// <param name="type">The SQL type.</param>
/// <param name="values">The values of the rows that are there already; taken, not copied.</param>
/// <param name="nulls">One byte for each of them, 1 for NULL, or null if none is.</param>
internal sealed partial class ColumnStore<T>(DataType type, T[] values, byte[]? nulls)
    : ColumnStore(type, nulls)
{
    private T[] _values = values;

    // Where the values lie instead, all their life.
    private NativeArray<T>? _memory;
    private bool _hasLarge = LargeElement.HasForm<T>(values);

    /// <summary>Makes an empty store.</summary>
    public ColumnStore(DataType type)
        : this(type, [], null)
    {
    }

    /// <inheritdoc/>
    public override int Capacity => _memory?.Length ?? _heap?.Capacity ?? _values.Length;

    /// <summary>
    /// The rows that have room; those not yet written are unspecified. Not of texts and blobs,
    /// which may lie elsewhere.
    /// </summary>
    public Span<T> Values
    {
        get
        {
            Invariant.Check(_heap is null);
            return _memory is null ? Volatile.Read(ref _values) : _memory.Span;
        }
    }

    /// <inheritdoc/>
    public override bool HasLarge => LargeElement.IsPossible<T>() && Volatile.Read(ref _hasLarge);

    /// <inheritdoc/>
    public override bool TryGetLarge(int row, out LargeReference reference)
    {
        reference = default;
        return HasLarge && LargeElement.TryParse(ElementAt(row), out reference);
    }

    /// <summary>The array of the values, if it has just that length.</summary>
    public T[]? ArrayOf(int length) =>
        _heap is null && _values.Length == length ? _values : null;

    /// <inheritdoc/>
    public override void Reserve(int capacity)
    {
        if (capacity <= Capacity)
        {
            return;
        }

        Invariant.Check(_memory is null);
        var grown = new T[capacity];
        _values.CopyTo(grown, 0);
        ReserveNulls(grown.Length);
        Volatile.Write(ref _values, grown);
    }

    /// <inheritdoc/>
    public override void ReserveToStay(int capacity, bool isTouched, long elementSizeBytes)
    {
        if (Element.HasBytes<T>())
        {
            Invariant.Check(Capacity == 0);
            _heap = new ElementHeap(capacity);
            if (isTouched)
            {
                _heap.Touch(elementSizeBytes);
            }
        }
        else if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Reserve(capacity);
        }
        else
        {
            Invariant.Check(Capacity == 0);
            _memory = new NativeArray<T>(capacity, NativeRegion.InSmallPages);
            if (isTouched)
            {
                _memory.Touch();
            }
        }
    }

    /// <inheritdoc/>
    public override void Release()
    {
        _memory?.Release();
        _heap?.Release();
    }

    /// <inheritdoc/>
    public override long Write(int row, ColumnBuffer source, int start, int count)
    {
        ReadOnlySpan<T> from = ((ColumnBuffer<T>)source).Stored.Slice(start, count);
        NoteLarge(source.LargeSource is not null && LargeElement.HasForm(from));
        ReadOnlySpan<byte> nulls = source.Nulls.Bytes(source.Count);
        if (!nulls.IsEmpty)
        {
            nulls = nulls.Slice(start, count);
        }

        WriteNulls(row, nulls, count);
        if (typeof(T) == typeof(long) || typeof(T) == typeof(double)
            || typeof(T) == typeof(decimal) || typeof(T) == typeof(Guid)
            || typeof(T) == typeof(TimeInterval))
        {
            from.CopyTo(Values.Slice(row, count));
            return (long)count * Unsafe.SizeOf<T>();
        }

        long size = 0;
        for (int i = 0; i < count; i++)
        {
            bool isNull = !nulls.IsEmpty && nulls[i] != 0;
            T element = isNull ? default! : from[i];
            SetElement(row + i, _heap is null ? Element.Own(element) : element);
            size += 4 + Element.ExtraSizeBytes(element);
        }

        return size;
    }

    /// <inheritdoc/>
    public override void Copy(int row, ColumnStore source, int start, int count)
    {
        var from = (ColumnStore<T>)source;
        WriteNulls(row, from.MaskOf(start, count), count);
        if (_heap is null && from._heap is null)
        {
            from.Values.Slice(start, count).CopyTo(Values[row..]);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                CopyElement(row + i, from, start + i);
            }
        }

        NoteLarge(from.HasLarge);
    }

    /// <inheritdoc/>
    public override ColumnBuffer View(int count, ILargeValues? large) =>
        _memory is not null
            ? new ColumnBuffer<T>(Type.WithoutCollation, _memory, count, Nulls)
            : new ColumnBuffer<T>(
                Type.WithoutCollation,
                _heap is null ? Volatile.Read(ref _values) : Viewed(count),
                0,
                count,
                Nulls,
                HasLarge ? large : null);

    /// <inheritdoc/>
    public override void Prefetch(int row)
    {
        if (_heap is not null)
        {
            _heap.Prefetch(row);
            return;
        }

        CacheLines.Prefetch(ref Unsafe.As<T, byte>(ref Unsafe.Add(
            ref MemoryMarshal.GetReference(Values), row)));
    }

    /// <inheritdoc/>
    public override Value ValueAt(int row) =>
        IsNull(row) ? Value.Null : PhysicalValue.From(Type.Kind, ElementAt(row));

    /// <inheritdoc/>
    public override ulong HashAt(int row) => IsComparedAsBytes
        ? Hash64.Of(BytesAt(row))
        : Element.Hash(Compared(ElementAt(row)));

    /// <inheritdoc/>
    public override void Hash(int row, Span<ulong> hashes)
    {
        if (Element.HasBytes<T>())
        {
            base.Hash(row, hashes);
            return;
        }

        ReadOnlySpan<T> values = Values.Slice(row, hashes.Length);
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = Element.Hash(values[i]);
        }
    }

    /// <inheritdoc/>
    public override ulong HashOf(Value value) =>
        Element.Hash(Compared(PhysicalValue.To<T>(value)));

    /// <inheritdoc/>
    public override bool SameAt(int row, ColumnStore other, int otherRow) =>
        !IsNull(row) && !other.IsNull(otherRow)
        && (IsComparedAsBytes
            ? BytesAt(row).SequenceEqual(((ColumnStore<T>)other).BytesAt(otherRow))
            : Element.Same(
                Compared(ElementAt(row)),
                Compared(((ColumnStore<T>)other).ElementAt(otherRow))));

    /// <inheritdoc/>
    public override bool SameAs(int row, Value value) =>
        !IsNull(row)
        && (IsComparedAsBytes
            ? BytesAt(row).SequenceEqual(Element.BytesOf(PhysicalValue.To<T>(value)))
            : Element.Same(Compared(ElementAt(row)), Compared(PhysicalValue.To<T>(value))));

    /// <inheritdoc/>
    public override ColumnBuffer Gather(StoreCursor stores, ReadOnlySpan<RowPlace> rows)
    {
        var values = new T[rows.Length];

        // Through a reference, since storing an object into an array looks at the object first: a
        // miss of the cache for each row, one after the other.
        ref T to = ref MemoryMarshal.GetArrayDataReference(values);
        byte[]? nulls = null;
        bool hasLarge = false;
        ColumnStore<T>? store = null;
        Span<T> from = [];
        for (int i = 0; i < rows.Length; i++)
        {
            ColumnStore next = stores.At(rows[i]);
            if (!ReferenceEquals(next, store))
            {
                store = (ColumnStore<T>)next;
                hasLarge |= store.HasLarge;
                from = store._heap is null ? store.Values : [];
            }

            int row = rows[i].Row;
            if (store!.IsNull(row))
            {
                nulls ??= new byte[rows.Length];
                nulls[i] = 1;
            }
            else
            {
                T value = from.IsEmpty ? store.ElementAt(row) : from[row];
                Unsafe.Add(ref to, i) = value;
                if (!typeof(T).IsValueType)
                {
                    CacheLines.PrefetchObject(value);
                }
            }
        }

        return new ColumnBuffer<T>(
            Type.WithoutCollation,
            values,
            0,
            rows.Length,
            new NullMask(nulls),
            hasLarge ? stores.LargeSource : null);
    }

    /// <inheritdoc/>
    protected override void EncodeValues(IBufferWriter<byte> writer, int start, int count)
    {
        if (Element.HasBytes<T>())
        {
            for (int row = start; row < start + count; row++)
            {
                if (!IsNull(row))
                {
                    ElementCodec.EncodeBytes<T>(writer, BytesAt(row));
                }
            }

            return;
        }

        Span<T> values = Values.Slice(start, count);
        if (typeof(T) == typeof(long))
        {
            writer.WriteRaw<long>(Raw<long>(values));
        }
        else if (typeof(T) == typeof(double))
        {
            writer.WriteRaw<double>(Raw<double>(values));
        }
        else if (typeof(T) == typeof(decimal))
        {
            writer.WriteRaw<decimal>(Raw<decimal>(values));
        }
        else if (typeof(T) == typeof(Guid))
        {
            writer.WriteRaw<Guid>(Raw<Guid>(values));
        }
        else if (typeof(T) == typeof(TimeInterval))
        {
            writer.WriteRaw<TimeInterval>(Raw<TimeInterval>(values));
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (!IsNull(start + i))
                {
                    ElementCodec.Encode(writer, values[i]);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void DecodeValues(RecordReader reader, int row, int count)
    {
        Span<T> values = _heap is null ? Values.Slice(row, count) : [];
        if (typeof(T) == typeof(long))
        {
            reader.ReadRaw(Raw<long>(values));
        }
        else if (typeof(T) == typeof(double))
        {
            reader.ReadRaw(Raw<double>(values));
        }
        else if (typeof(T) == typeof(decimal))
        {
            ElementCodec.ReadDecimals(reader, Raw<decimal>(values));
        }
        else if (typeof(T) == typeof(Guid))
        {
            reader.ReadRaw(Raw<Guid>(values));
        }
        else if (typeof(T) == typeof(TimeInterval))
        {
            reader.ReadRaw(Raw<TimeInterval>(values));
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                T element = IsNull(row + i)
                    ? default!
                    : ElementCodec.Decode<T>(reader, Type.Kind);
                NoteLarge(LargeElement.IsForm(element));
                SetElement(row + i, element);
            }
        }
    }

    // The same values, whose type is known to be this one.
    private static Span<TRaw> Raw<TRaw>(Span<T> values) => MemoryMarshal.CreateSpan(
        ref Unsafe.As<T, TRaw>(ref MemoryMarshal.GetReference(values)), values.Length);

    // Set before the rows are published, and never taken back: a store that is used again may say
    // so needlessly.
    private void NoteLarge(bool isThere)
    {
        if (LargeElement.IsPossible<T>() && isThere)
        {
            Volatile.Write(ref _hasLarge, true);
        }
    }

    // What stands for a text in keys, by the collation of the column.
    private T Compared(T element) =>
        typeof(T) == typeof(string) && Type.Collation != TextFold.Binary
            ? (T)(object)TextFold.Of(Type.Collation, (string)(object)element!)
            : element;

    private ReadOnlySpan<byte> MaskOf(int start, int count) =>
        Nulls.MayHaveNulls ? Nulls.Slice(start).Bytes(count) : default;
}
