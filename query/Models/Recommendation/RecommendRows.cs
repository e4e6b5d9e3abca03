using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The rows of ml.recommend, which RECOMMEND stands on, and what judges them.</summary>
internal static class RecommendRows
{
    /// <summary>The name of the function.</summary>
    public const string Name = "ml.recommend";

    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            Name,
            TakesModel: true,
            0,
            0,
            [
                new("who", DataType.Text, Value.Null),
                new("exclude_seen", DataType.Boolean, Value.Of(false)),
                new("most", DataType.BigInt, Value.Null),
            ],
            ColumnsOf,
            Run),
    ];

    /// <summary>The metrics of a recommender.</summary>
    public static TaskJudgement Judge(
        ModelVersion version,
        string? part,
        PlanNode? rows,
        ExecutionContext context,
        SourcePosition position)
    {
        if (rows is not null)
        {
            throw NeuralErrors.InvalidModel(
                "A recommender is judged by the last choices of the users of its own query; "
                + "RETRAIN MODEL .. KEEP AS query makes a version of others.");
        }

        ModelQuery query = QueryOf(version, context, position);
        InteractionData data = InteractionData.Read(
            query, SpecOf(version), (int)version.Facts.Split.Test);
        SplitPart judged = JudgedPart.HeldBack(part, "recommendations", position);
        var judge = new RecommenderJudge(data, version.Package);
        IReadOnlyList<JudgedMetric> metrics = judge.Judge(
            judged, RecommenderBuild.ScoresToJudge, (ulong)version.Facts.Seed);
        return metrics.Count > 0
            ? new TaskJudgement(
                judged.ToString().ToLowerInvariant(), judge.Judged, data.Rejected, data.Hash,
                metrics)
            : throw NeuralErrors.UntrainableData(
                $"No user of {version.Name} has choices to learn from and others to judge by.");
    }

    private static IReadOnlyList<(string Name, DataType Type)> ColumnsOf(ObjectInputs inputs)
    {
        ModelVersionInfo? info = inputs.Version;
        Invariant.Check(info is not null && inputs.Model is not null);
        return info.Task == ModelTask.Recommender
            ? [
                (info.Target, info.TargetType), ("score", DataType.Score),
                ("place", DataType.BigInt),
            ]
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The model {inputs.Model.Name.Last} is a {ModelBuilds.NameOf(info.Task)}; "
                + "RECOMMEND is for a recommender.",
                inputs.Position);
    }

    private static IEnumerable<Value[]> Run(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        Invariant.Check(inputs.Model is not null && inputs.Version is not null);
        if (values[0].IsNull)
        {
            return [];
        }

        ModelVersion version = context.Models.Load(
            inputs.Model.Name.Last, inputs.Version, context.Transaction);
        Recommender recommender = context.State.Get<RecommenderCache>(inputs).Of(version);
        string who = values[0].AsText();
        int[] history = HistoryOf(version, recommender, who, context, inputs.Position);
        if (history.Length == 0)
        {
            context.Notices.Add(
                $"Nothing is known of the user '{ValueText.Shorten(who)}'; the most popular items "
                + "are given.");
        }

        var seen = new HashSet<int>(values[1].IsNull || !values[1].AsBoolean() ? [] : history);
        int most = values[2].IsNull ? int.MaxValue : (int)Math.Clamp(
            values[2].AsInt64(), 0, int.MaxValue);
        return recommender.Best(who, history, seen, most).Select((it, place) => new[]
        {
            ModelLabels.ValueOf(it.Item, version.Info.TargetType),
            Value.OfDouble(TypeKind.Score, it.Score), Value.Of(place + 1L),
        });
    }

    // What the user chose as of today, also after the training.
    private static int[] HistoryOf(
        ModelVersion version,
        Recommender recommender,
        string who,
        ExecutionContext context,
        SourcePosition position)
    {
        if (version.Facts.TrainQuery.Length == 0)
        {
            context.Notices.Add(
                $"The model {version.Name} was imported, so what users chose is not known here.");
            return [];
        }

        ModelColumn user = version.Info.Inputs[0];
        bool isNumber = user.Type.Kind is TypeKind.Integer or TypeKind.BigInt;
        if (isNumber && !long.TryParse(who, out _))
        {
            return [];
        }

        string sql = $"SELECT {SqlText.Quote(version.Info.Target)} FROM (\n"
            + $"{version.Facts.TrainQuery}\n) AS rows WHERE "
            + (isNumber ? $"{SqlText.Quote(user.Name)} = {who}"
                : $"CAST({SqlText.Quote(user.Name)} AS TEXT) = {SqlText.Literal(who)}");
        ModelQuery query = ModelQuery.Bind(sql, null, context, position);
        var history = new List<int>();
        foreach (RowBatch batch in query.Read())
        {
            for (int row = 0; row < batch.Count; row++)
            {
                if (!batch.Columns[0].IsNull(row)
                    && recommender.ItemOf(ValueText.Format(batch.Columns[0], row)) is int item)
                {
                    history.Add(item);
                }
            }
        }

        return [.. history.Distinct()];
    }

    private static RecommenderSpec SpecOf(ModelVersion version) =>
        RecommenderSpec.Of(ModelOptions.Read(version.Facts.Options, []));

    private static ModelQuery QueryOf(
        ModelVersion version, ExecutionContext context, SourcePosition position)
    {
        if (version.Facts.TrainQuery.Length == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {version.Name} was imported, so its rows are not known.");
        }

        RecommenderSpec spec = SpecOf(version);
        ModelQuery query = ModelQuery.Bind(
            version.Facts.TrainQuery,
            spec.Time.Length > 0 ? spec.Time : null,
            context,
            position);
        return query.IndexOf(spec.User) >= 0 && query.IndexOf(spec.Item) >= 0
            ? query
            : throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"The query of the training has no column {spec.User} or {spec.Item} any more.",
                position);
    }
}
