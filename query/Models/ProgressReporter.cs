using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Tells how far a training is: its session at most ten times a second and after each pass, other
/// sessions after each pass. Also where a statement that is to stop finds out.
/// </summary>
/// <param name="context">The statement.</param>
/// <param name="training">What other sessions see.</param>
/// <param name="options">How is trained.</param>
/// <param name="rowsTotal">The rows of a pass.</param>
/// <param name="lossFactor">What losses are multiplied by, to be of the column's unit.</param>
internal sealed class ProgressReporter(
    ExecutionContext context,
    ModelTraining training,
    TrainingOptions options,
    long rowsTotal,
    double lossFactor)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<TrainingProgress> _steps = [];
    private long _reported = context.Clock.GetTimestamp();

    /// <summary>Whether lines within passes are kept too.</summary>
    public bool KeepsSteps { get; init; }

    /// <summary>Takes a line of the training.</summary>
    public void Report(TrainingProgress line)
    {
        context.ThrowIfCancelled();
        line = Scaled(line);
        bool isKept = KeepsSteps && !line.IsEpochEnd && _steps.Count < TrainingLog.StepsMax;
        if (isKept)
        {
            _steps.Add(line);
        }

        if (isKept || line.IsEpochEnd)
        {
            training.Add(line);
        }

        if (context.ModelProgress is not { } progress
            || (!line.IsEpochEnd && context.Clock.GetElapsedTime(_reported) < Pause))
        {
            return;
        }

        _reported = context.Clock.GetTimestamp();
        progress.Report(new ModelProgress(
            training.Model,
            training.Version,
            line.Epoch,
            options.Epochs,
            RowsDone(line),
            rowsTotal,
            line.Loss,
            line.ValidationLoss,
            line.Seconds));
    }

    /// <summary>The lines to store: those of passes, and what was kept within them.</summary>
    public IReadOnlyList<TrainingProgress> LinesWith(IReadOnlyList<TrainingProgress> passes) =>
        [.. passes.Select(Scaled), .. _steps];

    /// <summary>A line with losses of the column's unit.</summary>
    public TrainingProgress Scaled(TrainingProgress line) => line with
    {
        Loss = line.Loss * lossFactor,
        ValidationLoss = line.ValidationLoss * lossFactor,
    };

    private long RowsDone(TrainingProgress line)
    {
        long steps = (rowsTotal + options.BatchSize - 1) / options.BatchSize;
        return Math.Clamp(
            (line.Step - ((line.Epoch - 1) * steps)) * options.BatchSize, 0, rowsTotal);
    }
}
