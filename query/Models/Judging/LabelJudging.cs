using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Table functions for who labels rows: doubtful labels, and what to label next.</summary>
internal static class LabelJudging
{
    private const int FoldsMax = 100;
    private const int TextLengthMax = 200;

    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.label_errors",
            TakesModel: true,
            0,
            1,
            [new("folds", DataType.BigInt, Value.Of(5L))],
            static _ =>
            [
                ("row", DataType.BigInt), ("label", DataType.Text), ("suggested", DataType.Text),
                ("label_probability", DataType.Double),
                ("suggested_probability", DataType.Double), ("row_values", DataType.Text),
            ],
            Errors),
        new(
            "ml.to_label",
            TakesModel: true,
            0,
            1,
            [new("count", DataType.BigInt, Value.Of(10L))],
            static _ =>
            [
                ("row", DataType.BigInt), ("prediction", DataType.Text),
                ("probability", DataType.Double), ("margin", DataType.Double),
                ("row_values", DataType.Text),
            ],
            ToLabel),
    ];

    /// <summary>ml.label_errors: of all rows of the training, or of a table.</summary>
    private static IEnumerable<Value[]> Errors(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        ModelVersion version = ModelJudging.Load(inputs, context, ModelTask.Classifier);
        JudgedPart part = PartOf(inputs, version, context);
        JudgedRows rows = JudgedRows.Read(
            version, part, inputs.Position, keepsFeatures: true);
        int[] labels = rows.Classes;
        if (labels.Contains(-1))
        {
            throw NeuralErrors.UntrainableData(
                "A row has a label that the model never saw; RETRAIN MODEL first.");
        }

        int folds = (int)Math.Clamp(values[0].IsNull ? 5 : values[0].AsInt64(), 2, FoldsMax);
        if (rows.Count < 2 * folds)
        {
            throw NeuralErrors.UntrainableData(
                $"There are {rows.Count} rows with a label, too few for {folds} folds.");
        }

        ulong seed = (ulong)version.Facts.Seed;
        ModelTrainer trainer = TrainerOf(version, context);
        float[] probabilities = LabelErrors.CrossValidate(
            rows.Features,
            labels,
            version.Labels.Count,
            folds,
            seed,
            (features, targets) => trainer.Train(
                version.Pipeline.Output,
                version.Labels.Count,
                new ArrayExamples(features, targets, targets.Length, seed),
                null,
                _ => context.ThrowIfCancelled(),
                context.Cancellation).Model);
        IReadOnlyList<DoubtfulLabel> found =
            LabelErrors.Find(probabilities, labels, version.Labels.Count);
        Dictionary<long, string> texts = TextsOf(
            version, part, [.. found.Select(it => rows.Places[it.Row])]);
        return found.Select(it => new[]
        {
            Value.Of(rows.Places[it.Row]), Value.Of(version.Labels[it.Label]),
            Value.Of(version.Labels[it.Suggested]), Value.Of((double)it.OwnProbability),
            Value.Of((double)it.SuggestedProbability), Value.Of(texts[rows.Places[it.Row]]),
        });
    }

    /// <summary>
    /// ml.to_label: rows without a label between whose two likeliest labels the model hardly
    /// decides (margin sampling: Scheffer, Decomain and Wrobel, IDA 2001).
    /// </summary>
    private static IEnumerable<Value[]> ToLabel(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        ModelVersion version = ModelJudging.Load(inputs, context, ModelTask.Classifier);
        JudgedPart part = inputs.Tables.Count > 0
            ? JudgedPart.Of(inputs.Tables[0].Plan, context)
            : Unlabelled(version, context, inputs.Position);
        JudgedRows rows = JudgedRows.ReadAll(version, part, inputs.Position);
        float[] outputs = rows.Outputs;
        int classes = version.Labels.Count;
        var ranked = Enumerable.Range(0, rows.Count).Select(row =>
        {
            float[] own = outputs[(row * classes)..((row + 1) * classes)];
            int best = Classes.Best(own);
            float second = own.Where((_, i) => i != best).Max();
            return (Place: rows.Places[row], Best: best, Probability: own[best],
                Margin: own[best] - second);
        })
        .OrderBy(static it => it.Margin).ThenBy(static it => it.Place)
        .Take((int)Math.Clamp(values[0].IsNull ? 10 : values[0].AsInt64(), 0, int.MaxValue))
        .ToList();
        Dictionary<long, string> texts =
            TextsOf(version, part, [.. ranked.Select(static it => it.Place)]);
        return ranked.Select(it => new[]
        {
            Value.Of(it.Place), Value.Of(version.Labels[it.Best]),
            Value.Of((double)it.Probability), Value.Of((double)it.Margin),
            Value.Of(texts[it.Place]),
        });
    }

    /// <summary>All rows of the training; looking at the labels of its test rows counts.</summary>
    private static JudgedPart PartOf(
        ObjectInputs inputs, ModelVersion version, ExecutionContext context)
    {
        if (inputs.Tables.Count > 0)
        {
            return JudgedPart.Of(inputs.Tables[0].Plan, context);
        }

        ModelData data = JudgedPart.Divide(version, context, inputs.Position);
        if (data.CountOf(SplitPart.Test) > 0)
        {
            context.Models.CountTestUse(version.Info.Identity, context.Transaction);
        }

        return new JudgedPart(
            JudgedPart.GivenName, data.Query.Columns, null, data.Query.Read);
    }

    private static JudgedPart Unlabelled(
        ModelVersion version, ExecutionContext context, SourcePosition position)
    {
        ModelData data = JudgedPart.Divide(version, context, position);
        int target = data.Target.Ordinal;
        return new JudgedPart(
            JudgedPart.GivenName,
            data.Query.Columns,
            null,
            () => data.Query.Read().Select(batch => batch.Gather(
                [.. Enumerable.Range(0, batch.Count)
                    .Where(row => batch.Columns[target].IsNull(row))])));
    }

    /// <summary>The trainer that made a version, for as many passes as it kept.</summary>
    private static ModelTrainer TrainerOf(ModelVersion version, ExecutionContext context)
    {
        Recipe recipe = ModelBinder.RecipeOf(version.Facts.Recipe);
        if (recipe.Joined.Count > 0)
        {
            throw NeuralErrors.InvalidModel(
                $"{version.Name} joins models that were trained before; ask one of "
                + $"{string.Join(", ", recipe.Joined)}.");
        }

        TrainingOptions options = ModelOptions.Read(version.Facts.Options, [])
            .ToTraining(ModelTask.Classifier);
        options = options with
        {
            Epochs = version.Facts.BestEpoch > 0 ? version.Facts.BestEpoch : options.Epochs,
            Threads = Math.Max(1, version.Facts.Threads),
        };
        return new ModelTrainer(
            recipe,
            ModelTask.Classifier,
            options,
            context.Workers,
            context.Clock);
    }

    /// <summary>What the inputs of rows are, by the numbers of the rows.</summary>
    private static Dictionary<long, string> TextsOf(
        ModelVersion version, JudgedPart part, HashSet<long> wanted)
    {
        var texts = new Dictionary<long, string>();
        int[] inputs = [.. version.Info.Inputs.Select(input => part.Columns.ToList().FindIndex(
            column => string.Equals(
                column.Name, input.Name, StringComparison.OrdinalIgnoreCase)))];
        long place = 0;
        foreach (RowBatch batch in part.Read())
        {
            for (int row = 0; row < batch.Count; row++)
            {
                if (wanted.Contains(++place))
                {
                    texts[place] = TextOf(batch, row, inputs, part.Columns);
                }
            }
        }

        return texts;
    }

    private static string TextOf(
        RowBatch batch, int row, int[] inputs, IReadOnlyList<ModelColumn> columns)
    {
        string text = string.Join(", ", inputs.Select(column =>
        {
            ColumnBuffer values = batch.Columns[column];
            bool isPlain = values.Type.Physical is not (PhysicalKind.Vector or PhysicalKind.Blob);
            return $"{columns[column].Name}="
                + (values.IsNull(row) ? "NULL" : isPlain ? ValueText.Format(values, row) : "..");
        }));
        return text.Length <= TextLengthMax ? text : text[..TextLengthMax] + "..";
    }
}
