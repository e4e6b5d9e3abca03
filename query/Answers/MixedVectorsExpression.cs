namespace NeuroDb.Query;

/// <summary>
/// A vector that is compared with one that another version of a model made. An error where it is
/// evaluated, unless the session allows it.
/// </summary>
internal sealed class MixedVectorsExpression(Expression operand, string left, string right)
    : Expression(operand.Type)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Expression> Children { get; } = [operand];

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new MixedVectorsExpression(children[0], left, right);

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        context.AllowsMixedVersions
            ? Children[0].Evaluate(batch, context)
            : throw new NeuroStoreException(
                ErrorCode.MixedVersions,
                $"Vectors of {left} are compared with vectors of {right}: distances between them "
                + "mean nothing. Ask for the version of the column, give the column the other one "
                + "(ALTER TABLE .. ALTER COLUMN .. SET MODEL), or SET mixed_versions = allow.");

    /// <inheritdoc/>
    public override string ToString() => $"{Children[0]}";
}
