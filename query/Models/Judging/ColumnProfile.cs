using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>
/// What the values of one column are like: how many are missing and distinct, their range, mean,
/// spread and most frequent one. Distinct values are counted exactly up to a limit.
/// </summary>
internal sealed class ColumnProfile(OutputColumn column)
{
    private const int DistinctMax = 1 << 20;

    /// <summary>The columns of ml.profile.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("column_name", DataType.Text), ("type", DataType.Text), ("rows", DataType.BigInt),
        ("nulls", DataType.BigInt), ("distinct_values", DataType.BigInt),
        ("least", DataType.Text), ("largest", DataType.Text), ("mean", DataType.Double),
        ("deviation", DataType.Double), ("most_frequent", DataType.Text),
        ("most_frequent_rows", DataType.BigInt), ("note", DataType.Text),
    ];

    private readonly Dictionary<ulong, (long Count, string Text)> _values = [];
    private readonly bool _isText = column.Type.Physical == PhysicalKind.Text;
    private bool _isFull;
    private long _rows;
    private long _nulls;
    private long _numbers;
    private double _mean;
    private double _squares;
    private Value _least;
    private Value _largest;

    /// <summary>Counts the values of a batch.</summary>
    public void Add(ColumnBuffer buffer)
    {
        ulong[] keys = RowKeys.Of(buffer);
        bool isOrdered = column.Type.Physical is not (PhysicalKind.Vector or PhysicalKind.Blob);
        for (int row = 0; row < buffer.Count; row++)
        {
            _rows++;
            if (buffer.IsNull(row))
            {
                _nulls++;
                continue;
            }

            Count(keys[row], buffer, row, isOrdered);
            double number = ModelTarget.NumberOf(buffer, row);
            if (double.IsFinite(number))
            {
                _numbers++;
                double difference = number - _mean;
                _mean += difference / _numbers;
                _squares += difference * (number - _mean);
            }

            if (isOrdered)
            {
                Value value = buffer.GetValue(row);
                _least = _least.IsNull || Compare(value, _least) < 0 ? value : _least;
                _largest = _largest.IsNull || Compare(value, _largest) > 0
                    ? value : _largest;
            }
        }
    }

    /// <summary>The row of ml.profile.</summary>
    public Value[] ToRow()
    {
        (long count, string text) = _values.Values
            .OrderByDescending(static it => it.Count)
            .ThenBy(static it => it.Text, StringComparer.Ordinal)
            .FirstOrDefault();
        bool isNumber = _numbers > 0 && column.Type.Kind is not (TypeKind.Boolean or TypeKind.Date
            or TypeKind.Timestamp);
        return
        [
            Value.Of(column.Name), Value.Of(column.Type.ToString()), Value.Of(_rows),
            Value.Of(_nulls), Value.Of((long)_values.Count), TextOf(_least), TextOf(_largest),
            isNumber ? Value.Of(_mean) : Value.Null,
            isNumber ? Value.Of(Math.Sqrt(_squares / _numbers)) : Value.Null,
            count > 1 ? Value.Of(text) : Value.Null, count > 1 ? Value.Of(count) : Value.Null,
            NoteOf() is { Length: > 0 } note ? Value.Of(note) : Value.Null,
        ];
    }

    private int Compare(Value left, Value right) =>
        ValueOrder.Compare(column.Type.Physical, left, right);

    private static Value TextOf(Value value) =>
        value.IsNull ? value : Value.Of(ValueText.Shorten(ValueText.Format(value)));

    private void Count(ulong key, ColumnBuffer buffer, int row, bool isOrdered)
    {
        if (_values.Count >= DistinctMax && !_values.ContainsKey(key))
        {
            _isFull = true;
            return;
        }

        ref (long Count, string Text) known =
            ref CollectionsMarshal.GetValueRefOrAddDefault(_values, key, out bool isKnown);
        known = (known.Count + 1, isKnown ? known.Text
            : isOrdered ? ValueText.Shorten(ValueText.Format(buffer, row)) : "");
    }

    /// <summary>What makes a column useless or dangerous to learn from.</summary>
    private string NoteOf()
    {
        long known = _rows - _nulls;
        return _isFull ? $"at least {DistinctMax} distinct values"
            : known == 0 ? "no values"
            : _values.Count == 1 ? "one value only"
            : _values.Count == known && known > 1 && (_isText || column.Type.IsInteger)
                ? "every value is another: a key rather than a feature"
            : _nulls > known ? "mostly missing" : "";
    }
}
