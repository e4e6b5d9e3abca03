using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>What judges taggers, and the rows of ml.entities.</summary>
internal static class TaggerRows
{
    private static readonly (string Name, DataType Type)[] EntityColumns =
    [
        ("entity", DataType.Text), ("entity_type", DataType.Text),
        ("entity_start", DataType.BigInt), ("entity_length", DataType.BigInt),
        ("probability", DataType.Double),
    ];

    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
        [new("ml.entities", TakesModel: true, 1, 1, [], ColumnsOf, Entities)];

    /// <summary>The metrics of a tagger.</summary>
    public static TaskJudgement Judge(
        ModelVersion version,
        string? part,
        PlanNode? rows,
        ExecutionContext context,
        SourcePosition position)
    {
        TaggerEvaluation evaluation =
            TaggerEvaluation.Of(version, part, rows, context, position);
        return new TaskJudgement(
            evaluation.Part,
            evaluation.Count,
            evaluation.Rejected,
            evaluation.SplitHash,
            evaluation.Judge.Judge((ulong)version.Facts.Seed));
    }

    private static (string Name, DataType Type)[] ColumnsOf(ObjectInputs inputs)
    {
        Invariant.Check(inputs.Version is not null && inputs.Model is not null);
        if (inputs.Version.Task != ModelTask.Tagger)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The model {inputs.Model.Name.Last} is a "
                + $"{ModelBuilds.NameOf(inputs.Version.Task)}; ml.entities is for a tagger.",
                inputs.Position);
        }

        OutputOf(inputs);
        return
        [
            .. inputs.Tables[0].Plan.Output.Select(static it => (it.Name, it.Type)),
            .. EntityColumns,
        ];
    }

    private static IEnumerable<Value[]> Entities(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        Invariant.Check(inputs.Model is not null && inputs.Version is not null);
        ModelVersion version = context.Models.Load(
            inputs.Model.Name.Last, inputs.Version, context.Transaction);
        var run = new TaggerRun((TaggerModel)version.Model);
        int text = OutputOf(inputs);
        foreach (RowBatch batch in TableJudging.Read(inputs.Tables[0].Plan, context))
        {
            for (int row = 0; row < batch.Count; row++)
            {
                if (batch.Columns[text].IsNull(row))
                {
                    continue;
                }

                string whole = ValueText.Format(batch.Columns[text], row);
                foreach ((string kind, int start, int end, double probability) in
                    TagValues.EntitiesOf(run, version.Labels, whole))
                {
                    yield return
                    [
                        .. batch.Columns.Select(column => column.GetValue(row)),
                        Value.Of(whole[start..end]), Value.Of(kind),
                        Value.Of(TextPlaces.PointsOf(whole, 0, start) + 1L),
                        Value.Of((long)TextPlaces.PointsOf(whole, start, end)),
                        Value.Of(probability),
                    ];
                }
            }
        }
    }

    /// <summary>The column that the tagger reads: by name, or the only one.</summary>
    private static int OutputOf(ObjectInputs inputs)
    {
        IReadOnlyList<OutputColumn> output = inputs.Tables[0].Plan.Output;
        string name = inputs.Version!.Inputs[0].Name;
        int found = output.Count == 1 ? 0 : output.ToList().FindIndex(
            it => it.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return found >= 0 && output[found].Type.Physical == PhysicalKind.Text
            ? found
            : throw new NeuroStoreException(
                found < 0 ? ErrorCode.UnknownColumn : ErrorCode.TypeMismatch,
                $"The model {inputs.Model!.Name.Last} reads the text {name}, and "
                + (found < 0 ? $"{inputs.Tables[0].Name} has no such column."
                    : $"{output[found].Name} is of the type {output[found].Type}."),
                inputs.Position);
    }
}
