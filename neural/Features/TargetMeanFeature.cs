namespace NeuroDb.Neural;

/// <summary>
/// The mean of the target among the rows with the same value, drawn towards the mean of all as if
/// ten more rows had that (Micci-Barreca, SIGKDD Explorations 2001, section 3); of a classifier the
/// share of each class but the first. A row that trains sees the means of the other four fifths of
/// the rows, never its own target; equal rows are in one fifth. What was never seen, and NULL, has
/// the mean of all.
/// </summary>
internal sealed class TargetMeanFeature(string column) : DerivedFeature
{
    private const int Folds = 5;
    private const double PriorRows = 10;
    private const int ValuesMax = 100_000;
    private const int OutputsMax = 1000;
    private readonly Dictionary<string, double[]> _sums = new(StringComparer.Ordinal);
    private double[] _all = [];
    private int _width;

    // Each value has, for each fold, its rows and the sums of each output.
    private int Stride => _width + 1;

    /// <inheritdoc/>
    public override int Length => Math.Max(1, _width);

    /// <inheritdoc/>
    public override void Observe(RawRows rows, int column, int row)
    {
        if (rows.Classes.Length == 0 && rows.Targets.Length == 0)
        {
            throw NeuralErrors.InvalidModel(
                $"target_encode({rows.Columns[column].Name}) needs one target to take means of.");
        }

        int label = rows.Classes.Length > 0 ? rows.Classes[row] : -1;
        Widen(rows.Classes.Length > 0 ? Math.Max(1, label) : 1);
        double target = rows.Classes.Length > 0 ? 0 : rows.Targets[row];
        if ((rows.Classes.Length > 0 && label < 0) || double.IsNaN(target))
        {
            return;
        }

        Add(_all, FoldOf(rows, row), label, target);
        if (FittedTransform.ValueOf(rows, column, row) is not { } value)
        {
            return;
        }

        if (!_sums.TryGetValue(value, out double[]? sums))
        {
            if (_sums.Count >= ValuesMax)
            {
                throw NeuralErrors.InvalidModel(
                    $"{rows.Columns[column].Name} has more than {ValuesMax} values; use hash.");
            }

            _sums[value] = sums = new double[Folds * Stride];
        }

        Add(sums, FoldOf(rows, row), label, target);
    }

    /// <inheritdoc/>
    public override bool TryApply(RawRows rows, int column, int row, Span<float> output)
    {
        int left = rows.IsTraining ? FoldOf(rows, row) : -1;
        double[]? sums = FittedTransform.ValueOf(rows, column, row) is { } value
            ? _sums.GetValueOrDefault(value) : null;
        for (int i = 0; i < output.Length && _width > 0; i++)
        {
            (double count, double sum) = SumOf(_all, i, left);
            double mean = count > 0 ? sum / count : 0;
            (double own, double ownSum) = sums is null ? (0, 0) : SumOf(sums, i, left);
            output[i] = (float)((ownSum + (PriorRows * mean)) / (own + PriorRows));
        }

        return true;
    }

    /// <inheritdoc/>
    public override string NameOf(string column, int output) => Length == 1
        ? $"mean by {column}" : $"share of class {LayerNames.Number(output + 1)} by {column}";

    /// <inheritdoc/>
    public override void Write(ByteWriter writer)
    {
        writer.Number(_width);
        Write(_all, writer);
        writer.Number(_sums.Count);
        foreach ((string value, double[] sums) in
            _sums.OrderBy(static it => it.Key, StringComparer.Ordinal))
        {
            writer.Text(value);
            Write(sums, writer);
        }
    }

    /// <inheritdoc/>
    public override void Read(ref ByteReader reader)
    {
        _width = reader.Count(OutputsMax);
        _all = Read(Folds * Stride, ref reader);
        int count = reader.Count(ValuesMax);
        for (int i = 0; i < count; i++)
        {
            string value = reader.Text();
            _sums[value] = Read(Folds * Stride, ref reader);
        }
    }

    private static void Write(double[] sums, ByteWriter writer)
    {
        foreach (double sum in sums)
        {
            writer.Double(sum);
        }
    }

    private static double[] Read(int length, ref ByteReader reader)
    {
        reader.Require(8L * length);
        var sums = new double[length];
        for (int i = 0; i < length; i++)
        {
            sums[i] = reader.Double();
        }

        return sums;
    }

    /// <summary>The fold of a row, by its values: equal rows never see each other.</summary>
    private static int FoldOf(RawRows rows, int row)
    {
        ulong hash = 0;
        for (int i = 0; i < rows.Columns.Count; i++)
        {
            hash = rows.Columns[i].Kind switch
            {
                ColumnKind.Number => Hash64.Combine(
                    hash, (ulong)BitConverter.DoubleToInt64Bits(rows.Numbers[i][row])),
                ColumnKind.Text => Hash64.Combine(hash, Hash64.Of(rows.Texts[i][row] ?? "")),
                _ => hash,
            };
        }

        return (int)(hash % Folds);
    }

    private void Add(double[] sums, int fold, int label, double target)
    {
        sums[fold * Stride]++;
        if (label < 0)
        {
            sums[(fold * Stride) + 1] += target;
        }
        else if (label > 0)
        {
            sums[(fold * Stride) + label]++;
        }
    }

    private (double Count, double Sum) SumOf(double[] sums, int output, int left)
    {
        double count = 0;
        double sum = 0;
        for (int fold = 0; fold < Folds; fold++)
        {
            if (fold != left)
            {
                count += sums[fold * Stride];
                sum += sums[(fold * Stride) + 1 + output];
            }
        }

        return (count, sum);
    }

    /// <summary>Makes room for a class that is seen for the first time.</summary>
    private void Widen(int width)
    {
        if (width <= _width)
        {
            return;
        }

        if (width > OutputsMax)
        {
            throw NeuralErrors.InvalidModel(
                $"target_encode({column}) takes classifiers of up to {OutputsMax} labels.");
        }

        int old = Stride;
        bool isFirst = _all.Length == 0;
        _width = width;
        _all = isFirst ? new double[Folds * Stride] : Widened(_all, old);
        foreach (string value in _sums.Keys.ToArray())
        {
            _sums[value] = Widened(_sums[value], old);
        }
    }

    private double[] Widened(double[] sums, int old)
    {
        var wide = new double[Folds * Stride];
        for (int fold = 0; fold < Folds; fold++)
        {
            sums.AsSpan(fold * old, old).CopyTo(wide.AsSpan(fold * Stride));
        }

        return wide;
    }
}
