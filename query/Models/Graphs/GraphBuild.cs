using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One training of vectors of nodes: walks along the edges that train, and nodes that stand near
/// each other in walks become similar.
/// </summary>
internal sealed class GraphBuild : IModelBuild
{
    private const double RateUsual = 0.025;
    private const int EpochsUsual = 10;

    private readonly ModelPlan _plan;
    private readonly ExecutionContext _context;
    private readonly GraphData _data;

    /// <summary>A training whose edges are read and divided.</summary>
    public GraphBuild(ModelPlan plan, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        _data = GraphData.Read(plan.Query, GraphSpec.Of(plan.Options), plan.Split);
    }

    private string[] Labels => [.. _data.Names.Take(_data.TrainedCount)];

    /// <inheritdoc/>
    public long CountOf(SplitPart part) => _data.CountOf(part);

    /// <inheritdoc/>
    public BuiltModel Train(ModelTraining training)
    {
        if (_data.TrainedCount < 3)
        {
            throw NeuralErrors.UntrainableData(
                $"{_data.RowCount} rows give {CountOf(SplitPart.Train)} edges of "
                + $"{_data.TrainedCount} nodes to learn from, {_data.Rejected} have no node or no "
                + "weight; a graph embedding needs edges between three nodes at least.");
        }

        long started = _context.Clock.GetTimestamp();
        TrainingOptions options = OptionsOf();
        (NodeModel model, List<TrainingProgress> log) = Learn(options, training);
        var judge = new GraphJudge(_data, model, Labels);
        JudgedMetric? chosen = First(judge.Judge(SplitPart.Validation, options.Seed));
        JudgedMetric? tested = First(judge.Judge(SplitPart.Test, options.Seed));
        JudgedMetric? metric = tested ?? chosen;
        ModelFacts facts = new()
        {
            TrainQuery = _plan.Query.Text,
            Recipe = _plan.RecipeText,
            Options = _plan.Options.ToJson(),
            Split = _plan.Split,
            SplitHash = _data.SplitHash,
            SnapshotHash = _data.SnapshotHash,
            Snapshot = _context.Transaction.SnapshotTimestamp,
            Seed = (long)options.Seed,
            Threads = 1,
            RowsTrain = CountOf(SplitPart.Train),
            RowsValidation = CountOf(SplitPart.Validation),
            RowsTest = CountOf(SplitPart.Test),
            RowsRejected = _data.Rejected,
            Seconds = _context.Clock.GetElapsedTime(started).TotalSeconds,
            BestEpoch = log.Count,
            Metric = metric?.Name ?? "",
            MetricPart = tested is not null ? "test" : chosen is not null ? "validation" : "",
            MetricValue = metric?.Value ?? double.NaN,
            MetricLow = metric?.Low ?? double.NaN,
            MetricHigh = metric?.High ?? double.NaN,
            BaselineValue = metric?.Baseline ?? double.NaN,
            Verdict = metric?.Verdict ?? "",
            ValidationValue = chosen?.Value ?? double.NaN,
            WeightHash = ModelTrainer.HashOf(model),
            CreatedMicroseconds = _context.NowMicroseconds,
            Comment = _plan.Options.Comment,
        };
        Tell(facts, judge.Cold);
        return Pack(model, facts, log);
    }

    /// <inheritdoc/>
    public JudgedMetric? Judge(ModelPackage package, SplitPart part) =>
        package.Model is NodeModel model && part != SplitPart.Train
            ? First(new GraphJudge(_data, model, package.Labels).Judge(
                part, (ulong)ModelFacts.Of(package.Facts).Seed))
            : null;

    private static JudgedMetric? First(IReadOnlyList<JudgedMetric> metrics) =>
        metrics.Count == 0 ? null : metrics[0];

    private TrainingOptions OptionsOf()
    {
        TrainingOptions options = _plan.Options.ToTraining(ModelTask.Classifier);
        return options with
        {
            LearningRate = _plan.Options.Has("learning_rate") ? options.LearningRate : RateUsual,
            Epochs = _plan.Options.Has("epochs") ? options.Epochs : EpochsUsual,
        };
    }

    private (NodeModel Model, List<TrainingProgress> Log) Learn(
        TrainingOptions options, ModelTraining training)
    {
        GraphRecipe recipe = GraphRecipe.Of(_plan.Recipe!);
        int nodes = _data.TrainedCount;
        var graph = new EdgeGraph(
            nodes, _data.EdgesOf(SplitPart.Train), _data.IsDirected);
        var walks = new GraphWalks(
            graph, recipe.Length, recipe.ComesBack, recipe.GoesFar, options.Seed);

        // A walk meets a node as often as its edges weigh.
        double most = Enumerable.Range(0, nodes).Max(graph.WeightOf);
        long[] counts = [.. Enumerable.Range(0, nodes)
            .Select(node => 1 + (long)(graph.WeightOf(node) / most * (1 << 20)))];
        var trainer = new SkipgramTrainer(
            counts, recipe.Dimension, recipe.Window, recipe.Negatives, 0, options);
        var reporter = new ProgressReporter(_context, training, options, nodes, 1);
        long started = _context.Clock.GetTimestamp();
        var log = new List<TrainingProgress>();
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            _context.ThrowIfCancelled();
            double loss = trainer.RunPass(
                walks.Walk(epoch, _context.Cancellation), epoch, _context.Cancellation);
            if (!double.IsFinite(loss))
            {
                throw NeuralErrors.TrainingDiverged(
                    $"The loss left the numbers in pass {epoch}; use a smaller learning_rate.");
            }

            double seconds = _context.Clock.GetElapsedTime(started).TotalSeconds;
            var line = new TrainingProgress(
                epoch, (long)epoch * nodes, loss, null, null, options.LearningRate,
                epoch * nodes / Math.Max(seconds, double.Epsilon), seconds, true, true);
            log.Add(line);
            reporter.Report(line);
            if (options.MaxSeconds > 0 && seconds >= options.MaxSeconds)
            {
                break;
            }
        }

        Tensor weights = Tensor.Create("weights", nodes);
        for (int node = 0; node < nodes; node++)
        {
            weights.Data.Span[node] = (float)graph.WeightOf(node);
        }

        return (
            new NodeModel(
                _plan.RecipeText,
                new Tensor("nodes", [nodes, recipe.Dimension], trainer.Rows),
                weights),
            log);
    }

    private BuiltModel Pack(NodeModel model, ModelFacts facts, List<TrainingProgress> log)
    {
        string input = _plan.Inputs[0].Name;
        FeaturePipeline pipeline = FeaturePipeline.Fit(
            [FeatureColumn.Text(input)], [new TransformSpec(TransformKind.Hash, input, 1)], []);
        return new BuiltModel(
            new ModelPackage(model, pipeline, Labels, facts.ToTexts()),
            new ModelVersionInfo
            {
                Number = 0,
                Identity = "",
                Task = ModelTask.GraphEmbedding,
                Target = "",
                TargetType = _plan.TargetType,
                FlopPerRow = model.FlopPerRow,
                EmbeddingLength = model.OutputCount,
                Inputs = _plan.Inputs,
            },
            facts,
            log);
    }

    private void Tell(ModelFacts facts, int cold)
    {
        if (_data.Rejected + _data.Repeated > 0)
        {
            _context.Notices.Add(
                $"Of {_data.RowCount} rows {_data.Rejected} were rejected, because they lack a "
                + $"node or a weight above 0, and {_data.Repeated} repeat an edge, whose weights "
                + "add up.");
        }

        if (cold > 0)
        {
            _context.Notices.Add(
                $"{cold} edges that test have a node without edges that train, which has no "
                + "vector; they are not judged.");
        }

        if (facts.Metric.Length == 0)
        {
            _context.Notices.Add(
                "No edge was held back between nodes that train, so nothing says how good this "
                + "is.");
        }
        else if (!facts.Verdict.StartsWith("better", StringComparison.Ordinal))
        {
            _context.Notices.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The model is {facts.Verdict}, common neighbours: {facts.Metric} "
                + $"{facts.MetricValue:0.####} beside {facts.BaselineValue:0.####}."));
        }
    }
}
