using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Binds ml.predict (MODEL m, TABLE t) and ml.predict (MODEL m, (SELECT ...)): all columns of the
/// rows, and what the model says of each.
/// </summary>
internal sealed class PredictionTableBinder(Binder binder, QueryEnvironment environment)
{
    /// <summary>The name of the function.</summary>
    public const string Name = "ml.predict";

    /// <summary>Whether a call is of this function.</summary>
    public static bool Knows(FunctionCallSyntax call) =>
        string.Equals(call.Name.Text, Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The rows with the columns of the prediction behind their own.</summary>
    public LogicalNode Bind(FunctionCallSyntax call)
    {
        if (call.Arguments is not
            [{ Name: null, Value: ObjectArgumentSyntax { Kind: ObjectArgumentKind.Model } named },
             { Name: null, Value: var source }])
        {
            throw Misplaced(call.Position);
        }

        BoundModel model = PredictionBinder.Find(named, binder);
        if (ModelBuilds.IsOfItsOwn(model.Info.Task) && model.Info.Task != ModelTask.Tagger)
        {
            throw ModelBuilds.NotOfRows(Name, model.Name, model.Info.Task, call.Position);
        }

        var scope = new Scope(environment);
        LogicalNode rows = new FromBinder(binder, environment).Bind([RowsOf(source)], scope);
        var inputs = new PredictionInputs(
            model, PredictionBinder.InputsOf(model, scope, call.Position), call.Position);
        List<ProjectedColumn> columns = [.. scope.Star(null).Select(
            column => new ProjectedColumn(column.Expression, column.Column))];
        for (int i = 0; i < Math.Max(1, model.Info.Targets.Count); i++)
        {
            foreach ((string name, PredictionKind kind, DataType type) in ColumnsOf(model.Info, i))
            {
                columns.Add(new ProjectedColumn(
                    new PredictionExpression(kind, type, inputs, null) { Target = i },
                    binder.Identifiers.NewColumn(name, type)));
            }
        }

        return new LogicalProject(rows, columns);
    }

    private static IEnumerable<(string Name, PredictionKind Kind, DataType Type)> ColumnsOf(
        ModelVersionInfo info, int target)
    {
        string column = info.Targets.Count == 0 ? "" : info.Targets[target].Name;
        string value = info.Task switch
        {
            ModelTask.Cluster => "cluster",
            ModelTask.Anomaly => "anomaly_score",
            ModelTask.Embedder => "embedding",
            _ => $"predicted_{column}",
        };
        yield return (value, PredictionKind.Value, info.OutputTypeOf(target));
        if (info.Task == ModelTask.Classifier)
        {
            yield return (
                info.Others.Count > 0 ? $"probability_{column}" : "probability",
                PredictionKind.BestProbability,
                DataType.Double);
        }
        else if (info.Task == ModelTask.Cluster)
        {
            yield return ("distance", PredictionKind.Distance, DataType.Double);
        }
    }

    private static TableReferenceSyntax RowsOf(ExpressionSyntax source) => source switch
    {
        ObjectArgumentSyntax { Kind: ObjectArgumentKind.Table } table =>
            new NamedTableSyntax(table.Name, null, []) { Position = table.Position },
        SubqueryExpressionSyntax query =>
            new DerivedTableSyntax(query.Query, null, []) { Position = query.Position },
        _ => throw Misplaced(source.Position),
    };

    private static NeuroStoreException Misplaced(SourcePosition position) => new(
        ErrorCode.MisplacedExpression,
        "ml.predict takes a model and rows: ml.predict(MODEL m, TABLE t), or a query in brackets.",
        position);
}
