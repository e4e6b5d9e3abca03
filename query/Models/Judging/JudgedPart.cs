using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The rows by which a version is judged, before anything is computed.</summary>
/// <param name="Name">train, validation, test, or query for rows that were given.</param>
/// <param name="Columns">The columns of the rows.</param>
/// <param name="Data">The divided query of the training; null for rows that were given.</param>
/// <param name="Read">Reads the rows anew.</param>
internal sealed record JudgedPart(
    string Name,
    IReadOnlyList<ModelColumn> Columns,
    ModelData? Data,
    Func<IEnumerable<RowBatch>> Read)
{
    /// <summary>What rows are called that were given.</summary>
    public const string GivenName = "query";

    private static readonly string[] Names = ["train", "validation", "test"];

    /// <summary>Whether these are the rows that nothing may be chosen by.</summary>
    public bool IsTest => Name == Names[(int)SplitPart.Test];

    /// <summary>Whether more rows are rejected than those of other parts.</summary>
    public long RejectedTargets => Data?.RejectedCount ?? 0;

    /// <summary>Rows of a plan.</summary>
    public static JudgedPart Of(PlanNode plan, ExecutionContext context) => new(
        GivenName,
        [.. plan.Output.Select(static column => new ModelColumn(column.Name, column.Type))],
        null,
        () => TableJudging.Read(plan, context));

    /// <summary>A part that is held back; test without a name.</summary>
    /// <param name="name">test or validation.</param>
    /// <param name="judged">What is judged, in the plural.</param>
    /// <param name="position">Where the name stands.</param>
    public static SplitPart HeldBack(string? name, string judged, SourcePosition position) =>
        name?.ToLowerInvariant() switch
        {
            null or "test" => SplitPart.Test,
            "validation" => SplitPart.Validation,
            _ => throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"There is no part {name} to judge {judged} by; known are test, validation.",
                position),
        };

    /// <summary>
    /// A part of the rows of the training, as they are today; without a name the best there is to
    /// judge by: test, validation, train.
    /// </summary>
    public static JudgedPart Of(
        ModelVersion version,
        string? name,
        ExecutionContext context,
        SourcePosition position,
        bool sparesTest = false)
    {
        ModelData data = Divide(version, context, position);
        int part = name is null
            ? Choose(data, sparesTest)
            : Array.IndexOf(Names, name.ToLowerInvariant());
        if (part < 0)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"There is no part {name} of the rows; known are {string.Join(", ", Names)}.",
                position);
        }

        if (data.CountOf((SplitPart)part) == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {version.Name} has no {Names[part]} rows: SPLIT gave it none, or they "
                + "are gone. Give rows by ON (query).");
        }

        if (name is null && part != (int)SplitPart.Test && !sparesTest)
        {
            context.Notices.Add(
                $"The model {version.Name} has no test rows; it is judged on its {Names[part]} "
                + "rows" + (part == (int)SplitPart.Train
                    ? ", which it learned from: that says little about others."
                    : ", by which it was chosen."));
        }

        return new JudgedPart(
            Names[part], data.Query.Columns, data, () => data.Read((SplitPart)part));
    }

    /// <summary>The rows of the training of a version, divided as then.</summary>
    public static ModelData Divide(
        ModelVersion version, ExecutionContext context, SourcePosition position)
    {
        ModelFacts facts = version.Facts;
        if (facts.TrainQuery.Length == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {version.Name} was imported, so the rows of its training are not "
                + "known. Give rows by ON (query), or by TABLE t.");
        }

        ModelQuery query =
            ModelQuery.Bind(facts.TrainQuery, facts.Split.Order, context, position);
        IReadOnlyList<ModelColumn> targets = version.Whole.Info.Targets;
        if (targets.FirstOrDefault(it => query.IndexOf(it.Name) < 0) is { } missing)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"The query of the training has no column {missing.Name} any more.",
                position);
        }

        return ModelData.Divide(
            query,
            ModelTarget.Of(targets, query, version.Info.Task),
            facts.Split,
            position,
            version.Ordinal);
    }

    /// <summary>The same rows for another target of the version.</summary>
    public JudgedPart For(ModelVersion head) => Data is null || Data.Judged == head.Ordinal
        ? this : this with { Data = Data.For(head.Ordinal) };

    private static int Choose(ModelData data, bool sparesTest)
    {
        SplitPart[] order = sparesTest
            ? [SplitPart.Validation, SplitPart.Test, SplitPart.Train]
            : [SplitPart.Test, SplitPart.Validation, SplitPart.Train];
        return (int)order.FirstOrDefault(part => data.CountOf(part) > 0, SplitPart.Train);
    }
}
