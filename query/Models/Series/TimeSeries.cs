namespace NeuroDb.Query;

/// <summary>The values of one series in the order of time.</summary>
/// <param name="key">What tells it from others; nothing if there is one.</param>
internal sealed class TimeSeries(Value key)
{
    /// <summary>What tells it from others; NULL if there is one.</summary>
    public Value Key { get; } = key;

    /// <summary>The times as numbers of their type, rising.</summary>
    public List<long> Times { get; } = [];

    /// <summary>The values.</summary>
    public List<double> Values { get; } = [];

    /// <summary>How many values train; the next ones validate.</summary>
    public int TrainEnd { get; set; }

    /// <summary>Where those that validate end; the next ones test.</summary>
    public int ValidationEnd { get; set; }

    /// <summary>The name for messages.</summary>
    public string Name => Key.IsNull ? "the series" : $"the series {ValueText.Format(Key)}";

    /// <summary>The first and the last place of a part, the last not included.</summary>
    public (int Start, int End) RangeOf(Neural.SplitPart part) => part switch
    {
        Neural.SplitPart.Train => (0, TrainEnd),
        Neural.SplitPart.Validation => (TrainEnd, ValidationEnd),
        _ => (ValidationEnd, Values.Count),
    };
}
