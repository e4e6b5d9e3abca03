using System.Numerics;

namespace NeuroDb.Storage;

/// <summary>Texts and blobs one by one, wherever they lie.</summary>
internal sealed partial class ColumnStore<T>
{
    // Where texts and blobs lie if they stay for long, all their life. The values are then those
    // that somebody has looked at together.
    private ElementHeap? _heap;
    private int _viewedCount;

    /// <inheritdoc/>
    public override long ElementSizeBytes => _heap?.SizeBytes ?? 0;

    /// <summary>An element: the one that is there, or a new one.</summary>
    public T ElementAt(int row) => _heap is null
        ? Values[row]
        : _heap.IsSet(row) ? Element.Of<T>(_heap.At(row)) : default!;

    /// <summary>The bytes of a text, as UTF-16, or of a blob; none of a NULL.</summary>
    public ReadOnlySpan<byte> BytesAt(int row) =>
        _heap is null ? Element.BytesOf(Values[row]) : _heap.At(row);

    // Whether keys are equal if their bytes are; never where there are none.
    private bool IsComparedAsBytes =>
        typeof(T) == typeof(byte[])
        || (typeof(T) == typeof(string) && Type.Collation == TextFold.Binary);

    // The elements of the first rows, made of their bytes once: what was published stays.
    private T[] Viewed(int count)
    {
        lock (_heap!)
        {
            T[] values = _values;
            if (values.Length < count)
            {
                values = new T[BitOperations.RoundUpToPowerOf2((uint)count)];
                _values.AsSpan(0, _viewedCount).CopyTo(values);
            }

            for (; _viewedCount < count; _viewedCount++)
            {
                values[_viewedCount] = ElementAt(_viewedCount);
            }

            _values = values;
            return values;
        }
    }

    private void SetElement(int row, T element)
    {
        if (_heap is null)
        {
            Values[row] = element;
        }
        else if (element is null)
        {
            _heap.Clear(row);
        }
        else
        {
            _heap.Set(row, Element.BytesOf(element));
        }
    }

    private void CopyElement(int row, ColumnStore<T> from, int fromRow)
    {
        if (_heap is null)
        {
            Values[row] = from.ElementAt(fromRow);
        }
        else if (from.IsNull(fromRow))
        {
            _heap.Clear(row);
        }
        else
        {
            _heap.Set(row, from.BytesAt(fromRow));
        }
    }
}
