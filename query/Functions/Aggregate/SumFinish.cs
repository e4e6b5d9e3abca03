namespace NeuroDb.Query;

/// <summary>Makes the results of sum, avg and total.</summary>
internal static class SumFinish
{
    /// <summary>One result for each of some groups that has values, NULL for others.</summary>
    public static ColumnBuffer Elements<T>(
        DataType type, long[] counts, int start, int groupCount, Func<int, T> resultOf)
    {
        var builder = new ColumnBuilder<T>(type, groupCount);
        for (int group = start; group < start + groupCount; group++)
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

    /// <summary>One result in double precision for each of some groups.</summary>
    public static ColumnBuffer Doubles(
        SumResult result, long[] counts, int start, int groupCount, Func<int, double> sumOf)
    {
        var builder = new ColumnBuilder<double>(DataType.Double, groupCount);
        for (int group = start; group < start + groupCount; group++)
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
