using System.Runtime.InteropServices;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Decides which part each row of a query has, batch by batch, or at the end where that depends on
/// all rows. A row that is marked as rejected stays so.
/// </summary>
internal sealed class RowSplitter
{
    private const byte Rejected = 255;

    private readonly ModelSplit _split;
    private readonly SourcePosition _position;
    private readonly int _column = -1;
    private readonly List<ulong> _keys = [];
    private readonly List<int> _classes = [];
    private readonly Dictionary<ulong, int> _numbers = [];

    /// <summary>A splitter for the rows of a query.</summary>
    public RowSplitter(ModelSplit split, ModelQuery query, SourcePosition position)
    {
        _split = split;
        _position = position;
        if (split.Column.Length > 0)
        {
            _column = query.IndexOf(split.Column);
            if (_column < 0)
            {
                throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The query has no column {split.Column} to divide rows by."
                    + NearMatch.Hint(split.Column, query.Columns.Select(static it => it.Name)),
                    position);
            }
        }
    }

    private DataSplit Shares => new(_split.Validation, _split.Test, _split.Seed);

    /// <summary>Sets the parts of the rows of a batch as far as they are known.</summary>
    public void Add(RowBatch batch, ulong[] keys, Span<byte> parts)
    {
        switch (_split.Kind)
        {
            case ModelSplitKind.Random:
                Put(Shares.Divide(SplitKind.Random, keys), parts);
                break;
            case ModelSplitKind.Grouped:
                Put(Shares.Divide(SplitKind.Grouped, RowKeys.Of(batch.Columns[_column])), parts);
                break;
            case ModelSplitKind.Named:
                for (int row = 0; row < parts.Length; row++)
                {
                    parts[row] = parts[row] == Rejected
                        ? Rejected
                        : PartOf(batch.Columns[_column], row);
                }

                break;
            case ModelSplitKind.Stratified or ModelSplitKind.LastGrouped:
                Remember(keys, RowKeys.Of(batch.Columns[_column]), parts);
                break;
        }
    }

    /// <summary>Sets the parts of all rows.</summary>
    public void End(Span<byte> parts)
    {
        int usable = parts.Length - parts.Count(Rejected);
        SplitPart[] divided = _split.Kind switch
        {
            ModelSplitKind.Ordered => Shares.Divide(SplitKind.Ordered, new ulong[usable]),
            ModelSplitKind.LastOrdered => LastOf(new int[usable]),
            ModelSplitKind.LastGrouped => LastOf(CollectionsMarshal.AsSpan(_classes)),
            _ => Shares.Divide(
                SplitKind.Stratified,
                CollectionsMarshal.AsSpan(_keys),
                CollectionsMarshal.AsSpan(_classes)),
        };
        Invariant.Check(divided.Length == usable);
        for (int row = 0, at = 0; row < parts.Length; row++)
        {
            parts[row] = parts[row] == Rejected ? Rejected : (byte)divided[at++];
        }
    }

    // The last rows of each group test, all others train.
    private SplitPart[] LastOf(ReadOnlySpan<int> groups)
    {
        var divided = new SplitPart[groups.Length];
        var taken = new Dictionary<int, long>();
        for (int row = groups.Length - 1; row >= 0; row--)
        {
            ref long count = ref CollectionsMarshal.GetValueRefOrAddDefault(
                taken, groups[row], out _);
            divided[row] = count++ < _split.Test ? SplitPart.Test : SplitPart.Train;
        }

        return divided;
    }

    private static void Put(SplitPart[] divided, Span<byte> parts)
    {
        for (int row = 0; row < parts.Length; row++)
        {
            parts[row] = parts[row] == Rejected ? Rejected : (byte)divided[row];
        }
    }

    private void Remember(ulong[] keys, ulong[] classes, ReadOnlySpan<byte> parts)
    {
        for (int row = 0; row < keys.Length; row++)
        {
            if (parts[row] != Rejected)
            {
                _keys.Add(keys[row]);
                if (!_numbers.TryGetValue(classes[row], out int number))
                {
                    number = _numbers.Count;
                    _numbers.Add(classes[row], number);
                }

                _classes.Add(number);
            }
        }
    }

    private byte PartOf(ColumnBuffer column, int row)
    {
        string word = column.IsNull(row) ? "" : ValueText.Format(column, row);
        return word.ToUpperInvariant() switch
        {
            "TRAIN" or "TRAINING" => (byte)SplitPart.Train,
            "VALIDATION" or "VALID" or "VAL" or "DEV" => (byte)SplitPart.Validation,
            "TEST" => (byte)SplitPart.Test,
            "" => Rejected,
            _ => throw new NeuroStoreException(
                ErrorCode.UntrainableData,
                $"The column {_split.Column} says '{ValueText.Shorten(word)}', but USING COLUMN "
                + "needs train, validation or test; NULL leaves a row out.",
                _position),
        };
    }
}
