namespace NeuroDb.Query;

/// <summary>
/// Marks distances between vectors that two versions made: the numbers of one say nothing beside
/// those of another. Where a vector comes from is known of columns that a version makes and of
/// embed, through queries that pass them on; others may be compared with all. Who writes embed with
/// two versions in one distance means it.
/// </summary>
internal sealed class VectorOriginRule
{
    private readonly Dictionary<int, (string Name, bool IsStored)> _origins = [];

    private VectorOriginRule()
    {
    }

    /// <summary>The plan with its distances marked.</summary>
    public static LogicalNode Apply(LogicalNode plan) =>
        plan.Rewrite(new VectorOriginRule().Mark);

    private LogicalNode Mark(LogicalNode node)
    {
        if (node is LogicalScan scan)
        {
            Learn(scan);
            return node;
        }

        node = node.MapExpressions(expression => expression.Rewrite(Mark));
        if (node is LogicalProject project)
        {
            for (int i = 0; i < project.Columns.Count; i++)
            {
                if (OriginOf(project.Columns[i].Expression) is { } origin)
                {
                    _origins[project.Output[i].Id] = origin;
                }
            }
        }

        return node;
    }

    private void Learn(LogicalScan scan)
    {
        TableSchema schema = scan.Table.Schema;
        foreach (ScannedColumn column in scan.Columns)
        {
            if (column.Column.Type.IsVector
                && schema.Columns[column.Ordinal].GeneratedSql is not null
                && AnswerColumns.Find(schema, column.Ordinal) is { } answers)
            {
                _origins[column.Column.Id] = (NameOf(answers.Model, answers.Version), true);
            }
        }
    }

    private Expression Mark(Expression expression)
    {
        if (expression is not VectorDistanceExpression distance
            || OriginOf(distance.Left) is not { } left
            || OriginOf(distance.Right) is not { } right
            || !(left.IsStored || right.IsStored)
            || string.Equals(left.Name, right.Name, StringComparison.OrdinalIgnoreCase))
        {
            return expression;
        }

        return distance.WithChildren(
            distance.Left is ColumnExpression
                ? [distance.Left, Mixed(distance.Right)]
                : [Mixed(distance.Left), distance.Right]);

        MixedVectorsExpression Mixed(Expression operand) => new(operand, left.Name, right.Name);
    }

    private (string Name, bool IsStored)? OriginOf(Expression expression) => expression switch
    {
        ColumnExpression column => _origins.TryGetValue(column.Id, out var known) ? known : null,
        PredictionExpression { Kind: PredictionKind.Embedding } embedding => (
            NameOf(embedding.Inputs.Model.Name, embedding.Inputs.Model.Info.Number), false),
        GivenEncoderExpression given => (NameOf(SqlText.Literal(given.Encoder), 1), false),
        CastExpression { Children: [var operand] } => OriginOf(operand),
        _ => null,
    };

    private static string NameOf(string model, int version) => $"{model}@{version}";
}
