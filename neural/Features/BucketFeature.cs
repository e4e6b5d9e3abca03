namespace NeuroDb.Neural;

/// <summary>
/// 1 at the place of the bucket that a number falls into, 0 elsewhere. The buckets hold equally
/// many of the numbers that trained; equal bounds are one. NULL is in no bucket.
/// </summary>
internal sealed class BucketFeature(int count) : DerivedFeature
{
    private const int NumbersMax = 1 << 20;
    private const int CountMax = 1024;
    private readonly List<double> _numbers = [];
    private long _seen;
    private double[] _bounds = [];

    /// <inheritdoc/>
    public override int Length => _bounds.Length + 1;

    /// <inheritdoc/>
    public override void Observe(RawRows rows, int column, int row)
    {
        double number = rows.Numbers[column][row];
        if (double.IsNaN(number))
        {
            return;
        }

        // Of very many numbers each one replaces another by chance (Vitter, 1985, algorithm R).
        _seen++;
        ulong place = _numbers.Count < NumbersMax
            ? NumbersMax : Hash64.Of((ulong)_seen) % (ulong)_seen;
        if (_numbers.Count < NumbersMax)
        {
            _numbers.Add(number);
        }
        else if (place < NumbersMax)
        {
            _numbers[(int)place] = number;
        }
    }

    /// <inheritdoc/>
    public override void EndFit()
    {
        _numbers.Sort();
        _bounds =
        [
            .. Enumerable.Range(1, Math.Min(count, CountMax) - 1)
                .Where(_ => _numbers.Count > 0)
                .Select(i => _numbers[(int)((long)i * _numbers.Count / count)])
                .Distinct(),
        ];
        _numbers.Clear();
    }

    /// <inheritdoc/>
    public override bool TryApply(RawRows rows, int column, int row, Span<float> output)
    {
        double number = rows.Numbers[column][row];
        if (!double.IsNaN(number))
        {
            int place = Array.BinarySearch(_bounds, number);
            output[place < 0 ? ~place : place + 1] = 1;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string NameOf(string column, int output) =>
        output == 0 ? $"{column}<{Text(_bounds.Length > 0 ? _bounds[0] : double.NaN)}"
            : $"{column}>={Text(_bounds[output - 1])}";

    /// <inheritdoc/>
    public override void Write(ByteWriter writer)
    {
        writer.Number(_bounds.Length);
        foreach (double bound in _bounds)
        {
            writer.Double(bound);
        }
    }

    /// <inheritdoc/>
    public override void Read(ref ByteReader reader)
    {
        _bounds = new double[reader.Count(CountMax)];
        for (int i = 0; i < _bounds.Length; i++)
        {
            _bounds[i] = reader.Double();
        }

        if (_bounds.Where((bound, i) => double.IsNaN(bound)
            || (i > 0 && bound <= _bounds[i - 1])).Any())
        {
            throw NeuralErrors.MalformedModel("the bounds of buckets do not ascend");
        }
    }

    private static string Text(double bound) =>
        bound.ToString("G6", System.Globalization.CultureInfo.InvariantCulture);
}
