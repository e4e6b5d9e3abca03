namespace NeuroDb.Query;

/// <summary>
/// The results of one subquery in one execution, by the values taken from the enclosing row. When
/// there are too many they are all forgotten. Its user locks it.
/// </summary>
internal sealed class SubqueryResults
{
    private const int ResultCountMax = 100_000;

    private readonly List<SubqueryResult> _results = [];
    private GroupTable? _inputs;

    /// <summary>Fills in the result for each row; a new one is made by the function.</summary>
    public void Find(
        ColumnBuffer[] inputs,
        Expression[] captures,
        int count,
        SubqueryResult[] results,
        Func<int, SubqueryResult> make)
    {
        if (_inputs is null || _inputs.Count > ResultCountMax)
        {
            _inputs = new GroupTable(captures.Select(capture => capture.Type));
            _results.Clear();
        }

        var groups = new int[count];
        _inputs.Find(inputs, count, groups);
        for (int row = 0; row < count; row++)
        {
            if (groups[row] < 0)
            {
                groups[row] = Add(inputs, row, make);
            }

            results[row] = _results[groups[row]];
        }
    }

    private int Add(ColumnBuffer[] inputs, int row, Func<int, SubqueryResult> make)
    {
        var single = new ColumnBuffer[inputs.Length];
        for (int i = 0; i < single.Length; i++)
        {
            single[i] = inputs[i].Slice(row, 1);
        }

        var group = new int[1];
        _inputs!.Find(single, 1, group);
        if (group[0] < 0)
        {
            SubqueryResult result = make(row);
            _inputs.FindOrAdd(single, 1, group);
            Invariant.Check(group[0] == _results.Count);
            _results.Add(result);
        }

        return group[0];
    }
}
