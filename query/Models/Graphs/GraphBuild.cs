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
        (NodeModel model, List<TrainingProgress> log) =
            CancellableTraining.Run(_context, token => Learn(options, training, token));
        var judge = new GraphJudge(_data, model, Labels);
        JudgedMetric? chosen = First(judge.Judge(SplitPart.Validation, options.Seed));
        JudgedMetric? tested = First(judge.Judge(SplitPart.Test, options.Seed));
        ModelFacts facts = TrainedFacts.Of(
            _plan, _context, this, options, started, chosen, tested) with
        {
            SplitHash = _data.SplitHash,
            SnapshotHash = _data.SnapshotHash,
            RowsRejected = _data.Rejected,
            BestEpoch = log.Count,
            WeightHash = ModelTrainer.HashOf(model),
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

    private TrainingOptions OptionsOf() => _plan.Options.ToTraining(
        ModelTask.Classifier, RateUsual, weightDecay: 0, EpochsUsual);

    private (NodeModel Model, List<TrainingProgress> Log) Learn(
        TrainingOptions options, ModelTraining training, CancellationToken token)
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
            double loss = trainer.RunPass(walks.Walk(epoch, token), epoch, token);
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

        ModelNotices.TellVerdict(facts, "common neighbours", _context.Notices);
    }
}
