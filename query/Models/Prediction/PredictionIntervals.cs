namespace NeuroDb.Query;

/// <summary>
/// Intervals by split conformal prediction (Lei et al., Distribution-free predictive inference for
/// regression, JASA 2018, algorithm 2): as far to both sides as the errors on rows that the model
/// did not train on reach in that share.
/// </summary>
internal static class PredictionIntervals
{
    private const int KeptMax = 999;

    /// <summary>The errors of predictions that are kept: all, or 999 quantiles of them.</summary>
    public static IReadOnlyList<double> ErrorsOf(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        Invariant.Check(outputs.Length == targets.Length);
        var errors = new double[outputs.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = Math.Abs((double)outputs[i] - targets[i]);
        }

        Array.Sort(errors);
        return errors.Length <= KeptMax
            ? errors
            : [.. Enumerable.Range(1, KeptMax).Select(part => errors[
                (int)Math.Ceiling((errors.Length + 1.0) * part / (KeptMax + 1)) - 1])];
    }

    /// <summary>
    /// How far an interval of a level reaches by errors in ascending order; null if there are too
    /// few.
    /// </summary>
    public static double? ReachOf(IReadOnlyList<double> errors, double level)
    {
        double rank = Math.Ceiling((errors.Count + 1) * level);
        return rank <= errors.Count ? errors[(int)rank - 1] : null;
    }

    /// <summary>How far an interval of a level reaches to each side.</summary>
    public static double ReachOf(ModelVersion version, double level, SourcePosition position)
    {
        if (!(level > 0 && level < 1))
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"The level of predict_interval lies between 0 and 1, such as 0.9, not {level}.",
                position);
        }

        IReadOnlyList<double> errors = version.Facts.Targets[0].ValidationErrors;
        return ReachOf(errors, level) is double reach
            ? reach
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                errors.Count == 0
                    ? $"The model {version.Name} was trained without validation rows, from which "
                    + "intervals are known; train it with SPLIT (train .8, validation .2)."
                    : $"An interval of {level} needs more than the {errors.Count} errors that are "
                    + $"known of validation rows of the model {version.Name}.",
                position);
    }
}
