namespace NeuroDb.Query;

/// <summary>
/// A value that has to be one of a domain: a cast, which raises an error where it is none, or a
/// test, which says whether. The conditions are over a batch of the value alone.
/// </summary>
internal sealed class DomainExpression(
    Expression operand, DomainRules rules, bool isTest, SourcePosition position)
    : RowExpression(isTest ? DataType.Boolean : operand.Type, operand)
{
    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new DomainExpression(children[0], rules, isTest, position);

    /// <inheritdoc/>
    public override string ToString() => isTest
        ? $"{DomainRules.TestName}({SqlText.Quote(rules.Name)}, {Children[0]})"
        : $"CAST({Children[0]} AS {rules.Name})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer values = Children[0].Evaluate(batch, context);
        var alone = new RowBatch([values], values.Count);
        var fits = new long[values.Count];
        fits.AsSpan().Fill(1);
        foreach ((string name, Expression? condition) in rules.Conditions)
        {
            ColumnBuffer<long>? holds =
                condition?.Evaluate(alone, context) as ColumnBuffer<long>;
            for (int row = 0; row < fits.Length; row++)
            {
                bool fails = holds is null
                    ? values.IsNull(row)
                    : !holds.IsNull(row) && holds.Values[row] == 0;
                if (fails && !isTest)
                {
                    throw rules.Violation(name, condition, values.GetValue(row), position);
                }

                fits[row] &= fails ? 0 : 1;
            }
        }

        return isTest
            ? new ColumnBuffer<long>(DataType.Boolean, fits)
            : values;
    }
}
