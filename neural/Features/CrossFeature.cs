namespace NeuroDb.Neural;

/// <summary>
/// 1 at a place that the hash of the values of two columns together gives, so that a linear model
/// can weigh each pair by itself. All 0 where one of them is NULL.
/// </summary>
internal sealed class CrossFeature(FeatureColumn partner, int size) : DerivedFeature
{
    // No value has this between its characters by chance.
    private const char Between = '\u001f';

    /// <inheritdoc/>
    public override int Length => size;

    /// <inheritdoc/>
    public override bool TryApply(RawRows rows, int column, int row, Span<float> output)
    {
        int other = -1;
        for (int i = 0; i < rows.Columns.Count && other < 0; i++)
        {
            other = rows.Columns[i].Name == partner.Name ? i : -1;
        }

        Invariant.Check(other >= 0, "a pipeline reads the columns of its transforms");
        if (FittedTransform.ValueOf(rows, column, row) is string first
            && FittedTransform.ValueOf(rows, other, row) is string second)
        {
            output[(int)(Hash64.Of(first + Between + second) % (ulong)size)] = 1;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string NameOf(string column, int output) =>
        $"{column} x {partner.Name}[{LayerNames.Number(output)}]";
}
