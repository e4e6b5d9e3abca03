using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>The values of a column in memory, as numbers if they are some, and as texts.</summary>
internal sealed class ColumnSample(bool isNumber)
{
    private readonly List<double> _numbers = [];
    private readonly List<string?> _texts = [];

    /// <summary>Numbers that are there already.</summary>
    public ColumnSample(double[] numbers)
        : this(isNumber: true) => _numbers.AddRange(numbers);

    /// <summary>Texts that are there already.</summary>
    public ColumnSample(IReadOnlyList<string?> texts)
        : this(isNumber: false) => _texts.AddRange(texts);

    /// <summary>Whether the values are numbers.</summary>
    public bool IsNumber => isNumber;

    /// <summary>The numbers, NaN for NULL; empty if the values are none.</summary>
    public ReadOnlySpan<double> Numbers => CollectionsMarshal.AsSpan(_numbers);

    /// <summary>The values as texts.</summary>
    public IReadOnlyList<string?> Texts => isNumber
        ? [.. _numbers.Select(static number => double.IsNaN(number)
            ? null : Neural.LayerNames.Number(number))]
        : _texts;

    /// <summary>All rows.</summary>
    public long Count => isNumber ? _numbers.Count : _texts.Count;

    /// <summary>Rows with a value.</summary>
    public long Known => isNumber
        ? _numbers.LongCount(static number => !double.IsNaN(number))
        : _texts.LongCount(static text => text is not null);

    /// <summary>The share of rows without a value; NaN of no rows.</summary>
    public double Missing => Count == 0 ? double.NaN : 1 - (Known / (double)Count);

    /// <summary>Adds the values of a batch: all of them, or one of so many.</summary>
    public void Add(ColumnBuffer column, int first = 0, long step = 1)
    {
        for (long at = first; at < column.Count; at += step)
        {
            int row = (int)at;
            if (isNumber)
            {
                _numbers.Add(ModelTarget.NumberOf(column, row));
            }
            else
            {
                _texts.Add(column.IsNull(row) ? null : ValueText.Format(column, row));
            }
        }
    }
}
