using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What a condition says about the zone maps of a table: parts that compare a column with a value
/// or test it for NULL. A chunk in which one of them holds for no row is left out unread
/// (Moerkotte, Small materialized aggregates, VLDB 1998). Of a part that asks for words, the text
/// index of the column says which rows are worth reading. Immutable, made with the plan.
/// </summary>
internal sealed class ZonePruning
{
    private readonly ZoneCondition[] _conditions;

    private readonly TextMatchExpression[] _words;

    private ZonePruning(ZoneCondition[] conditions, TextMatchExpression[] words)
    {
        _conditions = conditions;
        _words = words;
    }

    /// <summary>The text indexes that are asked.</summary>
    public IEnumerable<string> TextIndexes =>
        _words.Select(static it => it.Index!.Index.Schema.Name).Distinct();

    /// <summary>What a condition says; null if nothing.</summary>
    public static ZonePruning? Of(NarrowExpression? filter)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(filter?.Expression, parts);
        ZoneCondition[] found = [.. parts
            .Select(part => ConditionOf(part, filter!.Ordinals))
            .OfType<ZoneCondition>()];
        TextMatchExpression[] words = [.. parts.OfType<TextMatchExpression>().Where(static part =>
            part.Index is not null && IsKnown(part.Words))];
        return found.Length + words.Length == 0 ? null : new ZonePruning(found, words);
    }

    /// <summary>The test of one execution.</summary>
    public ZoneTest Begin(TableSnapshot snapshot, ExecutionContext context) => new(
        snapshot,
        _conditions,
        [.. _conditions.Select(condition => condition.Value is null
            ? Value.Null
            : Conditions.ValueOf(condition.Value, context))],
        [.. _words.Select(part => WordTest.Begin(part, snapshot, context))]);

    // Other expressions may raise errors, which they may not for rows that are not there.
    private static bool IsKnown(Expression? value) =>
        value is ConstantExpression or ParameterExpression or OuterExpression;

    private static ZoneCondition? ConditionOf(Expression part, int[] ordinals)
    {
        if (part is IsNullExpression { IsNegated: var isNegated } isNull
            && isNull.Children[0] is OrdinalExpression tested)
        {
            ZoneConditionKind kind = isNegated ? ZoneConditionKind.NotNull : ZoneConditionKind.Null;
            return new ZoneCondition(ordinals[tested.Ordinal], tested.Type, kind, default, null);
        }

        OrdinalExpression? column = null;
        KeyBound? bound = KeyBound.Of(part, expression =>
        {
            column = expression as OrdinalExpression ?? column;
            return expression is OrdinalExpression;
        });
        bool isOrdered = column?.Type.Physical is PhysicalKind.Int64 or PhysicalKind.Double
            or PhysicalKind.Decimal or PhysicalKind.Text;
        return IsKnown(bound?.Value) && isOrdered
            ? new ZoneCondition(
                ordinals[column!.Ordinal], column.Type, ZoneConditionKind.Comparison,
                bound!.Operator, bound.Value)
            : null;
    }
}
