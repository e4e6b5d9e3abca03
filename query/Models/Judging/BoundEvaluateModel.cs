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
    private readonly ModelAttack? _attack;

    /// <summary>Looks the model up and plans the query.</summary>
    public BoundEvaluateModel(EvaluateModelStatementSyntax syntax, Binder binder)
    {
        _syntax = syntax;
        ModelLookup.Find(syntax.Model, binder.Catalog);
        _attack = syntax.Attack is { } attack ? ModelAttack.Of(attack) : null;
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

        if (_attack is not null)
        {
            // Measured beside the unchanged rows, whose look at test rows is the same one.
            AddAttacked(version, part, judged[0].Rows.TestUses, context, result);
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

    private void AddAttacked(
        ModelVersion version,
        JudgedPart part,
        long testUses,
        ExecutionContext context,
        List<Value[]> result)
    {
        Invariant.Check(_attack is not null);
        if (version.Info.Target.Length == 0)
        {
            throw Neural.NeuralErrors.InvalidModel("ATTACK needs a model that predicts a column.");
        }

        foreach (ModelVersion head in version.Heads)
        {
            JudgedRows rows = JudgedRows.Read(
                head, part.For(head), _syntax.Model.Position, attack: _attack);
            rows.TestUses = testUses;
            rows.Name = $"{part.Name}, {_attack.Name}";
            IReadOnlyList<JudgedMetric> metrics = rows.Judge();
            EvaluationLog.Write(head, rows, metrics, context);
            result.AddRange(EvaluationRows.Make(head, rows, metrics, context));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) => _rows is null
        ? [$"Evaluate model {_syntax.Model.Text}"]
        : ChangeText.Lines($"Evaluate model {_syntax.Model.Text}", _rows, context);
}
