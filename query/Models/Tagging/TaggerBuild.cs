using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One training of a tagger: passes over the texts until those that validate are tagged no better;
/// the weights of the best pass are kept.
/// </summary>
internal sealed class TaggerBuild : IModelBuild
{
    private const double RateUsual = 0.1;
    private const double DecayUsual = 1e-4;
    private const int EpochsUsual = 30;

    private readonly ModelPlan _plan;
    private readonly ExecutionContext _context;
    private readonly TaggerData _data;

    /// <summary>A training whose rows are read and divided.</summary>
    public TaggerBuild(ModelPlan plan, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        _data = Read(new TagNames([]));
    }

    private string[] Labels => _data.Names.ToArray(_data.TrainedCount);

    /// <inheritdoc/>
    public long CountOf(SplitPart part) => _data.Of(part).Count;

    /// <inheritdoc/>
    public BuiltModel Train(ModelTraining training)
    {
        IReadOnlyList<TaggedText> texts = _data.Of(SplitPart.Train);
        if (texts.Count == 0 || texts.SelectMany(static it => it.Tags).Distinct().Count() < 2)
        {
            throw NeuralErrors.UntrainableData(
                $"{texts.Count} rows train, with fewer than two different tags; "
                + Rejections() + " A tagger needs as many tags as the text has words between "
                + "blanks, or JSON with start, end and label of each entity.");
        }

        long started = _context.Clock.GetTimestamp();
        TrainingOptions options = OptionsOf();
        (TaggerModel model, List<TrainingProgress> log, int best) =
            CancellableTraining.Run(_context, token => Learn(texts, options, training, token));
        var baseline = new TagBaseline(texts);
        JudgedMetric? chosen = Judge(model, SplitPart.Validation, baseline, options.Seed);
        JudgedMetric? tested = Judge(model, SplitPart.Test, baseline, options.Seed);
        ModelFacts facts = TrainedFacts.Of(
            _plan, _context, this, options, started, chosen, tested) with
        {
            SplitHash = _data.SplitHash,
            SnapshotHash = _data.SnapshotHash,
            RowsRejected = _data.Empty + _data.Unfit,
            BestEpoch = best,
            WeightHash = ModelTrainer.HashOf(model),
        };
        Tell(facts);
        return Pack(model, facts, log);
    }

    /// <inheritdoc/>
    public JudgedMetric? Judge(ModelPackage package, SplitPart part)
    {
        if (package.Model is not TaggerModel model)
        {
            return null;
        }

        // The numbers of its tags may be others than those of these rows.
        TaggerData data = Read(new TagNames(package.Labels));
        IReadOnlyList<JudgedMetric> metrics = new TaggerJudge(
            model, data.Names, data.Of(part), null)
            .Judge((ulong)ModelFacts.Of(package.Facts).Seed);
        return metrics.Count == 0 ? null : metrics[0];
    }

    private TaggerData Read(TagNames names) => new(
        _plan.Query,
        _plan.Split,
        _plan.Inputs[0].Name,
        new ModelColumn(_plan.Target, _plan.TargetType),
        names,
        _plan.Options.MemoryBytesMax,
        _plan.Position);

    private JudgedMetric? Judge(
        TaggerModel model, SplitPart part, TagBaseline baseline, ulong seed) =>
        new TaggerJudge(model, _data.Names, _data.Of(part), baseline).Judge(seed)
            is [var first, ..] ? first : null;

    private TrainingOptions OptionsOf() => _plan.Options.ToTraining(
        ModelTask.Classifier, RateUsual, DecayUsual, EpochsUsual);

    private (TaggerModel Model, List<TrainingProgress> Log, int Best) Learn(
        IReadOnlyList<TaggedText> texts,
        TrainingOptions options,
        ModelTraining training,
        CancellationToken token)
    {
        // Tags that only other rows have cannot be learned.
        var names = new TagNames(Labels);
        var trainer = new TaggerTrainer(
            texts, names, TaggerModel.WindowOf(_plan.Recipe!), options);
        var reporter = new ProgressReporter(_context, training, options, texts.Count, 1);
        long started = _context.Clock.GetTimestamp();
        var log = new List<TrainingProgress>();
        TaggerModel best = trainer.Copy(names);
        int bestEpoch = 0;
        double bestValue = double.NegativeInfinity;
        IReadOnlyList<TaggedText> validating = _data.Of(SplitPart.Validation);
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            _context.ThrowIfCancelled();
            double loss = trainer.RunPass(epoch, token);
            if (!double.IsFinite(loss))
            {
                throw NeuralErrors.TrainingDiverged(
                    $"The loss left the numbers in pass {epoch}; use a smaller learning_rate.");
            }

            TaggerModel model = trainer.Copy(names);
            double? value = validating.Count == 0 ? null
                : new TaggerJudge(model, _data.Names, validating, null).Main;
            bool isBest = value is null || value > bestValue;
            if (isBest)
            {
                (best, bestEpoch) = (model, epoch);
                bestValue = value ?? double.NegativeInfinity;
            }

            double seconds = _context.Clock.GetElapsedTime(started).TotalSeconds;
            var line = new TrainingProgress(
                epoch, (long)epoch * texts.Count, loss, null, value, options.LearningRate,
                epoch * texts.Count / Math.Max(seconds, double.Epsilon), seconds, true, isBest);
            log.Add(line);
            reporter.Report(line);
            if ((options.MaxSeconds > 0 && seconds >= options.MaxSeconds)
                || (options.EarlyStopping > 0 && epoch - bestEpoch >= options.EarlyStopping))
            {
                break;
            }
        }

        return (best, log, bestEpoch);
    }

    private BuiltModel Pack(TaggerModel model, ModelFacts facts, List<TrainingProgress> log)
    {
        FeaturePipeline pipeline = FeaturePipeline.Fit(
            _plan.Features,
            [new TransformSpec(TransformKind.Hash, _plan.Features[0].Name, 1)],
            []);
        return new BuiltModel(
            new ModelPackage(model, pipeline, Labels, facts.ToTexts()),
            new ModelVersionInfo
            {
                Number = 0,
                Identity = "",
                Task = ModelTask.Tagger,
                Target = _plan.Target,
                TargetType = _plan.TargetType,
                FlopPerRow = model.FlopPerRow,
                Inputs = _plan.Inputs,
            },
            facts,
            log);
    }

    private string Rejections() =>
        $"{_data.Empty} rows have no text or no tags, and {_data.Unfit} have tags that do not fit "
        + "their text.";

    private void Tell(ModelFacts facts)
    {
        if (facts.RowsRejected > 0)
        {
            _context.Notices.Add($"{facts.RowsRejected} rows were rejected: {Rejections()}");
        }

        if (facts.Metric.Length == 0)
        {
            _context.Notices.Add(
                "No rows validate or test, so nothing says how good this is.");
        }

        ModelNotices.TellVerdict(facts, "the most frequent tag of each word", _context.Notices);
    }
}
