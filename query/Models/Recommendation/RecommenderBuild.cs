using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One training of a recommender: passes over all choices until those that validate are found no
/// better; the towers of the best pass are kept.
/// </summary>
internal sealed class RecommenderBuild : IModelBuild
{
    private const int DimensionUsual = 64;
    private const int DimensionMax = 1024;
    private const double RateUsual = 0.05;
    private const double DecayUsual = 0.001;
    private const int EpochsUsual = 40;
    private const long ScoresPerPass = 4_000_000;

    /// <summary>About how many scores a judgement computes.</summary>
    public const long ScoresToJudge = 40_000_000;

    private readonly ModelPlan _plan;
    private readonly ExecutionContext _context;
    private readonly InteractionData _data;

    /// <summary>A training whose rows are read and divided.</summary>
    public RecommenderBuild(ModelPlan plan, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        _data = InteractionData.Read(
            plan.Query, RecommenderSpec.Of(plan.Options), (int)plan.Split.Test);
    }

    /// <inheritdoc/>
    public long CountOf(SplitPart part) => _data.CountOf(part);

    /// <inheritdoc/>
    public BuiltModel Train(ModelTraining training)
    {
        if (_data.Items.Count < 2 || CountOf(SplitPart.Train) == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"{_data.RowCount} rows give {CountOf(SplitPart.Train)} choices of "
                + $"{_data.Items.Count} items to learn from; a recommender needs users with more "
                + $"than the {(int)_plan.Split.Test} choices that test, and two items.");
        }

        long started = _context.Clock.GetTimestamp();
        TrainingOptions options = OptionsOf();
        (TwoTowerModel model, List<TrainingProgress> log, int best) =
            CancellableTraining.Run(_context, token => Learn(options, training, token));
        var judge = new RecommenderJudge(_data, model);
        JudgedMetric? chosen = First(judge.Judge(
            SplitPart.Validation, ScoresToJudge, options.Seed));
        JudgedMetric? tested = First(judge.Judge(SplitPart.Test, ScoresToJudge, options.Seed));
        var trained = new TrainedModel(
            model, log, best, CountOf(SplitPart.Train), ModelTrainer.HashOf(model));
        ModelFacts facts = TrainedFacts.Of(
            _plan, _context, this, options, started, chosen, tested) with
        {
            SplitHash = _data.Hash,
            RowsRejected = _data.Rejected,
            BestEpoch = best,
            WeightHash = trained.WeightHash,
        };
        Tell(facts, judge.Cold);
        return Pack(trained, facts);
    }

    /// <inheritdoc/>
    public JudgedMetric? Judge(ModelPackage package, SplitPart part) =>
        package.Model is TwoTowerModel && part != SplitPart.Train
            ? First(new RecommenderJudge(_data, package).Judge(
                part, ScoresToJudge, (ulong)ModelFacts.Of(package.Facts).Seed))
            : null;

    private static JudgedMetric? First(IReadOnlyList<JudgedMetric> metrics) =>
        metrics.Count == 0 ? null : metrics[0];

    private TrainingOptions OptionsOf() => _plan.Options.ToTraining(
        ModelTask.Classifier, RateUsual, DecayUsual, EpochsUsual);

    private (TwoTowerModel Model, List<TrainingProgress> Log, int Best) Learn(
        TrainingOptions options, ModelTraining training, CancellationToken token)
    {
        Recipe recipe = _plan.Recipe!;
        int width = recipe.Sizes.Count > 0
            ? recipe.Sizes[0] : recipe.Whole("dim", DimensionUsual, 1, DimensionMax);
        var trainer = new TwoTowerTrainer(
            [.. Enumerable.Range(0, _data.Users.Count)
                .Select(user => _data.ChosenBy(user, SplitPart.Train).ToArray())],
            _data.Items.Count,
            new TwoTowerOptions(
                width,
                RecommenderSpec.NegativesOf(_plan.Options),
                options.LearningRate,
                options.WeightDecay,
                options.Seed));
        long rows = CountOf(SplitPart.Train);
        var reporter = new ProgressReporter(_context, training, options, rows, 1);
        long started = _context.Clock.GetTimestamp();
        var log = new List<TrainingProgress>();
        TwoTowerModel best = trainer.Copy();
        int bestEpoch = 0;
        double bestGain = double.NegativeInfinity;
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            _context.ThrowIfCancelled();
            double loss = trainer.RunPass(token);
            IReadOnlyList<JudgedMetric> judged = new RecommenderJudge(_data, trainer.Model)
                .Judge(SplitPart.Validation, ScoresPerPass, options.Seed, false);
            double? gain = judged.Count > 1 ? judged[1].Value : null;
            bool isBest = gain is null || gain > bestGain;
            if (isBest)
            {
                (best, bestEpoch, bestGain) =
                    (trainer.Copy(), epoch, gain ?? double.NegativeInfinity);
            }

            double seconds = _context.Clock.GetElapsedTime(started).TotalSeconds;
            var line = new TrainingProgress(
                epoch, epoch * rows, loss, null, gain, options.LearningRate,
                epoch * rows / Math.Max(seconds, double.Epsilon), seconds, true, isBest);
            log.Add(line);
            reporter.Report(line);
            if (!double.IsFinite(loss))
            {
                throw NeuralErrors.TrainingDiverged(
                    $"The loss left the numbers in pass {epoch}; use a smaller learning_rate.");
            }

            bool isOver = (options.MaxSeconds > 0 && seconds >= options.MaxSeconds)
                || (options.EarlyStopping > 0 && epoch - bestEpoch >= options.EarlyStopping);
            if (isOver)
            {
                break;
            }
        }

        return (best, log, bestEpoch);
    }

    private BuiltModel Pack(TrainedModel trained, ModelFacts facts)
    {
        FeaturePipeline pipeline = FeaturePipeline.Fit(
            [new FeatureColumn("pair", ColumnKind.Vector, TensorShape.Flat(2))], [], []);
        return new BuiltModel(
            new ModelPackage(
                trained.Model, pipeline, [.. _data.Items, .. _data.Users], facts.ToTexts()),
            new ModelVersionInfo
            {
                Number = 0,
                Identity = "",
                Task = ModelTask.Recommender,
                Target = _plan.Target,
                TargetType = _plan.TargetType,
                FlopPerRow = trained.Model.FlopPerRow,
                Inputs = _plan.Inputs,
            },
            facts,
            trained.Log);
    }

    private void Tell(ModelFacts facts, int cold)
    {
        if (_data.Rejected + _data.Repeated > 0)
        {
            _context.Notices.Add(
                $"Of {_data.RowCount} rows {_data.Rejected} were rejected, because they lack a "
                + $"user or an item, and {_data.Repeated} repeat a choice and count once.");
        }

        if (cold > 0)
        {
            _context.Notices.Add(
                $"{cold} users have no choices before those that test; they are not judged, and "
                + "would be given the most popular items.");
        }

        if (facts.Metric.Length == 0)
        {
            _context.Notices.Add(
                "No user has choices to learn from and others to test on, so nothing says how "
                + "good this is.");
        }

        ModelNotices.TellVerdict(facts, "the most popular items", _context.Notices);
    }
}
