using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// TUNE MODEL: the best of many trials becomes another version of the model, live if it is better
/// than the live one on the rows that validate.
/// </summary>
internal sealed class BoundTuneModel(TuneModelStatementSyntax syntax) : BoundStatement
{
    private static readonly ResultRows Result = new(
        ("model", DataType.Text), ("version", DataType.Integer), ("is_live", DataType.Boolean),
        ("trial", DataType.BigInt), ("options", DataType.Text), ("metric", DataType.Text),
        ("value", DataType.Double), ("is_best", DataType.Boolean), ("share", DataType.Double),
        ("seconds", DataType.Double), ("state", DataType.Text));

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Result.Columns;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        BoundModelChange.RefuseParameters(syntax);
        ModelDefinition model = ModelLookup.Find(syntax.Name, context.Transaction.Catalog);
        ModelVersion live =
            context.Models.Load(model.Name, model.LiveVersion, context.Transaction);
        ModelPlan plan = ModelBinder.Bind(
            BoundRetrainModel.DefinitionOf(model, syntax.Name.Position),
            ImportedModel.RecipeOf(live),
            syntax.QueryText ?? ImportedModel.QueryOf(live, syntax.Name.Position),
            ModelOptions.Read(live.Facts.Options, syntax.Options),
            context,
            syntax.Name.Position);
        if (ModelBuilds.IsOfItsOwn(plan.Task))
        {
            throw NeuralErrors.InvalidModel(
                $"TUNE is for models of rows, and {model.Name} is a "
                + $"{ModelBuilds.NameOf(plan.Task)}; compare options by RETRAIN, which keeps the "
                + "better version.");
        }

        if (plan.Joined is not null)
        {
            throw NeuralErrors.InvalidModel(
                $"{model.Name} joins models that were trained before; tune one of them.");
        }

        ModelPrivacy.RefuseSearch(plan);
        var metric = new SearchMetric(syntax.Metric, plan.Task, plan.Others.Count > 0);
        var space = new SearchSpace(syntax.Parameters, syntax.Position);
        ModelBuild build = ModelBuild.Prepare(plan, null, context);
        if (build.Data.CountOf(SplitPart.Validation) == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {model.Name} has no validation rows to compare trials by; write SPLIT "
                + "(train .8, validation .1, test .1) in CREATE MODEL.");
        }

        using ModelTraining training =
            context.Models.Begin(model.Name, model.Next, context.Clock);
        var search = new ModelSearch(
            plan, build, space, metric, syntax.Seconds, training, context);
        search.Check();
        search.Run(syntax.Search?.Name.ToLowerInvariant() ?? "random");
        ModelAudit.Add("tune", model.Name, model.Next, syntax, context);
        return Store(model, live, metric, search, context);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Tune model {syntax.Name.Last}"];

    private static StatementResult Store(
        ModelDefinition model,
        ModelVersion live,
        SearchMetric metric,
        ModelSearch search,
        ExecutionContext context)
    {
        if (search.Best is not { Metric: { } best } || search.BestModel is not { } found)
        {
            throw NeuralErrors.UntrainableData(
                $"None of {search.Trials.Count} trials gave a model; the last one "
                + $"{search.Trials[^1].State}");
        }

        JudgedMetric? old = OldOf(live, metric, found.Build, context);
        bool isLive = SearchMetric.IsBetter(best, old);
        BuiltModel built = found.Build.Finish(WithoutLimit(found.Model, live));
        ModelDefinition changed = ModelCatalog.Add(model, built, isLive, context);
        string identity = changed.Versions[^1].Identity;
        foreach (Trial trial in search.Trials)
        {
            Write(identity, trial, context);
        }

        double before = old?.Value ?? double.NaN;
        string outcome = isLive ? "the new version is live." : "the live version stays.";
        context.Notices.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{search.Trials.Count} trials; {metric.Name} on the validation rows is "
            + $"{best.Value:0.####}, that of version {live.Info.Number} is {before:0.####}: "
            + $"{outcome}"));
        return Result.ToResult(search.Trials
            .OrderByDescending(trial => trial == search.Best)
            .Select(trial => Row(changed, trial, trial == search.Best, metric.Name)));
    }

    private static JudgedMetric? OldOf(
        ModelVersion live, SearchMetric metric, ModelBuild build, ExecutionContext context)
    {
        try
        {
            return metric.Judge(build, live.Package);
        }
        catch (NeuroStoreException error) when (error.Code is ErrorCode.UnknownColumn
            or ErrorCode.TypeMismatch or ErrorCode.DimensionMismatch)
        {
            context.Notices.Add(
                $"Version {live.Info.Number} does not fit the rows any more: {error.Message}");
            return null;
        }
    }

    /// <summary>The limit of time was that of the search; RETRAIN is not bound by it.</summary>
    private static LearnedModel WithoutLimit(LearnedModel learned, ModelVersion live)
    {
        const string Limit = "max_seconds";
        var texts = new Dictionary<string, string>(
            ModelOptions.Read(learned.Facts.Options, []).Texts);
        texts.Remove(Limit);
        if (ModelOptions.Read(live.Facts.Options, []).Texts.TryGetValue(
            Limit, out string? asked))
        {
            texts[Limit] = asked;
        }

        return learned with
        {
            Facts = learned.Facts with { Options = ModelOptions.Of(texts).ToJson() },
        };
    }

    private static void Write(string identity, Trial trial, ExecutionContext context) =>
        ModelTables.Insert(
            ModelTables.Trials,
            context.Transaction,
            Value.Of(identity),
            Value.Of((long)trial.Number),
            Value.Of(trial.Options),
            trial.Metric is null ? Value.Null : Value.Of(trial.Metric.Name),
            EvaluationLog.Number(trial.Metric?.Value ?? double.NaN),
            Value.Of(trial.ValidationRows),
            Value.Of(trial.TrainRows),
            Value.Of(trial.Epochs),
            Value.Of(trial.Seconds),
            Value.Of(trial.State));

    private static Value[] Row(
        ModelDefinition model, Trial trial, bool isBest, string metric) =>
    [
        Value.Of(model.Name),
        isBest ? Value.Of(model.Versions[^1].Number) : Value.Null,
        Value.Of(isBest && model.Live == model.Versions[^1].Number),
        Value.Of((long)trial.Number), Value.Of(trial.Options), Value.Of(metric),
        EvaluationLog.Number(trial.Metric?.Value ?? double.NaN), Value.Of(isBest),
        Value.Of(trial.Share), Value.Of(Math.Round(trial.Seconds, 3)), Value.Of(trial.State),
    ];
}
