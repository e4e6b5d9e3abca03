using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One training: rows are divided, transforms learn from those that train, the model learns, and
/// the rows that it never saw judge it. Nothing is stored here.
/// </summary>
internal sealed class ModelBuild : IModelBuild
{
    private const int ProgressSteps = 16;
    private const int WideFeatures = 4096;

    private readonly ModelPlan _plan;
    private readonly ExecutionContext _context;
    private readonly WarmStart? _warm;

    private ModelBuild(ModelPlan plan, WarmStart? warm, ExecutionContext context)
    {
        _plan = plan;
        _warm = warm;
        _context = context;
        Data = ModelData.Divide(
            plan.Query, ModelTarget.Of(plan.Targets, plan.Query, plan.Task), plan.Split,
            plan.Position);
        if (Data.CountOf(SplitPart.Train) == 0)
        {
            throw NeuralErrors.UntrainableData(
                Data.RowCount == 0 ? "The query gives no rows to train on."
                : $"None of the {Data.RowCount} rows can train: {Data.RejectedCount} have no "
                    + "usable target, the others only judge.");
        }

        Labels = plan.Task != ModelTask.Classifier ? null
            : plan.Joined?.Labels is { } known ? [known]
            : warm is not null
                ? [.. warm.Version.Heads.Select(static it => new LabelSet(it.Labels))]
            : [.. Data.Targets.Select(static it => it.Labels)];
        Pipeline = warm?.Version.Pipeline ?? plan.Joined?.Pipeline
            ?? new FeatureFit(plan, Data, Labels is [var one] ? one : null).Run();
    }

    private ModelBuild(ModelPlan plan, ModelBuild rows)
    {
        _plan = plan;
        _context = rows._context;
        Data = rows.Data;
        Pipeline = rows.Pipeline;
        Labels = rows.Labels;
    }

    /// <summary>The rows.</summary>
    public ModelData Data { get; }

    /// <summary>How rows become features.</summary>
    public FeaturePipeline Pipeline { get; }

    /// <summary>The labels of each target of a classifier, or null.</summary>
    public IReadOnlyList<LabelSet>? Labels { get; }

    /// <summary>Divides the rows of a plan and lets the transforms learn.</summary>
    public static ModelBuild Prepare(ModelPlan plan, WarmStart? warm, ExecutionContext context) =>
        new(plan, warm, context);

    /// <summary>The same rows and transforms for another recipe or other options.</summary>
    public ModelBuild With(ModelPlan plan) => new(plan, this);

    /// <inheritdoc/>
    public BuiltModel Train(ModelTraining training) => Finish(Learn(training));

    /// <summary>Trains; no row that validates or tests is looked at, but to stop early.</summary>
    /// <param name="training">Where other sessions see how far it is.</param>
    public LearnedModel Learn(ModelTraining training) => _plan.Joined is { } joined
        ? Join(joined)
        : CancellableTraining.Run(_context, token => LearnNow(training, token));

    /// <inheritdoc/>
    public long CountOf(SplitPart part) => Data.CountOf(part);

    /// <inheritdoc/>
    public JudgedMetric? Judge(ModelPackage package, SplitPart part) =>
        ModelScorer.Judge(Score(package, part), Data.Targets, package);

    /// <summary>What a model says about a part of the rows.</summary>
    public ModelOutcome Score(ModelPackage package, SplitPart part) => ModelScorer.Run(
        Data,
        part,
        package,
        _plan.Task is ModelTask.Cluster or ModelTask.Embedder,
        _plan.Position);

    private LearnedModel LearnNow(
        ModelTraining training, CancellationToken cancellation)
    {
        long started = _context.Clock.GetTimestamp();
        TensorShape shape = _plan.ShapeOf(Pipeline.Output);
        int[] widths = [.. Data.Targets.Select((_, i) => Labels?[i].Labels.Count ?? 1)];
        int outputs = widths.Sum();
        (Recipe recipe, string recipeText) = ChooseRecipe(shape);
        bool isGroup = widths.Length > 1
            && (_plan.Task == ModelTask.Classifier || !recipe.IsNetwork);
        TrainingOptions options = OptionsFor(recipe, shape, isGroup ? widths[0] : outputs, 0);
        IReadOnlyList<TargetScale> scales =
            [.. Data.Targets.Select((_, i) => ScaleFor(recipe, shape, options, i))];
        options = _warm is null ? options
            : _warm.Apply(options, recipe, shape, outputs, scales);
        var trainer = new ModelTrainer(
            recipe, _plan.Task, options, _context.Workers, _context.Clock);
        ModelSource source = OpenSource(scales, options.Seed);
        source.CheckUsable(Data.CountOf(SplitPart.Train));
        var reporter = new ProgressReporter(
            _context,
            training,
            options,
            Data.CountOf(SplitPart.Train),
            scales.Count == 1 ? scales[0].FactorOf(options.Loss) : 1)
        {
            KeepsSteps = _plan.Options.Has("log_every"),
        };
        TrainedModel trained = recipe.Members.Count > 0
            ? new EnsembleBuild(trainer, shape, outputs, source, _context.Notices).Train(
                member => OptionsFor(member, shape, outputs, 0), reporter.Report, cancellation)
            : isGroup
            ? trainer.TrainGroup(
                shape,
                widths,
                source.Train,
                source.Validation,
                target => OptionsFor(recipe, shape, widths[target], target),
                reporter.Report,
                cancellation)
            : trainer.Train(
                shape,
                outputs,
                source.Train,
                source.Validation,
                reporter.Report,
                cancellation);
        (Model model, string hash) = TargetScale.PutInto(scales, trained);
        ModelFacts facts = FactsOf(trained, options, scales) with
        {
            Recipe = recipeText,
            Seconds = _context.Clock.GetElapsedTime(started).TotalSeconds,
            WeightHash = hash,
            Leakage = FindLeakage(source),
        };
        var package = new ModelPackage(
            model,
            Pipeline,
            Labels is null ? [] : [.. Labels.SelectMany(static it => it.Labels)],
            new Dictionary<string, string>());
        return new LearnedModel(
            package, facts, source.UnusableCount, reporter.LinesWith(trained.Log));
    }

    private LearnedModel Join(JoinedModels joined)
    {
        long started = _context.Clock.GetTimestamp();
        TrainingOptions options = _plan.Options.ToTraining(_plan.Task);
        ModelSource source = OpenSource([TargetScale.None], options.Seed);
        TrainedModel trained = joined.Join(
            source.Validation, _plan.Recipe!.IsMean, Data, _context.Notices);
        ModelFacts facts = FactsOf(trained, options, [TargetScale.None]) with
        {
            Recipe = _plan.RecipeText,
            Seconds = _context.Clock.GetElapsedTime(started).TotalSeconds,
            WeightHash = trained.WeightHash,
        };
        var package = new ModelPackage(
            trained.Model,
            Pipeline,
            Labels is null ? [] : Labels[0].Labels,
            new Dictionary<string, string>());
        return new LearnedModel(package, facts, source.UnusableCount, []);
    }

    private ModelFacts FactsOf(
        TrainedModel trained, TrainingOptions options, IReadOnlyList<TargetScale> scales) => new()
        {
            TrainQuery = _plan.Query.Text,
            Options = _plan.Options.ToJson(),
            Split = _plan.Split,
            SplitHash = Data.SplitHash,
            SnapshotHash = Data.SnapshotHash,
            Snapshot = _context.Transaction.SnapshotTimestamp,
            Seed = (long)options.Seed,
            Threads = options.Threads,
            RowsTrain = trained.RowCount,
            BestEpoch = trained.BestEpoch,
            Targets = [.. scales.Select(static it => new TargetFacts { Scale = it })],
            CreatedMicroseconds = _context.NowMicroseconds,
            Comment = _plan.Options.Comment,
            PrivateEpsilon = options.SpentBy(trained.Log.Count),
            PrivateDelta = options.PrivateEpsilon > 0 ? options.PrivateDelta : 0,
            PrivateTotal = _plan.SpentEpsilon + options.SpentBy(trained.Log.Count),
        };

    /// <summary>Judges what was learned by the rows that it never saw.</summary>
    public BuiltModel Finish(LearnedModel learned)
    {
        (ModelPackage package, ModelFacts facts, long unusable, _) = learned;
        ModelOutcome validation = Score(package, SplitPart.Validation);
        ModelOutcome test = Score(package, SplitPart.Test);
        (SplitPart part, ModelOutcome judged) =
            test.Count > 0 ? (SplitPart.Test, test)
            : validation.Count > 0 ? (SplitPart.Validation, validation)
            : (SplitPart.Train, Score(package, SplitPart.Train));
        JudgedMetric? metric = ModelScorer.Judge(judged, Data.Targets, package);
        JudgedMetric? chosen = part == SplitPart.Validation ? metric : ModelScorer.Judge(
            validation, Data.Targets, package);
        facts = facts with
        {
            RowsValidation = validation.Count,
            RowsTest = test.Count,
            RowsRejected = Data.RejectedCount + unusable + validation.Rejected
                + test.Rejected,
            Metric = metric?.Name ?? "",
            MetricPart = metric is null ? "" : part.ToString().ToLowerInvariant(),
            MetricValue = metric?.Value ?? double.NaN,
            MetricLow = metric?.Low ?? double.NaN,
            MetricHigh = metric?.High ?? double.NaN,
            BaselineValue = metric?.Baseline ?? double.NaN,
            Verdict = ModelScorer.VerdictOf(metric),
            ValidationValue = chosen?.Value ?? double.NaN,
            Targets = [.. TargetPlace.Of(package.Model, package.Labels, Data.Targets.Count)
                .Select((place, i) => Known(
                    facts.Targets[i], validation.Of(place, i, Data.Targets.Count), place))],
            Snapshots = SnapshotReader.Take(Data, _plan, judged, package),
        };
        ModelNotices.Tell(facts, Data, _plan, _context.Notices);
        return new BuiltModel(
            package with { Facts = facts.ToTexts() },
            new ModelVersionInfo
            {
                Number = 0,
                Identity = "",
                Task = _plan.Task,
                Target = _plan.Target,
                TargetType = _plan.TargetType,
                Others = _plan.Others,
                FlopPerRow = package.Model.FlopPerRow,
                EmbeddingLength = EmbeddingModel.LengthOf(package.Model),
                Inputs = [.. Pipeline.Columns.Select(InputOf)],
            },
            facts,
            learned.Log);
    }

    private TargetFacts Known(TargetFacts facts, ModelOutcome validation, TargetPlace place) =>
        _plan.Task switch
        {
            ModelTask.Regressor => facts with
            {
                ValidationErrors =
                    PredictionIntervals.ErrorsOf(validation.Outputs, validation.Targets),
            },
            ModelTask.Classifier => facts with
            {
                Calibration = CalibrationRows.Write(
                    validation.Outputs, validation.Classes, place.Labels.Count),
            },
            _ => facts,
        };

    private ModelColumn InputOf(FeatureColumn column) => _plan.Inputs.First(input =>
        string.Equals(input.Name, column.Name, StringComparison.OrdinalIgnoreCase));

    private (Recipe Recipe, string Text) ChooseRecipe(TensorShape shape)
    {
        if (_plan.Recipe is { } asked)
        {
            return (asked.WithDropout(_plan.Options.Dropout), _plan.RecipeText);
        }

        Recipe chosen = _plan.Task switch
        {
            ModelTask.Cluster => Recipe.Parse("kmeans"),
            ModelTask.Anomaly => Recipe.Parse("isolation_forest"),
            ModelTask.Classifier when shape.IsFlat && shape.Length >= WideFeatures =>
                Recipe.Parse("logistic"),
            ModelTask.Regressor when shape.IsFlat && shape.Length >= WideFeatures =>
                Recipe.Parse("linear"),
            _ => Recipe.Default(shape),
        };
        _context.Notices.Add(
            $"USING is not given; {chosen.Name} was chosen for {shape} numbers of a row.");
        return (chosen.WithDropout(_plan.Options.Dropout), chosen.Name);
    }

    private int ThreadsOf(TrainingOptions options) =>
        _plan.Options.Has("threads") ? options.Threads : _context.ThreadCount;

    private TrainingOptions OptionsFor(
        Recipe recipe, TensorShape shape, int outputs, int target)
    {
        TrainingOptions options = ModelPrivacy.Limit(
            _plan.Options.ToTraining(_plan.Task), _plan, Data.Targets.Count);
        options = options with
        {
            ProgressSteps =
                _plan.Options.Has("log_every") ? options.ProgressSteps : ProgressSteps,
            IsMovable = options.Attack is null ? [] : ModelAttack.MovableOf(Pipeline),
            Loss = TrainingDefaults.LossFor(options.Loss, _plan.Task, outputs),
        };
        if (recipe.IsTextEmbedder)
        {
            options = EmbedderTrainer.WithDefaults(recipe, options, _plan.Options.Has);
        }

        if (recipe.IsNetworkEncoder)
        {
            return EncoderTrainer.WithDefaults(
                recipe,
                options with { Threads = ThreadsOf(options) },
                shape,
                _plan.Options.Has);
        }

        var defaults = new TrainingDefaults(
            _plan.Options, Data.CountOf(SplitPart.Train), _context.Notices);
        if (recipe.IsNetwork)
        {
            Network network = recipe.ToNetwork(shape, outputs);
            defaults.TellShortTable(network, Pipeline);
            options = defaults.Fill(
                options, recipe, network, _plan.Task, _context.ThreadCount);
        }
        else if (!_plan.Options.Has("threads"))
        {
            options = options with { Threads = _context.ThreadCount };
        }

        if (recipe.IsStepless && target == 0)
        {
            defaults.TellIdle(recipe);
        }

        if (!_plan.Options.IsBalanced || Labels is null)
        {
            return options;
        }

        // n / (k n_c): every class weighs the same, and a row weighs 1 on average.
        IReadOnlyList<string> labels = Labels[target].Labels;
        ModelTarget known = Data.Targets[target];
        double rows = labels.Sum(known.TrainedWith);
        return options with
        {
            ClassWeights = [.. labels.Select(label => (float)(
                rows / (labels.Count * Math.Max(1.0, known.TrainedWith(label)))))],
        };
    }

    private TargetScale ScaleFor(
        Recipe recipe, TensorShape shape, TrainingOptions options, int target)
    {
        bool isSolved = recipe.Name == "linear" && options.Loss == LossKind.MeanSquared
            && shape.IsFlat && shape.Length <= LinearSolver.FeatureCountMax
            && options is { PrivateEpsilon: 0, Attack: null };
        bool isScaled = _plan.Task == ModelTask.Regressor && _plan.Options.ScalesTarget
            && (recipe.Members.Count > 0 || (recipe.IsNetwork && !isSolved
                && TargetScale.Fits(recipe.ToNetwork(shape, Data.Targets.Count))));
        if (!isScaled)
        {
            return TargetScale.None;
        }

        return _warm is null
            ? new TargetScale(Data.Targets[target].Mean, Data.Targets[target].Deviation)
            : _warm.Version.Heads[target].Facts.Targets[0].Scale;
    }

    private ModelSource OpenSource(
        IReadOnlyList<TargetScale> scales, ulong seed) => ModelSource.Open(
        Data,
        _plan.Partner.Length > 0 ? Pipeline.WithPartner(_plan.Partner) : Pipeline,
        Labels,
        scales,
        _plan.Options.MemoryBytesMax,
        seed,
        _plan.Position);

    private string FindLeakage(ModelSource source)
    {
        if (Data.Target.Ordinal < 0)
        {
            return "none";
        }

        (ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets) = source.Sample();
        IReadOnlyList<string> found = LeakageCheck.FindAll(
            Pipeline, features, targets,
            [.. Data.Targets.Select((_, i) => Labels?[i].Labels.Count ?? 0)]);
        return found.Count == 0 ? "none" : string.Join(", ", found);
    }
}
