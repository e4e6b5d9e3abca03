namespace NeuroDb.Query;

/// <summary>
/// What a predictor gave for the rows of a batch, of one target or of all.
/// </summary>
/// <param name="predictor">The outputs.</param>
/// <param name="target">The number of the target; -1 for all of them.</param>
internal readonly struct PredictedOutputs(ModelPredictor predictor, int target)
{
    /// <summary>The version, or the view of it that is of the target.</summary>
    public ModelVersion Version { get; } =
        target < 0 ? predictor.Version : predictor.Version.Heads[target];

    /// <summary>The rows.</summary>
    public int Count => predictor.Count;

    /// <summary>Whether each row could be turned into features.</summary>
    public ReadOnlySpan<bool> IsUsable => predictor.IsUsable;

    /// <summary>The outputs of each row.</summary>
    public int Width => target < 0 ? predictor.Model.OutputCount : Version.Place.Width;

    /// <summary>The same rows with the outputs of one target.</summary>
    public PredictedOutputs Of(int ordinal) => new(predictor, ordinal);

    /// <summary>The outputs of a row.</summary>
    public ReadOnlySpan<float> Row(int row) => predictor.Outputs.Slice(
        (row * predictor.Model.OutputCount) + (target < 0 ? 0 : Version.Place.Offset), Width);
}
