using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// EVALUATE MODEL: judges a version on a part of its rows or on rows that are given, and stores
/// what came of it.
/// </summary>
internal sealed class BoundEvaluateModel : BoundStatement
{
    private static readonly ResultRows Result = new(EvaluationRows.Columns);
    private readonly EvaluateModelStatementSyntax _syntax;
    private readonly PlanNode? _rows;

    /// <summary>Looks the model up and plans the query.</summary>
    public BoundEvaluateModel(EvaluateModelStatementSyntax syntax, Binder binder)
    {
        _syntax = syntax;
        ModelLookup.Find(syntax.Model, binder.Catalog);
        NotYet.Refuse(syntax.Attack is not null, "ATTACK", syntax.Model.Position);
        if (syntax.Query is { } query)
        {
            LogicalNode bound = binder.BindQuery(query);
            _rows = new Planner(binder.Identifiers).Plan(bound);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Result.Columns;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override PlanNode? Plan => _rows;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        ModelVersion version = ModelLookup.Load(_syntax.Model, context);
        if (ModelBuilds.IsOfItsOwn(version.Info.Task))
        {
            TaskJudgement judgement = TaskJudgement.Of(
                version, _syntax.Part?.Name, _rows, context, _syntax.Model.Position);
            EvaluationLog.Write(version, judgement, context);
            return Result.ToResult(judgement.ToRows(version, context));
        }

        JudgedPart part = _rows is null
            ? JudgedPart.Of(version, _syntax.Part?.Name, context, _syntax.Model.Position)
            : JudgedPart.Of(_rows, context);
        var result = new List<Value[]>();
        List<(ModelVersion Head, JudgedRows Rows)> judged = [];
        foreach ((ModelVersion head, JudgedRows rows, IReadOnlyList<JudgedMetric> metrics) in
            EvaluationRows.Judge(version.Heads, part, _syntax.Model.Position, context))
        {
            EvaluationLog.Write(head, rows, metrics, context);
            result.AddRange(EvaluationRows.Make(head, rows, metrics, context));
            judged.Add((head, rows));
        }

        if (_rows is not null && version.Facts.Snapshots.Length > 0)
        {
            ModelWriter.AddDrift(
                version.Info.Identity,
                DriftRows.Measure(version, part, judged),
                judged[0].Rows.Count,
                context.Transaction,
                context);
        }

        return Result.ToResult([.. result]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) => _rows is null
        ? [$"Evaluate model {_syntax.Model.Text}"]
        : ChangeText.Lines($"Evaluate model {_syntax.Model.Text}", _rows, context);
}
