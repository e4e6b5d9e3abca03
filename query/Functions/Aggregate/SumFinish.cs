namespace NeuroDb.Query;

/// <summary>Makes the results of sum, avg and total in double precision.</summary>
internal static class SumFinish
{
    /// <summary>One result for each group from its sum and count.</summary>
    public static ColumnBuffer Doubles(
        SumResult result, long[] counts, int groupCount, Func<int, double> sumOf)
    {
        var builder = new ColumnBuilder<double>(DataType.Double, groupCount);
        for (int group = 0; group < groupCount; group++)
        {
            double value = result == SumResult.Average
                ? sumOf(group) / counts[group]
                : sumOf(group);
            if ((counts[group] == 0 && result != SumResult.Total) || double.IsNaN(value))
            {
                builder.AppendNull();
            }
            else
            {
                builder.AppendElement(value);
            }
        }

        return builder.Build();
    }
}
