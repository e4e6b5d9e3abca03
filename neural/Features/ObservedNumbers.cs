namespace NeuroDb.Neural;

/// <summary>
/// The mean, the deviation and the ends of numbers, as they come (Welford, 1962). What is no
/// finite number is passed over.
/// </summary>
internal sealed class ObservedNumbers
{
    private long _count;
    private double _squares;

    /// <summary>The mean; 0 of no numbers.</summary>
    public double Mean { get; private set; }

    /// <summary>The standard deviation; 0 of no numbers.</summary>
    public double Deviation => _count > 0 ? Math.Sqrt(_squares / _count) : 0;

    /// <summary>The least number.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest number.</summary>
    public double Largest { get; private set; } = double.NegativeInfinity;

    /// <summary>Takes another number in.</summary>
    public void Add(double number)
    {
        if (double.IsFinite(number))
        {
            _count++;
            double difference = number - Mean;
            Mean += difference / _count;
            _squares += difference * (number - Mean);
            Least = Math.Min(Least, number);
            Largest = Math.Max(Largest, number);
        }
    }

    internal void Write(ByteWriter writer)
    {
        writer.Number(_count);
        writer.Double(Mean);
        writer.Double(_squares);
        writer.Double(Least);
        writer.Double(Largest);
    }

    internal void Read(ref ByteReader reader)
    {
        _count = reader.Number();
        Mean = reader.Double();
        _squares = reader.Double();
        Least = reader.Double();
        Largest = reader.Double();
    }
}
