using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// EXPLAIN PREDICTION: what moved the prediction of values that are written in the statement.
/// </summary>
internal sealed class BoundExplainPrediction : BoundStatement
{
    private const int Samples = 1000;
    private static readonly ResultRows Result =
        new([.. ExplanationRows.Columns, ("target", DataType.Text)]);

    private static readonly string[] Methods = ["shapley", "occlusion", "integrated_gradients"];
    private readonly ExplainPredictionStatementSyntax _syntax;
    private readonly IReadOnlyList<ProjectedColumn> _items;
    private readonly PlanNode _values;

    /// <summary>Looks the model up and binds the values.</summary>
    public BoundExplainPrediction(ExplainPredictionStatementSyntax syntax, Binder binder)
    {
        _syntax = syntax;
        ModelVersionInfo version = ModelLookup.Find(syntax.Model, binder.Catalog);
        _items = binder.BindItems(syntax.Items, binder.NewScope());
        _values = new Planner(binder.Identifiers).Plan(
            new LogicalProject(LogicalValues.OneRow, _items));
        if (syntax.Method is { } method
            && !Methods.Contains(method.Name.ToLowerInvariant()))
        {
            throw NeuralErrors.UnknownName("method", method.Name, Methods);
        }

        foreach (ProjectedColumn item in _items)
        {
            if (!version.Inputs.Any(input => string.Equals(
                input.Name, item.Column.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The model {syntax.Model.Text} reads no column {item.Column.Name}."
                    + NearMatch.Hint(
                        item.Column.Name, version.Inputs.Select(static it => it.Name)),
                    syntax.Position);
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Result.Columns;

    /// <inheritdoc/>
    public override bool ChangesData => false;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        ModelVersion version = ModelLookup.Load(_syntax.Model, context);
        if (ModelBuilds.IsOfItsOwn(version.Info.Task))
        {
            throw ModelBuilds.NotOfRows(
                "EXPLAIN PREDICTION", version.Name, version.Info.Task, _syntax.Model.Position);
        }

        SourcePosition position = _syntax.Model.Position;
        ModelRows reader = ModelRows.Bind(
            version.Pipeline.Columns,
            [.. _items.Select(static item =>
                new ModelColumn(item.Column.Name, item.Expression.Type))],
            position);
        RawRows raw = reader.NewRows(1);
        using (BatchCursor values = _values.Open(context))
        {
            RowBatch? row = values.Next();
            Invariant.Check(row is { Count: 1 }, "values without a table are one row");
            reader.Read(row!, 0, 1, raw);
        }

        return Result.ToResult([.. version.Heads.SelectMany(head =>
            Explain(head, raw, context).Select(row => (Value[])
                [.. row, BoundModelChange.TextOrNull(head.Info.Target)]))]);
    }

    private IReadOnlyList<Value[]> Explain(
        ModelVersion version, RawRows raw, ExecutionContext context)
    {
        SourcePosition position = _syntax.Model.Position;
        PredictionExplainer explainer = PredictionExplainer.Create(version, context, position);
        float[] features = explainer.FeaturesOf(raw, 0) ?? throw new NeuroStoreException(
            ErrorCode.UntrainableData,
            "The model says nothing of these values: one that it needs is NULL or no number.",
            position);
        bool isImage = version.Pipeline.Transforms is
            [{ Spec.Kind: TransformKind.Image or TransformKind.LogMel }];
        string method = _syntax.Method?.Name.ToLowerInvariant()
            ?? Methods[isImage ? 1 : 0];
        if (method == Methods[1] && !isImage)
        {
            throw NeuralErrors.InvalidModel(
                "METHOD occlusion covers parts of an image; this model reads columns. Use METHOD "
                + "shapley.");
        }

        return method switch
        {
            "occlusion" => ExplanationRows.OfImage(explainer, version, features, _syntax.Top),
            "integrated_gradients" => ExplanationRows.OfSlopes(
                explainer, version, raw, features, _syntax.Top, isImage),
            _ => ExplanationRows.Of(explainer, raw, 0, features, _syntax.Top, Samples),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Explain prediction of {_syntax.Model.Text}"];
}
