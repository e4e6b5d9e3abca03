using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// EXPLAIN MODEL: what a version consists of and how it came about, line by line.
/// </summary>
internal sealed class BoundExplainModel(ExplainModelStatementSyntax syntax) : BoundStatement
{
    private const int ImportantMax = 10;
    private static readonly ResultRows Result = new(("model", DataType.Text));

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Result.Columns;

    /// <inheritdoc/>
    public override bool ChangesData => false;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context) =>
        Result.ToResult(Explain(context));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context)
    {
        ModelDefinition model = ModelLookup.Find(syntax.Model.Name, context.Transaction.Catalog);
        ModelVersion version = ModelLookup.Load(syntax.Model, context);
        string live = version.Info.Number == model.Live ? " (live)" : "";
        string target = version.Info.Target.Length == 0
            ? "" : " of " + string.Join(
                ", ", version.Info.Targets.Select(static it => $"{it.Name} {it.Type}"));
        var lines = new List<string>
        {
            $"model {model.Name}@{Whole(version.Info.Number)}{live}: "
                + $"{ModelBuilds.NameOf(version.Info.Task)}{target}",
        };
        foreach (ModelVersion head in version.Heads
            .Where(static it => it.Info.Task is not
                (ModelTask.Recommender or ModelTask.GraphEmbedding)))
        {
            AddLabels(head, version.Heads.Count > 1 ? $" of {head.Info.Target}" : "", lines);
        }

        AddInputs(version, lines);
        AddModel(version.Model, version.Pipeline, lines);
        AddHistory(version.Facts, lines);
        return lines;
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) =>
        number.ToString("0.####", CultureInfo.InvariantCulture);

    private static void AddLabels(ModelVersion version, string of, List<string> lines)
    {
        if (version.Labels.Count > 0)
        {
            string shown = string.Join(", ", version.Labels.Take(ImportantMax));
            string rest = version.Labels.Count > ImportantMax ? ", .." : "";
            lines.Add($"labels{of} {Whole(version.Labels.Count)}: {shown}{rest}");
        }
    }

    private static void AddInputs(ModelVersion version, List<string> lines)
    {
        if (ModelBuilds.IsOfItsOwn(version.Info.Task))
        {
            lines.AddRange(version.Info.Inputs.Select(
                static input => $"input {input.Name} {input.Type}"));
            lines.Add($"options {version.Facts.Options}");
            if (version.Model is TwoTowerModel towers)
            {
                lines.Add($"{Whole(towers.UserCount)} users, {Whole(towers.ItemCount)} items");
            }
            else if (version.Model is NodeModel graph)
            {
                lines.Add($"{Whole(graph.NodeCount)} nodes");
            }

            return;
        }

        foreach (FittedTransform transform in version.Pipeline.Transforms)
        {
            ModelColumn? column = version.Info.Inputs.FirstOrDefault(input => string.Equals(
                input.Name, transform.Column.Name, StringComparison.OrdinalIgnoreCase));
            lines.Add(
                $"input {transform.Column.Name} {column?.Type} -> {NameOf(transform.Spec.Kind)} -> "
                + transform.Output);
        }
    }

    private static string NameOf(TransformKind kind) => string.Concat(kind.ToString()
        .Select(static (unit, i) => char.IsUpper(unit) && i > 0
            ? "_" + char.ToLowerInvariant(unit)
            : char.ToLowerInvariant(unit).ToString()));

    private static void AddModel(Model model, FeaturePipeline pipeline, List<string> lines)
    {
        long bytes = model.Tensors.Sum(static tensor => 4L * tensor.Data.Length);
        Network? network = model switch
        {
            NetworkModel plain => plain.Network,
            QuantizedNetworkModel packed => packed.Restored.Network,
            _ => null,
        };
        if (network is not null)
        {
            AddLayers(network, lines);
        }
        else
        {
            IReadOnlyList<Model> members = model switch
            {
                GroupModel group => group.Members,
                EnsembleModel joined => [.. joined.Members.Select(
                    static it => it is PartModel part ? part.Inner : it)],
                _ => [model],
            };
            lines.AddRange(members.Select(static member => member is TreeModel trees
                ? $"{member.Architecture}: {Whole(trees.TreeCount)} trees"
                : member.Architecture));
        }

        lines.Add(
            $"{model.Kind}: {Whole(model.ParameterCount)} numbers in {Whole(bytes)} bytes, about "
            + $"{Whole(model.FlopPerRow)} operations a row");
        foreach ((double share, int feature) in model.Importance
            .Select(static (share, feature) => (share, feature))
            .OrderByDescending(static it => it.share).Take(ImportantMax)
            .Where(static it => it.share > 0))
        {
            lines.Add($"splits by {pipeline.NameOf(feature)}: {Number(share)} of the gain");
        }
    }

    private static void AddLayers(Network network, List<string> lines)
    {
        lines.Add($"layer 0: input -> {network.Input}");
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            NetworkNode node = network.Nodes[i];
            string from = node.Input == i - 1 ? "" : $" of layer {Whole(node.Input + 1)}";
            string second = node.Layer.HasTwoInputs
                ? $" and layer {Whole(node.SecondInput + 1)}" : "";
            lines.Add(
                $"layer {Whole(i + 1)}: {node.Layer.Text}{from}{second} -> {node.Layer.Output}, "
                + $"{Whole(node.Length)} parameters, {Whole(2 * node.Layer.MultiplyAdds)} "
                + "operations");
        }
    }

    private static void AddHistory(ModelFacts facts, List<string> lines)
    {
        if (facts.TrainQuery.Length == 0)
        {
            lines.Add("imported: the rows of its training are not known here");
        }

        lines.Add(
            $"trained on {Whole(facts.RowsTrain)} rows, validated on "
            + $"{Whole(facts.RowsValidation)}, tested on {Whole(facts.RowsTest)}, rejected "
            + Whole(facts.RowsRejected));
        lines.Add(
            $"seed {Whole(facts.Seed)}, {facts.Device}, {Whole(facts.Threads)} threads, "
            + $"{Number(facts.Seconds)} s" + (facts.BestEpoch > 0
                ? $", best pass {Whole(facts.BestEpoch)}" : ""));
        if (facts.Metric.Length > 0)
        {
            string interval = double.IsNaN(facts.MetricLow) ? ""
                : $" [{Number(facts.MetricLow)}, {Number(facts.MetricHigh)}]";
            lines.Add(
                $"{facts.Metric} on {facts.MetricPart} rows {Number(facts.MetricValue)}{interval}, "
                + $"baseline {Number(facts.BaselineValue)}: {facts.Verdict}");
        }

        lines.Add($"leakage {facts.Leakage}, split {facts.SplitHash}");
        if (facts.TrainQuery.Length > 0)
        {
            lines.Add("query " + string.Join(' ', facts.TrainQuery.Split(
                ['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)));
        }
    }
}
