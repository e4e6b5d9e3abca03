using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The rows of ml.forecast and of what judges forecasters.</summary>
internal static class ForecastRows
{
    private const double LevelUsual = 0.9;

    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.forecast",
            TakesModel: true,
            0,
            1,
            [
                new("horizon", DataType.BigInt, Value.Null),
                new("level", DataType.Double, Value.Of(LevelUsual)),
            ],
            ColumnsOf,
            Run),
    ];

    /// <summary>The metrics of a forecaster on a part, or on rows that were given.</summary>
    public static TaskJudgement Judge(
        ModelVersion version,
        string? part,
        PlanNode? rows,
        ExecutionContext context,
        SourcePosition position)
    {
        ForecastSpec spec = SpecOf(version);
        bool isGiven = rows is not null;
        SeriesData data = Read(version, spec, rows, isGiven, context, position);
        SplitPart judged = isGiven ? SplitPart.Test : PartOf(data, spec, part, position);
        ForecastWindows windows = ForecastWindows.Of(data.Series, judged, spec);
        IReadOnlyList<JudgedMetric> metrics = ForecastJudge.Judge(
            ForecastJudge.Say(version.Model, windows, spec.Horizon),
            windows,
            spec.Horizon,
            version.Facts.Targets,
            (ulong)version.Facts.Seed);
        if (metrics.Count == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"These rows hold no {spec.Lags} values with a horizon of {spec.Horizon} behind "
                + "them; nothing can be judged.");
        }

        string name = isGiven ? JudgedPart.GivenName : judged.ToString().ToLowerInvariant();
        return new TaskJudgement(
            name, windows.Count, data.Rejected, isGiven ? "" : data.Hash, metrics);
    }

    private static IReadOnlyList<(string Name, DataType Type)> ColumnsOf(ObjectInputs inputs)
    {
        ModelVersionInfo? info = inputs.Version;
        Invariant.Check(info is not null);
        Refuse(info, inputs);
        (string, DataType)[] rest =
        [
            (info.Inputs[0].Name, info.Inputs[0].Type), ("step", DataType.Integer),
            (info.Target, DataType.Double), ("low", DataType.Double), ("high", DataType.Double),
        ];
        return info.Inputs.Count > 1 ? [(info.Inputs[1].Name, info.Inputs[1].Type), .. rest] : rest;
    }

    private static IEnumerable<Value[]> Run(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        ModelVersion version = context.Models.Load(
            inputs.Model!.Name.Last, inputs.Version!, context.Transaction);
        Refuse(version.Info, inputs);
        ForecastSpec spec = SpecOf(version);
        int horizon = HorizonOf(spec, values[0], inputs.Position);
        double level = values[1].IsNull ? LevelUsual : values[1].AsDouble();
        if (!(level > 0 && level < 1))
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"The level of ml.forecast lies between 0 and 1, such as 0.9, not {level}.",
                inputs.Position);
        }

        PlanNode? rows = inputs.Tables.Count > 0 ? inputs.Tables[0].Plan : null;
        SeriesData data = Read(version, spec, rows, false, context, inputs.Position);
        double?[] reach = [.. Enumerable.Range(0, horizon).Select(step => PredictionIntervals
            .ReachOf(version.Facts.Targets[step].ValidationErrors, level))];
        if (reach.Any(static it => it is null))
        {
            context.Notices.Add(
                $"An interval of {level} needs more validation rows than {version.Name} has, so "
                + "low and high are NULL.");
        }

        return data.Series.SelectMany(
            series => Forecast(version, spec, series, horizon, reach, context));
    }

    private static IEnumerable<Value[]> Forecast(
        ModelVersion version,
        ForecastSpec spec,
        TimeSeries series,
        int horizon,
        double?[] reach,
        ExecutionContext context)
    {
        if (series.Values.Count < spec.Lags)
        {
            context.Notices.Add(
                $"{version.Name} looks back {spec.Lags} values, and {series.Name} has "
                + $"{series.Values.Count}; nothing is said of it.");
            return [];
        }

        var features = new float[spec.Lags];
        SeriesWindow scale = SeriesWindow.Fill(
            [.. series.Values.TakeLast(spec.Lags)], spec.Season, features);
        var outputs = new float[spec.Horizon];
        version.Model.Predict(features, 1, outputs);
        DataType type = version.Info.Inputs[0].Type;
        TimeStep step = TimeStep.Of(series.Times, type);
        return Enumerable.Range(0, horizon).Select(ahead =>
        {
            double said = scale.Out(outputs[ahead]);
            double? far = reach[ahead] * scale.Spread;
            Value[] row =
            [
                Value.OfInt64(type.Kind, step.After(series.Times[^1], ahead + 1, type)),
                Value.Of(ahead + 1), Value.Of(said),
                far is null ? Value.Null : Value.Of(said - far.Value),
                far is null ? Value.Null : Value.Of(said + far.Value),
            ];
            return version.Info.Inputs.Count > 1 ? [series.Key, .. row] : row;
        });
    }

    private static void Refuse(ModelVersionInfo info, ObjectInputs inputs)
    {
        if (info.Task != ModelTask.Forecaster)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The model {inputs.Model!.Name.Last} is a {ModelBuilds.NameOf(info.Task)}; "
                + "ml.forecast is for a forecaster.",
                inputs.Position);
        }
    }

    private static ForecastSpec SpecOf(ModelVersion version)
    {
        ForecastSpec spec = ForecastSpec.Of(
            ModelOptions.Read(version.Facts.Options, []),
            version.Info.Inputs[0].Name,
            version.Info.Target);
        return spec.Lags == version.Model.FeatureCount && spec.Season > 0
            && spec.Horizon == version.Model.OutputCount
            && version.Facts.Targets.Count == spec.Horizon
                ? spec
                : throw NeuralErrors.MalformedModel("its horizon and lags do not fit its numbers");
    }

    private static SeriesData Read(
        ModelVersion version,
        ForecastSpec spec,
        PlanNode? rows,
        bool isAllTest,
        ExecutionContext context,
        SourcePosition position)
    {
        ModelSplit split = isAllTest
            ? new ModelSplit { Kind = ModelSplitKind.Ordered, Test = 1 } : version.Facts.Split;
        if (rows is not null)
        {
            OutputColumn? time = rows.Output.FirstOrDefault(it => string.Equals(
                it.Name, spec.Time, StringComparison.OrdinalIgnoreCase));
            DataType known = version.Info.Inputs[0].Type;
            if (time is not null && time.Type.Kind != known.Kind)
            {
                throw new NeuroStoreException(
                    ErrorCode.TypeMismatch,
                    $"The model {version.Name} knows {spec.Time} as {known}, and {time.Type} is "
                    + "given; CAST it.",
                    position);
            }

            return SeriesData.Read(
                spec,
                split,
                [.. rows.Output.Select(static it => new ModelColumn(it.Name, it.Type))],
                TableJudging.Read(rows, context),
                position);
        }

        if (version.Facts.TrainQuery.Length == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {version.Name} was imported, so its rows are not known. Give the last "
                + "ones by TABLE t.");
        }

        ModelQuery query = ModelQuery.Bind(version.Facts.TrainQuery, null, context, position);
        return SeriesData.Read(spec, split, query.Columns, query.Read(), position);
    }

    private static SplitPart PartOf(
        SeriesData data, ForecastSpec spec, string? name, SourcePosition position)
    {
        if (name is null)
        {
            return ((SplitPart[])[SplitPart.Test, SplitPart.Validation]).FirstOrDefault(
                part => ForecastWindows.Of(data.Series, part, spec).Count > 0, SplitPart.Train);
        }

        return Enum.TryParse(name, ignoreCase: true, out SplitPart part) && Enum.IsDefined(part)
            ? part
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"There is no part {name} of the rows; known are train, validation, test.",
                position);
    }

    private static int HorizonOf(ForecastSpec spec, Value asked, SourcePosition position)
    {
        long horizon = asked.IsNull ? spec.Horizon : asked.AsInt64();
        return horizon >= 1 && horizon <= spec.Horizon
            ? (int)horizon
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"The model was trained for a horizon of {spec.Horizon}, and {horizon} is asked "
                + "for; train it with WITH (horizon = n).",
                position);
    }
}
