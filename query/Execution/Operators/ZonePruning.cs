using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What a condition says about the zone maps of a table: parts that compare a column with a value
/// or test it for NULL. A chunk in which one of them holds for no row is left out unread
/// (Moerkotte, Small materialized aggregates, VLDB 1998). Immutable, made with the plan.
/// </summary>
internal sealed class ZonePruning
{
    private readonly ZoneCondition[] _conditions;

    private ZonePruning(ZoneCondition[] conditions) => _conditions = conditions;

    /// <summary>What a condition says; null if nothing.</summary>
    public static ZonePruning? Of(NarrowExpression? filter)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(filter?.Expression, parts);
        ZoneCondition[] found = [.. parts
            .Select(part => ConditionOf(part, filter!.Ordinals))
            .OfType<ZoneCondition>()];
        return found.Length == 0 ? null : new ZonePruning(found);
    }

    /// <summary>The test of one execution.</summary>
    public ZoneTest Begin(TableSnapshot snapshot, ExecutionContext context) => new(
        snapshot,
        _conditions,
        [.. _conditions.Select(condition => condition.Value is null
            ? Value.Null
            : Conditions.ValueOf(condition.Value, context))]);

    private static ZoneCondition? ConditionOf(Expression part, int[] ordinals)
    {
        if (part is IsNullExpression { IsNegated: var isNegated } isNull
            && isNull.Children[0] is OrdinalExpression tested)
        {
            ZoneConditionKind kind = isNegated ? ZoneConditionKind.NotNull : ZoneConditionKind.Null;
            return new ZoneCondition(ordinals[tested.Ordinal], tested.Type, kind, default, null);
        }

        // Other expressions may raise errors, which they may not for rows that are not there.
        OrdinalExpression? column = null;
        KeyBound? bound = KeyBound.Of(part, expression =>
        {
            column = expression as OrdinalExpression ?? column;
            return expression is OrdinalExpression;
        });
        bool isKnown = bound is
        {
            Value: ConstantExpression or ParameterExpression or OuterExpression,
        };
        bool isOrdered = column?.Type.Physical is PhysicalKind.Int64 or PhysicalKind.Double
            or PhysicalKind.Decimal or PhysicalKind.Text;
        return isKnown && isOrdered
            ? new ZoneCondition(
                ordinals[column!.Ordinal], column.Type, ZoneConditionKind.Comparison,
                bound!.Operator, bound.Value)
            : null;
    }
}
