using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>What judges graph embeddings, and the rows of ml.nodes.</summary>
internal static class GraphRows
{
    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
        [new("ml.nodes", TakesModel: true, 0, 0, [], ColumnsOf, Nodes)];

    /// <summary>The metrics of a graph embedding.</summary>
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
                "A graph embedding is judged by edges of its own query that were held back; "
                + "RETRAIN MODEL .. KEEP AS query makes a version of others.");
        }

        if (version.Facts.TrainQuery.Length == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {version.Name} was imported, so its edges are not known.");
        }

        SplitPart judged = JudgedPart.HeldBack(part, "nodes", position);
        GraphSpec spec = GraphSpec.Of(ModelOptions.Read(version.Facts.Options, []));
        ModelQuery query = ModelQuery.Bind(
            version.Facts.TrainQuery, version.Facts.Split.Order, context, position);
        foreach (string column in (string[])[spec.Source, spec.Destination])
        {
            if (query.IndexOf(column) < 0)
            {
                throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The query of the training has no column {column} any more.",
                    position);
            }
        }

        GraphData data = GraphData.Read(query, spec, version.Facts.Split);
        var judge = new GraphJudge(data, (NodeModel)version.Model, version.Labels);
        IReadOnlyList<JudgedMetric> metrics = judge.Judge(judged, (ulong)version.Facts.Seed);
        return metrics.Count > 0
            ? new TaskJudgement(
                judged.ToString().ToLowerInvariant(), judge.Judged, data.Rejected, data.SplitHash,
                metrics)
            : throw NeuralErrors.UntrainableData(
                $"No edge of the {judged.ToString().ToLowerInvariant()} rows joins two nodes of "
                + $"{version.Name}.");
    }

    private static (string Name, DataType Type)[] ColumnsOf(ObjectInputs inputs)
    {
        Invariant.Check(inputs.Version is not null && inputs.Model is not null);
        return inputs.Version.Task == ModelTask.GraphEmbedding
            ?
            [
                ("node", inputs.Version.TargetType), ("weight", DataType.Double),
                ("embedding", DataType.VectorOf(inputs.Version.EmbeddingLength)),
            ]
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The model {inputs.Model.Name.Last} is a "
                + $"{ModelBuilds.NameOf(inputs.Version.Task)}; ml.nodes is for a graph_embedding.",
                inputs.Position);
    }

    private static IEnumerable<Value[]> Nodes(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        Invariant.Check(inputs.Model is not null && inputs.Version is not null);
        ModelVersion version = context.Models.Load(
            inputs.Model.Name.Last, inputs.Version, context.Transaction);
        var model = (NodeModel)version.Model;
        return version.Labels.Select((name, node) => new[]
        {
            ModelLabels.ValueOf(name, version.Info.TargetType), Value.Of(model.WeightOf(node)),
            Value.Of(model.VectorOf(node)),
        });
    }
}
