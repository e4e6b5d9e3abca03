namespace NeuroDb.Query;

/// <summary>One part of a condition that zone maps can refute.</summary>
/// <param name="Column">The ordinal of the column in the table.</param>
/// <param name="Type">Its type.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Operator">=, &lt;, &lt;=, &gt; or &gt;= of a comparison.</param>
/// <param name="Value">What is compared with; null for a test of NULL.</param>
internal sealed record ZoneCondition(
    int Column, DataType Type, ZoneConditionKind Kind, BinaryOperator Operator, Expression? Value);
