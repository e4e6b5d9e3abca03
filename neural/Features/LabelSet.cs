namespace NeuroDb.Neural;

/// <summary>
/// The labels of a classifier, sorted by code point; a label's number is its place.
/// </summary>
internal sealed class LabelSet
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The distinct ones of these labels.</summary>
    public LabelSet(IEnumerable<string> labels)
    {
        Labels = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        for (int i = 0; i < Labels.Count; i++)
        {
            _numbers[Labels[i]] = i;
        }
    }

    /// <summary>The labels in order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The number of a label, or -1 if it was never seen.</summary>
    public int NumberOf(string? label) =>
        label != null && _numbers.TryGetValue(label, out int number) ? number : -1;
}
