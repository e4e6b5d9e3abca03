using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Table functions that look at rows without a model: duplicates, drift, profile.
/// </summary>
internal static class TableJudging
{
    private const int RowsMax = 1 << 22;

    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.duplicates",
            TakesModel: false,
            TablesMin: 1,
            TablesMax: 1,
            [new("threshold", DataType.Double, Value.Of(0.9))],
            static inputs =>
            [
                ("first", KeyTypeOf(inputs.Tables[0])), ("second", KeyTypeOf(inputs.Tables[0])),
                ("similarity", DataType.Double),
            ],
            Duplicates),
        new(
            "ml.profile",
            TakesModel: false,
            TablesMin: 1,
            TablesMax: 1,
            [],
            static _ => ColumnProfile.Columns,
            static (inputs, _, context) => Profile(inputs.Tables[0], context)),
    ];

    /// <summary>The rows of a plan, batch by batch.</summary>
    public static IEnumerable<RowBatch> Read(PlanNode plan, ExecutionContext context)
    {
        using BatchCursor cursor = plan.Open(context);
        while (cursor.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            yield return batch;
        }
    }

    /// <summary>The column that is a table's whole primary key, or -1.</summary>
    private static int KeyOf(FunctionTable table)
    {
        int ordinal = table.Table?.Schema.Keys.FirstOrDefault(static key => key.IsPrimary)
            is { Ordinals: [int only] } ? only : -1;
        if (ordinal < 0)
        {
            return -1;
        }

        string name = table.Table!.Schema.Columns[ordinal].Name;
        return table.Plan.Output.ToList().FindIndex(column => column.Name == name);
    }

    private static DataType KeyTypeOf(FunctionTable table) =>
        KeyOf(table) is >= 0 and int key ? table.Plan.Output[key].Type : DataType.BigInt;

    /// <summary>The rows that are nearly equal, by their keys or, without one, numbers.</summary>
    private static IEnumerable<Value[]> Duplicates(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        FunctionTable table = inputs.Tables[0];
        int key = KeyOf(table);
        int[] columns =
            [.. Enumerable.Range(0, table.Plan.Output.Count).Where(column => column != key)];
        var keys = new List<Value>();
        var rows = new List<ulong[]>();
        foreach (RowBatch batch in Read(table.Plan, context))
        {
            if (rows.Count + batch.Count > RowsMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"ml.duplicates compares at most {RowsMax} rows; use a view of fewer.",
                    inputs.Position);
            }

            for (int row = 0; row < batch.Count; row++)
            {
                keys.Add(key < 0
                    ? Value.Of((long)keys.Count + 1) : batch.Columns[key].GetValue(row));
            }

            RowUnits.Add(batch, columns, rows);
        }

        double threshold = values[0].IsNull ? double.NaN : values[0].AsDouble();
        foreach (DuplicatePair pair in
            NearDuplicates.Find(rows, threshold, context.Cancellation))
        {
            yield return [keys[pair.First], keys[pair.Second], Value.Of(pair.Similarity)];
        }
    }

    private static IEnumerable<Value[]> Profile(FunctionTable table, ExecutionContext context)
    {
        ColumnProfile[] profiles =
            [.. table.Plan.Output.Select(column => new ColumnProfile(column))];
        foreach (RowBatch batch in Read(table.Plan, context))
        {
            for (int i = 0; i < profiles.Length; i++)
            {
                profiles[i].Add(batch.Columns[i]);
            }
        }

        return profiles.Select(static profile => profile.ToRow());
    }
}
