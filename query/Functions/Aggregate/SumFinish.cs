namespace NeuroDb.Query;

/// <summary>Makes the results of sum, avg and total.</summary>
internal static class SumFinish
{
    /// <summary>One result for each group that has values, NULL for others.</summary>
    public static ColumnBuffer Elements<T>(
        DataType type, long[] counts, int groupCount, Func<int, T> resultOf)
    {
        var builder = new ColumnBuilder<T>(type, groupCount);
        for (int group = 0; group < groupCount; group++)
        {
            if (counts[group] == 0)
            {
                builder.AppendNull();
            }
            else
            {
                builder.AppendElement(resultOf(group));
            }
        }

        return builder.Build();
    }

    /// <summary>One result in double precision for each group.</summary>
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
