using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What TUNE tries: for each option its values, and the combinations of them in an order.
/// </summary>
internal sealed class SearchSpace
{
    private const int CandidatesMax = 100_000;
    private readonly IReadOnlyList<(string Name, string[] Values)> _options;

    /// <summary>The space of the options of a statement.</summary>
    public SearchSpace(IReadOnlyList<TuneParameterSyntax> parameters, SourcePosition position)
    {
        if (parameters.Count == 0)
        {
            throw NeuralErrors.InvalidModel(
                "TUNE needs something to try: SEARCH random (learning_rate IN (.1, .01)).");
        }

        var options = new List<(string Name, string[] Values)>();
        long count = 1;
        foreach (TuneParameterSyntax parameter in parameters)
        {
            string name = parameter.Name.Name.ToLowerInvariant();
            string[] values = [.. parameter.Values.Select(value =>
                ModelOptions.TextOf(value, name, parameter.Position)).Distinct()];
            if (options.Any(known => known.Name == name))
            {
                throw SyntaxErrors.At(
                    parameter.Position, $"the option {name} is written twice");
            }

            options.Add((name, values));
            count *= values.Length;
            if (count > CandidatesMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"TUNE has more than {CandidatesMax} combinations to try; write fewer values.",
                    position);
            }
        }

        _options = options;
        Count = (int)count;
    }

    /// <summary>How many combinations there are.</summary>
    public int Count { get; }

    /// <summary>The options and their values.</summary>
    public IReadOnlyList<(string Name, string[] Values)> Options => _options;

    /// <summary>A combination; the last option changes fastest.</summary>
    public IReadOnlyDictionary<string, string> this[int number]
    {
        get
        {
            var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
            for (int i = _options.Count - 1; i >= 0; i--)
            {
                string[] values = _options[i].Values;
                chosen[_options[i].Name] = values[number % values.Length];
                number /= values.Length;
            }

            return chosen;
        }
    }

    /// <summary>All combinations in the order of the statement.</summary>
    public int[] InOrder() => [.. Enumerable.Range(0, Count)];

    /// <summary>All combinations in an order that a seed gives.</summary>
    public int[] Shuffled(ulong seed)
    {
        int[] order = InOrder();
        ArrayExamples.Shuffle(order, seed);
        return order;
    }
}
