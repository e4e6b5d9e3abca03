namespace NeuroDb.Neural;

/// <summary>
/// What <see cref="OnnxCheck"/> says of a file that another library may see: its ends, and what it
/// is made of.
/// </summary>
internal sealed class OnnxSignature
{
    /// <summary>The inputs that are no constants.</summary>
    public List<OnnxValue> Inputs { get; } = [];

    /// <summary>The outputs.</summary>
    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>How often each operator stands in it.</summary>
    public SortedDictionary<string, int> Operators { get; } = new(StringComparer.Ordinal);

    /// <summary>The operator that gives each value, and what it reads.</summary>
    public Dictionary<string, (string Operator, IReadOnlyList<string> Inputs)> Makers { get; } =
        new(StringComparer.Ordinal);

    /// <summary>The names of the constants.</summary>
    public HashSet<string> Constants { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The products of the constants that may be shapes: a few whole numbers each.
    /// </summary>
    public Dictionary<string, double> Sizes { get; } = new(StringComparer.Ordinal);

    /// <summary>The labels that an operator of classifiers names; empty if none does.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>What the maker of the file noted, by name.</summary>
    public Dictionary<string, string> Notes { get; } = [];

    /// <summary>Numbers of all constants.</summary>
    public long ParameterCount { get; set; }

    /// <summary>The operators as one text, the most frequent first.</summary>
    public string Summary
    {
        get
        {
            const int Shown = 12;
            string list = string.Join(", ", Operators
                .OrderByDescending(static it => it.Value).Take(Shown)
                .Select(static it => it.Value > 1 ? $"{it.Value} {it.Key}" : it.Key));
            return Operators.Count > Shown ? list + ", .." : list;
        }
    }
}
