namespace NeuroDb.Query;

/// <summary>
/// The values by which some columns are joined, in bins of values that are about equally frequent
/// in each of the columns (Z. Wu et al., FactorJoin, SIGMOD 2023, section 4). Of each bin it is
/// known how many rows each column has in it, how often the most frequent value occurs, and how
/// many rows a join gives within it. Where only a part of the values is counted, the others form
/// one bin of their own. Immutable, apart from factors that are computed when first asked for.
/// </summary>
internal sealed class KeyBins
{
    private const int BinCountMax = 512;

    // Of the logarithm of how frequent values are.
    private const double FadingPerUnit = 1.5;
    private static readonly double[] Steps = [1.25, 1.6, 2, 3, 6, 40];

    private readonly KeyCounts[] _columns;
    private readonly Dictionary<ulong, int> _bins = [];
    private readonly Dictionary<long, double[]> _factors = [];
    private readonly double[][] _counts;
    private readonly double[] _weights;
    private readonly int[] _binOfValue;
    private readonly double[][] _rows;
    private readonly double[][] _maxima;
    private readonly int _rest = -1;
    private (int[] Order, double[] Fading)? _neighbours;
    private readonly double[]?[] _values;
    private double[]? _shares;

    /// <summary>Puts the values of some different columns into bins.</summary>
    public KeyBins(KeyCounts[] columns)
    {
        _columns = columns;
        double share = columns.Min(static column => column.Share);
        ulong[] values = ValuesOf(columns, share);
        _counts = new double[columns.Length][];
        _values = new double[]?[columns.Length];
        for (int c = 0; c < columns.Length; c++)
        {
            _counts[c] = CountsOf(columns[c], values);
        }

        _weights = new double[values.Length];
        var isLight = new bool[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            isLight[i] = share < 1 && !Array.Exists(
                columns, column => column.IsFrequent(values[i]));
            _weights[i] = isLight[i] ? 1 / share : 1;
        }

        _binOfValue = Group(isLight, out int binCount);
        if (share < 1)
        {
            _rest = binCount - 1;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (_binOfValue[i] != _rest)
            {
                _bins.Add(values[i], _binOfValue[i]);
            }
        }

        Count = binCount;
        _rows = new double[columns.Length][];
        _maxima = new double[columns.Length][];
        for (int c = 0; c < columns.Length; c++)
        {
            (_rows[c], _maxima[c]) = Sum(c);
        }
    }

    /// <summary>How many bins there are.</summary>
    public int Count { get; }

    /// <summary>Which of the columns one is.</summary>
    public int IndexOf(KeyCounts column) => Array.IndexOf(_columns, column);

    /// <summary>The bin of a value; -1 for one that none of the columns had.</summary>
    public int BinOf(ulong hash) => _bins.GetValueOrDefault(hash, _rest);

    /// <summary>The rows of a column in each bin.</summary>
    public double[] RowsOf(int column) => _rows[column];

    /// <summary>How often the most frequent value of each bin occurs in a column.</summary>
    public double[] MaximaOf(int column) => _maxima[column];

    /// <summary>The different values that a column has in each bin.</summary>
    public double[] ValuesOf(int column) => _values[column] ??= CountValues(column);

    /// <summary>
    /// How many values of a column have a row left in each bin if that many of its rows are, chosen
    /// without regard to their values: a value is gone when all its rows are.
    /// </summary>
    public double[] KeptValuesOf(int column, double[] rows)
    {
        double[] kept = [.. ValuesOf(column)];
        for (int bin = 0; bin < kept.Length; bin++)
        {
            double all = _rows[column][bin];
            double share = all <= 0 ? 0 : Math.Min(1, rows[bin] / all);
            kept[bin] *= 1 - Math.Pow(1 - share, all / Math.Max(1, kept[bin]));
        }

        return kept;
    }

    /// <summary>
    /// What share of the rows of a column in each bin has a value that another one has.
    /// </summary>
    public double[] PartnerSharesOf(int column, int other)
    {
        var shares = new double[Count];
        var rows = new double[Count];
        for (int i = 0; i < _weights.Length; i++)
        {
            double weight = _weights[i] * _counts[column][i];
            rows[_binOfValue[i]] += weight;
            shares[_binOfValue[i]] += _counts[other][i] > 0 ? weight : 0;
        }

        for (int bin = 0; bin < shares.Length; bin++)
        {
            shares[bin] = rows[bin] > 0 ? shares[bin] / rows[bin] : 0;
        }

        return shares;
    }

    /// <summary>
    /// The bins from rare values to frequent ones, and by how much what is known of one says less
    /// of the next: rows of values that are about equally frequent are alike.
    /// </summary>
    public (int[] Order, double[] Fading) Neighbours => _neighbours ??= FindNeighbours();

    /// <summary>
    /// What share of the rows of a join of all the columns lies in each bin: where most is, a few
    /// values decide about all.
    /// </summary>
    public double[] JoinShares => _shares ??= FindJoinShares();

    /// <summary>
    /// For each bin the rows of a join of some of the columns, over the product of their rows: that
    /// which FactorJoin takes for one over the number of values is exact here, as far as the values
    /// are counted. A column may be named more than once.
    /// </summary>
    public double[] FactorsOf(ReadOnlySpan<int> columns)
    {
        long key = 0;
        foreach (int column in columns)
        {
            key += 1L << (4 * column);
        }

        lock (_factors)
        {
            if (!_factors.TryGetValue(key, out double[]? known))
            {
                known = Factors(columns);
                _factors.Add(key, known);
            }

            return known;
        }
    }

    private double[] CountValues(int column)
    {
        var values = new double[Count];
        for (int i = 0; i < _weights.Length; i++)
        {
            values[_binOfValue[i]] += _counts[column][i] > 0 ? _weights[i] : 0;
        }

        return values;
    }

    private double[] Factors(ReadOnlySpan<int> columns)
    {
        var factors = new double[Count];
        for (int i = 0; i < _weights.Length; i++)
        {
            double product = _weights[i];
            foreach (int column in columns)
            {
                product *= _counts[column][i];
            }

            factors[_binOfValue[i]] += product;
        }

        for (int bin = 0; bin < factors.Length; bin++)
        {
            foreach (int column in columns)
            {
                double rows = _rows[column][bin];
                factors[bin] = rows > 0 ? factors[bin] / rows : 0;
            }
        }

        return factors;
    }

    private double[] FindJoinShares()
    {
        var shares = new double[Count];
        for (int i = 0; i < _weights.Length; i++)
        {
            double product = _weights[i];
            foreach (double[] counts in _counts)
            {
                product *= counts[i];
            }

            shares[_binOfValue[i]] += product;
        }

        double total = shares.Sum();
        for (int bin = 0; bin < shares.Length; bin++)
        {
            shares[bin] /= Math.Max(1, total);
        }

        return shares;
    }

    private (int[] Order, double[] Fading) FindNeighbours()
    {
        var values = new double[Count];
        for (int i = 0; i < _weights.Length; i++)
        {
            values[_binOfValue[i]] += _weights[i];
        }

        var ranks = new double[Count];
        for (int bin = 0; bin < ranks.Length; bin++)
        {
            foreach (double[] rows in _rows)
            {
                ranks[bin] += Math.Log(1 + (rows[bin] / Math.Max(1, values[bin])));
            }
        }

        int[] order = [.. Enumerable.Range(0, Count).OrderBy(bin => ranks[bin])];
        var fading = new double[Count];
        for (int i = 1; i < order.Length; i++)
        {
            fading[i] = Math.Exp((ranks[order[i - 1]] - ranks[order[i]]) * FadingPerUnit);
        }

        return (order, fading);
    }

    // Those below the least threshold, and the frequent ones above it.
    private static ulong[] ValuesOf(KeyCounts[] columns, double share)
    {
        var values = new HashSet<ulong>();
        foreach (KeyCounts column in columns)
        {
            foreach (ulong hash in column.Counts.Keys)
            {
                if (share >= 1 || hash <= share * ulong.MaxValue || column.IsFrequent(hash))
                {
                    values.Add(hash);
                }
            }
        }

        return [.. values.Order()];
    }

    private static double[] CountsOf(KeyCounts column, ulong[] values)
    {
        var counts = new double[values.Length];
        double light = column.LightCount;
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = column.Knows(values[i]) ? column.CountOf(values[i]) : light;
        }

        return counts;
    }

    private int[] Group(bool[] isLight, out int binCount)
    {
        var bins = new int[isLight.Length];
        foreach (double step in Steps)
        {
            double scale = 1 / Math.Log(step);
            var numbers = new Dictionary<long, int>();
            for (int i = 0; i < bins.Length; i++)
            {
                long signature = 0;
                foreach (double[] counts in _counts)
                {
                    int rank = counts[i] <= 0 ? 0 : 1 + (int)(Math.Log(counts[i]) * scale);
                    signature = (signature * 131) + rank;
                }

                signature = isLight[i] ? -1 : signature;
                if (!numbers.TryGetValue(signature, out bins[i]))
                {
                    bins[i] = numbers.Count;
                    numbers.Add(signature, bins[i]);
                }
            }

            if (numbers.Count <= BinCountMax || step == Steps[^1])
            {
                binCount = MoveRestLast(bins, isLight, numbers);
                return bins;
            }
        }

        throw Invariant.Broken("the last step ends the search");
    }

    private static int MoveRestLast(int[] bins, bool[] isLight, Dictionary<long, int> numbers)
    {
        if (!numbers.TryGetValue(-1, out int rest))
        {
            // None of the values below the threshold was seen: the bin is there, and empty.
            return isLight.Contains(true) ? numbers.Count : numbers.Count + 1;
        }

        int last = numbers.Count - 1;
        for (int i = 0; i < bins.Length; i++)
        {
            bins[i] = bins[i] == rest ? last : bins[i] == last ? rest : bins[i];
        }

        return numbers.Count;
    }

    private (double[] Rows, double[] Maxima) Sum(int column)
    {
        var rows = new double[Count];
        var maxima = new double[Count];
        for (int i = 0; i < _weights.Length; i++)
        {
            int bin = _binOfValue[i];
            rows[bin] += _weights[i] * _counts[column][i];
            maxima[bin] = Math.Max(maxima[bin], _counts[column][i]);
        }

        if (_rest >= 0)
        {
            // What is not in the other bins, which are exact.
            double others = rows.Sum() - rows[_rest];
            rows[_rest] = Math.Max(0, _columns[column].RowCount - others);
        }

        return (rows, maxima);
    }
}
