using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Table functions that judge a version on rows whose truth is known: those of a part of its
/// training, or of a table that is given.
/// </summary>
internal static class ModelJudging
{
    private static readonly FunctionOption PartOption = new("part", DataType.Text, Value.Null);
    private static readonly FunctionOption TargetOption =
        new("target", DataType.Text, Value.Null);

    private static readonly FunctionOption LabelOption = new("label", DataType.Text, Value.Null);

    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        Make("ml.evaluate", [PartOption], EvaluationRows.Columns, EvaluationRows.Run),
        Make(
            "ml.classification_report",
            [
                new("layout", DataType.Text, Value.Of("table")), PartOption,
                new("digits", DataType.BigInt, Value.Of(3L)),
                new("sequence", DataType.Text, Value.Null),
            ],
            [],
            ReportRows.Run) with
        {
            // How the rows look depends on the layout, so it cannot be one of the parameters.
            ColumnsFor = ReportRows.ColumnsFor,
        },
        Make(
            "ml.confusion_matrix",
            [PartOption],
            [("actual", DataType.Text), ("predicted", DataType.Text), ("rows", DataType.BigInt)],
            ReportRows.Confusion),
        Make(
            "ml.roc_curve",
            [LabelOption, PartOption],
            [
                ("label", DataType.Text), ("threshold", DataType.Double),
                ("false_positive_rate", DataType.Double), ("true_positive_rate", DataType.Double),
                ("area", DataType.Double),
            ],
            CurveRows.Roc),
        Make(
            "ml.pr_curve",
            [LabelOption, PartOption],
            [
                ("label", DataType.Text), ("threshold", DataType.Double),
                ("precision", DataType.Double), ("recall", DataType.Double),
                ("area", DataType.Double),
            ],
            CurveRows.PrecisionRecall),
        Make(
            "ml.calibration",
            [PartOption],
            [
                ("low", DataType.Double), ("high", DataType.Double), ("rows", DataType.BigInt),
                ("mean_probability", DataType.Double), ("share", DataType.Double),
                ("expected_error", DataType.Double), ("brier", DataType.Double),
            ],
            CurveRows.Calibrate),
        Make("ml.regression_report", [], RegressionRows.Columns, RegressionRows.Run),
    ];

    /// <summary>
    /// The rows of a call: of its table, or of a part of the training. Test rows are counted as
    /// used.
    /// </summary>
    /// <param name="inputs">The objects of the call.</param>
    /// <param name="part">The name of the part; NULL for the best there is.</param>
    /// <param name="context">The execution.</param>
    /// <param name="task">What the model must be, or null for anything.</param>
    /// <param name="sequence">A column whose runs of equal values belong together, or null.</param>
    public static (ModelVersion Version, JudgedRows Rows) Open(
        ObjectInputs inputs,
        Value part,
        ExecutionContext context,
        ModelTask? task,
        string? sequence = null)
    {
        ModelVersion version = Load(inputs, context, task);
        JudgedPart rows = PartOf(inputs, part, version, context);
        long uses = EvaluationLog.CountUse(version, rows, context);
        JudgedRows judged =
            JudgedRows.Read(version, rows, inputs.Position, false, sequence);
        judged.TestUses = uses;
        return (version, judged);
    }

    /// <summary>The rows of a call, before they are read.</summary>
    public static JudgedPart PartOf(
        ObjectInputs inputs, Value part, ModelVersion version, ExecutionContext context) =>
        inputs.Tables.Count > 0
            ? JudgedPart.Of(inputs.Tables[0].Plan, context)
            : JudgedPart.Of(version, TextOf(part), context, inputs.Position);

    /// <summary>The version of a call; an error if it is not of a task.</summary>
    public static ModelVersion Load(
        ObjectInputs inputs, ExecutionContext context, ModelTask? task)
    {
        IReadOnlyList<ModelVersion> heads = LoadHeads(inputs, context);
        ModelVersion version = heads is [var one] ? one : throw new NeuroStoreException(
            ErrorCode.InvalidModel,
            $"The model {heads[0].Name} predicts {heads[0].Whole.Info.TargetText}; this is for "
            + "one target" + (inputs.TakesTarget
                ? $": write target => {SqlText.Literal(heads[0].Info.Target)}."
                : ", and a model of that target alone answers it."),
            inputs.Position);
        return task is null || version.Info.Task == task
            ? version
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The model {version.Name} is a {version.Info.Task.ToString().ToLowerInvariant()}; "
                + $"this is for a {task.ToString()!.ToLowerInvariant()}.",
                inputs.Position);
    }

    /// <summary>
    /// The version of a call, as a view for each target; the one that the call names.
    /// </summary>
    public static IReadOnlyList<ModelVersion> LoadHeads(
        ObjectInputs inputs, ExecutionContext context)
    {
        Invariant.Check(inputs.Model is not null && inputs.Version is not null);
        ModelVersion version = context.Models.Load(
            inputs.Model.Name.Last, inputs.Version, context.Transaction);
        if (ModelBuilds.IsOfItsOwn(version.Info.Task))
        {
            throw ModelBuilds.NotOfRows(
                "This function", version.Name, version.Info.Task, inputs.Position);
        }

        if (inputs.Target is not { } target)
        {
            return version.Heads;
        }

        return version.Heads.FirstOrDefault(it => string.Equals(
            it.Info.Target, target, StringComparison.OrdinalIgnoreCase)) is { } head
                ? [head]
                : throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The model {version.Name} predicts no {target}; it predicts "
                    + $"{(version.Info.Target.Length > 0 ? version.Info.TargetText : "no column")}."
                    + NearMatch.Hint(target, version.Info.Targets.Select(static it => it.Name)),
                    inputs.Position);
    }

    /// <summary>A text, or null.</summary>
    public static string? TextOf(Value value) => value.IsNull ? null : value.AsText();

    private static ObjectFunction Make(
        string name,
        IReadOnlyList<FunctionOption> options,
        IReadOnlyList<(string Name, DataType Type)> columns,
        Func<ObjectInputs, Value[], ExecutionContext, IEnumerable<Value[]>> run) =>
        new(name, TakesModel: true, 0, 1, [.. options, TargetOption], _ => columns,
            (inputs, values, context) => run(
                inputs with { Target = TextOf(values[^1]), TakesTarget = true }, values, context));
}
