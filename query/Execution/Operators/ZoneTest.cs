using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Tells which slices of one snapshot have no row that satisfies a condition, by their zone maps
/// and the values of this execution, and which rows of a slice may. Safe for many threads.
/// </summary>
internal sealed class ZoneTest(
    TableSnapshot snapshot, ZoneCondition[] conditions, Value[] values, WordTest[] words)
{
    /// <summary>
    /// The visible rows of a slice that may satisfy the condition, in order; null if any may.
    /// </summary>
    public int[]? CandidatesOf(int slice)
    {
        int[]? rows = null;
        foreach (WordTest test in words)
        {
            int[] found = test.RowsOf(slice);
            rows = rows is null ? found : [.. rows.Intersect(found)];
            if (rows.Length == 0)
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>Whether no row of a slice can satisfy the condition.</summary>
    public bool IsEmpty(int slice)
    {
        bool isEmpty = false;
        for (int i = 0; i < conditions.Length && !isEmpty; i++)
        {
            isEmpty = snapshot.TryGetZone(slice, conditions[i].Column, out ZoneMap zone)
                && IsRefuted(conditions[i], values[i], zone);
        }

        return isEmpty;
    }

    private static bool IsRefuted(ZoneCondition condition, Value value, in ZoneMap zone)
    {
        bool isAllNull = zone.NullCount == zone.RowCount;
        switch (condition.Kind)
        {
            case ZoneConditionKind.Null:
                return zone.NullCount == 0;
            case ZoneConditionKind.NotNull:
                return isAllNull;
            default:
                PhysicalKind kind = condition.Type.Physical;
                if (isAllNull || value.IsNull)
                {
                    return true;
                }

                return zone.HasBounds && IsOutside(
                    condition.Operator,
                    ValueOrder.Compare(kind, zone.Minimum, value),
                    ValueOrder.Compare(kind, zone.Maximum, value));
        }
    }

    // Given how the bounds compare with the value, whether the operator holds for none between.
    private static bool IsOutside(BinaryOperator operation, int minimum, int maximum) =>
        operation switch
        {
            BinaryOperator.Equal => minimum > 0 || maximum < 0,
            BinaryOperator.Less => minimum >= 0,
            BinaryOperator.LessOrEqual => minimum > 0,
            BinaryOperator.Greater => maximum <= 0,
            BinaryOperator.GreaterOrEqual => maximum < 0,
            _ => false,
        };
}
