using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>Training options by the names that WITH (...) uses.</summary>
internal static class TrainingOptionParser
{
    private const double MixupUsual = 0.2;

    private static readonly Dictionary<string, Func<TrainingOptions, string, TrainingOptions>>
        Setters = new()
        {
            ["optimizer"] = (it, text) => it with
            {
                Optimizer = Choice(
                    "optimizer",
                    text,
                    ("sgd", OptimizerKind.Sgd),
                    ("momentum", OptimizerKind.Momentum),
                    ("adam", OptimizerKind.Adam),
                    ("adamw", OptimizerKind.AdamW),
                    ("rmsprop", OptimizerKind.RmsProp),
                    ("adagrad", OptimizerKind.AdaGrad),
                    ("adafactor", OptimizerKind.Adafactor)),
            },
            ["learning_rate"] = (it, text) => it with
            {
                LearningRate = Number("learning_rate", text),
            },
            ["schedule"] = (it, text) => it with
            {
                Schedule = Choice(
                    "schedule",
                    text,
                    ("constant", ScheduleKind.Constant),
                    ("linear", ScheduleKind.Linear),
                    ("cosine", ScheduleKind.Cosine),
                    ("step", ScheduleKind.Step),
                    ("warmup", ScheduleKind.Warmup),
                    ("exponential", ScheduleKind.Exponential),
                    ("one_cycle", ScheduleKind.OneCycle)),
            },
            ["loss"] = (it, text) => it with
            {
                Loss = Choice(
                    "loss",
                    text,
                    ("cross_entropy", LossKind.CrossEntropy),
                    ("bce", LossKind.BinaryCrossEntropy),
                    ("mse", LossKind.MeanSquared),
                    ("mae", LossKind.MeanAbsolute),
                    ("huber", LossKind.Huber),
                    ("triplet", LossKind.Triplet)),
            },
            ["init"] = (it, text) => it with
            {
                Initial = Choice(
                    "init",
                    text,
                    ("auto", InitialValue.Auto),
                    ("he", InitialValue.He),
                    ("glorot", InitialValue.Glorot)),
            },
            ["epochs"] = (it, text) => it with { Epochs = Whole("epochs", text) },
            ["batch_size"] = (it, text) => it with { BatchSize = Whole("batch_size", text) },
            ["early_stopping"] = (it, text) => it with
            {
                EarlyStopping = Whole("early_stopping", text),
            },
            ["weight_decay"] = (it, text) => it with
            {
                WeightDecay = Number("weight_decay", text),
            },
            ["l2"] = (it, text) => it with { WeightDecay = Number("l2", text) },
            ["label_smoothing"] = (it, text) => it with
            {
                LabelSmoothing = Number("label_smoothing", text),
            },
            ["max_gradient_norm"] = (it, text) => it with
            {
                MaxGradientNorm = Number("max_gradient_norm", text),
            },
            ["max_seconds"] = (it, text) => it with { MaxSeconds = Number("max_seconds", text) },
            ["threads"] = (it, text) => it with { Threads = Whole("threads", text) },
            ["seed"] = (it, text) => it with { Seed = (ulong)Whole("seed", text) },
            ["log_every"] = (it, text) => it with
            {
                ProgressSteps = string.Equals(text, "epoch", StringComparison.OrdinalIgnoreCase)
                    ? 0 : Whole("log_every", text),
            },
            ["adversarial"] = (it, text) => it with
            {
                Attack = string.Equals(text, "none", StringComparison.OrdinalIgnoreCase)
                    ? null : AttackSpec.Parse(text),
            },
            ["dp_epsilon"] = (it, text) => it with
            {
                PrivateEpsilon = Number("dp_epsilon", text),
            },
            ["dp_delta"] = (it, text) => it with { PrivateDelta = Number("dp_delta", text) },
            ["max_grad_norm"] = (it, text) => it with
            {
                PrivateNorm = Number("max_grad_norm", text),
            },
            ["augment"] = (it, text) => it with { Augmentation = ParseAugmentation(text) },
        };

    /// <summary>The names that <see cref="Set"/> knows.</summary>
    public static IEnumerable<string> Names => Setters.Keys;

    /// <summary>The options with one of them set.</summary>
    public static TrainingOptions Set(TrainingOptions options, string name, string value) =>
        Setters.TryGetValue(name.ToLowerInvariant(), out var set)
            ? set(options, value)
            : throw NeuralErrors.UnknownName("training option", name, Setters.Keys);

    /// <summary>
    /// How images change: <c>flip, shift(2), rotate(10)</c>; spectra:
    /// <c>shift_frames(8), mask_frames(10), mask_bands(6)</c>.
    /// </summary>
    private static Augmentation ParseAugmentation(string text)
    {
        var augmentation = new Augmentation(false, 0, 0);
        foreach (LayerSpec spec in LayerTextParser.Parse(text))
        {
            double number = spec.Arguments.Count > 0 ? spec.Arguments[0].Number ?? -1 : 0;
            augmentation = spec.Name switch
            {
                "flip" => augmentation with { IsFlipped = true },
                "shift" when number is >= 0 and <= 64 =>
                    augmentation with { ShiftPixels = (int)number },
                "mixup" when number is >= 0 and <= 100 => augmentation with
                {
                    Mixup = spec.Arguments.Count == 0 ? MixupUsual : number,
                },
                "rotate" when number is >= 0 and <= 180 =>
                    augmentation with { RotateDegrees = number },
                "shift_frames" when number is >= 0 and <= AudioFrames.SideMax =>
                    augmentation with { ShiftFrames = (int)number },
                "mask_frames" when number is >= 0 and <= AudioFrames.SideMax =>
                    augmentation with { MaskFrames = (int)number },
                "mask_bands" when number is >= 0 and <= AudioFrames.SideMax =>
                    augmentation with { MaskBands = (int)number },
                _ => throw NeuralErrors.InvalidModel(
                    "augment is made of flip, shift(0 to 64) and rotate(0 to 180), and for sound "
                    + "of shift_frames(n), mask_frames(n) and mask_bands(n); mixup(0 to 100) "
                    + "is for all."),
            };
        }

        return augmentation;
    }

    private static T Choice<T>(string option, string text, params (string Name, T Value)[] known)
    {
        foreach ((string name, T value) in known)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw NeuralErrors.UnknownName(option, text, known.Select(it => it.Name));
    }

    private static double Number(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw NeuralErrors.InvalidModel($"The option {option} is a number, not {text}.");

    private static int Whole(string option, string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            && value >= 0
            ? value
            : throw NeuralErrors.InvalidModel(
                $"The option {option} is a whole number, not {text}.");
}
