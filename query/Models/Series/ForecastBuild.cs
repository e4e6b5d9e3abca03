using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One training of a forecaster: the last values of each place of a series, without their unit,
/// say those of the whole horizon at once.
/// </summary>
internal sealed class ForecastBuild : IModelBuild
{
    private const string UsualDecay = "0.001";

    private readonly ModelPlan _plan;
    private readonly ExecutionContext _context;
    private readonly SeriesData _data;
    private readonly ForecastSpec _spec;
    private readonly ModelOptions _options;

    /// <summary>A training whose rows are read and divided.</summary>
    public ForecastBuild(ModelPlan plan, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        ForecastSpec asked =
            ForecastSpec.Of(plan.Options, plan.Inputs[0].Name, plan.Target);
        _data = SeriesData.Read(
            asked, plan.Split, plan.Query.Columns, plan.Query.Read(), plan.Position);
        _spec = Decide(asked);
        _options = plan.Options
            .With("season", _spec.Season.ToString(CultureInfo.InvariantCulture))
            .With("lags", _spec.Lags.ToString(CultureInfo.InvariantCulture))
            .With("horizon", _spec.Horizon.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public long CountOf(SplitPart part) =>
        ForecastWindows.Of(_data.Series, part, _spec).Count;

    /// <inheritdoc/>
    public BuiltModel Train(ModelTraining training)
    {
        long started = _context.Clock.GetTimestamp();
        ForecastWindows train = ForecastWindows.Of(_data.Series, SplitPart.Train, _spec);
        ForecastWindows validation =
            ForecastWindows.Of(_data.Series, SplitPart.Validation, _spec);
        ForecastWindows test = ForecastWindows.Of(_data.Series, SplitPart.Test, _spec);
        if (train.Count == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"No series has the {_spec.Lags + _spec.Horizon} values that train with "
                + $"{_spec.Lags} lags and a horizon of {_spec.Horizon}. Give more rows, or a "
                + "smaller horizon.");
        }

        Recipe recipe = _plan.Recipe!.WithDropout(_options.Dropout);
        TrainingOptions options = OptionsOf(recipe);
        TrainedModel trained = Learn(recipe, options, train, validation, training);
        int horizon = _spec.Horizon;
        double[] said = ForecastJudge.Say(trained.Model, validation, horizon);
        TargetFacts[] steps = [.. ForecastJudge.ErrorsOfSteps(said, validation, horizon)
            .Select(static errors => new TargetFacts { ValidationErrors = errors })];
        ulong seed = options.Seed;
        JudgedMetric? chosen = First(
            ForecastJudge.Judge(said, validation, horizon, [], seed));
        JudgedMetric? tested = First(ForecastJudge.Judge(
            ForecastJudge.Say(trained.Model, test, horizon), test, horizon, steps, seed));
        ModelFacts facts = TrainedFacts.Of(
            _plan, _context, this, options, started, chosen, tested) with
        {
            Options = _options.ToJson(),
            SplitHash = _data.Hash,
            Threads = options.Threads,
            RowsTrain = _data.CountOf(SplitPart.Train),
            RowsValidation = _data.CountOf(SplitPart.Validation),
            RowsTest = _data.CountOf(SplitPart.Test),
            RowsRejected = _data.Rejected,
            BestEpoch = trained.BestEpoch,
            Targets = steps,
            WeightHash = trained.WeightHash,
            Comment = _options.Comment,
        };
        Tell(facts);
        return Pack(trained, facts);
    }

    /// <inheritdoc/>
    public JudgedMetric? Judge(ModelPackage package, SplitPart part)
    {
        ModelFacts facts = ModelFacts.Of(package.Facts);
        ForecastSpec spec = ForecastSpec.Of(
            ModelOptions.Read(facts.Options, []), _spec.Time, _spec.Target);
        if (spec.Horizon != _spec.Horizon || spec.Lags != package.Model.FeatureCount)
        {
            return null;
        }

        ForecastWindows windows = ForecastWindows.Of(_data.Series, part, spec);
        return First(ForecastJudge.Judge(
            ForecastJudge.Say(package.Model, windows, spec.Horizon),
            windows,
            spec.Horizon,
            [],
            (ulong)facts.Seed));
    }

    private static JudgedMetric? First(IReadOnlyList<JudgedMetric> metrics) =>
        metrics.Count == 0 ? null : metrics[0];

    private ForecastSpec Decide(ForecastSpec asked)
    {
        TimeSeries longest = _data.Series.MaxBy(static it => it.TrainEnd)!;
        int season = asked.Season;
        if (season == 0)
        {
            (season, double correlation) = SeasonFinder.Find(
                [.. longest.Values.Take(longest.TrainEnd)]);
            _context.Notices.Add(season == 1
                ? "The option season is not given, and the series does not repeat itself: season "
                    + "= 1."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The option season is not given; {season} was chosen: changes so many steps "
                    + $"apart have a correlation of {correlation:0.##}."));
        }

        int lags = asked.Lags > 0 ? asked.Lags
            : ForecastSpec.UsualLags(season, asked.Horizon, longest.TrainEnd);
        return asked with { Season = season, Lags = lags };
    }

    private TrainingOptions OptionsOf(Recipe recipe)
    {
        ModelOptions options = recipe.Name == "linear" && !_options.Has("weight_decay")
            ? _options.With("weight_decay", UsualDecay) : _options;
        return options.ToTraining(ModelTask.Regressor) with
        {
            Threads = _options.Has("threads")
                ? options.ToTraining(ModelTask.Regressor).Threads : 1,
        };
    }

    private TrainedModel Learn(
        Recipe recipe,
        TrainingOptions options,
        ForecastWindows train,
        ForecastWindows validation,
        ModelTraining training)
    {
        var trainer = new ModelTrainer(
            recipe, ModelTask.Regressor, options, _context.Workers, _context.Clock);
        var reporter = new ProgressReporter(_context, training, options, train.Count, 1);
        var examples = new ArrayExamples(
            train.Features, train.Targets, train.Count, options.Seed);
        ArrayExamples? judges = validation.Count == 0 ? null : new ArrayExamples(
            validation.Features, validation.Targets, validation.Count, null);
        TensorShape shape = TensorShape.Flat(_spec.Lags);
        return CancellableTraining.Run(_context, token => recipe.IsNetwork
            ? trainer.Train(shape, _spec.Horizon, examples, judges, reporter.Report, token)
            : trainer.TrainGroup(
                shape,
                [.. Enumerable.Repeat(1, _spec.Horizon)],
                examples,
                judges,
                _ => options,
                reporter.Report,
                token));
    }

    private BuiltModel Pack(TrainedModel trained, ModelFacts facts)
    {
        FeaturePipeline pipeline = FeaturePipeline.Fit(
            [new FeatureColumn("window", ColumnKind.Vector, TensorShape.Flat(_spec.Lags))], [], []);
        return new BuiltModel(
            new ModelPackage(trained.Model, pipeline, [], facts.ToTexts()),
            new ModelVersionInfo
            {
                Number = 0,
                Identity = "",
                Task = ModelTask.Forecaster,
                Target = _plan.Target,
                TargetType = _plan.TargetType,
                FlopPerRow = trained.Model.FlopPerRow,
                Inputs = _plan.Inputs,
            },
            facts,
            trained.Log);
    }

    private void Tell(ModelFacts facts)
    {
        if (facts.RowsRejected > 0)
        {
            _context.Notices.Add(
                $"{facts.RowsRejected} of {_data.RowCount} rows were rejected: they have no time "
                + "or no number.");
        }

        int uneven = _data.Series.Sum(it => TimeStep.Of(it.Times, _plan.Inputs[0].Type).Others);
        if (uneven > 0)
        {
            _context.Notices.Add(
                $"{uneven} steps in time differ from the usual one; a forecaster takes rows as "
                + "they follow each other, and fills no gaps.");
        }

        if (facts.Metric.Length == 0)
        {
            _context.Notices.Add(
                "No part has the rows of a whole horizon to judge by, so nothing says how good "
                + "this is.");
        }

        ModelNotices.TellVerdict(facts, "the value of the last season", _context.Notices);
    }
}
