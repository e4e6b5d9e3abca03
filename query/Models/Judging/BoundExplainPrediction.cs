using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// EXPLAIN PREDICTION: what moved the prediction of values that are written in the statement.
/// </summary>
internal sealed class BoundExplainPrediction : BoundStatement
{
    private const int Samples = 1000;
    private static readonly ResultRows Result = new(ExplanationRows.Columns);
    private static readonly string[] Methods = ["shapley", "occlusion"];
    private readonly ExplainPredictionStatementSyntax _syntax;
    private readonly IReadOnlyList<ProjectedColumn> _items;

    /// <summary>Looks the model up and binds the values.</summary>
    public BoundExplainPrediction(ExplainPredictionStatementSyntax syntax, Binder binder)
    {
        _syntax = syntax;
        ModelVersionInfo version = ModelLookup.Find(syntax.Model, binder.Catalog);
        _items = binder.BindItems(syntax.Items, binder.NewScope());
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

        if (version.Heads.Count > 1)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"EXPLAIN PREDICTION is for one target, and {version.Name} predicts "
                + $"{version.Info.TargetText}; a model of one of them answers it.",
                _syntax.Model.Position);
        }

        SourcePosition position = _syntax.Model.Position;
        ModelRows reader = ModelRows.Bind(
            version.Pipeline.Columns,
            [.. _items.Select(static item =>
                new ModelColumn(item.Column.Name, item.Expression.Type))],
            position);
        var one = new RowBatch([], 1);
        var values = new RowBatch(
            [.. _items.Select(item => item.Expression.Evaluate(one, context))], 1);
        RawRows raw = reader.NewRows(1);
        reader.Read(values, 0, 1, raw);
        PredictionExplainer explainer = PredictionExplainer.Create(version, context, position);
        float[] features = explainer.FeaturesOf(raw, 0) ?? throw new NeuroStoreException(
            ErrorCode.UntrainableData,
            "The model says nothing of these values: one that it needs is NULL or no number.",
            position);
        bool isImage = version.Pipeline.Transforms is
            [{ Spec.Kind: TransformKind.Image or TransformKind.LogMel }];
        bool isOccluded = _syntax.Method is { } method
            ? string.Equals(method.Name, Methods[1], StringComparison.OrdinalIgnoreCase)
            : isImage;
        if (isOccluded && !isImage)
        {
            throw NeuralErrors.InvalidModel(
                "METHOD occlusion covers parts of an image; this model reads columns. Use METHOD "
                + "shapley.");
        }

        return Result.ToResult(isOccluded
            ? ExplanationRows.OfImage(explainer, version, features, _syntax.Top)
            : ExplanationRows.Of(explainer, raw, 0, features, _syntax.Top, Samples));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Explain prediction of {_syntax.Model.Text}"];
}
