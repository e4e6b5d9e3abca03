using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Many rows of a table, all of them where there are no more than 131,072, of which comparisons of
/// numbers and moments with constants are evaluated by ranks. Where conditions let few rows pass,
/// or few of those that pass have partners, the small sample has hardly any of them, and these
/// decide about a join. Places are chosen when a plan first asks; columns are read when first asked
/// for, as long as the files are open. Shared by all sessions.
/// </summary>
internal sealed class RankedSample
{
    private const long TableRowCountMax = 2_000_000;
    private const int KeptCountMax = 64;

    private static readonly ConditionalWeakTable<TableStatistics, StrongBox<RankedSample?>>
        Known = [];

    private readonly Func<int, ColumnBuffer?> _read;
    private readonly Dictionary<int, RankedColumn?> _columns = [];
    private readonly Dictionary<(int Ordinal, KeyBins Bins), SampleBins?> _bins = [];
    private readonly Dictionary<(int Ordinal, BinaryOperator Operator, long Code), ulong[]>
        _kept = [];

    private readonly Dictionary<(int Ordinal, KeyBins Bins, long Columns), JoinedRows> _joined = [];

    private readonly Dictionary<int, FollowedSample> _followed = [];

    private ulong[]? _all;

    /// <summary>Makes a sample.</summary>
    /// <param name="count">How many rows it has.</param>
    /// <param name="isWhole">Whether these are all rows of the table.</param>
    /// <param name="read">Reads a column of the rows; null where it cannot.</param>
    public RankedSample(int count, bool isWhole, Func<int, ColumnBuffer?> read)
    {
        Count = count;
        IsWhole = isWhole;
        _read = read;
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>Whether these were all rows of the table.</summary>
    public bool IsWhole { get; }

    /// <summary>
    /// Those of a table that ANALYZE looked at; null where the small sample has all rows, or of a
    /// table that is too large to read columns of.
    /// </summary>
    public static RankedSample? Of(ScanSample scan) =>
        scan.Statistics.IsPart ? OfAnalyzed(scan) : null;

    /// <summary>The same, of small tables, too.</summary>
    public static RankedSample? OfAnalyzed(ScanSample scan) => scan.Statistics.IsAnalyzed
        ? Known.GetValue(scan.Statistics, _ => new StrongBox<RankedSample?>(
            Choose(scan.Scan.Table))).Value
        : null;

    /// <summary>
    /// For each row the one that it refers to in another table, whose columns are those of the
    /// result; null if they cannot be read.
    /// </summary>
    /// <param name="ordinal">The referring column.</param>
    /// <param name="target">The other table.</param>
    /// <param name="keyOrdinal">Which key of the other table is referred to.</param>
    public FollowedSample? Follow(int ordinal, ScanSample target, int keyOrdinal)
    {
        lock (_followed)
        {
            if (_followed.TryGetValue(ordinal, out FollowedSample? known)
                && known.IsOf(target, keyOrdinal))
            {
                return known;
            }

            if (_read(ordinal) is { } keys)
            {
                known = FollowedSample.Of(keys, this, target, keyOrdinal);
                _followed[ordinal] = known;
                return known;
            }

            return null;
        }
    }

    /// <summary>
    /// The rows that satisfy all of some conditions, as bits that nobody may change; null where one
    /// is no comparison that ranks decide.
    /// </summary>
    public ulong[]? Filter(List<Expression> parts, ScanSample scan)
    {
        if (parts.Count == 0)
        {
            return AllRows();
        }

        ulong[]? all = BitsOf(parts[0], scan);
        for (int i = 1; i < parts.Count && all is not null; i++)
        {
            if (BitsOf(parts[i], scan) is not { } bits)
            {
                return null;
            }

            // The first ones may be kept for others.
            all = i == 1 ? [.. all] : all;
            And(all, bits);
        }

        return all;
    }

    /// <summary>In which bins the values of a column lie; null if it cannot be read.</summary>
    public SampleBins? BinsOf(int ordinal, KeyBins bins)
    {
        lock (_bins)
        {
            if (!_bins.TryGetValue((ordinal, bins), out SampleBins? known)
                && ordinal >= 0 && _read(ordinal) is { } values)
            {
                known = new SampleBins(values, bins);
                _bins.Add((ordinal, bins), known);
            }

            return known;
        }
    }

    /// <summary>
    /// The rows that lie in a bin in which each of some columns of the bins has rows: others have
    /// no partners.
    /// </summary>
    /// <param name="ordinal">The column of this table.</param>
    /// <param name="variable">The columns that it is joined with, and their bins.</param>
    /// <param name="keys">In which bins the rows lie.</param>
    public JoinedRows JoinedBy(int ordinal, JoinVariable variable, SampleBins keys)
    {
        long columns = 0;
        foreach (int column in variable.Columns)
        {
            columns |= 1L << column;
        }

        lock (_joined)
        {
            if (!_joined.TryGetValue((ordinal, variable.Bins, columns), out JoinedRows? known))
            {
                double[][] rows = [.. variable.Columns.Select(variable.Bins.RowsOf)];
                bool[] isJoined = [.. Enumerable.Range(0, variable.Bins.Count).Select(
                    bin => Array.TrueForAll(rows, of => of[bin] > 0))];
                var bits = new ulong[SampleBits.WordsOf(Count)];
                for (int row = 0; row < Count; row++)
                {
                    bool holds = keys.Rows[row] >= 0 && isJoined[keys.Rows[row]];
                    bits[row / 64] |= (holds ? 1UL : 0) << row;
                }

                known = new JoinedRows(bits, SampleBits.CountOf(bits));
                _joined.Add((ordinal, variable.Bins, columns), known);
            }

            return known;
        }
    }

    /// <summary>Drops the bits that others lack, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void And(Span<ulong> bits, ReadOnlySpan<ulong> others)
    {
        Invariant.Check(bits.Length == others.Length);
        int i = 0;
        for (; i + Vector512<ulong>.Count <= bits.Length; i += Vector512<ulong>.Count)
        {
            Span<ulong> some = bits[i..];
            (Vector512.Create(some) & Vector512.Create(others[i..])).CopyTo(some);
        }

        for (; i < bits.Length; i++)
        {
            bits[i] &= others[i];
        }
    }

    private static RankedSample? Choose(TableEntry table)
    {
        long live = table.Rows.LiveCount;
        if (live > TableRowCountMax)
        {
            return null;
        }

        // Of n rows k: each with the probability of those still wanted among those still to come
        // (D. Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
        TableLayout layout = table.Rows.Layout;
        var random = new SeededRandomSource(3);
        var places = new List<(TableSlice Slice, int[] Rows)>();
        long wanted = Math.Min(live, RankedColumn.RowCountMax);
        foreach (TableSlice slice in SamplePlaces.SlicesOf(table, layout, int.MaxValue))
        {
            var rows = new List<int>();
            for (int row = 0; row < slice.Count && wanted > 0; row++)
            {
                if (slice.IsVisible(row))
                {
                    bool isChosen = wanted >= live
                        || random.NextUInt64() % (ulong)live < (ulong)wanted;
                    live--;
                    if (isChosen)
                    {
                        wanted--;
                        rows.Add(row);
                    }
                }
            }

            if (rows.Count > 0)
            {
                places.Add((slice, [.. rows]));
            }
        }

        return new RankedSample(
            places.Sum(static place => place.Rows.Length),
            table.Rows.LiveCount <= RankedColumn.RowCountMax,
            ordinal => ReferenceEquals(layout, table.Rows.Layout)
                ? Read(table.Schema, places, ordinal)
                : null);
    }

    private static ColumnBuffer Read(
        TableSchema schema, List<(TableSlice Slice, int[] Rows)> places, int ordinal)
    {
        ColumnBuffer values = SamplePlaces.Read(schema, places, ordinal);
        foreach ((TableSlice slice, _) in places)
        {
            slice.Release();
        }

        return values;
    }

    private ulong[] AllRows()
    {
        if (_all is null)
        {
            var bits = new ulong[SampleBits.WordsOf(Count)];
            Array.Fill(bits, ulong.MaxValue);
            if (Count % 64 != 0)
            {
                bits[^1] = (1UL << Count) - 1;
            }

            _all = bits;
        }

        return _all;
    }

    private ulong[] AllBut(ulong[] others)
    {
        ulong[] bits = [.. AllRows()];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] &= ~others[i];
        }

        return bits;
    }

    private ulong[]? BitsOf(Expression part, ScanSample scan)
    {
        switch (part)
        {
            case ComparisonExpression comparison
                when SampleFilters.TrySides(comparison, out ColumnExpression column,
                    out ConstantExpression constant, out BinaryOperator operation):
                return Compare(scan, column, operation, constant);
            case InListExpression { Children: [ColumnExpression column, ..] } list:
                return AnyOf(list.Children.Skip(1).Select(item => item is ConstantExpression one
                    ? Compare(scan, column, BinaryOperator.Equal, one)
                    : null));
            case LogicalExpression { IsAnd: false } or:
                return AnyOf(or.Children.Select(child => BitsOf(child, scan)));
            case LogicalExpression and:
                return Filter([.. and.Children], scan);
            case IsNullExpression { Children: [ColumnExpression column] } test
                when RankedOf(scan.OrdinalOf(column.Id)) is { } ranks:
                return test.IsNegated ? ranks.Present : AllBut(ranks.Present);
            default:
                return null;
        }
    }

    private static ulong[]? AnyOf(IEnumerable<ulong[]?> parts)
    {
        ulong[]? any = null;
        foreach (ulong[]? bits in parts)
        {
            if (bits is null)
            {
                return null;
            }

            any ??= new ulong[bits.Length];
            for (int i = 0; i < any.Length; i++)
            {
                any[i] |= bits[i];
            }
        }

        return any;
    }

    private ulong[]? Compare(
        ScanSample scan,
        ColumnExpression column,
        BinaryOperator operation,
        ConstantExpression constant)
    {
        int ordinal = scan.OrdinalOf(column.Id);
        if (column.Type.Physical is not (PhysicalKind.Int64 or PhysicalKind.Double)
            || column.Type.Physical != constant.Type.Physical || constant.Value.IsNull
            || RankedColumn.CodeOf(constant) is not { } code)
        {
            return null;
        }

        lock (_kept)
        {
            if (_kept.TryGetValue((ordinal, operation, code), out ulong[]? known))
            {
                return known;
            }
        }

        if (RankedOf(ordinal)?.Compare(operation, code) is not { } bits)
        {
            return null;
        }

        lock (_kept)
        {
            if (_kept.Count >= KeptCountMax)
            {
                _kept.Clear();
            }

            _kept[(ordinal, operation, code)] = bits;
        }

        return bits;
    }

    private RankedColumn? RankedOf(int ordinal)
    {
        lock (_columns)
        {
            if (!_columns.TryGetValue(ordinal, out RankedColumn? known)
                && ordinal >= 0 && _read(ordinal) is { } values)
            {
                known = RankedColumn.Of(values);
                _columns.Add(ordinal, known);
            }

            return known;
        }
    }
}
