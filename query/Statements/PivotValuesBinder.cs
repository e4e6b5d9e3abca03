namespace NeuroDb.Query;

/// <summary>Binds statements whose PIVOTs take their columns from the rows of the moment.</summary>
internal static class PivotValuesBinder
{
    /// <summary>The statement bound with the values that its transaction sees.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="nulls">Where NULLs stand in its orders.</param>
    /// <param name="pivot">The first PIVOT whose values are asked for.</param>
    /// <param name="context">The transaction and the parameters.</param>
    public static BoundVariant Bind(
        PreparedStatement statement,
        NullPlacement nulls,
        PivotValuesException pivot,
        ExecutionContext context)
    {
        var known = new List<string[]>();
        while (true)
        {
            known.Add(Read(pivot, context));
            try
            {
                return statement.BindOnce(
                    context.Transaction.Catalog, context.Parameters, nulls, known);
            }
            catch (PivotValuesException next)
            {
                pivot = next;
            }
        }
    }

    private static string[] Read(PivotValuesException pivot, ExecutionContext context)
    {
        PlanNode plan = new Planner(pivot.Identifiers).Plan(pivot.Query);
        if (BatchJoiner.ReadAll(plan, context) is not { } rows)
        {
            return [];
        }

        var values = new string[rows.Count];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = rows.Columns[0].GetValue(row).AsText();
        }

        return values;
    }
}
